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


@nb.njit(cache=True)
def _neighbour(row: int, sparse: Sparse, chosen: BoolArray, dice: FloatArray) -> int:
    """Walk from a row over a rival that shares a point with it to a chosen row nearby."""
    start, points, row_start, rows = sparse
    at = row
    for step in range(2):
        width = start[at + 1] - start[at]
        if width == 0:
            return -1
        point = points[start[at] + int(dice[2 * step] * width)]
        by = row_start[point]
        width = row_start[point + 1] - by
        shift = int(dice[2 * step + 1] * width)
        nearest = rows[by + shift]
        if step == 1:
            for turn in range(width):
                nearest = rows[by + (shift + turn) % width]
                if chosen[nearest] and nearest != row:
                    return int(nearest)
            return -1
        at = nearest
    return -1


@nb.njit(cache=True)
def swap_pairs(
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    group: IntArray,
    left: IntArray,
    chosen: BoolArray,
    counts: IntArray,
    gain: FloatArray,
    dice: FloatArray,
) -> float:
    """Take out two rows near each other, fill again, and keep it when it is better.

    One try for each row of `dice` (numbers in [0, 1), five a row). Returns the gain.
    """
    least = 1e-9 * weight.sum()
    won = 0.0
    taken = [row for row in range(len(gain)) if chosen[row]]
    for throw in range(dice.shape[0]):
        row = taken[int(dice[throw, 0] * len(taken))]
        if not chosen[row]:
            continue
        pair = _neighbour(row, sparse, chosen, dice[throw, 1:])
        if pair < 0:
            continue
        lost = _out(row, sparse, weight, second, group, left, chosen, counts, gain)
        lost += _out(pair, sparse, weight, second, group, left, chosen, counts, gain)
        was = chosen.copy()
        got = _fill(sparse, weight, second, group, left, chosen, counts, gain, 0.0)
        if got > lost + least:
            won += got - lost
            taken = [other for other in range(len(gain)) if chosen[other]]
            continue
        for other in range(len(gain)):
            if chosen[other] and not was[other]:
                _out(other, sparse, weight, second, group, left, chosen, counts, gain)
        for other in (row, pair):
            chosen[other] = True
            left[group[other]] -= 1
            _turn(other, 1, sparse, weight, second, counts, gain)
    return won
