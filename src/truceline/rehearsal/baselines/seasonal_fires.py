"""The seasonal fire rule: a fire is of war when 95 of 100 normal years would show fewer.

A hundred normal years are drawn from the fires of a quiet season by cells of 0.1 degrees.
A week of a cell is in excess when it has more fires than 95 of them. A cell is at war when
it has been in excess on two days at least 7 days apart, and stays so for 10 days after.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.types.time import DAY
from truceline.rehearsal.baselines.answering import answer_rows
from truceline.rehearsal.scores.answers import Answers

MODELS, NEEDED = 100, 95
APART_DAYS, CARRY_DAYS, WEEK_DAYS = 7, 10, 7

#: Shape and rate of the prior of a cell's weekly fires: half a fire in ten weeks.
_SHAPE, _RATE = 0.05, 1.0


def seasonal_fires(
    observations: pl.DataFrame, quiet: pl.DataFrame, rng: np.random.Generator
) -> Answers:
    """Return an answer for each fire: of war, or an ordinary one.

    Parameters
    ----------
    observations : polars.DataFrame
        Of the truce, schema `OBSERVATION`.
    quiet : polars.DataFrame
        Of a season without violations.
    rng : numpy.random.Generator
        Draws the normal years.
    """
    fires = _fires(observations)
    if fires.is_empty():
        return Answers(answer_rows(fires, pl.Series([], dtype=pl.Float64)))
    week = fires.group_by("cell", "week").agg(n=pl.len())
    limits = _limits(_fires(quiet), rng)
    excess = week.join(limits, on="cell", how="left").filter(
        pl.col("n") > pl.col("limit").fill_null(1.0)
    )
    hits = fires.join(excess.select("cell", "week"), on=["cell", "week"], how="semi")
    war = _war_days(hits)
    at_war = fires.join(war, on=["cell", "day"], how="left", maintain_order="left")
    p = at_war["war"].fill_null(False).cast(pl.Float64) * 0.9 + 0.05
    return Answers(answer_rows(fires, p))


def _fires(observations: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("t_start") // DAY
    return (
        observations.filter(pl.col("instrument") == "satellite_thermal")
        .with_columns(
            cell=pl.format("{} {}", (pl.col("lon") * 10).floor(), (pl.col("lat") * 10).floor()),
            day=day,
            week=day // WEEK_DAYS,
        )
        .sort("obs_id")
    )


def _limits(quiet: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return the weekly count of a cell that 95 of 100 normal years do not pass."""
    schema = {"cell": pl.String, "limit": pl.Float64}
    if quiet.is_empty():
        return pl.DataFrame(schema=schema)
    weeks = max(int(quiet["week"].n_unique()), 1)
    cells = quiet.group_by("cell").agg(n=pl.len()).sort("cell")
    shape, rate = _SHAPE + cells["n"].to_numpy(), _RATE + weeks
    years = rng.poisson(rng.gamma(shape, 1.0 / rate, (MODELS, len(cells))))
    limit = np.sort(years, axis=0)[NEEDED - 1].astype(np.float64)
    return pl.DataFrame({"cell": cells["cell"], "limit": limit}, schema=schema)


def _war_days(hits: pl.DataFrame) -> pl.DataFrame:
    """Return the cells and days at war: from the second hit a week apart, and 10 days on."""
    rows: list[tuple[str, int, bool]] = []
    for (cell,), group in (
        hits.select("cell", "day")
        .unique()
        .sort("cell", "day")
        .group_by("cell", maintain_order=True)
    ):
        days = group["day"].to_list()
        proven = [d for d in days if d - days[0] >= APART_DAYS]
        covered = {d + k for d in proven for k in range(CARRY_DAYS + 1)}
        rows += [(str(cell), d, True) for d in sorted(covered)]
    schema = {"cell": pl.String, "day": pl.Int64, "war": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")
