"""The country around a line: sectors, provinces, villages, sites and fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.worlds.front import Frame, Front, generated_line

#: How far from the line the drawn country reaches, metres.
REACH_M = 60_000.0

#: How far the course of the line may lie from it, and how far it goes on at its ends, metres.
COURSE_M, BEYOND_M = 5_000.0, 10_000.0

#: How far apart the line is looked at to tell which sector is the nearest, metres.
STEP_M = 250.0


@dataclass(frozen=True)
class Geography:
    """The line, its frame and its division.

    Attributes
    ----------
    frame : Frame
        Plane and map.
    front : Front
        The line.
    edges : array
        Distance along the line at which sectors begin and end, metres.
    provinces : tuple of range
        Sectors of each province.
    """

    frame: Frame
    front: Front
    edges: FloatArray
    provinces: tuple[range, ...]

    @property
    def n_sectors(self) -> int:
        """Number of sectors."""
        return len(self.edges) - 1

    @cached_property
    def names(self) -> list[str]:
        """Names of the sectors, from the beginning of the line."""
        return [f"S{i + 1:02d}" for i in range(self.n_sectors)]

    def sector_of(self, s: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return the sector beside each distance along the line."""
        index = np.searchsorted(self.edges, s, side="right") - 1
        return np.clip(index, 0, self.n_sectors - 1)

    @cached_property
    def _course(self) -> shapely.LineString:
        """The line without its windings, and some way on at both ends.

        What happens beside the last windings lies on drawn ground too.
        """
        way = shapely.get_coordinates(self.front.shape().simplify(COURSE_M))
        return _on_both_ends(way, way, BEYOND_M)

    @cached_property
    def corridor(self) -> BaseGeometry:
        """All ground that is drawn, on the plane; its ends lie straight across the course."""
        return self._course.buffer(REACH_M, cap_style="flat")

    @cached_property
    def sides(self) -> tuple[BaseGeometry, BaseGeometry]:
        """Ground of the first and the second side, on the plane."""
        line = self.front.shape()
        way = shapely.get_coordinates(self._course)
        # A metre more, so that it cuts the corridor through.
        through = _on_both_ends(shapely.get_coordinates(line), way, BEYOND_M + 1.0)
        pieces = split(self.corridor, through).geoms
        first: list[BaseGeometry] = []
        second: list[BaseGeometry] = []
        for piece in pieces:
            point = piece.representative_point()
            x, y = np.array([point.x]), np.array([point.y])
            near = np.array([line.project(point)])
            (first if self.front.depth(x, y, near)[0] < 0 else second).append(piece)
        return shapely.union_all(first), shapely.union_all(second)

    @cached_property
    def sector_shapes(self) -> list[BaseGeometry]:
        """Ground of each sector on the plane: all that is nearer to its stretch of the line.

        They do not overlap and leave no gap.
        """
        line = self.front.shape()
        each = max(int(np.ceil((self.edges[1] - self.edges[0]) / STEP_M)), 1)
        # As far from both ends of a sector, so that its border is right across the line.
        share = (np.arange(each) + 0.5) / each
        along = self.edges[:-1, None] + share * np.diff(self.edges)[:, None]
        points = shapely.line_interpolate_point(line, along.ravel())
        cells = shapely.get_parts(
            shapely.voronoi_polygons(
                shapely.multipoints(points), extend_to=self.corridor, ordered=True
            )
        )
        return [
            _polygons(shapely.intersection(shapely.union_all(own), self.corridor))
            for own in np.split(cells, self.n_sectors)
        ]


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape's polygons on a grid of decimetres."""
    snapped = shapely.set_precision(shape, 0.1)
    return shapely.union_all([p for p in shapely.get_parts(snapped) if p.geom_type == "Polygon"])


def _on_both_ends(xy: FloatArray, way: FloatArray, more_m: float) -> shapely.LineString:
    """Return a line that goes on for some metres as the first and last stretch of a way do."""
    head, tail = way[0] - way[1], way[-1] - way[-2]
    return shapely.LineString(
        np.vstack(
            [
                xy[0] + more_m * head / np.linalg.norm(head),
                xy,
                xy[-1] + more_m * tail / np.linalg.norm(tail),
            ]
        )
    )


def geography(scenario: Scenario, line: tuple[FloatArray, FloatArray] | None = None) -> Geography:
    """Return the country of a scenario, around its generated line or a given one.

    Parameters
    ----------
    scenario : Scenario
        Its length, division and seed.
    line : tuple of arrays, optional
        Corners of a case's line on the plane of `scenario.line.centre`.
    """
    spec = scenario.line
    frame = Frame(*spec.centre, mirrored=spec.mirrored)
    if line is None:
        line = generated_line(stream(scenario.seed, Role.LINE), spec.km, spec.roughness)
    front = Front.of(*line)
    count = max(round(front.length_m / 1000.0 / spec.sector_km), 1)
    edges = np.linspace(0.0, front.length_m, count + 1)
    per = spec.sectors_per_province
    provinces = tuple(range(i, min(i + per, count)) for i in range(0, count, per))
    return Geography(frame, front, edges, provinces)


@dataclass(frozen=True)
class Places:
    """Fixed places of a province.

    Attributes
    ----------
    villages, furnaces, quarries : arrays of n x 2
        Settlements, permanent heat and quarries, on the plane, metres.
    hot_s : array
        Stretches where sides face each other closely, metres along the line.
    """

    villages: FloatArray
    furnaces: FloatArray
    quarries: FloatArray
    hot_s: FloatArray


def places(scenario: Scenario, country: Geography, province: int) -> Places:
    """Return the fixed places of a province; the same in every era of a scenario."""
    rng = stream(scenario.seed, Role.GEOGRAPHY, province)
    sectors = country.provinces[province]
    low, high = country.edges[sectors.start], country.edges[sectors.stop]
    km = (high - low) / 1000.0
    benign = scenario.benign

    def scattered(per_100km: float, least: int, reach_m: float) -> FloatArray:
        n = max(int(rng.poisson(per_100km * km / 100.0)), least)
        s = rng.uniform(low, high, n)
        return np.column_stack(country.front.place(s, rng.uniform(-reach_m, reach_m, n)))

    return Places(
        villages=scattered(benign.villages_per_100km, 4, 25_000.0),
        furnaces=scattered(benign.furnaces_per_100km, 0, 30_000.0),
        quarries=scattered(benign.quarries_per_100km, 0, 30_000.0),
        hot_s=rng.uniform(low, high, max(2 * len(sectors), 2)),
    )
