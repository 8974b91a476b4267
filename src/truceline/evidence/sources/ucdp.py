"""UCDP Georeferenced Event Dataset: deadly events coded by people."""

from __future__ import annotations

import polars as pl

from truceline.evidence.sources.checks import PLACE_CHECKS, Check, number_check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import (
    any_local_time,
    attributes,
    local_day_end,
    number,
)
from truceline.evidence.sources.source import SourceInfo

INFO = SourceInfo(
    name="ucdp_ged",
    title="UCDP Georeferenced Event Dataset",
    publisher="Uppsala Conflict Data Program",
    licence="CC BY 4.0",
    instrument="dataset",
    phenomena=("casualty",),
    witness="One coded event, whatever number of articles it was coded from.",
    effort="Only events with at least one death; a quiet line is nearly invisible.",
    limits=(
        "Place known to a point for a quarter of events, dates from days to years. Some published "
        "copies write dates month first; both ways of writing them are read so."
    ),
    settings={"timezone": "IANA name of the zone of the dates; the case's unless told."},
    has_local_times=True,
)

#: Error of the place, one sigma in metres, by `where_prec` (UCDP GED codebook 22.1): 1 exact,
#: 2 within 25 km of a point, 3 the district, 4 the province, 5 a line or an estimated area,
#: 6 the country, 7 international waters or airspace. The last two give no place at all.
SIGMA_M = {1: 1_000.0, 2: 12_500.0, 3: 20_000.0, 4: 60_000.0, 5: 60_000.0}

_DATE_FORMS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S%.f",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M",
)


def _fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "UTC"))
    precision = number("where_prec").cast(pl.Int64, strict=False)
    sigma = precision.replace_strict(SIGMA_M, default=None, return_dtype=pl.Float64)
    low, best, high = number("low"), number("best"), number("high")
    return {
        "t_start": any_local_time("date_start", _DATE_FORMS, zone),
        "t_end": local_day_end("date_end", _DATE_FORMS, zone),
        "lon": number("longitude"),
        "lat": number("latitude"),
        "sigma_m": sigma.fill_null(200_000.0),
        "area": pl.col("adm_1"),
        "count": best,
        "count_low": pl.min_horizontal(low, best),
        "count_high": pl.max_horizontal(high, best),
        "witness": pl.format("event {}", "id"),
        "attributes": attributes(
            side_a=pl.col("side_a"),
            side_b=pl.col("side_b"),
            where_prec=precision,
            date_prec=number("date_prec").cast(pl.Int64, strict=False),
            clarity=pl.col("event_clarity"),
            sources=number("number_of_sources"),
            civilians=number("deaths_civilians"),
        ),
    }


SOURCE = Feed(
    INFO,
    (
        Layout(
            (
                "id", "side_a", "side_b", "number_of_sources", "where_prec", "date_prec",
                "date_start", "date_end", "latitude", "longitude", "best", "low", "high",
                "deaths_civilians", "adm_1", "event_clarity",
            ),
            _fields,
            (
                *PLACE_CHECKS,
                Check(
                    "best",
                    number("best") >= 0,
                    "the number of deaths is missing, or not a number of 0 or more.",
                    "Give `best` as a whole number.",
                ),
                Check(
                    "where_prec",
                    number("where_prec").is_between(1, 7),
                    "where_prec is not a code from 1 to 7.",
                    "Give the precision of the place as the codebook has it.",
                ),
                number_check("low", low=0),
                number_check("high", low=0),
            ),
        ),
    ),
    encoding="sniff",
)  # fmt: skip
