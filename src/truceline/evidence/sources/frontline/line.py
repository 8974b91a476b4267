r"""The line between the sides, from the area that one of them holds.

The line is the outline of the area (its larger parts, and the larger holes in them) without
what runs along a border or coast, because there nobody stands on the other side. Its error
has two causes that are taken as independent: how precisely the map is drawn, and how far
the line moved between two updates:

.. math:: \sigma = \sqrt{\sigma_{map}^2 + m^2}

with m the median displacement of the stretches that moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

from truceline.core.space.geodesy import centre_of, length_km, local_plane, to_degrees, to_plane
from truceline.core.types.errors import InputError
from truceline.evidence.sources.frontline.control import ControlArea
from truceline.evidence.sources.shapes import polygons_of

#: Steps at which displacement is measured along the line, metres.
_STEP_M: Final = 500.0

#: Bounds of the plane, metres: no place on the globe is further from its middle.
_HALF_GLOBE: Final = (-2.1e7, -2.1e7, 2.1e7, 2.1e7)


@dataclass(frozen=True)
class LineRules:
    """How a line is drawn from an area.

    Attributes
    ----------
    near_m : float
        What lies so near to a border or coast is no front, metres.
    least_part_km2 : float
        Smaller parts and holes are left out.
    least_piece_m : float
        Shorter pieces of line are left out.
    simplify_m : float
        Bends smaller than this are straightened.
    precision_m : float
        Error of the map, one sigma; an assumption about the people who draw it.
    moved_m : float
        A displacement above this counts as a move and not as a redrawing.
    """

    near_m: float = 4000.0
    least_part_km2: float = 5.0
    least_piece_m: float = 1000.0
    simplify_m: float = 150.0
    precision_m: float = 500.0
    moved_m: float = 50.0


@dataclass(frozen=True)
class Movement:
    """How far the line moved between two updates.

    Attributes
    ----------
    days : int
        Days between them.
    moved_share : float
        Share of the line that moved.
    median_m : float
        Median displacement of that share, metres; 0 where nothing moved.
    """

    days: int
    moved_share: float
    median_m: float


@dataclass(frozen=True)
class DerivedLine:
    """The line of contact as a map implies it.

    Attributes
    ----------
    geometry : shapely MultiLineString
        In degrees.
    length_km : float
        On the ellipsoid. A fractal: it depends on how finely the map is drawn.
    sigma_m : float
        Error, one sigma, across the line.
    as_of : date
        The day whose situation it shows, which is the day before the update.
    movement : Movement or None
        Since the update before, where one was given.
    """

    geometry: BaseGeometry
    length_km: float
    sigma_m: float
    as_of: date
    movement: Movement | None = None

    @property
    def sigma_reason(self) -> str:
        """One sentence on what the error is made of."""
        if self.movement is None:
            return f"{self.sigma_m:,.0f} m: the map's own precision; movement is not known."
        return (
            f"{self.sigma_m:,.0f} m: the map's own precision, and a median displacement of "
            f"{self.movement.median_m:,.0f} m over {self.movement.days} days on the "
            f"{self.movement.moved_share:.1%} of the line that moved."
        )

    def as_feature(self) -> dict[str, object]:
        """Return the line as a GeoJSON feature for the geometry of a case."""
        return {
            "type": "Feature",
            "properties": {
                "as_of": self.as_of.isoformat(),
                "length_km": round(self.length_km, 1),
                "sigma_m": round(self.sigma_m, 1),
                "sigma_reason": self.sigma_reason,
            },
            "geometry": shapely.geometry.mapping(shapely.set_precision(self.geometry, 1e-6)),
        }


def derive_line(
    control: ControlArea,
    boundary: BaseGeometry | None = None,
    *,
    previous: ControlArea | None = None,
    rules: LineRules | None = None,
) -> DerivedLine:
    """Return the line of contact that an area of control implies.

    Parameters
    ----------
    control : ControlArea
        The area.
    boundary : shapely geometry, optional
        Border and coast in degrees. As polygons: only what lies well inside them is line, so
        that an area drawn out to sea has none there. As lines: what lies near them is none.
        Without it the whole outline is taken.
    previous : ControlArea, optional
        An earlier update, to tell how far the line moved.
    rules : LineRules, optional
        Distances and sizes.
    """
    rules = rules or LineRules()
    plane = local_plane(*centre_of(control.geometry))
    away = None if boundary is None else _no_front(boundary, plane, rules.near_m)
    flat = _outline(control, away, plane, rules)
    if flat.is_empty:
        raise InputError(
            "nothing is left of the line: all of it runs along the boundary, or is too small.",
            hint="Check the boundary, `near_m` and `least_part_km2`.",
        )
    moved = None
    if previous is not None:
        days = abs((control.date - previous.date).days)
        moved = _movement(_outline(previous, away, plane, rules), flat, days, rules)
    sigma = float(np.hypot(rules.precision_m, moved.median_m if moved else 0.0))
    line = to_degrees(flat, plane)
    return DerivedLine(line, length_km(line), sigma, control.as_of, moved)


def _no_front(boundary: BaseGeometry, plane: Transformer, near_m: float) -> BaseGeometry:
    """Return the ground on which no line is drawn, on the plane."""
    flat = to_plane(boundary, plane)
    if not polygons_of(flat):
        return flat.buffer(near_m, quad_segs=4)
    inside = flat.buffer(-near_m, quad_segs=4)
    return shapely.box(*_HALF_GLOBE).difference(inside)


def _outline(
    control: ControlArea, away: BaseGeometry | None, plane: Transformer, rules: LineRules
) -> BaseGeometry:
    least = rules.least_part_km2 * 1e6
    rings = []
    for part in polygons_of(to_plane(control.geometry, plane)):
        if part.area < least:
            continue
        rings.append(part.exterior)
        rings += [hole for hole in part.interiors if shapely.polygons(hole).area >= least]
    lines = shapely.MultiLineString([list(ring.coords) for ring in rings])
    if away is not None:
        lines = shapely.difference(lines, away)
    joined = linemerge(lines) if lines.geom_type == "MultiLineString" else lines
    pieces = [p for p in shapely.get_parts(joined) if p.length >= rules.least_piece_m]
    return shapely.simplify(shapely.MultiLineString(pieces), rules.simplify_m)


def _movement(
    before: BaseGeometry, after: BaseGeometry, days: int, rules: LineRules
) -> Movement | None:
    """Measure at even steps along the newer line how far the older one lies."""
    if before.is_empty:
        return None
    steps = [np.arange(0.0, p.length, _STEP_M) for p in shapely.get_parts(after)]
    places = np.concatenate(
        [
            shapely.line_interpolate_point(piece, at)
            for piece, at in zip(shapely.get_parts(after), steps, strict=True)
        ]
    )
    shapely.prepare(before)
    apart = np.asarray(shapely.distance(places, before))
    moved = apart[apart > rules.moved_m]
    return Movement(days, len(moved) / len(apart), float(np.median(moved)) if len(moved) else 0.0)
