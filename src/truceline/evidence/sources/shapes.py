"""Shapes as others draw them: GeoJSON geometry read, mended where one way fits, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Geod
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from truceline.core.types.errors import InputError, Where

_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Shape:
    """A geometry that is valid, and what had to be done for that.

    Attributes
    ----------
    geometry : shapely geometry
        In degrees, longitude first.
    repairs : tuple of str
        A sentence each; empty where it was right as it was.
    """

    geometry: BaseGeometry
    repairs: tuple[str, ...] = ()


def read_shape(raw: object, where: Where) -> Shape:
    """Return a GeoJSON geometry, closed, uncrossed and within the globe.

    A ring whose end is missing is closed, one that crosses itself is split where it crosses,
    a height is left out: each is told in `repairs`.

    Raises
    ------
    InputError
        Where there is nothing to read, or no one way to mend it.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        raise InputError("there is no geometry.", where=where, hint="Draw it, or delete the row.")
    repairs: list[str] = []
    coordinates = raw.get("coordinates")
    if raw["type"] in {"Polygon", "MultiPolygon"}:
        polygons = [coordinates] if raw["type"] == "Polygon" else coordinates
        raw = {"type": "MultiPolygon", "coordinates": _closed(polygons, where, repairs)}
    try:
        geometry = shapely.force_2d(shape(raw))
    except (
        KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError, ShapelyError,
    ) as cause:  # fmt: skip
        raise InputError(
            f"the {raw['type']} cannot be read: {str(cause) or type(cause).__name__}.",
            where=where,
            hint="Write it as RFC 7946 has it: pairs of longitude and latitude.",
        ) from cause
    _check_globe(geometry, where)
    return Shape(_valid(geometry, where, repairs), tuple(repairs))


def area_km2(geometry: BaseGeometry) -> float:
    """Return the area of polygons in degrees, on the ellipsoid, square kilometres.

    The edges are geodesics: a sliver can be wound the other way round on the globe than on
    paper, so that each polygon's own sign says nothing.
    """
    wound = [shapely.orient_polygons(polygon) for polygon in polygons_of(geometry)]
    return sum(abs(_GEOD.geometry_area_perimeter(polygon)[0]) for polygon in wound) / 1e6


def polygons_of(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the polygons in a geometry, whatever else is in it.

    Examples
    --------
    >>> len(polygons_of(shapely.MultiPoint([(0, 0), (1, 1)])))
    0
    """
    parts = shapely.get_parts(geometry)
    nested = [p for part in parts for p in _flattened(part)]
    return [part for part in nested if part.geom_type == "Polygon" and not part.is_empty]


def _flattened(part: BaseGeometry) -> Sequence[BaseGeometry]:
    if part.geom_type in {"GeometryCollection", "MultiPolygon"}:
        return [p for inner in shapely.get_parts(part) for p in _flattened(inner)]
    return [part]


def _closed(polygons: object, where: Where, repairs: list[str]) -> list[list[list[object]]]:
    if not isinstance(polygons, list) or not all(isinstance(rings, list) for rings in polygons):
        raise InputError(
            "a polygon is no list of rings.", where=where, hint="Write it as RFC 7946 has it."
        )
    out: list[list[list[object]]] = []
    for rings in polygons:
        kept = []
        for i, ring in enumerate(rings):
            if not isinstance(ring, list) or len(_distinct(ring)) < 3:
                repairs.append("a ring of fewer than three places was left out.")
                if i == 0:
                    break  # What is inside a missing outline means nothing.
                continue
            if ring[0] != ring[-1]:
                repairs.append("an unclosed ring was closed.")
                ring = [*ring, ring[0]]  # noqa: PLW2901
            kept.append(ring)
        if kept:
            out.append(kept)
    return out


def _distinct(ring: list[object]) -> list[object]:
    found: list[object] = []
    for place in ring:
        if place not in found:
            found.append(place)
        if len(found) == 3:
            break
    return found


def _check_globe(geometry: BaseGeometry, where: Where) -> None:
    xy = shapely.get_coordinates(geometry)
    if len(xy) == 0:
        raise InputError("the geometry is empty.", where=where, hint="Draw it, or delete the row.")
    if not np.isfinite(xy).all():
        raise InputError("a coordinate is not a number.", where=where, hint="Draw it again.")
    lon, lat = np.abs(xy[:, 0]).max(), np.abs(xy[:, 1]).max()
    if lat > 90 and lon <= 90:
        raise InputError(
            "latitude and longitude seem to be swapped.",
            where=where,
            hint="GeoJSON gives the longitude first.",
        )
    if lat > 90 or lon > 180:
        raise InputError(
            "a place lies beyond the globe: the coordinates are no degrees.",
            where=where,
            hint="Export it in WGS 84 (EPSG:4326).",
        )


def _valid(geometry: BaseGeometry, where: Where, repairs: list[str]) -> BaseGeometry:
    if geometry.is_valid:
        return geometry
    why = explain_validity(geometry)
    mended = shapely.make_valid(geometry)
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        mended = shapely.union_all(polygons_of(mended))
        if mended.is_empty:
            raise InputError(
                f"the polygon has no inside: {why}.", where=where, hint="Draw it again."
            )
    repairs.append(f"a polygon that crosses or overlaps itself was mended ({why}).")
    return mended
