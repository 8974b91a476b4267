"""The bound: what no choice of sites can beat, so that a gap is certified and not hoped for."""

from __future__ import annotations

import numba as nb
import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.force.siting.coverage import BoolArray, IntArray
from truceline.force.siting.swaps import Sparse


@nb.njit(cache=True)
def prices_of_rows(sparse: Sparse, price: FloatArray) -> FloatArray:
    """Return the prices of all points that each row sees, added up."""
    start, points = sparse[0], sparse[1]
    total = np.zeros(len(start) - 1)
    for row in range(len(total)):
        for at in range(start[row], start[row + 1]):
            total[row] += price[points[at]]
    return total


@nb.njit(cache=True)
def _dearest(total: FloatArray, group: IntArray, budget: IntArray) -> tuple[BoolArray, float]:
    """Choose in each group the rows of the highest total, and add those up."""
    left = budget.copy()
    chosen = np.zeros(len(total), dtype=np.bool_)
    worth = 0.0
    for row in np.argsort(-total, kind="mergesort"):
        if total[row] > 0.0 and left[group[row]] > 0:
            left[group[row]] -= 1
            chosen[row] = True
            worth += total[row]
    return chosen, worth


@nb.njit(cache=True)
def _looks(sparse: Sparse, chosen: BoolArray, n_points: int) -> IntArray:
    start, points = sparse[0], sparse[1]
    counts = np.zeros(n_points, dtype=np.int64)
    for row in range(len(chosen)):
        if chosen[row]:
            for at in range(start[row], start[row + 1]):
                counts[points[at]] += 1
    return counts


@nb.njit(cache=True)
def _step(
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    group: IntArray,
    budget: IntArray,
    price: FloatArray,
) -> tuple[float, float, BoolArray, FloatArray]:
    """Return at these prices the bound, the worth of the rows it picks, them, and the slope."""
    chosen, bound = _dearest(prices_of_rows(sparse, price), group, budget)
    counts = _looks(sparse, chosen, len(weight))
    slope = np.empty(len(weight))
    worth = 0.0
    for point in range(len(weight)):
        first, more = weight[point] * (1.0 - second), weight[point] * second
        wanted = 0
        if first > price[point]:
            wanted, bound = 1, bound + first - price[point]
        if more > price[point]:
            wanted, bound = 2, bound + more - price[point]
        slope[point] = counts[point] - wanted
        worth += first * (counts[point] >= 1) + more * (counts[point] >= 2)
    return bound, worth, chosen, slope


@nb.njit(cache=True)
def lagrangian_bound(
    sparse: Sparse,
    weight: FloatArray,
    second: float,
    group: IntArray,
    budget: IntArray,
    price: FloatArray,
    known: float,
    rounds: int,
    target: float,
) -> tuple[float, float, BoolArray, FloatArray]:
    r"""Lower the bound by subgradient steps on the price of a look at each point.

    .. math:: L(u) = \sum_j \max_{y \le 2} \bigl(f_j(y) - u_j y\bigr)
              + \sum_g \text{top}_{B_g} \Bigl(\sum_j a_{rj} u_j\Bigr)^+

    Parameters
    ----------
    known : float
        Worth of a choice already found; steps aim at it (Polyak 1969) and keep most of the
        direction of those before, without which they swing from side to side.
    rounds : int
        Steps to take at most.
    target : float
        Stop when the bound is within this share of what is known.

    Returns
    -------
    The lowest bound, the worth of the best rows met on the way, those rows, the best prices.
    """
    price = price.copy()
    best_price = price.copy()
    lowest, best, size, still = np.inf, -1.0, 1.0, 0
    best_rows = np.zeros(len(group), dtype=np.bool_)
    drift = np.zeros(len(price))
    for _ in range(rounds):
        bound, worth, chosen, slope = _step(sparse, weight, second, group, budget, price)
        if worth > best:
            best, best_rows = worth, chosen
        still += 1
        if bound < lowest - 1e-6 * abs(lowest) or lowest == np.inf:
            still = 0
        if bound < lowest:
            lowest, best_price = bound, price.copy()
        aim = max(known, best)
        if still >= 20:
            size, still = size * 0.8, 0
        if lowest <= aim * (1.0 + target) or size < 1e-4:
            break
        drift = 0.85 * drift + slope
        length = (drift * drift).sum()
        if length <= 0.0:
            break
        pace = size * (bound - aim) / length
        price = np.maximum(price - pace * drift, 0.0)
    return lowest, best, best_rows, best_price
