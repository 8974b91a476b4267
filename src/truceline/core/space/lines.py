"""Lines and their sides, when both the line and the place are known with an error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from truceline.core.space.geodesy import (
    FloatArray,
    centre_of,
    local_plane,
    normal_cdf,
    to_plane,
)
from truceline.core.space.nearest import boundary_distance


def signed_distance(area: BaseGeometry, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return how far inside an area each place lies, metres; negative is outside.

    Distances are taken on a plane around the middle of the area.
    """
    plane = local_plane(*centre_of(area))
    flat = to_plane(area, plane)
    shapely.prepare(flat)
    x, y = plane.transform(lon, lat)
    inside = shapely.contains_xy(flat, x, y)
    distance = boundary_distance(flat.boundary, x, y)
    return np.where(inside, distance, -distance)


@dataclass(frozen=True)
class Territory:
    """The ground each party holds, and how well the line between them is known.

    Attributes
    ----------
    areas : mapping
        Polygons in degrees, by party, in the order of the agreement. Where one party has
        none, all that is not the others' is its own.
    sigma_m : float
        Error of the line, one sigma, metres.
    """

    areas: Mapping[str, BaseGeometry | None]
    sigma_m: float

    @property
    def parties(self) -> Sequence[str]:
        """Names of the parties, in the order of the columns below."""
        return tuple(self.areas)

    def side_probability(self, lon: FloatArray, lat: FloatArray, sigma_m: FloatArray) -> FloatArray:
        r"""Return the probability that each place is on each party's side, n x parties.

        :math:`\Phi(d / \sqrt{\sigma^2 + \sigma_{line}^2})` with `d` the distance inside the
        party's area. Where areas touch, the probabilities of one place add up to one.
        """
        depth = self._depth(lon, lat)
        joint = np.hypot(np.asarray(sigma_m, dtype=np.float64), max(self.sigma_m, 1.0))
        p = normal_cdf(depth / joint[:, None])
        total = p.sum(axis=1, keepdims=True)
        return np.asarray(p / np.maximum(total, 1.0))

    def distance_m(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the distance of each place to each party's ground, n x parties, metres."""
        return np.maximum(-self._depth(lon, lat), 0.0)

    def line_distance_m(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the distance of each place to the nearest edge of any side, metres."""
        return np.asarray(np.abs(self._depth(lon, lat)).min(axis=1))

    def _depth(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if len(lon) == 0:
            return np.empty((0, len(self.areas)))
        known = {
            party: signed_distance(area, lon, lat)
            for party, area in self.areas.items()
            if area is not None
        }
        rest = -np.max(list(known.values()), axis=0) if known else np.zeros(len(lon))
        return np.column_stack([known.get(party, rest) for party in self.areas])


@dataclass(frozen=True)
class Sectors:
    """Stretches of the line with names.

    Attributes
    ----------
    polygons : mapping
        Polygons in degrees by name.
    """

    polygons: Mapping[str, BaseGeometry]

    def of(self, lon: FloatArray, lat: FloatArray) -> list[str | None]:
        """Return the sector of each place, or null where it lies in none.

        A place on a shared edge belongs to the sector whose name comes first.
        """
        names = sorted(self.polygons)
        out: list[str | None] = [None] * len(lon)
        if not names or len(lon) == 0:
            return out
        tree = shapely.STRtree([self.polygons[name] for name in names])
        points, polygons = tree.query(shapely.points(lon, lat), predicate="intersects")
        for point, polygon in sorted(
            zip(points.tolist(), polygons.tolist(), strict=True), reverse=True
        ):
            out[point] = names[polygon]
        return out

    def area_km2(self) -> dict[str, float]:
        """Return the area of each sector, square kilometres."""
        return {
            name: to_plane(polygon, local_plane(*centre_of(polygon))).area / 1e6
            for name, polygon in self.polygons.items()
        }
