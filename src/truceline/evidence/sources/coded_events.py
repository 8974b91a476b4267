"""Events coded by people: UCDP GED, verified civilian harm, and an open-source map."""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import DAY
from truceline.evidence.sources.feed import (
    PLACE_CHECKS,
    Check,
    Feed,
    Layout,
    Settings,
    attributes,
    digest,
    local_time,
    number,
)
from truceline.evidence.sources.source import SourceInfo

UCDP_INFO = SourceInfo(
    name="ucdp_ged",
    title="UCDP Georeferenced Event Dataset",
    publisher="Uppsala Conflict Data Program",
    licence="CC BY 4.0",
    instrument="dataset",
    phenomena=("casualty",),
    witness="One coded event, whatever number of articles it was coded from.",
    effort="Only events with at least one death; a quiet line is nearly invisible.",
    limits="Place known to a point for a quarter of events; dates from days to years.",
)

#: Error of the place by `where_prec` (UCDP GED codebook 22.1): 1 exact, 2 within 25 km of a
#: point, 3 the district, 4 the province, 5 a line or sea, 6 the country, 7 international.
UCDP_SIGMA_M = {1: 1_000.0, 2: 12_500.0, 3: 20_000.0, 4: 60_000.0, 5: 60_000.0}

_DATE_FORMS = (
    "%Y-%m-%d",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M",
)


def _date(column: str) -> pl.Expr:
    return pl.coalesce(local_time(column, form, "UTC") for form in _DATE_FORMS)


def _ucdp_fields(settings: Settings) -> dict[str, pl.Expr]:
    precision = number("where_prec").cast(pl.Int64, strict=False)
    return {
        "t_start": _date("date_start"),
        "t_end": _date("date_end") + DAY,
        "lon": number("longitude"),
        "lat": number("latitude"),
        "sigma_m": precision.replace_strict(
            UCDP_SIGMA_M, default=200_000.0, return_dtype=pl.Float64
        ),
        "area": pl.col("adm_1"),
        "phenomenon": pl.lit("casualty"),
        "count": number("best"),
        "count_low": number("low"),
        "count_high": number("high"),
        "witness": pl.format("event {}", "id"),
        "attributes": attributes(
            conflict=pl.col("conflict_name"),
            dyad=pl.col("dyad_name"),
            clarity=pl.col("event_clarity"),
        ),
    }


UCDP = Feed(
    UCDP_INFO,
    (
        Layout(
            (
                "id", "where_prec", "date_start", "date_end", "latitude", "longitude", "best",
                "low", "high", "adm_1", "conflict_name", "dyad_name", "event_clarity",
            ),
            _ucdp_fields,
            (
                *PLACE_CHECKS,
                Check(
                    "best",
                    number("best") >= 0,
                    "the number of deaths is not a number of 0 or more.",
                    "Give `best` as a whole number.",
                ),
            ),
        ),
    ),
    latin1=True,
)  # fmt: skip

HARM_INFO = SourceInfo(
    name="civilian_harm",
    title="Verified incidents of civilian harm",
    publisher="Bellingcat's open map, by way of a public dashboard",
    licence="None stated: read it, do not redistribute it",
    instrument="dataset",
    phenomena=("damage",),
    witness="One verified incident.",
    effort="Filmed and reported places only; silence says nothing.",
    limits="No hour; the day can be the day of publication, so the day before counts too.",
)


def _harm_fields(settings: Settings) -> dict[str, pl.Expr]:
    day = local_time("date", "%Y-%m-%d", str(settings.get("timezone", "Europe/Kyiv")))
    return {
        "t_start": day - DAY,
        "t_end": day + DAY,
        "lon": number("longitude"),
        "lat": number("latitude"),
        "sigma_m": pl.lit(300.0),
        "phenomenon": pl.lit("damage"),
        "witness": pl.format("incident {}", digest(pl.col("description"))),
        "attributes": attributes(description=pl.col("description"), links=number("sources")),
    }


CIVILIAN_HARM = Feed(
    HARM_INFO,
    (
        Layout(
            ("date", "latitude", "longitude", "description", "sources"), _harm_fields, PLACE_CHECKS
        ),
    ),
)

MAP_INFO = SourceInfo(
    name="eyes_on_russia",
    title="Eyes on Russia map of verified open-source events",
    publisher="Centre for Information Resilience, with Bellingcat and others",
    licence="None stated: read it, do not redistribute it",
    instrument="dataset",
    phenomena=("explosion_impact", "damage", "casualty", "weapon_present", "other"),
    witness="One verified entry.",
    effort="Filmed places, most in the first months; silence says nothing.",
    limits="Holds troop movements too; a few dates are typing errors.",
    settings={"span": "First and last day to accept, as [YYYY-MM-DD, YYYY-MM-DD]."},
)

#: What an entry shows, by the words of its group and title, in the order they decide.
_SHOWN: tuple[tuple[str, str], ...] = (
    (r"civilian casualt|casualt|killed", "casualty"),
    (r"bombing|explosion|shelling|strike|missile|rocket", "explosion_impact"),
    (r"damage|destroyed|destruction|infrastructure", "damage"),
    (r"military presence|equipment|movement|convoy|losses", "weapon_present"),
)


def _map_fields(settings: Settings) -> dict[str, pl.Expr]:
    day = local_time("date", "%Y-%m-%d", "UTC")
    words = pl.concat_str(
        "event_group", "title", separator=" ", ignore_nulls=True
    ).str.to_lowercase()
    shown = pl.lit("other")
    for pattern, phenomenon in reversed(_SHOWN):
        shown = pl.when(words.str.contains(pattern)).then(pl.lit(phenomenon)).otherwise(shown)
    return {
        "t_start": day,
        "t_end": day + DAY,
        "lon": number("lon"),
        "lat": number("lat"),
        "sigma_m": pl.lit(300.0),
        "phenomenon": shown,
        "witness": pl.format("entry {}", "entry"),
        "attributes": attributes(title=pl.col("title"), munition=pl.col("arms/munition")),
    }


EYES_ON_RUSSIA = Feed(
    MAP_INFO,
    (
        Layout(
            ("entry", "date", "event_group", "title", "lat", "lon", "arms/munition"),
            _map_fields,
            (
                *PLACE_CHECKS,
                Check(
                    "date",
                    pl.col("date").str.contains(r"^20\d\d-\d\d-\d\d$"),
                    "the date is not a day.",
                    "Write it as YYYY-MM-DD.",
                ),
            ),
        ),
    ),
)
