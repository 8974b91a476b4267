"""Patrols: what monitors on the road could have seen and heard, and where they were refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import EFFORT, EFFORT_REASON
from truceline.core.types.time import MINUTE, SECOND
from truceline.evidence.effort.cells import cells_within
from truceline.evidence.effort.daylight import is_daylight
from truceline.evidence.effort.ranges import LEAST_P, p_at_distance

#: Positions further apart in time are two stays; what lies between is not known.
LONGEST_GAP: Final = 30 * MINUTE

#: Faster than this is no patrol but a slip in the track, metres a second.
_FASTEST_M_S: Final = 60.0

#: A way is cut into pieces of this length, and a stay into pieces of `LONGEST_PIECE`.
_PIECE_M: Final = 1000.0
LONGEST_PIECE: Final = 15 * MINUTE

#: Where a patrol was, and when.
TRACK = Schema(
    "track",
    (
        Column("patrol", pl.String(), "The patrol."),
        Column("t", pl.Int64(), "When, UTC microseconds."),
        Column("lon", pl.Float64(), "Longitude, degrees east.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees north.", low=-90, high=90),
    ),
)

#: Where and when a patrol could not do its work.
DENIED = Schema(
    "denied",
    (
        Column("t_start", pl.Int64(), "Start, UTC microseconds."),
        Column("t_end", pl.Int64(), "End."),
        Column("lon", pl.Float64(), "Longitude, degrees east.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees north.", low=-90, high=90),
        Column("radius_m", pl.Float64(), "How far around, metres.", low=0),
        Column("reason", EFFORT_REASON, "denied, jamming or down."),
    ),
)


@dataclass(frozen=True)
class Sense:
    """How far monitors see or hear one kind of thing.

    Attributes
    ----------
    phenomenon : str
        What.
    p_near : float
        Probability that it is noticed close by.
    range_m, falloff_m : float
        As in `ranges.p_at_distance`.
    p_night : float
        What is left of the probability at night.
    """

    phenomenon: str
    p_near: float
    range_m: float
    falloff_m: float
    p_night: float


#: Assumed, not measured: an explosion is heard at some kilometres, a shot at less; monitors
#: patrol by day, and at night stay at their base.
SENSES: Final = (
    Sense("explosion", 0.9, 6000.0, 1500.0, 0.5),
    Sense("burst", 0.8, 2500.0, 600.0, 0.4),
    Sense("shot", 0.7, 1500.0, 400.0, 0.3),
    Sense("weapon_present", 0.5, 1000.0, 250.0, 0.0),
)


def patrol_effort(
    tracks: pl.DataFrame,
    *,
    source: str,
    senses: Sequence[Sense] = SENSES,
    resolution: int = 7,
) -> pl.DataFrame:
    """Return what patrols could have noticed, cell by cell along their tracks.

    Parameters
    ----------
    tracks : polars.DataFrame
        Schema `TRACK`. A single position without another within 30 minutes is no effort.
    source : str
        Whose effort this is.
    senses : sequence of Sense
        What monitors notice, and how far.
    resolution : int
        H3 resolution of the cells.
    """
    pieces = _pieces(TRACK.conform(tracks))
    if pieces.is_empty():
        return EFFORT.empty()
    reach = max(sense.range_m + 4.6 * sense.falloff_m for sense in senses)
    near = pl.concat(
        cells_within(row["lon"], row["lat"], reach, resolution).select(
            "cell", "distance_m", piece=pl.lit(i, dtype=pl.UInt32)
        )
        for i, row in enumerate(pieces.iter_rows(named=True))
    ).join(pieces.with_row_index("piece"), on="piece")
    return _merged(pl.concat(_noticed(near, sense, source) for sense in senses))


def _pieces(tracks: pl.DataFrame) -> pl.DataFrame:
    """Cut tracks into short pieces, each at one place in one light."""
    legs = (
        tracks.sort("patrol", "t")
        .with_columns(
            pl.col("t", "lon", "lat").shift(-1).over("patrol").name.suffix("_next"),
        )
        .filter((pl.col("t_next") - pl.col("t")).is_between(1, LONGEST_GAP))
    )
    east = (pl.col("lon_next") - pl.col("lon")) * pl.col("lat").radians().cos()
    metres = 111_320.0 * (east.pow(2) + (pl.col("lat_next") - pl.col("lat")).pow(2)).sqrt()
    by_time = ((pl.col("t_next") - pl.col("t")) / LONGEST_PIECE).ceil()
    parts = pl.max_horizontal((metres / _PIECE_M).ceil(), by_time, 1).cast(pl.Int64)
    seconds = (pl.col("t_next") - pl.col("t")) / SECOND
    likely = legs.filter(metres <= _FASTEST_M_S * seconds)
    cut = likely.with_columns(parts=parts).with_columns(part=pl.int_ranges("parts")).explode("part")
    share = (pl.col("part") + 0.5) / pl.col("parts")
    step = (pl.col("t_next") - pl.col("t")) / pl.col("parts")
    pieces = cut.select(
        "patrol",
        t_start=(pl.col("t") + step * pl.col("part")).round().cast(pl.Int64),
        t_end=(pl.col("t") + step * (pl.col("part") + 1)).round().cast(pl.Int64),
        lon=pl.col("lon") + share * (pl.col("lon_next") - pl.col("lon")),
        lat=pl.col("lat") + share * (pl.col("lat_next") - pl.col("lat")),
    ).filter(pl.col("t_end") > pl.col("t_start"))
    middle = (pieces["t_start"] + pieces["t_end"]) // 2
    light = is_daylight(middle.to_numpy(), pieces["lon"].to_numpy(), pieces["lat"].to_numpy())
    return pieces.with_columns(light=pl.Series(np.asarray(light), dtype=pl.Boolean))


def _noticed(near: pl.DataFrame, sense: Sense, source: str) -> pl.DataFrame:
    p = p_at_distance(pl.col("distance_m"), sense.p_near, sense.range_m, sense.falloff_m)
    light = pl.col("light")
    return near.filter(p >= LEAST_P).select(
        "cell",
        "t_start",
        "t_end",
        source=pl.lit(source),
        instrument=pl.lit("patrol"),
        phenomenon=pl.lit(sense.phenomenon),
        p_detect=pl.when(light).then(p).otherwise(p * sense.p_night),
        reason=pl.when(light).then(pl.lit("watching")).otherwise(pl.lit("night")),
    )


def _merged(rows: pl.DataFrame) -> pl.DataFrame:
    """Join pieces that follow on each other in one cell, with the mean over their time.

    A cell that a patrol passes is thereby a few rows and not one a kilometre.
    """
    key = ["source", "instrument", "cell", "phenomenon", "reason"]
    ordered = rows.sort(*key, "t_start", "t_end")
    begins = (pl.col("t_start") > pl.col("t_end").cum_max().shift(1)).fill_null(value=True)
    length = pl.col("t_end") - pl.col("t_start")
    return EFFORT.conform(
        ordered.with_columns(stay=begins.over(key).cast(pl.Int64).cum_sum())
        .group_by(*key, "stay")
        .agg(
            p_detect=(pl.col("p_detect") * length).sum() / length.sum(),
            t_start=pl.col("t_start").min(),
            t_end=pl.col("t_end").max(),
        )
        .sort("t_start", "cell", "phenomenon")
    )


def denied_effort(
    denied: pl.DataFrame,
    *,
    source: str,
    phenomena: Sequence[str],
    resolution: int = 7,
) -> pl.DataFrame:
    """Return rows of probability 0 for what patrols were kept from watching, and why.

    Parameters
    ----------
    denied : polars.DataFrame
        Schema `DENIED`.
    source : str
        Whose effort this is.
    phenomena : sequence of str
        What would have been watched.
    resolution : int
        H3 resolution of the cells.
    """
    held = DENIED.conform(denied).filter(pl.col("t_end") > pl.col("t_start"))
    parts = [
        cells_within(row["lon"], row["lat"], row["radius_m"], resolution).select(
            "cell",
            t_start=pl.lit(row["t_start"]),
            t_end=pl.lit(row["t_end"]),
            reason=pl.lit(row["reason"]),
        )
        for row in held.iter_rows(named=True)
    ]
    if not parts:
        return EFFORT.empty()
    named = pl.DataFrame({"phenomenon": list(phenomena)}, schema={"phenomenon": pl.String})
    return EFFORT.conform(
        pl.concat(parts)
        .unique(maintain_order=True)
        .join(named, how="cross")
        .with_columns(source=pl.lit(source), instrument=pl.lit("patrol"), p_detect=pl.lit(0.0))
        .sort("t_start", "cell", "phenomenon")
    )
