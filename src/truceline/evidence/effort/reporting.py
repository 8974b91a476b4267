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


def days_of_reporter(
    observations: pl.DataFrame, *, zone: str, area: str | None, moment: str = "t_end"
) -> pl.DataFrame:
    """Return a day of effort for every local day from a reporter's first row to its last.

    Parameters
    ----------
    observations : polars.DataFrame
        Rows of one source that reports as a habit.
    zone : str
        IANA name of the zone whose days are meant.
    area : str or None
        What it watches; None for all it covers.
    moment : str
        The column by which a row belongs to a day.
    """
    if observations.is_empty():
        return EFFORT.empty()
    in_zone = pl.from_epoch(moment, time_unit="us").dt.replace_time_zone("UTC")
    day = in_zone.dt.convert_time_zone(zone).dt.date()
    first, last = observations.select(first=day.min(), last=day.max()).row(0)
    source, instrument, phenomenon = observations.select(
        "source", pl.col("instrument", "phenomenon").cast(pl.String)
    ).row(0)
    return habitual_days(
        first,
        last,
        zone=zone,
        source=source,
        instrument=instrument,
        phenomenon=phenomenon,
        area=area,
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
