"""How many posts, patrols and cells a number of people can keep up."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from truceline.core.types.errors import TermsError
from truceline.core.types.schema import Column, Schema
from truceline.force.posts.factors import STANDARD, TASKS, Task

MANNED = Schema(
    "what a force mans",
    (
        Column("task", pl.String(), "What is kept up."),
        Column("people_each", pl.Float64(), "People in theatre to keep up one.", low=0.0),
        Column("how_many", pl.Int64(), "How many, if all did only this.", True, 0),
    ),
)


@dataclass(frozen=True)
class Factors:
    """Between people and people on duty.

    Attributes
    ----------
    support_share : float
        Share of people in theatre who support the others.
    leave_share : float
        Share of a tour a person is away.
    shift_hours : float
        Hours a day a person is on duty.
    rotation : float
        People pledged for one in theatre.
    tasks : tuple of Task
        What can be kept up.
    """

    support_share: float = STANDARD["support_share"][0]
    leave_share: float = STANDARD["leave_share"][0]
    shift_hours: float = STANDARD["shift_hours"][0]
    rotation: float = STANDARD["rotation"][0]
    tasks: tuple[Task, ...] = TASKS

    def __post_init__(self) -> None:
        shares = (self.support_share, self.leave_share)
        fits = all(0 <= s < 1 for s in shares) and 0 < self.shift_hours <= 24 <= 24 * self.rotation
        if not fits:
            raise TermsError(
                "a factor of manning is out of range.",
                hint="Shares are 0 to below 1, shifts above 0 to 24 hours, rotation 1 or more.",
            )


def people_for(task: Task, factors: Factors) -> float:
    """Return the people in theatre who keep up one task.

    n = on duty x (hours a day / shift hours) / (1 - leave) / (1 - support).

    Examples
    --------
    >>> people_for(Task("post", 4), Factors(0.4, 0.1, 8, 3))
    22.22222222222222
    """
    shifts = task.hours_a_day / factors.shift_hours
    return task.on_duty * shifts / (1 - factors.leave_share) / (1 - factors.support_share)


def what_a_force_mans(
    persons: int | None, factors: Factors, *, pledged: bool = False
) -> pl.DataFrame:
    """Return how many of each task the people could keep up, doing only that (`MANNED`).

    Parameters
    ----------
    persons : int or None
        People in theatre; when unknown, so is how many.
    factors : Factors
        Support, leave, shifts and rotation.
    pledged : bool
        Whether `persons` counts all who are pledged, those at home between tours too.
    """
    there = None if persons is None else persons / factors.rotation if pledged else float(persons)
    rows = [
        (task.name, each := people_for(task, factors), _whole(there, each))
        for task in factors.tasks
    ]
    return MANNED.conform(pl.DataFrame(rows, schema=MANNED.dtypes(), orient="row"))


def _whole(people: float | None, each: float) -> int | None:
    # The tolerance keeps 100 people at 20.000000000000004 each from manning only four.
    return None if people is None else math.floor(people / each + 1e-9)
