"""Daily counts of the OSCE Special Monitoring Mission to Ukraine."""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import DAY
from truceline.evidence.effort.reporting import covered_periods
from truceline.evidence.sources.checks import Check, number_check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import attributes, in_utc, is_blank, number
from truceline.evidence.sources.source import SourceInfo

INFO = SourceInfo(
    name="smm_daily",
    title="OSCE SMM to Ukraine: violations counted a day",
    publisher="OSCE Special Monitoring Mission, coded by hand from its reports",
    licence="OSCE reports are public; attribution to the OSCE",
    instrument="patrol",
    phenomena=("violation", "explosion"),
    witness="One report of the mission.",
    effort="Only the periods that a report states; other days are not known.",
    limits=(
        "Counts what patrols and cameras heard and saw, by effort; it names no side. Where only "
        "explosions were given they are kept as explosions, not as violations."
    ),
    settings={"timezone": "Zone in which the period ends at 19:30; Europe/Kyiv unless told."},
)

#: A report's day ends at 19:30 local time.
_CUT_OFF = "19h30m"

_VIOLATIONS = ("donetsk_violations", "luhansk_violations")
_EXPLOSIONS = ("donetsk_explosions", "luhansk_explosions")

#: How far "about" is taken to reach either way.
_ABOUT = 0.1


def stated_number(column: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return the count, its lower and its upper bound from text such as `800+` or `1,200 (about)`.

    "About" is taken as ten per cent either way; a plus sign leaves the upper bound open.

    Examples
    --------
    >>> table = pl.DataFrame({"n": ["800+", "1,200 (about)", "21", None]})
    >>> count, low, high = stated_number("n")
    >>> table.select(c=count, l=low, h=high).rows()
    [(800.0, 800.0, None), (1200.0, 1080.0, 1320.0), (21.0, 21.0, 21.0), (None, None, None)]
    """
    text = pl.col(column).fill_null("").str.strip_chars()
    digits = text.str.extract(r"^([0-9][0-9,]*)").str.replace_all(",", "", literal=True)
    count = digits.cast(pl.Float64, strict=False)
    about = text.str.contains("about", literal=True)
    open_end = text.str.contains("+", literal=True)
    low = pl.when(about).then((1.0 - _ABOUT) * count).otherwise(count)
    high = pl.when(open_end).then(None).when(about).then((1.0 + _ABOUT) * count).otherwise(count)
    return count, low, high


def _sum(columns: tuple[str, str]) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return the sum of what the regions state; its upper bound is open if any part's is."""
    counts, lows, highs = zip(*(stated_number(column) for column in columns), strict=True)
    stated = pl.any_horizontal(count.is_not_null() for count in counts)
    bounded = pl.all_horizontal(
        count.is_null() | high.is_not_null() for count, high in zip(counts, highs, strict=True)
    )
    return (
        pl.when(stated).then(pl.sum_horizontal(counts)),
        pl.when(stated).then(pl.sum_horizontal(lows)),
        pl.when(stated & bounded).then(pl.sum_horizontal(highs)),
    )


def _area(columns: tuple[str, str]) -> pl.Expr:
    """Return which region a count is of. One that was not stated is unknown, not zero."""
    donetsk, luhansk = (stated_number(column)[0].is_not_null() for column in columns)
    of_both = pl.col(columns[0]).fill_null("").str.contains("both", literal=True)
    return (
        pl.when((donetsk & luhansk) | of_both)
        .then(pl.lit("both"))
        .when(donetsk)
        .then(pl.lit("donetsk"))
        .when(luhansk)
        .then(pl.lit("luhansk"))
    )


def _fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    local_day = pl.col("period_end_local_1930").str.to_datetime(
        "%Y-%m-%d", time_unit="us", strict=False
    )
    end = in_utc(local_day.dt.offset_by(_CUT_OFF), zone)
    violations, explosions = _sum(_VIOLATIONS), _sum(_EXPLOSIONS)
    counted = violations[0].is_not_null()
    count, low, high = (
        pl.when(counted).then(v).otherwise(e) for v, e in zip(violations, explosions, strict=True)
    )
    return {
        "t_start": end - (number("days_covered") * DAY).cast(pl.Int64, strict=False),
        "t_end": end,
        "area": pl.when(counted).then(_area(_VIOLATIONS)).otherwise(_area(_EXPLOSIONS)),
        "phenomenon": pl.when(counted).then(pl.lit("violation")).otherwise(pl.lit("explosion")),
        "count": count,
        "count_low": low,
        "count_high": high,
        "witness": pl.format("SMM report of the period to {}", "period_end_local_1930"),
        "reliability": pl.lit("A"),
        "attributes": attributes(
            **{name: pl.col(name) for name in (*_VIOLATIONS, *_EXPLOSIONS)},
            days=number("days_covered"),
            derived=pl.col("derived").fill_null("").str.starts_with("yes"),
            report=pl.col("report"),
        ),
    }


def _stated_check(column: str) -> Check:
    return Check(
        column,
        is_blank(column) | stated_number(column)[0].is_not_null(),
        f"{column} does not begin with a number.",
        "Write it as 12, 800+ or 1200 (about); leave it blank where the report does not say.",
    )


def _covered(observations: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    return covered_periods(observations)


SOURCE = Feed(
    INFO,
    (
        Layout(
            (
                "period_end_local_1930", "days_covered", *_VIOLATIONS, *_EXPLOSIONS, "derived",
                "report",
            ),
            _fields,
            (
                number_check("days_covered", low=0.25, high=62),
                Check(
                    "days_covered",
                    number("days_covered").is_not_null(),
                    "days_covered is blank.",
                    "Give the days that the report covers.",
                ),
                *(_stated_check(column) for column in (*_VIOLATIONS, *_EXPLOSIONS)),
                Check(
                    _VIOLATIONS[0],
                    pl.col("_count").is_not_null(),
                    "neither region states a number.",
                    "Give at least one count, or leave the row out.",
                ),
            ),
        ),
    ),
    effort=_covered,
)  # fmt: skip
