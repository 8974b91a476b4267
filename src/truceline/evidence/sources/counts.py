"""Counts per day or month: OSCE SMM reports, coded daily events, monthly violations."""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import DAY
from truceline.evidence.effort.reporting import covered_periods
from truceline.evidence.sources.feed import (
    Check,
    Feed,
    Layout,
    Settings,
    attributes,
    local_time,
    number,
)
from truceline.evidence.sources.source import SourceInfo

SMM_INFO = SourceInfo(
    name="smm_daily",
    title="OSCE SMM to Ukraine: violations counted a day",
    publisher="OSCE Special Monitoring Mission, coded by hand from its reports",
    licence="OSCE reports are public; attribution to the OSCE",
    instrument="patrol",
    phenomena=("violation",),
    witness="One report of the mission.",
    effort="Only the periods that a report states; other days are not known.",
    limits="Counts what patrols and cameras heard and saw, by effort; it names no side.",
    settings={"timezone": "Zone in which the period ends at 19:30; Europe/Kyiv unless told."},
)

#: A report's day ends at 19:30 local time, so it begins 4.5 hours before midnight.
_CUT_OFF_MINUTES = 19 * 60 + 30


def stated_number(column: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return the count, its lower and its upper bound from text such as ``800+`` or ``1200 (about)``.

    "About" is taken as ten per cent either way; a plus sign leaves the upper bound open.
    """
    text = pl.col(column).fill_null("").str.strip_chars()
    count = text.str.extract(r"^([0-9]+)").cast(pl.Float64, strict=False)
    about = text.str.contains("about", literal=True)
    open_end = text.str.contains("+", literal=True)
    low = pl.when(about).then(0.9 * count).otherwise(count)
    high = pl.when(about).then(1.1 * count).when(open_end).then(None).otherwise(count)
    return count, low, high


def _smm_fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    midnight = pl.col("period_end_local_1930").str.to_datetime(
        "%Y-%m-%d", time_unit="us", strict=False
    )
    end = (
        (midnight + pl.duration(minutes=_CUT_OFF_MINUTES)).dt.replace_time_zone(zone).dt.epoch("us")
    )
    counts = [stated_number(column) for column in ("donetsk_violations", "luhansk_violations")]
    total = [
        # The sum stands where at least one region was stated; a region not stated is unknown,
        # not zero, so the upper bound is then open.
        pl.sum_horizontal(parts, ignore_nulls=True)
        for parts in zip(*counts, strict=True)
    ]
    stated = pl.any_horizontal(count.is_not_null() for count, _, _ in counts)
    both = pl.all_horizontal(count.is_not_null() for count, _, _ in counts) | pl.col(
        "donetsk_violations"
    ).str.contains("both", literal=True).fill_null(value=False)
    bounded = both & pl.all_horizontal(
        (count.is_null() | high.is_not_null()) for count, _, high in counts
    )
    days = number("days_covered")
    return {
        "t_start": end - (days * DAY).cast(pl.Int64),
        "t_end": end,
        "area": pl.lit("both regions"),
        "phenomenon": pl.lit("violation"),
        "count": pl.when(stated).then(total[0]),
        "count_low": pl.when(stated).then(total[1]),
        "count_high": pl.when(stated & bounded).then(total[2]),
        "witness": pl.coalesce(pl.format("SMM {}", "report"), pl.lit("SMM")),
        "reliability": pl.lit("A"),
        "attributes": attributes(
            donetsk=pl.col("donetsk_violations"),
            luhansk=pl.col("luhansk_violations"),
            both_stated=both,
            derived=pl.col("derived"),
        ),
    }


def _reported(observations: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    return covered_periods(observations)


SMM = Feed(
    SMM_INFO,
    (
        Layout(
            ("period_end_local_1930", "days_covered", "donetsk_violations", "luhansk_violations",
             "derived", "report"),
            _smm_fields,
            (
                Check("days_covered", number("days_covered") > 0, "days_covered is not a number above 0.",
                      "Give the days that the report covers."),
                Check("donetsk_violations", pl.col("_count").is_not_null(),
                      "neither region states a number.", "Give at least one count, or leave the row out."),
            ),
        ),
    ),
    effort=_reported,
)  # fmt: skip

DAILY_INFO = SourceInfo(
    name="daily_events",
    title="Coded events a day",
    publisher="ACLED (aggregates) and UCDP",
    licence="Attribution; aggregates only",
    instrument="dataset",
    phenomena=("violation", "casualty"),
    witness="The data set on that day.",
    effort="Every day of the file is coded, so a 0 is a count.",
    limits="Counts events as coded from reports, one side's media more than the other's.",
)


def _daily_fields(settings: Settings) -> dict[str, pl.Expr]:
    day = local_time("date", "%Y-%m-%dT%H:%M:%S", str(settings.get("timezone", "Europe/Kyiv")))
    return {
        "t_start": day,
        "t_end": day + DAY,
        "area": pl.lit("country"),
        "phenomenon": pl.lit("violation"),
        "count": number("acled_events"),
        "witness": pl.format("daily count {}", pl.col("date").str.slice(0, 10)),
        "attributes": attributes(
            fatalities=number("acled_fatalities"), ucdp_events=number("ucdp_events")
        ),
    }


_COUNT = Check("count", pl.col("_count") >= 0, "the count is not a number of 0 or more.",
               "Give a whole number; leave the row out if it is not known.")  # fmt: skip

DAILY = Feed(
    DAILY_INFO,
    (
        Layout(
            ("date", "acled_events", "acled_fatalities", "ucdp_events"), _daily_fields, (_COUNT,)
        ),
    ),
    effort=_reported,
)

MONTHLY_INFO = SourceInfo(
    name="monthly_violations",
    title="Ceasefire violations a month, as one side counts them",
    publisher="Parliamentary answers and press, as named by the file",
    licence="None stated",
    instrument="dataset",
    phenomena=("violation",),
    witness="The reporting side, that month.",
    effort="Every month of the file is counted.",
    limits="One party's count says nothing of the other's.",
    settings={"timezone": "Zone of the months; Asia/Kolkata unless told."},
)


def _month_bounds(column: str, settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Asia/Kolkata"))
    first = (pl.col(column).str.strip_chars() + "-01").str.to_datetime(
        "%Y-%m-%d", time_unit="us", strict=False
    )
    return {
        "t_start": first.dt.replace_time_zone(zone).dt.epoch("us"),
        "t_end": first.dt.offset_by("1mo").dt.replace_time_zone(zone).dt.epoch("us"),
    }


def _monthly_fields(settings: Settings) -> dict[str, pl.Expr]:
    return {
        **_month_bounds("month", settings),
        "area": pl.lit("whole line"),
        "phenomenon": pl.lit("violation"),
        "count": number("violations_reported"),
        "witness": pl.format("{} {}", "reported_by", "month"),
        "attributes": attributes(reported_by=pl.col("reported_by")),
    }


def _monthly_total_fields(settings: Settings) -> dict[str, pl.Expr]:
    return {
        **_month_bounds("Month_wise", settings),
        "area": pl.lit("whole line"),
        "phenomenon": pl.lit("violation"),
        "count": number("Total_cfv"),
        "witness": pl.format("monthly count {}", "Month_wise"),
    }


MONTHLY = Feed(
    MONTHLY_INFO,
    (
        Layout(("month", "violations_reported", "reported_by"), _monthly_fields, (_COUNT,)),
        Layout(("Month_wise", "Total_cfv"), _monthly_total_fields, (_COUNT,)),
    ),
    effort=_reported,
)
