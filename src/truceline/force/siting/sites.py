"""Sites and points: where a unit could stand near a line, and what of the line it should see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from truceline.core.space.geodesy import FloatArray, centre_of, local_plane, to_plane
from truceline.core.space.lines import Territory
from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema

SITES = Schema(
    "candidate sites",
    (
        Column("site_id", pl.String(), "Name of the site."),
        Column("lon", pl.Float64(), "Longitude, degrees east.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees north.", low=-90, high=90),
        Column("side", pl.String(), "Party whose ground it is."),
        Column("line_m", pl.Float64(), "Distance to the line, metres.", low=0),
    ),
)

POINTS = Schema(
    "points of the line",
    (
        Column("lon", pl.Float64(), "Longitude, degrees east.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees north.", low=-90, high=90),
        Column("weight", pl.Float64(), "How much it matters that it is seen.", low=0),
    ),
)


def line_points(line: BaseGeometry, spacing_m: float) -> pl.DataFrame:
    """Return points along a line, each standing for the same length of it (`POINTS`).

    The weight is that length in kilometres; multiply it by a rate of incidents to weigh
    hot stretches more.
    """
    plane = _plane(line)
    x, y, length = _along(to_plane(line, plane), spacing_m)
    lon, lat = plane.transform(x, y, direction="INVERSE")
    return POINTS.conform(pl.DataFrame({"lon": lon, "lat": lat, "weight": length / 1000.0}))


def candidate_sites(
    line: BaseGeometry, territory: Territory, offsets_m: Sequence[float], spacing_m: float
) -> pl.DataFrame:
    """Return sites on both sides of a line, at each of some distances from it (`SITES`).

    They stand every `spacing_m` along the curves at exactly such a distance from the nearest
    point of the line. The side is the party deepest in whose ground a site lies. Names and
    order follow the ground and never the parties, so that swapping the parties' labels
    changes the column `side` and nothing else.
    """
    if not offsets_m or min(offsets_m) <= 0:
        raise InputError("candidate sites need distances above 0.", hint="Give such as 1000.")
    plane = _plane(line)
    flat = to_plane(line, plane)
    parts = [_along(flat.buffer(offset).boundary, spacing_m)[:2] for offset in offsets_m]
    x = np.concatenate([part[0] for part in parts])
    y = np.concatenate([part[1] for part in parts])
    lon, lat = plane.transform(x, y, direction="INVERSE")
    sides = sides_of(territory, lon, lat)
    return SITES.conform(
        pl.DataFrame(
            {
                "site_id": [f"S{number:05d}" for number in range(1, len(lon) + 1)],
                "lon": lon,
                "lat": lat,
                "side": sides,
                "line_m": shapely.distance(flat, shapely.points(x, y)),
            }
        )
    )


def sides_of(territory: Territory, lon: FloatArray, lat: FloatArray) -> list[str]:
    """Return the party on whose ground each place most probably lies.

    Past the ends of a line a place can be as far outside all grounds: there it goes with the
    ground whose middle is nearest, so that no party's name decides.
    """
    names = sorted(territory.parties)
    order = [list(territory.parties).index(name) for name in names]
    chance = territory.side_probability(lon, lat, np.zeros(len(lon)))[:, order]
    likely = chance == chance.max(axis=1, keepdims=True)
    away = np.where(likely, _from_middles(territory, names, lon, lat), np.inf)
    return [names[at] for at in np.argmin(away, axis=1)]


def _from_middles(
    territory: Territory, names: Sequence[str], lon: FloatArray, lat: FloatArray
) -> FloatArray:
    """Return how far each place is from the middle of each ground, degrees of latitude."""
    columns = []
    for name in names:
        area = territory.areas[name]
        if area is None or area.is_empty:
            columns.append(np.full(len(lon), 360.0))
            continue
        x, y = area.centroid.coords[0]
        columns.append(np.hypot((lon - x) * np.cos(np.radians(lat)), lat - y))
    return np.column_stack(columns)


def _plane(line: BaseGeometry) -> Transformer:
    if line.is_empty or line.length == 0:
        raise InputError("the line is empty: there is nothing to watch.")
    return local_plane(*centre_of(line))


def _along(flat: BaseGeometry, spacing_m: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return places in the middle of equal pieces of each part, and the length of a piece."""
    if not spacing_m > 0:
        raise InputError("the spacing along a line must be above 0 metres.")
    places, lengths = [], []
    for part in shapely.get_parts(shapely.line_merge(flat)):
        pieces = max(round(part.length / spacing_m), 1)
        each = part.length / pieces
        places.append(shapely.line_interpolate_point(part, (np.arange(pieces) + 0.5) * each))
        lengths.append(np.full(pieces, each))
    xy = shapely.get_coordinates(np.concatenate(places))
    return xy[:, 0], xy[:, 1], np.concatenate(lengths)
