"""Counts per day or month: coded daily events, and violations as one side reports them."""

from __future__ import annotations

import polars as pl

from truceline.evidence.effort.reporting import covered_periods
from truceline.evidence.sources.checks import Check, number_check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import (
    attributes,
    in_utc,
    local_day_end,
    local_time,
    number,
)
from truceline.evidence.sources.source import SourceInfo

DAILY_INFO = SourceInfo(
    name="daily_events",
    title="Coded events a day",
    publisher="ACLED (aggregates) and UCDP",
    licence="Attribution; aggregates only",
    instrument="dataset",
    phenomena=("violation",),
    witness="The data set on that day.",
    effort="Every day of the file is coded, so a 0 is a count.",
    limits="Counts events as coded from reports, one side's media more than the other's.",
    settings={"timezone": "IANA name of the zone of the days; Europe/Kyiv unless told."},
)

MONTHLY_INFO = SourceInfo(
    name="monthly_violations",
    title="Ceasefire violations a month, as one side counts them",
    publisher="Parliamentary answers and press, as named by the file",
    licence="None stated",
    instrument="party_claim",
    phenomena=("violation",),
    witness="The reporting side, that month; a table by sector is the same witness.",
    effort="Every month of the file is counted.",
    limits="One party's count says nothing of the other's.",
    settings={"timezone": "IANA name of the zone of the months; Asia/Kolkata unless told."},
)

#: Sectors of the published table, as its columns name them.
SECTORS = (
    "Poonch", "Rajouri", "Jammu", "Kupwara", "Uri", "Kathua", "Akhnoor", "Gurez", "Punjab",
    "Chirikot", "Drass_Kargil", "Not_Mentioned",
)  # fmt: skip

_DAY_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")

_COUNTED = Check(
    "count",
    pl.col("_count") >= 0,
    "the count is missing, or not a number of 0 or more.",
    "Give a whole number; leave the row out where it is not known.",
)


def _daily_fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    starts = (local_time("date", form, zone) for form in _DAY_FORMS)
    return {
        "t_start": pl.coalesce(starts),
        "t_end": local_day_end("date", _DAY_FORMS, zone),
        "area": pl.lit("country"),
        "phenomenon": pl.lit("violation"),
        "count": number("acled_events"),
        "witness": pl.format("daily count {}", pl.col("date").str.slice(0, 10)),
        "attributes": attributes(
            fatalities=number("acled_fatalities"), ucdp_events=number("ucdp_events")
        ),
    }


def _month(column: str, settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Asia/Kolkata"))
    first = (pl.col(column).str.strip_chars() + "-01").str.to_datetime(
        "%Y-%m-%d", time_unit="us", strict=False
    )
    return {
        "t_start": in_utc(first, zone),
        "t_end": in_utc(first.dt.offset_by("1mo"), zone),
        "area": pl.lit("whole line"),
        "phenomenon": pl.lit("violation"),
    }


def _reported_fields(settings: Settings) -> dict[str, pl.Expr]:
    return {
        **_month("month", settings),
        "count": number("violations_reported"),
        "witness": pl.format("{} {}", "reported_by", "month"),
        "attributes": attributes(reported_by=pl.col("reported_by")),
    }


def _total_fields(settings: Settings) -> dict[str, pl.Expr]:
    return {
        **_month("Month_wise", settings),
        "count": number("Total_cfv"),
        "witness": pl.format("monthly count {}", "Month_wise"),
    }


def _sector_fields(settings: Settings) -> dict[str, pl.Expr]:
    parts = {name: number(name) for name in SECTORS}
    return {
        **_total_fields(settings),
        # The sum of the parts stands beside the stated total: where they differ, both are shown.
        "attributes": attributes(sum_of_sectors=pl.sum_horizontal(parts.values()), **parts),
    }


def _covered(observations: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    return covered_periods(observations)


DAILY = Feed(
    DAILY_INFO,
    (
        Layout(
            ("date", "acled_events", "acled_fatalities", "ucdp_events"),
            _daily_fields,
            (_COUNTED, number_check("acled_fatalities", low=0), number_check("ucdp_events", low=0)),
        ),
    ),
    effort=_covered,
)

MONTHLY = Feed(
    MONTHLY_INFO,
    (
        Layout(("month", "violations_reported", "reported_by"), _reported_fields, (_COUNTED,)),
        Layout(
            ("Month_wise", *SECTORS, "Total_cfv"),
            _sector_fields,
            (_COUNTED, *(number_check(name, low=0) for name in SECTORS)),
        ),
        Layout(("Month_wise", "Total_cfv"), _total_fields, (_COUNTED,), lacks=SECTORS[:1]),
    ),
    effort=_covered,
)
