"""Single links between observations in space and time, by stripes and union-find.

Two observations are linked when

* the squared distance is at most ``gate² (sigma_i² + sigma_j² + extent²)``, and
* the middles of their times are at most ``gap + max(half_i, half_j)`` apart, where
  ``half`` is half the length of an observation's own interval: one of the two middles lies
  within the gap of the other's interval. Two reports that only give the day, of two
  successive days, are therefore not linked.

Incidents are the connected components. The globe is cut into stripes of latitude as high
as the farthest link is long, and stripes into blocks of longitude at least as wide. In each
block observations are sorted by time and looked at in a sliding window, with those of the
same block and of the blocks around it. A run of neighbours in time that are of one
component already is passed over in one step. The result depends neither on the order of
the input nor on how the blocks lie, because blocks only decide where to look.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.core.sorting import sort_pairs

EARTH_RADIUS_M = 6_371_008.8
RAD = math.pi / 180.0

#: Blocks are made narrower while there are more than so many earlier observations of the
#: same block in the window of one, on average.
CROWD = 8

#: More than the rounding of all that decides where to look.
_MARGIN = 1.0 + 1e-9

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

#: Longitude, latitude, variance, middle and half length of time, by block and time.
Points = tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray]

#: Squared gate and extent, and the difference of longitude that no link exceeds.
Rule = tuple[float, float, float]


@nb.njit(cache=True)
def _find(parent: IntArray, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@nb.njit(cache=True)
def _union(parent: IntArray, i: int, j: int) -> None:
    a, b = _find(parent, i), _find(parent, j)
    if a < b:
        parent[b] = a
    elif b < a:
        parent[a] = b


@nb.njit(cache=True)
def distance2(lon_i: float, lat_i: float, lon_j: float, lat_j: float) -> float:
    """Squared distance in metres, on the plane through the middle latitude."""
    dlon = abs(lon_i - lon_j)
    if dlon > 180.0:
        dlon = 360.0 - dlon
    x = dlon * RAD * math.cos(0.5 * (lat_i + lat_j) * RAD)
    y = (lat_i - lat_j) * RAD
    return (x * x + y * y) * EARTH_RADIUS_M * EARTH_RADIUS_M


@nb.njit(cache=True)
def _blocks(lon: FloatArray, lat: FloatArray, height: float, around: int) -> IntArray:
    """Give each point its block: a stripe of latitude times the blocks around it."""
    out = np.empty(lon.shape[0], np.int64)
    for i in range(lon.shape[0]):
        stripe = int((lat[i] + 90.0) / height)
        out[i] = stripe * around + int((lon[i] + 180.0) * (around / 360.0)) % around
    return out


@nb.njit(cache=True)
def _look_back(
    points: Points, parent: IntArray, run: IntArray, rule: Rule, gap: int, window: int,
    i: int, last: int, first: int,
) -> None:  # fmt: skip
    """Link a point with those from one place in the order back to another, in its window."""
    lon, lat, variance, mid, half = points
    root = _find(parent, i)
    earliest = mid[i] - window
    j = last
    while j >= first and mid[j] >= earliest:
        if _find(parent, j) == root:
            j = run[j] - 1
            continue
        dlon = abs(lon[i] - lon[j])
        if dlon <= rule[2] or dlon >= 360.0 - rule[2]:
            limit = rule[0] * (variance[i] + variance[j] + rule[1])
            if (
                abs(mid[i] - mid[j]) <= gap + max(half[i], half[j])
                and distance2(lon[i], lat[i], lon[j], lat[j]) <= limit
            ):
                _union(parent, i, j)
                root = _find(parent, i)
        j -= 1


@nb.njit(cache=True)
def _link_inside(
    points: Points, parent: IntArray, run: IntArray, rule: Rule, gap: int, window: int,
    start: int, end: int,
) -> None:  # fmt: skip
    """Link the points of one block, and note where the run of each in its component begins."""
    for i in range(start, end):
        run[i] = i
        _look_back(points, parent, run, rule, gap, window, i, i - 1, start)
        if i > start and _find(parent, i - 1) == _find(parent, i):
            run[i] = run[i - 1]


@nb.njit(cache=True)
def _link_between(
    points: Points, parent: IntArray, run: IntArray, rule: Rule, gap: int, window: int,
    a: tuple[int, int], b: tuple[int, int],
) -> None:  # fmt: skip
    """Link the points of one block with those of another."""
    mid = points[3]
    last = b[0] - 1
    for i in range(a[0], a[1]):
        while last + 1 < b[1] and mid[last + 1] <= mid[i] + window:
            last += 1
        _look_back(points, parent, run, rule, gap, window, i, last, b[0])


@nb.njit(cache=True)
def _link_sorted(
    points: Points, starts: IntArray, keys: IntArray, around: int, rule: Rule, gap: int, window: int
) -> IntArray:
    """Return the component of each point, given where each block starts, and its key."""
    n = points[0].shape[0]
    parent, run = np.arange(n), np.empty(n, np.int64)
    for c in range(keys.shape[0]):
        _link_inside(points, parent, run, rule, gap, window, starts[c], starts[c + 1])
    for c in range(keys.shape[0]):
        stripe, place = keys[c] // around, keys[c] % around
        own = (starts[c], starts[c + 1])
        for k in range(4 if around > 1 else 1):
            # Above: this block and those beside it. In the same stripe: the one to the east.
            near = (stripe + 1, place + k - 1) if k < 3 else (stripe, place + 1)
            if around == 1:
                near = (stripe + 1, 0)
            key = near[0] * around + near[1] % around
            q = c + 1 if k == 3 and place + 1 < around else int(np.searchsorted(keys, key))
            if q < keys.shape[0] and keys[q] == key:
                other = (starts[q], starts[q + 1])
                _link_between(points, parent, run, rule, gap, window, own, other)
    for i in range(n):
        parent[i] = _find(parent, i)
    return parent


@nb.njit(cache=True)
def _starts(block: IntArray) -> IntArray:
    """Return where each block starts, and at last where the last one ends."""
    n, found = block.shape[0], 0
    out = np.empty(n + 1, np.int64)
    for i in range(n):
        if i == 0 or block[i] != block[i - 1]:
            out[found] = i
            found += 1
    out[found] = n
    return out[: found + 1].copy()


@nb.njit(cache=True)
def _gather(
    order: IntArray, lon: FloatArray, lat: FloatArray, sigma_m: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return longitude, latitude and variance in order, in one pass."""
    n = order.shape[0]
    x, y, variance = np.empty(n), np.empty(n), np.empty(n)
    for k in range(n):
        i = order[k]
        x[k], y[k], variance[k] = lon[i], lat[i], sigma_m[i] ** 2
    return x, y, variance


@nb.njit(cache=True)
def _looks(mid: IntArray, starts: IntArray, window: int) -> int:
    """Count the pairs of one block that are in one window."""
    total = 0
    for c in range(starts.shape[0] - 1):
        first = starts[c]
        for i in range(starts[c], starts[c + 1]):
            while mid[first] < mid[i] - window:
                first += 1
            total += i - first
    return total


def link(
    lon: FloatArray,
    lat: FloatArray,
    sigma_m: FloatArray,
    start: IntArray,
    end: IntArray,
    *,
    extent_m: float,
    gate: float,
    gap: int,
) -> IntArray:
    """Return the connected component of each observation.

    Parameters
    ----------
    lon, lat : arrays of n floats
        Degrees.
    sigma_m : array of n floats
        Error of place, one sigma, metres.
    start, end : arrays of n ints
        Interval of time; any unit, the same as `gap`.
    extent_m : float
        Scale of an incident, one sigma, metres.
    gate : float
        Greatest distance in joint sigmas.
    gap : int
        Greatest gap in time.

    Returns
    -------
    array of n ints
        A label, the same for all observations of one component: the smallest position
        of a member in the input.

    Examples
    --------
    >>> import numpy as np
    >>> lon, lat = np.array([37.0, 37.005, 38.0]), np.array([48.0, 48.0, 48.0])
    >>> t, sigma = np.array([0, 60, 0]), np.full(3, 100.0)
    >>> link(lon, lat, sigma, t, t, extent_m=500, gate=3, gap=3600).tolist()
    [0, 0, 2]
    """
    n = lon.shape[0]
    if n == 0:
        return np.empty(0, np.int64)
    farthest = gate * math.sqrt(2.0 * float(sigma_m.max()) ** 2 + extent_m**2)
    height, widest, most = _reach(max(farthest, 1e-3), float(np.abs(lat).max()))
    mid, half = (start + end) // 2, (end - start) // 2
    window = gap + int(half.max())
    span = max(float(lon.max() - lon.min()), 1e-6)
    around = 1
    while True:
        order, block, at = sort_pairs(_blocks(lon, lat, height, around), mid)
        starts = _starts(block)
        crowd = _looks(at, starts, window) / n
        if crowd <= CROWD or around == most:
            break
        # What is empty around the globe needs no blocks: they are counted over what is not.
        around = min(most, math.ceil(max(around, 360.0 / span) * 4.0 * crowd / CROWD))
    points = (*_gather(order, lon, lat, sigma_m), at, half[order] if half.any() else half)
    rule = gate**2, extent_m**2, widest
    labels = _link_sorted(points, starts, block[starts[:-1]], around, rule, gap, window)
    return _first_positions(labels, order)


def _reach(farthest: float, highest: float) -> tuple[float, float, int]:
    """Return the height of stripes, the widest link, both in degrees, and the most blocks."""
    height = _MARGIN * farthest / (EARTH_RADIUS_M * RAD)
    narrowest = math.cos(min(highest, 90.0) * RAD)
    if height >= 90.0 * narrowest:
        return height, 360.0, 1
    widest = _MARGIN * height / narrowest
    return height, widest, max(1, int(360.0 / (_MARGIN * widest)))


@nb.njit(cache=True)
def _first_positions(labels: IntArray, order: IntArray) -> IntArray:
    """Name each component by the smallest input position of its members."""
    n = labels.shape[0]
    smallest = np.full(n, n, np.int64)
    for i in range(n):
        smallest[labels[i]] = min(smallest[labels[i]], order[i])
    out = np.empty(n, np.int64)
    for i in range(n):
        out[order[i]] = smallest[labels[i]]
    return out


@nb.njit(cache=True)
def join_pairs(n: int, a: IntArray, b: IntArray) -> IntArray:
    """Return the connected component of each of n things, given pairs of them.

    Parameters
    ----------
    n : int
        How many things.
    a, b : arrays of m ints
        The two things of each pair.

    Returns
    -------
    array of n ints
        The smallest thing of the component.
    """
    parent = np.arange(n)
    for k in range(a.shape[0]):
        _union(parent, a[k], b[k])
    for i in range(n):
        parent[i] = _find(parent, i)
    return parent
