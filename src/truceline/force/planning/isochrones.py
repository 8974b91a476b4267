"""Isochrones of a plan: ground along the line by the hours until people are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import polars as pl
import shapely
from contourpy import ContourGenerator, FillType, contour_generator
from shapely.geometry.base import BaseGeometry

from truceline.core.space.geodesy import FloatArray, centre_of, local_plane, to_degrees, to_plane
from truceline.force.planning.answering import conditions_of
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.ground import PlanGround
from truceline.force.response.field import hours_over
from truceline.force.siting.coverage import IntArray

#: Ground on each side of the line that is shown, kilometres, and the spacing of the field.
REACH_KM, FIELD_KM = 40.0, 4.0

#: Hours beyond which nobody is waited for.
WAITED_H = 24.0


@dataclass(frozen=True)
class Band:
    """Ground that people reach within one span of hours.

    Attributes
    ----------
    low, high : float
        Hours; `high` is infinite where it is later than the last band, or never.
    ground : shapely polygons
        In degrees.
    """

    low: float
    high: float
    ground: BaseGeometry


def isochrones(
    bases: pl.DataFrame, ground: PlanGround, assumed: Assumed, mode: str, ends: Sequence[float]
) -> tuple[Band, ...]:
    """Return the bands of hours along the line, soonest first; empty bands are left out.

    The hours are reckoned on a grid, as for the places of the line, and contoured between its
    points.

    Parameters
    ----------
    bases : polars.DataFrame
        Where the reaction forces wait (`REACTION_FORCES`).
    ground, assumed
        The line, and speeds.
    mode : str
        One of `answering.MODES`.
    ends : sequence of float
        Upper ends of the bands, hours.
    """
    plane = local_plane(*centre_of(ground.line))
    strip = to_plane(ground.line, plane).buffer(REACH_KM * 1000.0)
    west, south, east, north = strip.bounds
    x = np.arange(west, east + FIELD_KM * 1000.0, FIELD_KM * 1000.0)
    y = np.arange(south, north + FIELD_KM * 1000.0, FIELD_KM * 1000.0)
    across, up = np.meshgrid(x, y)
    lon, lat = plane.transform(across.ravel(), up.ravel(), direction="INVERSE")
    now = conditions_of(assumed, mode)
    hours = hours_over(bases, lon, lat, int(assumed["people_wanted"]), now, within_h=WAITED_H)
    field = np.minimum(hours, WAITED_H + 1.0).reshape(across.shape)
    lines = contour_generator(x, y, field, fill_type=FillType.OuterOffset)
    out = []
    for low, high in zip((0.0, *ends), (*ends, np.inf), strict=True):
        reached = _between(lines, low, min(high, WAITED_H + 2.0)).intersection(strip)
        if not reached.is_empty:
            out.append(Band(float(low), float(high), to_degrees(reached, plane)))
    return tuple(out)


def _between(lines: ContourGenerator, low: float, high: float) -> BaseGeometry:
    """Return the ground between two contours."""
    # The type that was asked for in `isochrones`: rings in one array, cut at the offsets.
    points, offsets = cast("tuple[list[FloatArray], list[IntArray]]", lines.filled(low, high))
    shapes = []
    for ring, cut in zip(points, offsets, strict=True):
        outer, *holes = np.split(ring, cut[1:-1])
        shapes.append(shapely.Polygon(outer, holes))
    return shapely.make_valid(shapely.union_all(shapes))
