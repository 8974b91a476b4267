"""Columns: a grid in which what lies within reach is never more than some columns away."""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from truceline.judgement.incidents.links import EARTH_RADIUS_M, RAD, FloatArray, IntArray


@nb.njit(cache=True)
def columns(lon: FloatArray, lat: FloatArray, side: float, reach: int) -> IntArray:
    """Give each point its column: a row of latitude, and a place in that row.

    The width of a row's columns is taken at the latitude furthest from the equator that
    a neighbour within reach can have, so that no two points within reach ever lie more
    columns apart than `reach`.
    """
    out = np.empty(lon.shape[0], np.int64)
    for i in range(lon.shape[0]):
        row = math.floor((lat[i] + 90.0) * RAD * EARTH_RADIUS_M / side)
        out[i] = row * 4_294_967_296 + int((lon[i] + 180.0) / 360.0 * row_size(row, side, reach))
    return out


@nb.njit(cache=True)
def row_size(row: int, side: float, reach: int) -> int:
    """Number of columns around the whole row."""
    low = (row - reach) * side / EARTH_RADIUS_M - 0.5 * math.pi
    high = (row + reach + 1) * side / EARTH_RADIUS_M - 0.5 * math.pi
    widest = max(abs(low), abs(high))
    if widest >= 0.5 * math.pi:
        return 1
    return max(1, int(2.0 * math.pi * EARTH_RADIUS_M * math.cos(widest) / side))
