"""Watching: the sectors and days of which nothing can be said, whatever was reported."""

from __future__ import annotations

import h3
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

#: H3 resolution at which a sector is asked for where no effort is known by cell.
COARSEST = 5


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
        areas = effort["area"].drop_nulls().unique().sort().to_list() or [WHOLE_LINE]
        coverage = detectability(effort, days_between(*period), phenomena=FIGHTING, areas=areas)
        best = coverage.with_columns(sector=pl.lit(WHOLE_LINE))
        return _gaps(best, pl.col("p_detect").max(), threshold)
    resolution = _resolution(effort)
    places = pl.concat(
        pl.DataFrame({"place": cells_of(polygon, resolution), "sector": name})
        for name, polygon in sorted(sectors.polygons.items())
    )
    cells = places["place"].unique().sort().to_list()
    coverage = detectability(effort, days_between(*period), phenomena=FIGHTING, cells=cells)
    # Sorted, since a mean of fractions hangs on their order in its last digit.
    seen = pl.col("p_detect").sort().mean()
    return _gaps(coverage.join(places, on="place"), seen, threshold)


def _resolution(effort: pl.DataFrame) -> int:
    """Return the finest resolution of the effort's cells; finer ones cannot be asked of it."""
    cells = effort["cell"].drop_nulls().unique()
    return max((h3.get_resolution(cell) for cell in cells), default=COARSEST)


def _gaps(coverage: pl.DataFrame, seen: pl.Expr, threshold: float) -> pl.DataFrame:
    """Return the days and sectors whose probability of detection is below the threshold."""
    daily = coverage.group_by("sector", "t_start", "t_end").agg(
        p_detect=seen, reason=pl.col("reason").drop_nulls().cast(pl.String).mode().sort().first()
    )
    gaps = daily.filter(pl.col("p_detect") < threshold).with_columns(
        phenomenon=pl.lit("violation"), reason=pl.col("reason").fill_null("not_reported")
    )
    return UNWATCHED.conform(gaps).sort("sector", "t_start")
