"""Proof for a cover: a price on each look, a cost that no cover goes below, rows that can go."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba as nb
import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.force.siting.bound import prices_of_rows
from truceline.force.siting.coverage import BoolArray, Coverage, IntArray
from truceline.force.siting.swaps import Sparse


@dataclass(frozen=True)
class CoverBound:
    """What prices on looks prove of every cover.

    Attributes
    ----------
    cost : float
        No cover costs less.
    reduced : float array
        Cost of each row less the prices of the looks it gives. A cover with a row of
        reduced cost d > 0 costs at least `cost` + d.
    """

    cost: float
    reduced: FloatArray

    def useless(self, cheap: float) -> BoolArray:
        """Return the rows that are in no cover of such a cost or less."""
        return np.asarray(self.cost + np.maximum(self.reduced, 0.0) > cheap + 1e-9)


def cover_bound(
    coverage: Coverage, need: IntArray, cost: FloatArray, known: float, *, rounds: int = 3000
) -> CoverBound:
    r"""Raise the Lagrangian bound of set covering by subgradient steps (Held and Karp 1971).

    .. math:: L(u) = \sum_j n_j u_j + \sum_r \min\Bigl(0, c_r - \sum_j a_{rj} u_j\Bigr)

    Its best is that of the linear relaxation.

    Parameters
    ----------
    known : float
        Cost of a cover already found; steps aim at it.
    rounds : int
        Steps to take at most.
    """
    sparse = (coverage.start, coverage.points, coverage.row_start, coverage.rows)
    bound, price = _raise_bound(sparse, need, cost, known, rounds)
    return CoverBound(float(bound), cost - prices_of_rows(sparse, price))


def whole_bound(bound: float, cost: FloatArray) -> float:
    """Return a bound rounded up where all costs are whole, and so every cover's cost is."""
    return float(math.ceil(bound - 1e-6)) if np.all(cost == np.round(cost)) else bound


@nb.njit(cache=True)
def _first_price(sparse: Sparse, cost: FloatArray) -> FloatArray:
    """Return the least share that a point has in the cost of a row: no row is worth more."""
    start, _, row_start, rows = sparse
    price = np.zeros(len(row_start) - 1)
    for point in range(len(price)):
        least = np.inf
        for by in range(row_start[point], row_start[point + 1]):
            row = rows[by]
            least = min(least, cost[row] / (start[row + 1] - start[row]))
        price[point] = least
    return price


@nb.njit(cache=True)
def _raise_bound(
    sparse: Sparse, need: IntArray, cost: FloatArray, known: float, rounds: int
) -> tuple[float, FloatArray]:
    start, points = sparse[0], sparse[1]
    price = _first_price(sparse, cost)
    best_price, highest, size, still = price.copy(), 0.0, 1.0, 0
    drift = np.zeros(len(need))
    for _ in range(rounds):
        left = cost - prices_of_rows(sparse, price)
        slope = need.astype(np.float64)
        bound = (need * price).sum()
        for row in range(len(cost)):
            if left[row] < 0.0:
                bound += left[row]
                for at in range(start[row], start[row + 1]):
                    slope[points[at]] -= 1.0
        still += 1
        if bound > highest:
            still = 0 if bound > highest * (1.0 + 1e-5) else still
            highest, best_price = bound, price.copy()
        if highest >= known or size < 1e-3:
            break
        if still >= 20:
            size, still = size * 0.8, 0
        drift = 0.8 * drift + slope
        length = (drift * drift).sum()
        if length <= 0.0:
            break
        price = np.maximum(price + size * (known - bound) / length * drift, 0.0)
    return highest, best_price
