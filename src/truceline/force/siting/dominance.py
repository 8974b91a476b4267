"""Dominance: points and choices that an exact answer need not look at."""

from __future__ import annotations

import numba as nb
import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.force.siting.coverage import BoolArray, Coverage, IntArray, coverage_of


@nb.njit(cache=True)
def _above(
    start: IntArray,
    items: IntArray,
    back_start: IntArray,
    back: IntArray,
    cost: FloatArray,
    need: IntArray,
) -> tuple[IntArray, BoolArray]:
    """Count for each set those that hold it at no more cost; mark those that hold a needier one.

    Of two equal sets the earlier holds the later in the count, and is held in the mark.
    """
    n = len(start) - 1
    holders = np.zeros(n, dtype=np.int64)
    implied = np.zeros(n, dtype=np.bool_)
    shared = np.zeros(n, dtype=np.int64)
    for one in range(n):
        size = start[one + 1] - start[one]
        for at in range(start[one], start[one + 1]):
            for by in range(back_start[items[at]], back_start[items[at] + 1]):
                shared[back[by]] += 1
        for at in range(start[one], start[one + 1]):
            for by in range(back_start[items[at]], back_start[items[at] + 1]):
                other = back[by]
                if shared[other] == size and other != one:
                    same = start[other + 1] - start[other] == size
                    level = same and cost[other] == cost[one]
                    if cost[other] <= cost[one] and (not level or other < one):
                        holders[one] += 1
                    tied = same and need[other] == need[one]
                    if need[one] >= need[other] and (not tied or one < other):
                        implied[other] = True
                shared[other] = 0
    return holders, implied


def implied_points(coverage: Coverage, need: IntArray) -> BoolArray:
    """Return the points that are seen often enough whenever some other point is.

    That is so where all that see the other point see this one too, and the other needs at
    least as many looks.
    """
    cost = np.zeros(coverage.n_points)
    return _above(coverage.row_start, coverage.rows, coverage.start, coverage.points, cost, need)[1]


def idle_rows(coverage: Coverage, cost: FloatArray, looks: int) -> BoolArray:
    """Return the rows without which no answer gets dearer.

    A row can go when at least `looks` others see all that it sees at no more cost: either
    one of them is free to take its place, or all stand already and see its points often
    enough. A row that sees nothing can always go.
    """
    need = np.zeros(coverage.n_rows, dtype=np.int64)
    holders = _above(
        coverage.start, coverage.points, coverage.row_start, coverage.rows, cost, need
    )[0]
    return np.asarray((holders >= looks) | (np.diff(coverage.start) == 0))


def reduced(
    coverage: Coverage, need: IntArray, cost: FloatArray
) -> tuple[IntArray, IntArray, Coverage]:
    """Return the rows and points that are left when dominance finds nothing more, and these."""
    rows = np.arange(coverage.n_rows)
    points = np.arange(coverage.n_points)
    while True:
        keep = ~implied_points(coverage, need[points])
        points = points[keep]
        coverage = coverage_of(coverage.matrix()[:, np.flatnonzero(keep)])
        stay = ~idle_rows(coverage, cost[rows], int(need[points].max(initial=1)))
        rows = rows[stay]
        coverage = coverage_of(coverage.matrix()[np.flatnonzero(stay)])
        if keep.all() and stay.all():
            return rows, points, coverage
