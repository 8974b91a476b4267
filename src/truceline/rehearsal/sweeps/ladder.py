"""The ladder's clocks under each force of a sweep: what it finds is what it has to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.schema import Column, Schema
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.clocks import CLOCKS, plan_ladder
from truceline.force.planning.ground import BASES_M
from truceline.force.presence import Mix, teams
from truceline.force.response.ladder import Load, ladder_report, steps_of

#: Days of one simulated run of the queue, and how many runs.
_DAYS: Final = 180.0
_RUNS: Final = 10

#: Places along the way between two bases at which a breach is supposed to happen.
_PLACES: Final = 8

CLOCKS_BY_FORCE = Schema(
    "the ladder by force",
    (
        Column("force", pl.String(), "The force."),
        Column("people", pl.Float64(), "People in the theatre.", low=0),
        *CLOCKS.columns,
    ),
)


def clocks_by_force(
    forces: Sequence[Mix], summary: pl.DataFrame, line_km: float, rng: np.random.Generator
) -> pl.DataFrame:
    """Return the ladder's report for each force, at the load of what it finds (`CLOCKS_BY_FORCE`).

    Every found violation starts the ladder. A force without people on a step says `no people`, a
    step that needs more time than it has is `saturated` and has no average.

    Parameters
    ----------
    forces : sequence of Mix
        The forces of the sweep.
    summary : polars.DataFrame
        `SUMMARY`: breaches a day by force.
    line_km : float
        Length of the whole line.
    rng : numpy Generator
        Dice of the queue.
    """
    load = dict(summary.select("force", "breaches_a_day").iter_rows())
    parts = []
    for force in forces:
        there = teams(force)
        steps = steps_of(plan_ladder({task: float(int(n)) for task, n in there.items()}))
        way = tuple(travel_hours(there.get("reaction_force", 0.0), line_km))
        parts.append(
            ladder_report(steps, Load(load[force.name], _DAYS, way), rng, runs=_RUNS).with_columns(
                pl.lit(force.name).alias("force"),
                pl.lit(float(force.people)).alias("people"),
                pl.lit(load[force.name]).alias("breaches"),
            )
        )
    return CLOCKS_BY_FORCE.conform(pl.concat(parts)).sort("people", "force", maintain_order=True)


def travel_hours(reaction_teams: float, line_km: float) -> FloatArray:
    """Return hours by road by day from the nearest base to places evenly along the line.

    Bases stand evenly along the line, 20 km behind it, with as many teams each as a plan gives
    them: h = detour x hypot(x, 20 km) / speed, x up to half the way between two bases.

    Examples
    --------
    >>> travel_hours(60, 1200.0)[[0, -1]].round(2).tolist()
    [0.52, 0.71]
    """
    assumed = Assumed()
    bases = max(1.0, round(reaction_teams / assumed["teams_a_base"]))
    x = (np.arange(_PLACES) + 0.5) / _PLACES * line_km / (2 * bases)
    km = np.hypot(x, BASES_M / 1000.0)
    return np.asarray(km * assumed["detour"] / assumed["road_kmh"])
