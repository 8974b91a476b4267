"""Effort of those who report as a habit: a missing row of theirs is a zero."""

from __future__ import annotations

from datetime import date

import polars as pl

from truceline.core.types.tables import EFFORT
from truceline.evidence.sources.fields import in_utc

#: Even a habitual reporter misses something; the chance that a day with an event would
#: have had a row.
HABIT = 0.95


def habitual_days(
    first: date,
    last: date,
    *,
    zone: str,
    source: str,
    instrument: str,
    phenomenon: str,
    area: str | None,
) -> pl.DataFrame:
    """Return a row of effort for each local day from the first report to the last.

    Parameters
    ----------
    first, last : datetime.date
        Days of the first and the last report.
    zone : str
        IANA name of the zone whose days are meant.
    source, instrument, phenomenon, area
        As in the schema `EFFORT`.
    """
    days = pl.date_range(first, last, "1d", eager=True).alias("day")
    midnight = pl.col("day").cast(pl.Datetime("us"))
    return EFFORT.conform(
        days.to_frame().select(
            t_start=in_utc(midnight, zone),
            t_end=in_utc(midnight.dt.offset_by("1d"), zone),
            source=pl.lit(source),
            instrument=pl.lit(instrument),
            area=pl.lit(area, pl.String),
            phenomenon=pl.lit(phenomenon),
            p_detect=pl.lit(HABIT),
            reason=pl.lit("reports_daily"),
        )
    )


def covered_periods(observations: pl.DataFrame) -> pl.DataFrame:
    """Return effort for the very periods that reports state a count for, and no others."""
    return EFFORT.conform(
        observations.select(
            "source",
            "instrument",
            "area",
            "t_start",
            "t_end",
            "phenomenon",
            p_detect=pl.lit(HABIT),
            reason=pl.lit("reports_daily"),
        ).unique(maintain_order=True)
    )
