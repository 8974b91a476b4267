"""Entries of an open-source map: what was filmed, where, and on which day."""

from __future__ import annotations

from datetime import date

import polars as pl

from truceline.core.types.errors import InputError
from truceline.evidence.sources.checks import PLACE_CHECKS, Check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import (
    attributes,
    local_day_end,
    local_time,
    number,
)
from truceline.evidence.sources.source import SourceInfo

INFO = SourceInfo(
    name="eyes_on_russia",
    title="Eyes on Russia map of verified open-source events",
    publisher="Centre for Information Resilience, with Bellingcat and others",
    licence="None stated: read it, do not redistribute it",
    instrument="dataset",
    phenomena=("explosion_impact", "damage", "casualty", "other"),
    witness="One verified entry.",
    effort="Filmed places, most in the first months; silence says nothing.",
    limits=(
        "Troop movements, equipment and losses are kept as `other`: only strikes, damage and "
        "casualties are acts. A few dates are typing errors; those outside the span are rejected."
    ),
    settings={
        "span": (
            "First and last day to accept, as [YYYY-MM-DD, YYYY-MM-DD]; the span of the early "
            "export, December 2021 to December 2022, unless told."
        ),
        "timezone": "IANA name of the zone of the days; Europe/Kyiv unless told.",
    },
)

_FORM = "%Y-%m-%d"
_SIGMA_M = 300.0
_SPAN = ("2021-12-01", "2022-12-31")

#: What an entry shows, by the words of its group and then of its title; the first that fits.
#: Words of movement come before words of damage, for destroyed equipment is no act against a
#: place.
SHOWN: tuple[tuple[str, str], ...] = (
    (r"civilian casualt|mass grave|burial", "casualty"),
    (r"bombing|explosion", "explosion_impact"),
    (r"infrastructure damage|environmental", "damage"),
    (r"presence|losses|movement|convoy|equipment", "other"),
    (r"shell|strike|missile|rocket|munition", "explosion_impact"),
    (r"damage|destr", "damage"),
)


def _shown() -> pl.Expr:
    """Return what each entry shows: the group decides, and the title where the group does not."""
    answer = pl.lit("other")
    for column in ("title", "event_group"):
        words = pl.col(column).fill_null("").str.to_lowercase()
        for pattern, phenomenon in reversed(SHOWN):
            answer = pl.when(words.str.contains(pattern)).then(pl.lit(phenomenon)).otherwise(answer)
    return answer


def _span(settings: Settings) -> tuple[date, date]:
    given = settings.get("span", _SPAN)
    try:
        first, last = (date.fromisoformat(str(day)) for day in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as cause:
        raise InputError(
            f"the span {given!r} is not two days.", hint="Give [2022-01-01, 2022-12-31]."
        ) from cause
    return first, last


def _fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    first, last = _span(settings)
    day = pl.col("date").str.strip_chars().str.to_date(_FORM, strict=False)
    return {
        "t_start": pl.when(day.is_between(first, last)).then(local_time("date", _FORM, zone)),
        "t_end": local_day_end("date", (_FORM,), zone),
        "lon": number("lon"),
        "lat": number("lat"),
        "sigma_m": pl.lit(_SIGMA_M),
        "phenomenon": _shown(),
        "witness": pl.format("entry {}", "entry"),
        "attributes": attributes(
            group=pl.col("event_group"), title=pl.col("title"), munition=pl.col("arms/munition")
        ),
    }


#: Titles begin with the day, dd/mm/yyyy; a date column far from it is a slip.
_TITLE_DAY = (
    pl.col("title").str.extract(r"^(\d\d/\d\d/\d{4})").str.to_date("%d/%m/%Y", strict=False)
)
_DAY = pl.col("date").str.strip_chars().str.to_date(_FORM, strict=False)

_DATE_CHECKS = (
    Check(
        "date",
        _DAY.is_not_null(),
        "the date is missing or is no day.",
        "Write it as YYYY-MM-DD.",
    ),
    Check(
        "date",
        pl.col("_t_start").is_not_null(),
        "the date lies outside the span of the feed.",
        "Correct the year, or widen `span` in sources.yaml.",
    ),
    Check(
        "date",
        _TITLE_DAY.is_null() | ((_TITLE_DAY - _DAY).dt.total_days().abs() <= 31),
        "the date and the day in the title lie more than a month apart.",
        "See the entry's link for the day, and correct one of them.",
    ),
)

SOURCE = Feed(
    INFO,
    (
        Layout(
            ("entry", "date", "event_group", "title", "lat", "lon", "arms/munition"),
            _fields,
            (*PLACE_CHECKS, *_DATE_CHECKS),
        ),
    ),
)
