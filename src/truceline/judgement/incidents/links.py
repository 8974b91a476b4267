"""Single links between observations in space and time, by columns and union-find.

Two observations are linked when

* the squared distance is at most ``gate² (sigma_i² + sigma_j² + extent²)``, and
* the middles of their times are at most ``gap + max(half_i, half_j)`` apart, where
  ``half`` is half the length of an observation's own interval: one of the two middles lies
  within the gap of the other's interval. Two reports that only give the day, of two
  successive days, are therefore not linked.

Incidents are the connected components. The plane is cut into columns so small that two
observations of one column always pass the gate of place; there a sweep in time links
them in linear time. Columns within reach of each other are compared run by run and only
until one link is found. The result depends neither on the order of the input nor on how
the columns lie, because the columns only decide where to look.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np
import numpy.typing as npt
import polars as pl

EARTH_RADIUS_M = 6_371_008.8
_RAD = math.pi / 180.0

#: A column's side as a share of the widest that keeps its diagonal within the gate. The
#: margin pays for columns of one row being wider where it lies nearer to the equator;
#: it suffices to 75 degrees of latitude.
COLUMN_SHARE = 0.95

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

#: Longitude, latitude, variance, middle and half length of time, sorted by column and time.
Points = tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray]


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
def _distance2(lon_i: float, lat_i: float, lon_j: float, lat_j: float) -> float:
    """Squared distance in metres, on the plane through the middle latitude."""
    dlon = abs(lon_i - lon_j)
    if dlon > 180.0:
        dlon = 360.0 - dlon
    x = dlon * _RAD * math.cos(0.5 * (lat_i + lat_j) * _RAD)
    y = (lat_i - lat_j) * _RAD
    return (x * x + y * y) * EARTH_RADIUS_M * EARTH_RADIUS_M


@nb.njit(cache=True)
def _columns(lon: FloatArray, lat: FloatArray, side: float, reach: int) -> IntArray:
    """Give each point its column: a row of latitude, and a place in that row.

    The width of a row's columns is taken at the latitude furthest from the equator that
    a neighbour within reach can have, so that no two points within reach ever lie more
    columns apart than `reach`.
    """
    out = np.empty(lon.shape[0], np.int64)
    for i in range(lon.shape[0]):
        row = math.floor((lat[i] + 90.0) * _RAD * EARTH_RADIUS_M / side)
        out[i] = row * 4_294_967_296 + int((lon[i] + 180.0) / 360.0 * _row_size(row, side, reach))
    return out


@nb.njit(cache=True)
def _row_size(row: int, side: float, reach: int) -> int:
    """Number of columns around the whole row."""
    low = (row - reach) * side / EARTH_RADIUS_M - 0.5 * math.pi
    high = (row + reach + 1) * side / EARTH_RADIUS_M - 0.5 * math.pi
    widest = max(abs(low), abs(high))
    if widest >= 0.5 * math.pi:
        return 1
    return max(1, int(2.0 * math.pi * EARTH_RADIUS_M * math.cos(widest) / side))


@nb.njit(cache=True)
def _link_inside(
    parent: IntArray, mid: IntArray, half: IntArray, gap: int, start: int, end: int
) -> None:
    """Link the points of one column, sorted by time, in two sweeps.

    Going up in time, a point is linked to the earlier one whose own interval reaches
    furthest; going down, to the later one whose interval reaches back furthest. Every
    other point that reaches it is already linked to that one.
    """
    best = start
    for i in range(start + 1, end):
        if mid[i] <= mid[best] + half[best] + gap:
            _union(parent, best, i)
        if mid[i] + half[i] > mid[best] + half[best]:
            best = i
    best = end - 1
    for i in range(end - 2, start - 1, -1):
        if mid[i] >= mid[best] - half[best] - gap:
            _union(parent, best, i)
        if mid[i] - half[i] < mid[best] - half[best]:
            best = i


@nb.njit(cache=True)
def _link_between(
    points: Points,
    parent: IntArray,
    rule: FloatArray,
    gap: int,
    window: int,
    a: tuple[int, int],
    b: tuple[int, int],
) -> None:
    """Link the points of two columns; pairs already of one incident are passed over."""
    lon, lat, variance, mid, half = points
    gate2, extent2 = rule[0], rule[1]
    first = b[0]
    for i in range(a[0], a[1]):
        while first < b[1] and mid[first] < mid[i] - window:
            first += 1
        j = first
        if j == b[1]:
            return
        if mid[j] > mid[i] + window:
            continue
        root = _find(parent, i)
        while j < b[1] and mid[j] <= mid[i] + window:
            apart = abs(mid[i] - mid[j])
            if apart <= gap + max(half[i], half[j]) and _find(parent, j) != root:
                limit = gate2 * (variance[i] + variance[j] + extent2)
                if _distance2(lon[i], lat[i], lon[j], lat[j]) <= limit:
                    _union(parent, i, j)
                    root = _find(parent, i)
            j += 1


@nb.njit(cache=True)
def _link_from(
    points: Points,
    parent: IntArray,
    rule: FloatArray,
    gap: int,
    window: int,
    starts: IntArray,
    keys: IntArray,
    c: int,
    first: int,
    last_key: int,
) -> None:
    """Link a column with all columns from one in the list up to a key."""
    q = first
    while q < keys.shape[0] and keys[q] <= last_key:
        if q != c:
            own, other = (starts[c], starts[c + 1]), (starts[q], starts[q + 1])
            _link_between(points, parent, rule, gap, window, own, other)
        q += 1


@nb.njit(cache=True)
def _link_sorted(
    column: IntArray,
    lon: FloatArray,
    lat: FloatArray,
    variance: FloatArray,
    mid: IntArray,
    half: IntArray,
    rule: FloatArray,
    gap: int,
    side: float,
    reach: int,
) -> IntArray:
    n = column.shape[0]
    points = (lon, lat, variance, mid, half)
    parent = np.arange(n)
    starts = np.empty(n + 1, np.int64)
    n_columns = 0
    window = 0
    for i in range(n):
        window = max(window, half[i])
        if i == 0 or column[i] != column[i - 1]:
            starts[n_columns] = i
            n_columns += 1
    starts[n_columns] = n
    window += gap
    starts = starts[: n_columns + 1]
    keys = column[starts[:n_columns]]
    for c in range(n_columns):
        _link_inside(parent, mid, half, gap, starts[c], starts[c + 1])
    ahead = np.empty(reach + 1, np.int64)
    sizes = np.empty(reach + 1, np.int64)
    row = np.int64(-1)
    for c in range(n_columns):
        if keys[c] >> 32 != row:
            row = keys[c] >> 32
            for d in range(reach + 1):
                sizes[d] = _row_size(row + d, side, reach)
                ahead[d] = np.searchsorted(keys, (row + d) << 32)
        place = keys[c] & 4_294_967_295
        for d in range(reach + 1):
            base, size = (row + d) << 32, sizes[d]
            # Where the column begins and ends, in the columns of the other row.
            low = math.floor(place * (size / sizes[0])) - reach
            high = math.floor((place + 1) * (size / sizes[0])) + reach
            if d == 0:
                low, high = place + 1, place + reach
            if high - low + 1 > size:
                low, high = 0, size - 1
            # Columns come in order, so the first one within reach only ever moves on.
            while ahead[d] < n_columns and keys[ahead[d]] < base + max(low, 0):
                ahead[d] += 1
            _link_from(points, parent, rule, gap, window, starts, keys, c, ahead[d],
                       base + min(high, size - 1))  # fmt: skip
            # What lies beyond an end of the row is at its other end.
            if low < 0:
                first = int(np.searchsorted(keys, base + size + low))
                _link_from(points, parent, rule, gap, window, starts, keys, c, first,
                           base + size - 1)  # fmt: skip
            if high >= size:
                first = int(np.searchsorted(keys, base))
                _link_from(points, parent, rule, gap, window, starts, keys, c, first,
                           base + high - size)  # fmt: skip
    for i in range(n):
        parent[i] = _find(parent, i)
    return parent


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
    side = COLUMN_SHARE * gate * extent_m / math.sqrt(2.0)
    farthest = gate * math.sqrt(2.0 * float(sigma_m.max()) ** 2 + extent_m**2)
    reach = math.ceil(farthest / side)
    mid = (start + end) // 2
    column = _columns(lon, lat, side, reach)
    order = _by_column_and_time(column, mid)
    half = (end - start) // 2
    labels = _link_sorted(
        column[order],
        lon[order],
        lat[order],
        sigma_m[order] ** 2,
        mid[order],
        half[order] if half.any() else half,
        np.array([gate**2, extent_m**2]),
        gap,
        side,
        reach,
    )
    return _first_positions(labels, order)


def _by_column_and_time(column: IntArray, mid: IntArray) -> IntArray:
    """Sort by column, then time; through one packed key where it fits into 63 bits."""
    since = mid - mid.min()
    bits = int(since.max()).bit_length()
    packed = _pack(column)
    if bits + int(packed.max()).bit_length() < 63:
        # Sorted on all cores; equal keys may come in any order, which changes nothing.
        return pl.Series((packed << bits) | since).arg_sort().to_numpy().astype(np.int64)
    return np.lexsort((mid, column))


@nb.njit(cache=True)
def _pack(column: IntArray) -> IntArray:
    """Close the gap between the row and the place in it, which leaves room for time."""
    widest, lowest = 0, column[0] >> 32
    for key in column:
        widest = max(widest, key & 4_294_967_295)
        lowest = min(lowest, key >> 32)
    width = 1
    while (1 << width) <= widest:
        width += 1
    out = np.empty_like(column)
    for i in range(column.shape[0]):
        out[i] = (((column[i] >> 32) - lowest) << width) | (column[i] & 4_294_967_295)
    return out


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
