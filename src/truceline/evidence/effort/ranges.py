r"""Sensors that stand somewhere: how far they see or hear, and when they worked.

A sensor with half-range :math:`r` and fall-off :math:`w` detects at distance :math:`d` with

.. math:: p(d) = p_0 / (1 + e^{(d - r)/w})

which is half of :math:`p_0` at the half-range. The curve is an assumption; its numbers
belong to the sensor and should come from a trial of it.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import EFFORT, EFFORT_REASON, INSTRUMENT, PHENOMENON
from truceline.core.types.time import HOUR
from truceline.evidence.effort.cells import cells_within
from truceline.evidence.effort.daylight import is_daylight

#: Cells with a lower probability of detection are left out: they count as not watched.
LEAST_P: Final = 0.01

_S, _F, _I = pl.String(), pl.Float64(), pl.Int64()

#: A sensor and what it can detect; one row for each phenomenon.
SENSOR = Schema(
    "sensor",
    (
        Column("sensor", _S, "Its name."),
        Column("source", _S, "Source whose observations it makes."),
        Column("instrument", INSTRUMENT, "What it is."),
        Column("phenomenon", PHENOMENON, "What it detects."),
        Column("lon", _F, "Longitude, degrees east.", low=-180, high=180),
        Column("lat", _F, "Latitude, degrees north.", low=-90, high=90),
        Column("p_near", _F, "Probability of detection close by.", low=0, high=1),
        Column("range_m", _F, "Distance at which that is halved, metres.", low=0),
        Column("falloff_m", _F, "Width of the fall, metres.", low=1),
        Column("azimuth_deg", _F, "Middle of its view; null: all round.", True, 0, 360),
        Column("view_deg", _F, "Width of its view; null: all round.", True, 0, 360),
        Column("night_factor", _F, "What is left of it at night.", low=0, high=1),
    ),
)

#: When a sensor worked. Times that are in no row are not known, and are no effort.
STATUS = Schema(
    "status",
    (
        Column("sensor", _S, "The sensor."),
        Column("t_start", _I, "Start, UTC microseconds."),
        Column("t_end", _I, "End."),
        Column("reason", EFFORT_REASON, "watching, down, jamming or denied."),
    ),
)


def p_at_distance(distance: pl.Expr, p_near: float, range_m: float, falloff_m: float) -> pl.Expr:
    """Return the probability of detection at a distance.

    Examples
    --------
    >>> table = pl.DataFrame({"d": [5000.0]})
    >>> table.select(p_at_distance(pl.col("d"), 0.8, 5000.0, 500.0)).item()
    0.4
    """
    return p_near / (1.0 + ((distance - range_m) / falloff_m).exp())


def sensor_effort(
    sensors: pl.DataFrame, status: pl.DataFrame, *, resolution: int = 7
) -> pl.DataFrame:
    """Return what each sensor could have detected, cell by cell.

    Parameters
    ----------
    sensors : polars.DataFrame
        Schema `SENSOR`.
    status : polars.DataFrame
        Schema `STATUS`. A sensor that was down, jammed or refused has rows of probability 0.
    resolution : int
        H3 resolution of the cells; 7 is about 1.2 km to a side.
    """
    sensors, status = SENSOR.conform(sensors), STATUS.conform(status)
    strangers = set(status["sensor"]) - set(sensors["sensor"])
    if strangers:
        raise InputError(
            f"the status names sensors that are not described: {', '.join(sorted(strangers))}.",
            hint="Give each sensor a row with its place and range.",
        )
    fields = [_field(row, resolution) for row in sensors.iter_rows(named=True)]
    if not fields or status.is_empty():
        return EFFORT.empty()
    times = pl.concat(_times(row, status) for row in sensors.unique("sensor").iter_rows(named=True))
    return _combined(pl.concat(fields), times)


def _field(row: dict[str, object], resolution: int) -> pl.DataFrame:
    """Return the cells that a sensor detects one phenomenon in."""
    p, r, w = (float(str(row[name])) for name in ("p_near", "range_m", "falloff_m"))
    lon, lat = float(str(row["lon"])), float(str(row["lat"]))
    # Where p falls to a hundredth of what it is close by, which is at 4.6 widths beyond r.
    near = cells_within(lon, lat, r + 4.6 * w, resolution)
    azimuth, view = row["azimuth_deg"], row["view_deg"]
    if azimuth is not None and view is not None:
        off = ((pl.col("bearing_deg") - float(str(azimuth)) + 180.0) % 360.0 - 180.0).abs()
        near = near.filter(off <= float(str(view)) / 2.0)
    names = ("sensor", "source", "instrument", "phenomenon", "night_factor")
    return (
        near.select("cell", p=p_at_distance(pl.col("distance_m"), p, r, w))
        .filter(pl.col("p") >= LEAST_P)
        .with_columns(**{name: pl.lit(row[name]) for name in names})
    )


def _times(row: dict[str, object], status: pl.DataFrame) -> pl.DataFrame:
    """Return a sensor's times, cut at the full hour where night matters to it."""
    own = status.filter(
        (pl.col("sensor") == str(row["sensor"])) & (pl.col("t_end") > pl.col("t_start"))
    )
    hours = pl.int_ranges(pl.col("t_start") // HOUR, (pl.col("t_end") - 1) // HOUR + 1)
    cut = (
        own.with_columns(hour=hours)
        .explode("hour", empty_as_null=False)
        .with_columns(
            t_start=pl.max_horizontal("t_start", pl.col("hour") * HOUR),
            t_end=pl.min_horizontal("t_end", (pl.col("hour") + 1) * HOUR),
        )
        .drop("hour")
    )
    middle = ((cut["t_start"] + cut["t_end"]) // 2).to_numpy()
    light = is_daylight(middle, float(str(row["lon"])), float(str(row["lat"])))
    return cut.with_columns(light=pl.Series(light, dtype=pl.Boolean))


def _combined(fields: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    works = pl.col("reason").cast(pl.String) == "watching"
    dark = ~pl.col("light") & (pl.col("night_factor") < 1.0)
    seen = pl.when(dark).then(pl.col("p") * pl.col("night_factor")).otherwise(pl.col("p"))
    told = pl.when(works & dark).then(pl.lit("night")).otherwise(pl.col("reason").cast(pl.String))
    return EFFORT.conform(
        fields.join(times, on="sensor")
        .with_columns(p_detect=pl.when(works).then(seen).otherwise(0.0), reason=told)
        .sort("t_start", "sensor", "cell", "phenomenon")
    )
