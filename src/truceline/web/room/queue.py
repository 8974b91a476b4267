"""What to look at first, and why: the clock that runs, the second hand, the doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

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
) -> pl.DataFrame:
    """Return what waits for a person, the most pressing first, as rows for `tasks`.

    First what waits for a second hand, then what has a step of the ladder within a day,
    the nearest first, then all else by what a sure answer would be worth. No order looks at
    a party.
    """
    rows = (
        judgement.incidents.join(judgement.assessments, on="incident_id")
        .filter(pl.col("listed") != "background")
        .join(_decided(standings), on="incident_id", how="left")
        .filter(pl.col("waits").fill_null(value=True))
    )
    p = rows["p_hostile"].to_numpy()
    one = np.ones_like(p)
    age = ((now - pl.col("t_best")) / HOUR).alias("age")
    rows = rows.with_columns(
        age, worth=pl.Series(value_of_visit(p, one, one, Losses()), dtype=pl.Float64)
    ).with_columns(hours_left=_hours_left(ladder))
    second = pl.col("proposed").fill_null(value=False)
    presses = (pl.col("hours_left") <= PRESSING_H).fill_null(value=False)
    group = pl.when(second).then(0).when(presses).then(1).otherwise(2)
    clock = pl.when(presses).then("hours_left").otherwise(0.0)
    return rows.sort(
        group, clock, -pl.col("worth"), -pl.col("t_best"), "incident_id", maintain_order=True
    )


def _decided(standings: Mapping[str, Standing]) -> pl.DataFrame:
    """Return which of the reviewed incidents still wait, and which for a second hand."""
    return pl.DataFrame(
        [
            (incident, s.list_word == "open" or s.proposed is not None, s.proposed is not None)
            for incident, s in standings.items()
        ],
        schema={"incident_id": pl.String, "waits": pl.Boolean, "proposed": pl.Boolean},
        orient="row",
    )


def _hours_left(ladder: Sequence[Step]) -> pl.Expr:
    """Return the hours until the next step that has a clock; null after the last."""
    timed = sorted(s.after_hours for s in ladder if s.after_hours is not None)
    left: pl.Expr = pl.lit(None, pl.Float64)
    for after in reversed(timed):
        left = pl.when(pl.col("age") <= after).then(after - pl.col("age")).otherwise(left)
    return left


def tasks(
    waiting: pl.DataFrame, standings: Mapping[str, Standing], ladder: Sequence[Step]
) -> list[Task]:
    """Return rows of the queue as tasks, each with why it stands where it does."""
    found = []
    for row in waiting.to_dicts():
        standing = standings.get(row["incident_id"], Standing())
        step = _next_step(row["age"], ladder)
        why = _why(standing, row["worth"], step, row["hours_left"])
        found.append(Task(row, standing, row["worth"], step, row["hours_left"], why))
    return found


def _next_step(age: float, ladder: Sequence[Step]) -> Step | None:
    timed = [s for s in ladder if s.after_hours is not None and s.after_hours >= age]
    return min(timed, key=lambda s: s.after_hours or 0.0, default=None)


def _why(standing: Standing, worth: float, step: Step | None, left: float | None) -> str:
    if standing.proposed is not None:
        return "One person has named a party; a second must agree or not."
    if step is not None and left is not None and left <= PRESSING_H:
        return f"{step.who}: {step.what}, due in {left:.1f} h."
    return f"A sure answer would spare {worth:.2f} of an error."
