"""Air-raid alerts: intervals per region, in two layouts."""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import HOUR
from truceline.evidence.effort.reporting import days_of_reporter
from truceline.evidence.sources.checks import Check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import attributes
from truceline.evidence.sources.source import SourceInfo

INFO = SourceInfo(
    name="alerts",
    title="Air-raid alerts per region",
    publisher="Official alert service, by way of public archives",
    licence="MIT for the archives; the data of their sources",
    instrument="alert",
    phenomena=("alert",),
    witness="One region's alert service, however many of its districts are alerted.",
    effort=(
        "The service runs day and night, so a day without an alert is a zero, from the first "
        "alert in a file to its last; a region that is always under alert is left out."
    ),
    limits=(
        "A warning, not a hit: aircraft that took off raise it too. It is known for a region, "
        "not a place. Since December 2025 alerts are raised per district, so counts before and "
        "after do not compare: the attribute `level` says which is meant."
    ),
    settings={
        "longest_hours": "An alert is taken to last so long at most; 24 unless told.",
        "timezone": "IANA name of the zone whose days count as watched; Europe/Kyiv unless told.",
    },
)

#: Some intervals were never closed and run for days.
_LONGEST_HOURS = 24.0

#: Levels of the official layout, from the whole region down.
_LEVELS = ("oblast", "raion", "hromada")


def _moment(column: str) -> pl.Expr:
    return (
        pl.col(column)
        .str.strip_chars()
        .str.to_datetime("%Y-%m-%d %H:%M:%S%z", time_unit="us", time_zone="UTC", strict=False)
        .dt.epoch("us")
    )


def _fields(area: pl.Expr, region: str, level: pl.Expr, settings: Settings) -> dict[str, pl.Expr]:
    start, end = _moment("started_at"), _moment("finished_at")
    longest = int(float(str(settings.get("longest_hours", _LONGEST_HOURS))) * HOUR)
    return {
        "t_start": start,
        "t_end": pl.min_horizontal(end, start + longest),
        "received_at": start,
        "area": area,
        "count": pl.lit(1.0),
        "witness": pl.format("alert service {}", region),
        "attributes": attributes(level=level, capped=end > start + longest),
    }


def _of_regions(settings: Settings) -> dict[str, pl.Expr]:
    return _fields(pl.col("region"), "region", pl.lit(_LEVELS[0]), settings)


def _official(settings: Settings) -> dict[str, pl.Expr]:
    area = pl.concat_str(*_LEVELS, separator=", ", ignore_nulls=True)
    return _fields(area, "oblast", pl.col("level"), settings)


def _checks(region: str) -> tuple[Check, ...]:
    return (
        Check(
            region,
            pl.col(region).str.strip_chars() != "",
            "the region is missing.",
            "Name the region the alert is for.",
        ),
        Check(
            "finished_at",
            _moment("finished_at").is_not_null(),
            "the end of the alert is missing or cannot be read.",
            "Write it as 2024-01-31 18:00:00+00:00, or leave out an alert that still runs.",
        ),
    )


def _days_on_watch(observations: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    return days_of_reporter(observations, zone=zone, area=None, moment="t_start")


SOURCE = Feed(
    INFO,
    (
        Layout(("region", "started_at", "finished_at"), _of_regions, _checks("region")),
        Layout(
            (*_LEVELS, "level", "started_at", "finished_at"),
            _official,
            (
                *_checks("oblast"),
                Check(
                    "level",
                    pl.col("level").is_in(_LEVELS),
                    "the level is none of oblast, raion and hromada.",
                    "Name the level at which the alert was raised.",
                ),
            ),
        ),
    ),
    effort=_days_on_watch,
)
