r"""Activity: how much has been seen around here in the last days.

Every incident counts by who saw it, and the sum :math:`A` over the surrounding of a place
and the three days up to its day enters the prior as :math:`\log_2 (1 + 4 A)`. What rests on the
word of parties alone, or on heat, counts nothing: no party can talk a place into violence,
and no harvest can burn it there. What has no place of its own, as an alert of a whole region has
not, takes the mean of :math:`A` over the incidents that counted in those days.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import polars_h3 as plh3

from truceline.core.types.time import DAY

#: The surrounding: a cell of about 250 km2 and the six around it.
RESOLUTION: Final = 5

WINDOW_DAYS: Final = 3

#: What an incident counts by the best of its witnesses, in tenths: whole numbers add up
#: to the same in any order.
CREDIT: Final = {
    "patrol": 10, "camera": 10, "uav": 10, "dataset": 10, "launch_report": 10,
    "acoustic": 3, "news": 3, "hotline": 2, "seismic": 2,
}  # fmt: skip


def credits_of(told: pl.DataFrame) -> pl.DataFrame:
    """Return `incident_id` and `credit` of the incidents that count.

    Parameters
    ----------
    told : polars.DataFrame
        Columns `incident_id`, `instrument` and `kind`; those that tell of nothing count nothing.
    """
    credit = pl.col("instrument").cast(pl.String).replace_strict(CREDIT, default=0)
    return (
        told.filter(~pl.col("kind").str.ends_with("/nothing"))
        .group_by("incident_id")
        .agg(credit=credit.max())
        .filter(pl.col("credit") > 0)
    )


def seen_around(incidents: pl.DataFrame, credited: pl.DataFrame) -> pl.DataFrame:
    """Return `cell`, `day`, `credit` and `n`: what was seen there that day, of how many incidents.

    Tables of several sets of incidents may be added up.

    Parameters
    ----------
    incidents : polars.DataFrame
        Schema `INCIDENT`.
    credited : polars.DataFrame
        From `credits_of`.
    """
    counted = _dated(incidents).filter(pl.col("lon").is_not_null()).join(credited, on="incident_id")
    return (
        counted.with_columns(cell=_cell())
        .group_by("cell", "day")
        .agg(pl.col("credit").cast(pl.Int64).sum(), n=pl.len().cast(pl.Int64))
        .sort("cell", "day")
    )


def activity(incidents: pl.DataFrame, credited: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Return `incident_id` and `doublings` (log2 of one and four times the activity), in order.

    Parameters
    ----------
    incidents : polars.DataFrame
        Schema `INCIDENT`.
    credited : polars.DataFrame
        From `credits_of`; what an incident itself was seen by is not around it.
    seen : polars.DataFrame
        From `seen_around`, of these incidents and all others.
    """
    dated = _dated(incidents)
    placed = (
        dated.filter(pl.col("lon").is_not_null())
        .join(credited, on="incident_id", how="left")
        .with_columns(pl.col("credit").fill_null(0), cell=_cell())
    )
    sums = _running(seen)
    around = placed.with_columns(around=(_lately(placed, sums) - placed["credit"]).cast(pl.Float64))
    elsewhere = _mean_lately(dated.filter(pl.col("lon").is_null()), seen, sums)
    found = pl.concat([around.select("incident_id", "around"), elsewhere]).select(
        "incident_id", doublings=(1.0 + 0.4 * pl.col("around")).log(2)
    )
    each = incidents.select("incident_id")
    return each.join(found, on="incident_id", how="left", maintain_order="left").fill_null(0.0)


def _dated(incidents: pl.DataFrame) -> pl.DataFrame:
    return incidents.select("incident_id", "lon", "lat", day=pl.col("t_best") // DAY)


def _cell() -> pl.Expr:
    cell: pl.Expr = plh3.latlng_to_cell("lat", "lon", RESOLUTION, return_dtype=pl.String)
    return cell


def _mean_lately(unplaced: pl.DataFrame, seen: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """Return `incident_id` and `around`, the mean over the credited incidents of the window.

    Each incident of a cell and day has around it all that was seen there lately but itself.
    """
    daily = (
        seen.with_columns(total=seen["n"] * _lately(seen, sums) - seen["credit"])
        .group_by("day")
        .agg(pl.col("total").sum(), pl.col("n").sum())
        .sort("day")
        .rolling("day", period=f"{WINDOW_DAYS}i")
        .agg(pl.col("total").sum(), pl.col("n").sum())
    )
    return (
        unplaced.sort("day", "incident_id")
        .join_asof(daily, on="day", tolerance=WINDOW_DAYS - 1)
        .select("incident_id", around=(pl.col("total") / pl.col("n")).fill_null(0.0))
    )


def _running(seen: pl.DataFrame) -> pl.DataFrame:
    """Return the credit seen in and around each cell up to each day."""
    around = seen.with_columns(cell=plh3.grid_disk("cell", 1)).explode("cell")
    return (
        around.with_columns(pl.col("cell").cast(pl.String))
        .group_by("cell", "day")
        .agg(pl.col("credit").sum())
        .sort("cell", "day")
        .with_columns(total=pl.col("credit").cum_sum().over("cell"))
        .select("cell", "day", "total")
        .sort("day", "cell")
    )


def _lately(places: pl.DataFrame, sums: pl.DataFrame) -> pl.Series:
    """Return what was seen in and around each cell in the window up to each day."""
    return _sum_at(places, sums, 0) - _sum_at(places, sums, WINDOW_DAYS)


def _sum_at(placed: pl.DataFrame, sums: pl.DataFrame, days_before: int) -> pl.Series:
    asked = (
        placed.select("cell", day=pl.col("day") - days_before)
        .with_row_index("row")
        .sort("day", "cell")
    )
    found = asked.join_asof(sums, on="day", by="cell", strategy="backward", check_sortedness=False)
    return found.sort("row")["total"].fill_null(0)
