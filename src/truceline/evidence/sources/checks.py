"""What makes a row bad, as declared data: a condition, a problem and a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time, to_micros
from truceline.evidence.sources.fields import is_blank, number

#: 1900-01-01 UTC; what lies before it is a slip of the pen.
_EARLIEST = -2_208_988_800_000_000


@dataclass(frozen=True)
class Check:
    """What must be so for a row to be good.

    Attributes
    ----------
    column : str
        Raw column to name in the reject file.
    good : polars.Expr
        Boolean; null counts as not good. It may use the raw columns, and the columns of
        OBSERVATION that the feed makes with an underscore before the name.
    problem, remedy : str
        A sentence each.
    """

    column: str
    good: pl.Expr
    problem: str
    remedy: str


def number_check(column: str, *, low: float | None = None, high: float | None = None) -> Check:
    """Return the check that a column is blank or a number, in bounds where some are given."""
    value = number(column)
    good = value.is_not_null()
    if low is not None:
        good = good & (value >= low)
    if high is not None:
        good = good & (value <= high)
    bounds = "" if low is None else f" of {low:g} or more"
    bounds += "" if high is None else f", {high:g} at most"
    return Check(
        column,
        is_blank(column) | good,
        f"{column} is not a number{bounds}.",
        "Give the number, or leave the field blank where it is not known.",
    )


#: What holds for every feed, on the fields it has made.
COMMON_CHECKS: tuple[Check, ...] = (
    Check(
        "time",
        pl.col("_t_start").is_not_null() & pl.col("_t_end").is_not_null(),
        "the time is missing, impossible, or not in the source's form.",
        "Write it in the form the source documents, with a day that exists.",
    ),
    Check(
        "time",
        pl.col("_t_end") >= pl.col("_t_start"),
        "the end lies before the start.",
        "Check both times, and the midnight between them.",
    ),
    Check(
        "time",
        pl.col("_t_start") >= _EARLIEST,
        "the time lies before the year 1900.",
        "Check the year.",
    ),
)

#: For feeds that give a place.
PLACE_CHECKS: tuple[Check, ...] = (
    Check(
        "latitude",
        pl.col("_lat").is_not_null() & pl.col("_lon").is_not_null(),
        "the place is missing or not a number.",
        "Give latitude and longitude in decimal degrees.",
    ),
    Check(
        "latitude",
        ~((pl.col("_lat").abs() > 90) & (pl.col("_lon").abs() <= 90)),
        "latitude and longitude seem to be swapped.",
        "Put the latitude (-90 to 90) into the column for latitude.",
    ),
    Check(
        "latitude",
        pl.col("_lat").is_between(-90, 90),
        "the latitude is not between -90 and 90.",
        "Give decimal degrees, WGS 84.",
    ),
    Check(
        "longitude",
        pl.col("_lon").is_between(-180, 180),
        "the longitude is not between -180 and 180.",
        "Give decimal degrees, WGS 84.",
    ),
)

_COUNT_CHECK = Check(
    "count",
    pl.col("_count").is_null() | (pl.col("_count") >= 0),
    "the count is below 0.",
    "Leave it blank where it is not known.",
)


def case_checks(made: frozenset[str], settings: Mapping[str, object]) -> tuple[Check, ...]:
    """Return the checks that the case's own settings call for.

    Parameters
    ----------
    made : frozenset of str
        Columns of OBSERVATION that the feed makes.
    settings : mapping
        `received_before`: UTC microseconds or ISO time after which nothing can have happened
        yet. `bbox`: west, south, east and north of the case, degrees.
    """
    checks: list[Check] = [_COUNT_CHECK] if "count" in made else []
    limit = moment(settings.get("received_before"))
    if limit is not None:
        checks.append(
            Check(
                "time",
                pl.col("_t_start") <= limit,
                "the time lies in the future.",
                "Check the year, and the clock of the sender.",
            )
        )
    if settings.get("bbox") is not None and {"lat", "lon"} <= made:
        checks += _area_checks(settings["bbox"])
    return tuple(checks)


def moment(value: object) -> int | None:
    """Return a setting that is a time as UTC microseconds."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, datetime):
        return to_micros(value)
    return parse_time(str(value))


def _area_checks(bbox: object) -> tuple[Check, ...]:
    west, south, east, north = _four_numbers(bbox)
    lon, lat = pl.col("_lon"), pl.col("_lat")
    inside = lon.is_between(west, east) & lat.is_between(south, north)
    swapped = lat.is_between(west, east) & lon.is_between(south, north)
    return (
        Check(
            "latitude",
            inside | ~swapped,
            "latitude and longitude seem to be swapped: only then is the place in the area.",
            "Put the latitude into the column for latitude.",
        ),
        Check(
            "latitude",
            inside,
            "the place lies outside the area of the case.",
            "Widen `bbox` in sources.yaml if it belongs to the case.",
        ),
    )


def _four_numbers(bbox: object) -> tuple[float, float, float, float]:
    if isinstance(bbox, list | tuple) and len(bbox) == 4:
        try:
            west, south, east, north = (float(edge) for edge in bbox)
        except (TypeError, ValueError):
            pass
        else:
            return west, south, east, north
    raise InputError(
        f"bbox is {bbox!r}.", hint="Give west, south, east and north in degrees, as four numbers."
    )
