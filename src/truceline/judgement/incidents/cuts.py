"""Cuts: a chain longer than its kind allows is parted where the gap is widest."""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from truceline.judgement.incidents.links import (
    EARTH_RADIUS_M,
    FloatArray,
    IntArray,
    link,
)


@nb.njit(cache=True)
def _sweep(group: IntArray, value: FloatArray, longest: float) -> IntArray:
    """Part each group, sorted by value, into pieces at most `longest` long.

    A piece may end at any point in the second half of its allowed length, and ends
    before the widest gap found there. Values alone decide, never the order of ties.
    """
    n = group.shape[0]
    out = np.empty(n, np.int64)
    piece, start = 0, 0
    while start < n:
        end = start
        while end < n and group[end] == group[start]:
            end += 1
        while value[end - 1] - value[start] > longest:
            cut, widest = -1, -1.0
            i = start
            while value[i] - value[start] <= longest:
                late = value[i] - value[start] >= 0.5 * longest
                last = value[i + 1] - value[start] > longest
                gap = value[i + 1] - value[i]
                if (late and gap > widest) or (last and cut < 0):
                    cut, widest = i + 1, gap
                i += 1
            out[start:cut] = piece
            piece += 1
            start = cut
        out[start:end] = piece
        piece += 1
        start = end
    return out


def _part(group: IntArray, value: FloatArray, longest: float) -> IntArray:
    order = np.lexsort((value, group))
    out = np.empty_like(group)
    out[order] = _sweep(group[order], value[order], longest)
    return out


def cut(
    lon: FloatArray,
    lat: FloatArray,
    sigma_m: FloatArray,
    start: IntArray,
    end: IntArray,
    labels: IntArray,
    *,
    extent_m: float,
    gate: float,
    gap: int,
    longest: int,
    widest_m: float,
) -> IntArray:
    """Return labels in which no component is longer than `longest` or wider than `widest_m`.

    Components within the limits keep their label. The others are parted in time, then
    along the meridian and the parallel, and what remains connected inside a part becomes
    a component of its own.

    Parameters
    ----------
    lon, lat, sigma_m, start, end, extent_m, gate, gap
        As for `link`.
    labels : array of n ints
        As `link` gives them: each the position of a member that has it, too.
    longest : int
        Longest duration between middles of times, in the unit of `start`.
    widest_m : float
        Greatest extent along the meridian and along the parallel, metres.
    """
    mid = (start + end) // 2
    oversize = _oversize(lon, lat, mid, labels, float(longest), widest_m)
    if not oversize.any():
        return labels
    at = np.flatnonzero(oversize)
    north = lat[at] * (math.pi / 180.0 * EARTH_RADIUS_M)
    # One scale for the whole parallel of a tenth of a degree keeps the cut independent of
    # which other observations there are.
    scale = np.cos(np.round(lat[at], 1) * (math.pi / 180.0))
    east = lon[at] * (math.pi / 180.0 * EARTH_RADIUS_M) * scale
    piece = _part(labels[at], mid[at].astype(np.float64), float(longest))
    piece = _part(piece, north, widest_m)
    piece = _part(piece, east, widest_m)
    # Pieces are moved apart in time so that links cannot cross a cut.
    stride = int(end[at].max() - start[at].min()) + 2 * gap + 2
    shift = piece * stride
    inside = link(
        lon[at], lat[at], sigma_m[at], start[at] + shift, end[at] + shift,
        extent_m=extent_m, gate=gate, gap=gap,
    )  # fmt: skip
    out = labels.copy()
    out[at] = at[inside]
    return out


@nb.njit(cache=True)
def _oversize(
    lon: FloatArray,
    lat: FloatArray,
    mid: IntArray,
    labels: IntArray,
    longest: float,
    widest_m: float,
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return whether each point is of a component too long or too wide.

    A label is the position of a member, as `link` gives it.
    """
    n = labels.shape[0]
    # Of each component the lowest and the highest time, latitude and longitude, side by side,
    # so that a member finds them in one place of memory.
    box = np.empty((n, 6))
    for i in range(n):
        if labels[i] == i:
            box[i, :3], box[i, 3:] = np.inf, -np.inf
    for i in range(n):
        label = labels[i]
        for k, value in enumerate((float(mid[i]), lat[i], lon[i])):
            box[label, k] = min(box[label, k], value)
            box[label, k + 3] = max(box[label, k + 3], value)
    metres = math.pi / 180.0 * EARTH_RADIUS_M
    over = np.zeros(n, np.bool_)
    for i in range(n):
        if labels[i] == i:
            south, north = box[i, 1], box[i, 4] - box[i, 1]
            # The middle of the component, so that the order of the input plays no part.
            middle = math.cos((south + 0.5 * north) * math.pi / 180.0)
            east = box[i, 5] - box[i, 2]
            over[i] = (
                box[i, 3] - box[i, 0] > longest
                or north * metres > widest_m
                or east * metres * middle > widest_m
            )
    return over[labels]
