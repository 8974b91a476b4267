"""Vague reports: one that names only a village joins the best incident near it."""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from truceline.judgement.incidents.columns import columns, row_size
from truceline.judgement.incidents.links import EARTH_RADIUS_M, FloatArray, IntArray, distance2


@nb.njit(cache=True)
def _slot(table: IntArray, keys: IntArray, key: int) -> int:
    """Place of a column key in the open-addressed table, or the free place for it."""
    mask = table.shape[0] - 1
    mixed = key * 7_046_029_254_386_353_131
    place = (mixed ^ (mixed >> 32)) & mask
    while table[place] >= 0 and keys[table[place]] != key:
        place = (place + 1) & mask
    return int(place)


@nb.njit(cache=True)
def _index(column: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return where each column starts, its key, and the table that finds it by its key."""
    n = column.shape[0]
    starts = np.empty(n + 1, np.int64)
    n_columns = 0
    for i in range(n):
        if i == 0 or column[i] != column[i - 1]:
            starts[n_columns] = i
            n_columns += 1
    starts[n_columns] = n
    keys = column[starts[:n_columns]]
    size = 16
    while size < 2 * n_columns:
        size *= 2
    table = np.full(size, -1, np.int64)
    for c in range(n_columns):
        table[_slot(table, keys, keys[c])] = c
    return starts[: n_columns + 1], keys, table


@nb.njit(cache=True)
def _search(
    column: IntArray,
    precise: tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray],
    vague: tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray],
    rule: FloatArray,
    gap: int,
    side: float,
) -> tuple[IntArray, FloatArray]:
    """Return for each vague report the position of its best precise one, or -1, and its cost."""
    v_lon, v_lat, v_variance, v_mid, v_half = vague
    starts, keys, table = _index(column)
    longest = precise[4].max()
    own = columns(v_lon, v_lat, side, 1)
    out = np.full(v_lon.shape[0], -1, np.int64)
    costs = np.full(v_lon.shape[0], np.inf)
    for v in range(v_lon.shape[0]):
        one = (v_lon[v], v_lat[v], v_variance[v], v_mid[v], v_half[v])
        row = own[v] >> 32
        window = gap + max(v_half[v], longest)
        for other_row in range(row - 1, row + 2):
            around = row_size(other_row, side, 1)
            place = int((v_lon[v] + 180.0) / 360.0 * around)
            for x in range(max(place - 1, place - around + 1), place + 2):
                c = table[_slot(table, keys, other_row * 4_294_967_296 + x % around)]
                if c >= 0:
                    found, span = (out[v], costs[v]), (starts[c], starts[c + 1])
                    out[v], costs[v] = _better(precise, one, span, window, rule, gap, found)
    return out, costs


@nb.njit(cache=True)
def _better(
    precise: tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray],
    one: tuple[float, float, float, int, int],
    span: tuple[int, int],
    window: int,
    rule: FloatArray,
    gap: int,
    found: tuple[int, float],
) -> tuple[int, float]:
    """Return the best precise report of a column and its cost, or what was found before."""
    lon, lat, variance, mid, half = precise
    v_lon, v_lat, v_variance, v_mid, v_half = one
    best, least = found
    first = span[0] + np.searchsorted(mid[span[0] : span[1]], v_mid - window)
    for i in range(first, span[1]):
        if mid[i] > v_mid + window:
            break
        apart = abs(mid[i] - v_mid)
        reach = gap + max(half[i], v_half)
        if apart > reach:
            continue
        d2 = distance2(v_lon, v_lat, lon[i], lat[i])
        cost = d2 / (v_variance + variance[i] + rule[1])
        if cost > rule[0]:
            continue
        cost += (apart / max(reach, 1)) ** 2
        if cost < least or (cost == least and _before(precise, i, best)):
            best, least = i, cost
    return best, least


@nb.njit(cache=True)
def _before(
    precise: tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray], i: int, j: int
) -> bool:
    """Settle a tie by time, then place, so that the order of the input never does."""
    lon, lat, _, mid, _ = precise
    if mid[i] != mid[j]:
        return bool(mid[i] < mid[j])
    if lon[i] != lon[j]:
        return bool(lon[i] < lon[j])
    return bool(lat[i] < lat[j])


def join(
    precise: tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray],
    vague: tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray],
    *,
    extent_m: float,
    gate: float,
    gap: int,
) -> tuple[IntArray, FloatArray]:
    """Return for each vague observation the precise one it goes with, or -1, and the cost.

    The best is the one with the smallest squared distance in joint sigmas plus the
    squared gap in time as a share of what is allowed.

    Parameters
    ----------
    precise, vague : tuples of arrays
        Longitude, latitude (degrees), sigma (metres), start and end of time.
    extent_m, gate, gap
        As for `link`.
    """
    nothing = np.full(vague[0].shape[0], -1, np.int64)
    if precise[0].shape[0] == 0 or vague[0].shape[0] == 0:
        return nothing, np.full(len(nothing), np.inf)
    worst = math.hypot(float(precise[2].max()), float(vague[2].max()))
    side = max(gate * math.hypot(worst, extent_m), EARTH_RADIUS_M * 1e-9)
    column = columns(precise[0], precise[1], side, 1)
    mid = (precise[3] + precise[4]) // 2
    order = np.lexsort((mid, column))
    lon, lat, sigma = precise[0][order], precise[1][order], precise[2][order]
    start, end = precise[3][order], precise[4][order]
    v_lon, v_lat, v_sigma, v_start, v_end = vague
    found, costs = _search(
        column[order],
        (lon, lat, sigma**2, (start + end) // 2, (end - start) // 2),
        (v_lon, v_lat, v_sigma**2, (v_start + v_end) // 2, (v_end - v_start) // 2),
        np.array([gate**2, extent_m**2]),
        gap,
        side,
    )
    return np.where(found >= 0, order[found], nothing), costs
