"""Covers: a cheap choice of rows that sees every point as often as it needs, found by search."""

from __future__ import annotations

import numba as nb
import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import TermsError
from truceline.force.siting.coverage import BoolArray, Coverage, IntArray
from truceline.force.siting.swaps import Sparse


def quick_cover(coverage: Coverage, need: IntArray, cost: FloatArray) -> IntArray:
    """Return a cover by the greedy rule, without the rows it turns out not to need."""
    lacking = need.copy()
    chosen: list[int] = []
    free = np.ones(coverage.n_rows, dtype=np.bool_)
    matrix = coverage.matrix()
    while np.any(lacking > 0):
        gain = np.where(free, matrix @ (lacking > 0) / cost, 0.0)
        row = int(np.argmax(gain))
        if gain[row] <= 0:
            raise TermsError("no choice of these sites keeps the standard.")
        free[row] = False
        chosen.append(row)
        lacking[_points(coverage, row)] -= 1
    return _without_spare(coverage, lacking, chosen)


def _without_spare(coverage: Coverage, lacking: IntArray, chosen: list[int]) -> IntArray:
    spare = -lacking
    kept: list[int] = []
    for row in reversed(chosen):
        seen = _points(coverage, row)
        if len(seen) == 0 or spare[seen].min() >= 1:
            spare[seen] -= 1
        else:
            kept.append(row)
    return np.asarray(sorted(kept), dtype=np.int64)


def _points(coverage: Coverage, row: int) -> IntArray:
    return coverage.points[coverage.start[row] : coverage.start[row + 1]]


def cheaper_cover(
    coverage: Coverage,
    need: IntArray,
    cost: FloatArray,
    start: IntArray,
    *,
    steps: int,
    enough: float = 0.0,
) -> IntArray:
    """Return the cheapest cover that a weighting search meets, never dearer than its start.

    A row is taken out of a cover, and rows are exchanged until all is seen again. A point that
    stays unseen weighs one more at each step, so that the search leaves no corner for good
    (row weighting: Gao, Weise and Li 2015). No dice: the same question has the same answer.

    Parameters
    ----------
    start : int array
        Rows that keep the need.
    steps : int
        Exchanges to try.
    enough : float
        Stop at a cover of this cost.
    """
    sparse = (coverage.start, coverage.points, coverage.row_start, coverage.rows)
    chosen = np.zeros(coverage.n_rows, dtype=np.bool_)
    chosen[start] = True
    return np.flatnonzero(_search(sparse, need, cost, chosen, steps, enough))


@nb.njit(cache=True)
def _turn(
    row: int,
    step: int,
    sparse: Sparse,
    need: IntArray,
    chosen: BoolArray,
    counts: IntArray,
    weight: FloatArray,
    score: FloatArray,
) -> None:
    """Put a row in (step 1) or take it out (step -1).

    The score of a row is the weight of the points short of their need that it sees, or, of a
    chosen one, of those that would be short without it.
    """
    start, points, row_start, rows = sparse
    chosen[row] = step > 0
    for at in range(start[row], start[row + 1]):
        point = points[at]
        spare = counts[point] - need[point] + (0 if step > 0 else -1)
        counts[point] += step
        if spare != -1 and spare != 0:
            continue
        # From one short to just enough the free rows lose a point to gain; from just enough
        # to one spare the chosen ones lose a point that hangs on them.
        change = -step * weight[point]
        for by in range(row_start[point], row_start[point + 1]):
            other = rows[by]
            if other != row and chosen[other] == (spare == 0):
                score[other] += change


@nb.njit(cache=True)
def _short(counts: IntArray, need: IntArray, turn: int) -> int:
    """Return a point short of its need, by turns from a moving start, or -1."""
    n = len(counts)
    for at in range(n):
        point = (at + turn) % n
        if counts[point] < need[point]:
            return point
    return -1


@nb.njit(cache=True)
def _least(
    chosen: BoolArray, score: FloatArray, cost: FloatArray, moved: IntArray, barred: int
) -> int:
    """Return the chosen row of least score for its cost, the longest in place of equals."""
    best, least = -1, np.inf
    for row in range(len(score)):
        if not chosen[row] or row == barred:
            continue
        worth = score[row] / cost[row]
        if worth < least or (worth == least and moved[row] < moved[best]):
            best, least = row, worth
    return best


@nb.njit(cache=True)
def _most(
    point: int,
    sparse: Sparse,
    chosen: BoolArray,
    score: FloatArray,
    cost: FloatArray,
    moved: IntArray,
    barred: int,
) -> int:
    """Return the free row of most score for its cost that sees a point."""
    row_start, rows = sparse[2], sparse[3]
    best, most = -1, -1.0
    for by in range(row_start[point], row_start[point + 1]):
        row = int(rows[by])
        if chosen[row] or row == barred:
            continue
        worth = score[row] / cost[row]
        if worth > most or (worth == most and moved[row] < moved[best]):
            best, most = row, worth
    return best


@nb.njit(cache=True)
def _search(
    sparse: Sparse,
    need: IntArray,
    cost: FloatArray,
    begin: BoolArray,
    steps: int,
    enough: float,
) -> BoolArray:
    rows, points = len(cost), len(need)
    chosen, best = np.zeros(rows, dtype=np.bool_), begin.copy()
    counts, weight = np.zeros(points, dtype=np.int64), np.ones(points)
    moved, score = np.zeros(rows, dtype=np.int64), np.zeros(rows)
    for row in range(rows):
        score[row] = sparse[0][row + 1] - sparse[0][row]
    for row in range(rows):
        if begin[row]:
            _turn(row, 1, sparse, need, chosen, counts, weight, score)
    paid = lowest = cost[begin].sum()
    barred = -1
    for step in range(1, steps + 1):
        while _short(counts, need, step) < 0:
            best, lowest = chosen.copy(), paid
            if lowest <= enough or not chosen.any():
                return best
            out = _least(chosen, score, cost, moved, -1)
            _turn(out, -1, sparse, need, chosen, counts, weight, score)
            paid -= cost[out]
        out = _least(chosen, score, cost, moved, barred)
        if out >= 0:
            _turn(out, -1, sparse, need, chosen, counts, weight, score)
            paid, moved[out] = paid - cost[out], step
        while True:
            point = _short(counts, need, step * 7919)
            row = -1 if point < 0 else _most(point, sparse, chosen, score, cost, moved, out)
            if row < 0 or paid + cost[row] >= lowest - 1e-9:
                break
            _turn(row, 1, sparse, need, chosen, counts, weight, score)
            paid, moved[row], barred = paid + cost[row], step, row
        _weigh(sparse, need, counts, weight, score)
    return best


@nb.njit(cache=True)
def _weigh(
    sparse: Sparse,
    need: IntArray,
    counts: IntArray,
    weight: FloatArray,
    score: FloatArray,
) -> None:
    """Make each point that is short of its need weigh one more."""
    row_start, rows = sparse[2], sparse[3]
    for point in range(len(need)):
        if counts[point] < need[point]:
            weight[point] += 1.0
            for by in range(row_start[point], row_start[point + 1]):
                score[rows[by]] += 1.0
