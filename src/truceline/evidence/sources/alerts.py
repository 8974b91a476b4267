"""Air-raid alerts: intervals per region, in two layouts."""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import HOUR
from truceline.evidence.sources.feed import Feed, Layout, Settings, attributes
from truceline.evidence.sources.source import SourceInfo

INFO = SourceInfo(
    name="alerts",
    title="Air-raid alerts per region",
    publisher="Official alert service, by way of public archives",
    licence="MIT for the archives; the data of their sources",
    instrument="alert",
    phenomena=("alert",),
    witness="One region's alert service on one alert.",
    effort="The service runs day and night; a region that is always under alert is left out.",
    limits=(
        "Where the file names districts only whole regions are read. A warning, not a hit: aircraft that took off raise it too. It is known for a region, "
        "not a place. Since December 2025 alerts are raised per district, so counts before and "
        "after do not compare."
    ),
    settings={
        "longest_hours": "An alert is taken to last so long at most; 24 unless told.",
    },
)

#: Some intervals were never closed and run for days.
_LONGEST_HOURS = 24.0


def _moment(column: str) -> pl.Expr:
    return (
        pl.col(column)
        .str.strip_chars()
        .str.to_datetime("%Y-%m-%d %H:%M:%S%z", time_unit="us", time_zone="UTC", strict=False)
        .dt.epoch("us")
    )


def _fields(region: str, settings: Settings) -> dict[str, pl.Expr]:
    start, end = _moment("started_at"), _moment("finished_at")
    longest = int(float(str(settings.get("longest_hours", _LONGEST_HOURS))) * HOUR)
    return {
        "t_start": start,
        "t_end": pl.min_horizontal(end, start + longest),
        "received_at": start,
        "area": pl.col(region),
        "count": pl.lit(1.0),
        "witness": pl.format("alert service {}", region),
        "attributes": attributes(capped=end > start + longest),
    }


def _oblast(settings: Settings) -> dict[str, pl.Expr]:
    return _fields("region", settings)


def _official(settings: Settings) -> dict[str, pl.Expr]:
    return _fields("oblast", settings)


SOURCE = Feed(
    INFO,
    (
        Layout(("region", "started_at", "finished_at"), _oblast, ()),
        Layout(
            ("oblast", "raion", "level", "started_at", "finished_at"),
            _official,
            (),
            keep=pl.col("level") == "oblast",
        ),
    ),
)
