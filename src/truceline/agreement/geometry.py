"""Geometry of the terms: GeoJSON read with care, zones made from lines and widths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from truceline.agreement.terms import Agreement, Geometry, Zone
from truceline.core.space.geodesy import (
    FloatArray,
    centre_of,
    local_plane,
    to_degrees,
    to_plane,
)
from truceline.core.space.nearest import boundary_distance
from truceline.core.types.errors import TermsError, Where

LARGEST_BYTES = 200_000_000

#: All that a geometry of the wrong shape can raise while it is built.
_UNREADABLE = (
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    OverflowError,
    AttributeError,
    shapely.errors.ShapelyError,
)

#: Sixteen angles on four rings of equal probability stand for the error of a place.
_RINGS = np.sqrt(-2.0 * np.log(1.0 - (np.arange(4) + 0.5) / 4.0))
_ANGLES = (np.arange(16) + 0.5) * (2.0 * np.pi / 16.0)
_OFFSETS = np.stack(
    [np.outer(_RINGS, np.sin(_ANGLES)).ravel(), np.outer(_RINGS, np.cos(_ANGLES)).ravel()], axis=1
)

#: Beyond so many sigmas from the edge a place is taken to be in, or out, for certain.
CERTAIN_SIGMAS = 5.0


def read_features(path: Path) -> list[tuple[dict[str, object], BaseGeometry]]:
    """Read the features of a GeoJSON file, each with its properties.

    Raises
    ------
    TermsError
        With the number of the feature and what is wrong with it.
    """
    where = Where(str(path))
    if not path.is_file():
        raise TermsError("the file does not exist.", where=where, hint="Put it into `geometry`.")
    if path.stat().st_size > LARGEST_BYTES:
        raise TermsError("the file is too large for a geometry.", where=where, hint="Simplify it.")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as cause:
        raise TermsError(
            f"this is not JSON: {cause}.", where=where, hint="Export it again."
        ) from cause
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise TermsError(
            "this is no GeoJSON FeatureCollection with features.",
            where=where,
            hint="Export it as one.",
        )
    return [_feature(feature, Where(str(path), row=i + 1)) for i, feature in enumerate(features)]


def _feature(feature: object, where: Where) -> tuple[dict[str, object], BaseGeometry]:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise TermsError("the feature has no geometry.", where=where, hint="Draw it, or delete it.")
    raw = feature["geometry"]
    for ring in _rings(raw):
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise TermsError(
                "a ring is not closed.", where=where, hint="Repeat its first position as the last."
            )
    try:
        geometry = shape(raw)
    except _UNREADABLE as cause:
        raise TermsError(f"the geometry cannot be read: {cause}.", where=where) from cause
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise TermsError(
            "the properties of the feature are no object.",
            where=where,
            hint='Write them as {"id": "name"}.',
        )
    return properties, _checked(geometry, where)


def _rings(raw: dict[str, object]) -> Iterator[list[object]]:
    coordinates = raw.get("coordinates")
    if not isinstance(coordinates, list):
        return
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(raw.get("type")), [])
    for polygon in polygons:
        if isinstance(polygon, list):
            yield from (ring for ring in polygon if isinstance(ring, list))


def _checked(geometry: BaseGeometry, where: Where) -> BaseGeometry:
    xy = shapely.get_coordinates(geometry)
    if len(xy) == 0 or not np.isfinite(xy).all():
        raise TermsError(
            "the geometry is empty or has no numbers.", where=where, hint="Draw it again."
        )
    if (np.abs(xy[:, 1]) > 90).any():
        swapped = (np.abs(xy[:, 0]) <= 90).all()
        raise TermsError(
            "latitude and longitude seem to be swapped."
            if swapped
            else "a latitude exceeds 90 degrees.",
            where=where,
            hint="GeoJSON gives longitude first, in WGS 84 degrees.",
        )
    if (np.abs(xy[:, 0]) > 180).any():
        raise TermsError(
            "a longitude exceeds 180 degrees.", where=where, hint="Use WGS 84 degrees."
        )
    if not geometry.is_valid:
        raise TermsError(
            f"the polygon crosses or touches itself: {explain_validity(geometry)}.",
            where=where,
            hint="Move the corner named, so that the edge does not cross itself.",
        )
    if geometry.geom_type == "LineString" and not geometry.is_simple:
        raise TermsError(
            "the line crosses itself.", where=where, hint="Draw it once, from end to end."
        )
    return geometry


def find_feature(folder: Path, geometry: Geometry) -> BaseGeometry:
    """Return the geometry that a term names."""
    path = folder / geometry.file
    features = read_features(path)
    if geometry.feature is None:
        if len(features) == 1:
            return _on_one_side(features[0][1], path)
        raise TermsError(
            f"the file has {len(features)} features and the term names none.",
            where=Where(str(path)),
            hint="Name the property `id` of the one that is meant.",
        )
    found = [shape for properties, shape in features if properties.get("id") == geometry.feature]
    if len(found) != 1:
        raise TermsError(
            f"{len(found)} features have the id {geometry.feature!r}.",
            where=Where(str(path)),
            hint="Give exactly one feature this `id`.",
        )
    return _on_one_side(found[0], path)


def _on_one_side(geometry: BaseGeometry, path: Path) -> BaseGeometry:
    """Return a geometry of a term; one over half the globe would be the wrong way round it."""
    west, _, east, _ = geometry.bounds
    if east - west > 180:
        raise TermsError(
            f"the geometry spans {east - west:.0f} degrees of longitude, as one does that crosses "
            "the meridian of 180 degrees.",
            where=Where(str(path)),
            hint="Draw the case on one side of that meridian.",
        )
    return geometry


def zone_polygon(
    agreement: Agreement, zone: Zone, folder: Path, party: str | None = None
) -> BaseGeometry | None:
    """Return the ground of a zone in degrees, or null where it cannot be drawn.

    Parameters
    ----------
    agreement, zone
        The terms.
    folder : Path
        The folder `geometry`.
    party : str or None
        For a zone whose line differs by party: whose zone is meant.
    """
    if zone.polygon is not None:
        return find_feature(folder, zone.polygon)
    line_id = zone.line_of.get(party or "", zone.line or "")
    line = next((line for line in agreement.lines if line.id == line_id), None)
    reach = zone.per_side_m()
    if line is None or line.geometry is None or reach is None:
        return None
    drawn = find_feature(folder, line.geometry)
    plane = local_plane(*centre_of(drawn))
    return to_degrees(to_plane(drawn, plane).buffer(reach, cap_style="flat"), plane)


def probability_inside(
    zone: BaseGeometry, lon: FloatArray, lat: FloatArray, sigma_m: FloatArray
) -> FloatArray:
    """Return the probability that each place lies in a zone, given the error of the place.

    Far from the edge it is 0 or 1. Near it, 64 places that stand for the circular normal
    error are tried; against the closed form for a straight edge the result is off by 0.065
    at worst and by less than 0.01 on average.

    Parameters
    ----------
    zone : geometry
        Polygon in degrees.
    lon, lat, sigma_m : arrays of n floats
        Place, and its error, one sigma, metres.
    """
    plane = local_plane(*centre_of(zone))
    flat = to_plane(zone, plane)
    shapely.prepare(flat)
    x, y = plane.transform(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    x, y, sigma = np.asarray(x), np.asarray(y), np.asarray(sigma_m, dtype=np.float64)
    out = shapely.contains_xy(flat, x, y).astype(np.float64)
    near = np.flatnonzero(boundary_distance(flat.boundary, x, y) <= CERTAIN_SIGMAS * sigma)
    if near.size:
        tried_x = x[near, None] + sigma[near, None] * _OFFSETS[:, 0]
        tried_y = y[near, None] + sigma[near, None] * _OFFSETS[:, 1]
        out[near] = shapely.contains_xy(flat, tried_x, tried_y).mean(axis=1)
    return np.asarray(out)
