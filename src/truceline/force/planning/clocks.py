"""The ladder's clocks: which steps a force keeps as breaches grow more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.schema import Column, Schema
from truceline.force.planning.answering import TEAM
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.people import Manning
from truceline.force.response.ladder import (
    LADDER,
    LADDER_REPORT,
    STATES,
    Load,
    ladder_report,
    steps_of,
)

#: Breaches a day that are tried: one, the assumed number, UNIFIL's, and two of a truce that fails.
LOADS = (1.0, 5.0, 28.0, 100.0, 300.0)

#: Where the clocks are from, for the table of assumptions.
LADDER_SOURCE = (
    "24 h for a warning and local action, then coalition forces, 72 h after the first breach "
    "(Financial Times, 3 February 2026); hours of work and staff of the commission are the "
    "planner's"
)

#: People of the commission's cell who write the file of a case: an assumption.
CELL = 60.0

CLOCKS = Schema(
    "the ladder by load",
    (
        Column("breaches", pl.Float64(), "Breaches a day that start the ladder.", low=0),
        *LADDER_REPORT.columns[:5],
        Column("state", pl.Enum(STATES), "As of the ladder's report."),
        *LADDER_REPORT.columns[6:],
    ),
)


def plan_ladder(teams: Mapping[str, float]) -> pl.DataFrame:
    """Return the ladder with the people that each step has (`LADDER`).

    Parameters
    ----------
    teams : mapping
        How many there are of `patrol` (a day), `reaction_force` and `liaison_cell`.
    """
    patrols, reaction, cells = (
        teams.get(task, 0) for task in ("patrol", "reaction_force", "liaison_cell")
    )
    rows = [
        # step, who, deadline, work, spread, staff, each, on duty, vehicles, each, travels
        ("first look on the spot", "a patrol", 24.0, 2.0, 0.5, patrols * 8.0, 8.0, 1 / 3,
         patrols * 2.0, 2.0, True),
        ("case file with attribution", "the commission's cell", 24.0, 6.0, 0.5, CELL, 3.0, 1 / 3,
         0.0, 0.0, False),
        ("warning and call to the party", "liaison", 24.0, 2.0, 0.5, cells * 2.0, 2.0, 1.0, 0.0,
         0.0, False),
        ("presence on the spot", "reaction forces", 72.0, 24.0, 0.5, reaction * float(TEAM),
         float(TEAM), 1.0, 0.0, 0.0, True),
    ]  # fmt: skip
    return LADDER.conform(pl.DataFrame(rows, schema=LADDER.dtypes(), orient="row"))


def clocks(
    manning: Manning, travel_h: FloatArray, assumed: Assumed, rng: np.random.Generator,
    loads: Sequence[float] | None = None, *, runs: int = 10,
) -> pl.DataFrame:  # fmt: skip
    """Return the ladder's report for each number of breaches a day (`CLOCKS`).

    A saturated step, and those behind it, carry no average.
    """
    tasks = ("patrol", "reaction_force", "liaison_cell")
    steps = steps_of(plan_ladder({task: manning.number(task) for task in tasks}))
    parts = [
        ladder_report(steps, Load(load, 180.0, tuple(travel_h)), rng, runs=runs).with_columns(
            pl.lit(load).alias("breaches")
        )
        for load in sorted({*(LOADS if loads is None else loads), assumed["breaches"]})
    ]
    return CLOCKS.conform(pl.concat(parts))
