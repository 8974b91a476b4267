"""Greedy choice and swaps: compiled, exact in what they count, with no proof of their own."""

from __future__ import annotations

import numba as nb

from truceline.core.space.geodesy import FloatArray
from truceline.force.siting.coverage import BoolArray, IntArray

Sparse = tuple[IntArray, IntArray, IntArray, IntArray]


@nb.njit(cache=True)
def _worth(count: int, second: float) -> float:
    """Return what one more look at a point is worth, as a share of its weight."""
    if count == 0:
        return 1.0 - second
    return second if count == 1 else 0.0


@nb.njit(cache=True)
def _turn(
    row: int,
    step: int,
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    counts: IntArray,
    gain: FloatArray,
) -> None:
    """Put a row in (step 1) or take it out (step -1), and bring all gains up to date."""
    start, points, row_start, rows = sparse
    for at in range(start[row], start[row + 1]):
        point = points[at]
        before = _worth(counts[point], second)
        counts[point] += step
        change = weight[point] * (_worth(counts[point], second) - before)
        if change != 0.0:
            for by in range(row_start[point], row_start[point + 1]):
                gain[rows[by]] += change


@nb.njit(cache=True)
def _best(gain: FloatArray, chosen: BoolArray, group: IntArray, left: IntArray) -> int:
    """Return the free row of most gain whose group has units left, the first of equals."""
    best, most = -1, 0.0
    for row in range(len(gain)):
        if gain[row] > most and not chosen[row] and left[group[row]] > 0:
            best, most = row, gain[row]
    return best


@nb.njit(cache=True)
def _fill(
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    group: IntArray,
    left: IntArray,
    chosen: BoolArray,
    counts: IntArray,
    gain: FloatArray,
    least: float,
) -> float:
    """Add the best rows until nothing is left to gain or to place; return the gain."""
    total = 0.0
    while True:
        row = _best(gain, chosen, group, left)
        if row < 0 or gain[row] <= least:
            return total
        total += gain[row]
        chosen[row] = True
        left[group[row]] -= 1
        _turn(row, 1, sparse, weight, second, counts, gain)


@nb.njit(cache=True)
def fill_greedily(
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    group: IntArray,
    left: IntArray,
    chosen: BoolArray,
    counts: IntArray,
    gain: FloatArray,
) -> float:
    """Set up counts and gains for the rows already chosen, then fill greedily.

    All arrays but `sparse`, `weight` and `group` are written to. Returns the worth of all.
    """
    start, points, _, _ = sparse
    counts[:] = 0
    total = 0.0
    for row in range(len(gain)):
        gain[row] = 0.0
        for at in range(start[row], start[row + 1]):
            gain[row] += weight[points[at]] * (1.0 - second)
    for row in range(len(gain)):
        if chosen[row]:
            total += gain[row]
            left[group[row]] -= 1
            _turn(row, 1, sparse, weight, second, counts, gain)
    least = 1e-12 * weight.sum()
    return total + _fill(sparse, weight, second, group, left, chosen, counts, gain, least)


@nb.njit(cache=True)
def _out(
    row: int,
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    group: IntArray,
    left: IntArray,
    chosen: BoolArray,
    counts: IntArray,
    gain: FloatArray,
) -> float:
    """Take a chosen row out and return what is lost."""
    chosen[row] = False
    left[group[row]] += 1
    _turn(row, -1, sparse, weight, second, counts, gain)
    return float(gain[row])


@nb.njit(cache=True)
def swap_pass(
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    group: IntArray,
    left: IntArray,
    chosen: BoolArray,
    counts: IntArray,
    gain: FloatArray,
) -> float:
    """Try to replace each chosen row by the best other of its group; return the gain."""
    least = 1e-9 * weight.sum()
    won = 0.0
    for row in range(len(gain)):
        if not chosen[row]:
            continue
        lost = _out(row, sparse, weight, second, group, left, chosen, counts, gain)
        best, most = row, lost + least
        for other in range(len(gain)):
            if gain[other] > most and not chosen[other] and group[other] == group[row]:
                best, most = other, gain[other]
        won += gain[best] - lost
        chosen[best] = True
        left[group[best]] -= 1
        _turn(best, 1, sparse, weight, second, counts, gain)
    return won
