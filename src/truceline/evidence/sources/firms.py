"""NASA FIRMS: heat seen by satellites, in the three forms in which its files come."""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import DAY
from truceline.evidence.sources.checks import PLACE_CHECKS, Check, number_check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import attributes, local_time, number
from truceline.evidence.sources.source import SourceInfo

INFO = SourceInfo(
    name="firms",
    title="Fire Information for Resource Management System: active fires",
    publisher="NASA LANCE FIRMS",
    licence="Open; attribution to NASA FIRMS asked for",
    instrument="satellite_thermal",
    phenomena=("fire",),
    witness="One satellite on one pass; in files that give only the day, that day.",
    effort="Silence means nothing without knowing that a satellite passed and the sky was clear.",
    limits=(
        "Sees heat, not violence: harvest fires and furnaces look the same. A fire that is out "
        "before the pass, or under cloud, is not seen. It cannot tell who lit it."
    ),
)

#: Half a pixel on the ground is the error of a place, one sigma in each axis about a third.
_VIIRS_SIGMA_M = 190.0
_POINT_SIGMA_M = 400.0

_TIME_CHECK = Check(
    "acq_time",
    pl.col("acq_time").str.strip_chars().str.zfill(4).str.contains(r"^([01]\d|2[0-3])[0-5]\d$"),
    "acq_time is not an hour and minute.",
    "Write it as HHMM in UTC; leading zeros may be left out.",
)


_FULL_CHECKS = (
    *PLACE_CHECKS,
    _TIME_CHECK,
    number_check("frp", low=0),
    number_check("scan", low=0),
    number_check("track", low=0),
)


def _point_fields(settings: Settings) -> dict[str, pl.Expr]:
    day = local_time("ACQ_DATE", "%Y-%m-%d", "UTC")
    return {
        "t_start": day,
        "t_end": day + DAY,
        "lon": number("LONGITUDE"),
        "lat": number("LATITUDE"),
        "sigma_m": pl.lit(_POINT_SIGMA_M),
        "witness": pl.format("day {}", "ACQ_DATE"),
    }


def _full_fields(settings: Settings) -> dict[str, pl.Expr]:
    clock = pl.col("acq_time").str.strip_chars().str.zfill(4)
    moment = (
        pl.format("{} {}", "acq_date", clock)
        .str.to_datetime("%Y-%m-%d %H%M", time_unit="us", strict=False)
        .dt.epoch("us")
    )
    # The scan and track columns give the pixel in kilometres; a detection lies anywhere in
    # it, so the standard deviation of a place is the side over the root of twelve. Rounded,
    # because roots may differ in their last digit with the position of a row in its batch.
    pixel_m = 1000.0 * (number("scan") * number("track")).sqrt()
    return {
        "t_start": moment,
        "t_end": moment,
        "lon": number("longitude"),
        "lat": number("latitude"),
        "sigma_m": (pixel_m / 12.0**0.5).round(1).fill_null(_VIIRS_SIGMA_M).clip(100.0),
        "witness": pl.format("{} {} {}", "satellite", "acq_date", clock),
        "attributes": attributes(
            frp=number("frp"),
            confidence=pl.col("confidence"),
            daynight=pl.col("daynight"),
            satellite=pl.col("satellite"),
        ),
    }


def _typed_fields(settings: Settings) -> dict[str, pl.Expr]:
    return {
        **_full_fields(settings),
        "attributes": attributes(
            frp=number("frp"),
            confidence=pl.col("confidence"),
            daynight=pl.col("daynight"),
            satellite=pl.col("satellite"),
            type=number("type"),
        ),
    }


#: Columns that every full form has; the names of the brightness columns differ by sensor.
_FULL = (
    "latitude", "longitude", "scan", "track", "acq_date", "acq_time", "satellite", "confidence",
    "frp", "daynight",
)  # fmt: skip

SOURCE = Feed(
    INFO,
    (
        Layout(("LATITUDE", "LONGITUDE", "ACQ_DATE"), _point_fields, PLACE_CHECKS),
        Layout((*_FULL, "type"), _typed_fields, _FULL_CHECKS),
        Layout(_FULL, _full_fields, _FULL_CHECKS, lacks=("type",)),
    ),
)
