"""The factors between people on a roll and people on duty, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from truceline.core.types.schema import Column, Schema

FACTORS = Schema(
    "factors of manning",
    (
        Column("factor", pl.String(), "Name."),
        Column("value", pl.Float64(), "Value.", low=0.0),
        Column("unit", pl.String(), "Its unit."),
        Column("basis", pl.Enum(["sourced", "assumed"]), "Whether a source gives it."),
        Column("source", pl.String(), "The source, or why it is supposed."),
    ),
)


@dataclass(frozen=True)
class Task:
    """Something people can be given to do round the clock.

    Attributes
    ----------
    name : str
        `post`, `patrol`, `drone_orbit`, `reaction_force` or `liaison_cell`.
    on_duty : float
        People on duty at any moment.
    hours_a_day : float
        Hours a day it is kept up.
    """

    name: str
    on_duty: float
    hours_a_day: float = 24.0


#: Sizes on duty are the planner's; no source found gives them for this line.
TASKS = (
    Task("post", 4),
    Task("patrol", 8, 8),
    Task("drone_orbit", 4),
    Task("reaction_force", 30),
    Task("liaison_cell", 2),
)

#: Values where the planner gives no others.
STANDARD: Mapping[str, tuple[float, str, str, str]] = {
    "support_share": (
        0.4, "share of people in theatre", "assumed",
        "staff, supply, medical and engineers; no source for this line",
    ),
    "leave_share": (0.1, "share of a tour", "assumed", "about 18 days in six months"),
    "shift_hours": (8.0, "hours a person a day", "assumed", "three shifts"),
    "rate_usd": (
        1428.0, "US dollars a person and month", "sourced",
        "UN standard rate of reimbursement since 1 July 2018 (casquebleu.org, Personnel "
        "reimbursement); what the UN pays a contributor, not what a force costs its nation",
    ),
    "rotation": (
        3.0, "people pledged for one in theatre", "sourced",
        "thirds (3:1) as a rule of thumb; 6 months in 30 (5:1); 4:1 in The Times, April 2025 "
        "(news.online.ua 892997: 64,000 in place, 256,000 with rotation)",
    ),
}  # fmt: skip


def factors_table(tasks: tuple[Task, ...] = TASKS) -> pl.DataFrame:
    """Return every factor used, with its source or the mark of an assumption (`FACTORS`)."""
    rows = [(name, *entry) for name, entry in STANDARD.items()]
    rows += [
        (f"{task.name}: on duty", float(task.on_duty), "people", "assumed", "size of the team")
        for task in tasks
    ]
    rows += [
        (f"{task.name}: hours", task.hours_a_day, "hours a day", "assumed", "as planned")
        for task in tasks
    ]
    return pl.DataFrame(rows, schema=FACTORS.dtypes(), orient="row")
