"""Annealing: a choice of rows bettered by small exchanges, some of them for the worse."""

from __future__ import annotations

import numba as nb
import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.force.siting.coverage import BoolArray, IntArray
from truceline.force.siting.swaps import Sparse


@nb.njit(cache=True)
def _looks(row: int, step: int, sparse: Sparse, counts: IntArray) -> None:
    start, points = sparse[0], sparse[1]
    for at in range(start[row], start[row + 1]):
        counts[points[at]] += step


@nb.njit(cache=True)
def _adds(row: int, sparse: Sparse, weight: FloatArray, second: float, counts: IntArray) -> float:
    """Return what a row adds to those that stand."""
    start, points = sparse[0], sparse[1]
    total = 0.0
    for at in range(start[row], start[row + 1]):
        point = points[at]
        if counts[point] == 0:
            total += weight[point] * (1.0 - second)
        elif counts[point] == 1:
            total += weight[point] * second
    return total


@nb.njit(cache=True)
def _near(row: int, sparse: Sparse, one: float, other: float) -> int:
    """Return a row that shares a point with this one, drawn by two numbers in [0, 1)."""
    start, points, row_start, rows = sparse
    width = start[row + 1] - start[row]
    if width == 0:
        return row
    point = points[start[row] + int(one * width)]
    by = row_start[point]
    return int(rows[by + int(other * (row_start[point + 1] - by))])


@nb.njit(cache=True)
def anneal(
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    group: IntArray,
    chosen: BoolArray,
    dice: FloatArray,
    hot: float,
    cold: float,
) -> BoolArray:
    """Return the best choice met while rows give way to rows of their group near them.

    An exchange that loses d is made with probability exp(-d / T); T falls from `hot` to `cold`
    by a constant factor (Kirkpatrick, Gelatt and Vecchi 1983). One exchange is tried for each
    row of `dice`, four numbers in [0, 1) each.
    """
    chosen = chosen.copy()
    counts = np.zeros(len(weight), dtype=np.int64)
    taken = np.flatnonzero(chosen)
    for at in range(len(taken)):
        _looks(int(taken[at]), 1, sparse, counts)
    best, now, most = chosen.copy(), 0.0, 0.0
    heat, cooling = hot, (cold / hot) ** (1.0 / max(len(dice), 1))
    for throw in range(len(dice)):
        heat *= cooling
        at = int(dice[throw, 0] * len(taken))
        row = int(taken[at])
        other = _near(row, sparse, dice[throw, 1], dice[throw, 2])
        if chosen[other] or group[other] != group[row]:
            continue
        _looks(row, -1, sparse, counts)
        change = _adds(other, sparse, weight, second, counts)
        change -= _adds(row, sparse, weight, second, counts)
        if change < 0.0 and dice[throw, 3] >= np.exp(change / heat):
            _looks(row, 1, sparse, counts)
            continue
        _looks(other, 1, sparse, counts)
        chosen[row], chosen[other], taken[at] = False, True, other
        now += change
        if now > most:
            most, best = now, chosen.copy()
    return best
