"""Long-range drones and missiles launched, one row a wave, as the defender reports them."""

from __future__ import annotations

import polars as pl

from truceline.core.types.tables import EFFORT
from truceline.evidence.effort.reporting import days_of_reporter
from truceline.evidence.sources.checks import number_check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import (
    any_local_time,
    attributes,
    local_day_end,
    number,
)
from truceline.evidence.sources.source import SourceInfo

INFO = SourceInfo(
    name="launches",
    title="Missiles and drones launched, per wave",
    publisher="P. Ivaniuk, from posts of one side's air force and regional commands",
    licence="CC BY-NC-SA 4.0; check before publishing a copy",
    instrument="launch_report",
    phenomena=("launch",),
    witness="One post of one command; national and regional posts count the same aircraft.",
    effort=(
        "The national command reports every day, so between its first and its last report a day "
        "without a row is a day without a wave. Regional commands have no such habit."
    ),
    limits="One side's account of what was launched at it; launches the other way are not in it.",
    settings={
        "timezone": "IANA name of the zone of the times; Europe/Kyiv unless told.",
        "national": "Text in `source` by which the national report is known; kpszsu unless told.",
        "reports_daily": "Whether the national report is a daily habit; true unless told.",
    },
)

_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%d")


def _fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    national = (
        pl.col("source")
        .fill_null("")
        .str.contains(str(settings.get("national", "kpszsu")), literal=True)
    )
    day_only = pl.col("time_end").str.strip_chars().str.len_chars() == 10
    end = pl.when(day_only).then(local_day_end("time_end", _FORMS, zone) - 1)
    return {
        "t_start": any_local_time("time_start", _FORMS, zone),
        "t_end": end.otherwise(any_local_time("time_end", _FORMS, zone)),
        "area": pl.when(national).then(pl.lit("national")).otherwise(pl.lit("regional")),
        "phenomenon": pl.lit("launch"),
        "count": number("launched"),
        "weapon_class": pl.lit("long_range"),
        "witness": pl.coalesce(pl.col("source"), pl.lit("not stated")),
        "attributes": attributes(
            model=pl.col("model"),
            target=pl.col("target"),
            destroyed=number("destroyed"),
            national=national,
        ),
    }


def reporting_days(observations: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Return a day of effort for every local day from the first national report to the last.

    A night's wave belongs to the day on which it ended.
    """
    national = observations.filter(pl.col("area") == "national")
    if national.is_empty() or not settings.get("reports_daily", True):
        return EFFORT.empty()
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    return days_of_reporter(national, zone=zone, area="national")


SOURCE = Feed(
    INFO,
    (
        Layout(
            ("time_start", "time_end", "model", "launched", "destroyed", "source"),
            _fields,
            (number_check("launched", low=0), number_check("destroyed", low=0)),
        ),
    ),
    effort=reporting_days,
)
