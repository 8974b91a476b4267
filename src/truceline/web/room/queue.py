"""What to look at first, and why: the clock that runs, the second hand, the doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from truceline.agreement.terms import Step
from truceline.core.types.time import HOUR
from truceline.force.patrols.information import Losses, value_of_visit
from truceline.judgement.judgement import Judgement
from truceline.record.reviews import Standing

#: Within so many hours a step of the ladder presses.
PRESSING_H = 24.0


@dataclass(frozen=True)
class Task:
    """One incident that waits for a person.

    Attributes
    ----------
    row : dict
        The incident with its assessment.
    standing : Standing
        What was decided so far.
    worth : float
        Expected error that a sure answer would spare, 0 to 0.5.
    step : Step or None
        The next step of the ladder.
    hours_left : float or None
        Until it is due.
    why : str
        Why it stands where it does.
    """

    row: Mapping[str, Any]
    standing: Standing
    worth: float
    step: Step | None
    hours_left: float | None
    why: str


def queue(
    judgement: Judgement, standings: Mapping[str, Standing], ladder: Sequence[Step], now: int
) -> list[Task]:
    """Return what waits for a person, the most pressing first.

    First what waits for a second hand, then what has a step of the ladder within a day,
    the nearest first, then all else by what a sure answer would be worth. No order looks at
    a party.
    """
    rows = judgement.incidents.join(judgement.assessments, on="incident_id").to_dicts()
    open_rows = [row for row in rows if _waits(standings.get(row["incident_id"]), row)]
    p = np.array([row["p_hostile"] for row in open_rows], dtype=float)
    one = np.ones_like(p)
    worth = value_of_visit(p, one, one, Losses())
    tasks = [
        _task(row, standings.get(row["incident_id"], Standing()), float(value), ladder, now)
        for row, value in zip(open_rows, worth, strict=True)
    ]
    return sorted(tasks, key=_order)


def _waits(standing: Standing | None, row: Mapping[str, Any]) -> bool:
    if row["listed"] == "background":
        return False
    return standing is None or standing.list_word == "open" or standing.proposed is not None


def _task(
    row: Mapping[str, Any], standing: Standing, worth: float, ladder: Sequence[Step], now: int
) -> Task:
    age = (now - row["t_best"]) / HOUR
    timed = [s for s in ladder if s.after_hours is not None and s.after_hours >= age]
    step = min(timed, key=lambda s: s.after_hours or 0.0, default=None)
    left = None if step is None or step.after_hours is None else step.after_hours - age
    return Task(row, standing, worth, step, left, _why(standing, worth, step, left))


def _why(standing: Standing, worth: float, step: Step | None, left: float | None) -> str:
    if standing.proposed is not None:
        return "One person has named a party; a second must agree or not."
    if step is not None and left is not None and left <= PRESSING_H:
        return f"{step.who}: {step.what}, due in {left:.1f} h."
    return f"A sure answer would spare {worth:.2f} of an error."


def _order(task: Task) -> tuple[int, float, float, int, str]:
    presses = task.hours_left is not None and task.hours_left <= PRESSING_H
    group = 0 if task.standing.proposed is not None else 1 if presses else 2
    clock = task.hours_left if presses and task.hours_left is not None else 0.0
    return group, clock, -task.worth, -task.row["t_best"], task.row["incident_id"]
