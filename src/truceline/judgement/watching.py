"""Watching: the sectors and days of which nothing can be said, whatever was reported."""

from __future__ import annotations

import polars as pl

from truceline.core.space.lines import Sectors
from truceline.evidence.effort.cells import cells_of
from truceline.evidence.effort.coverage import days_between, detectability
from truceline.judgement.judgement import UNWATCHED
from truceline.judgement.truce_state.indicator import WHOLE_LINE

#: What is asked of effort: would one of these have been seen?
FIGHTING = (
    "explosion",
    "explosion_impact",
    "explosion_airburst",
    "explosion_outgoing",
    "explosion_undetermined",
    "violation",
)

#: H3 resolution at which a sector's effort is asked for, about 250 km2 a cell.
RESOLUTION = 5


def unwatched_sectors(
    sectors: Sectors, effort: pl.DataFrame, period: tuple[int, int], threshold: float
) -> pl.DataFrame:
    """Return where and when too little could have been seen for silence to mean anything.

    A sector counts as watched on a day by the mean over its cells of the probability that
    at least one source would have seen fighting. A case without sectors is asked for as a
    whole, by the areas that its sources cover.

    Parameters
    ----------
    sectors : Sectors
        Named stretches of the line.
    effort : polars.DataFrame
        Schema `EFFORT`.
    period : tuple of int
        First and last microsecond, UTC.
    threshold : float
        Least probability of detection at which a sector counts as watched.

    Returns
    -------
    polars.DataFrame
        Schema `UNWATCHED`.
    """
    if not sectors.polygons:
        areas = effort["area"].drop_nulls().unique().sort().to_list()
        return _gaps(WHOLE_LINE, effort, period, threshold, cells=[], areas=areas or [WHOLE_LINE])
    parts = [
        _gaps(name, effort, period, threshold, cells=cells_of(polygon, RESOLUTION), areas=[])
        for name, polygon in sorted(sectors.polygons.items())
    ]
    return UNWATCHED.conform(pl.concat(parts)).sort("sector", "t_start")


def _gaps(
    sector: str,
    effort: pl.DataFrame,
    period: tuple[int, int],
    threshold: float,
    *,
    cells: list[str],
    areas: list[str],
) -> pl.DataFrame:
    days = days_between(*period)
    coverage = detectability(effort, days, phenomena=FIGHTING, cells=cells, areas=areas)
    seen = pl.col("p_detect").mean() if cells else pl.col("p_detect").max()
    daily = coverage.group_by("t_start", "t_end").agg(
        p_detect=seen, reason=pl.col("reason").drop_nulls().cast(pl.String).mode().sort().first()
    )
    gaps = daily.filter(pl.col("p_detect") < threshold).with_columns(
        sector=pl.lit(sector),
        phenomenon=pl.lit("violation"),
        reason=pl.col("reason").fill_null("not_reported"),
    )
    return UNWATCHED.conform(gaps).sort("t_start")
