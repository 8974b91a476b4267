"""p-median: bases from which the way to an incident is short on average, with a bound."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import InputError, TermsError
from truceline.force.siting.coverage import IntArray


@dataclass(frozen=True)
class BasesPlan:
    """Bases chosen for response.

    Attributes
    ----------
    chosen : int array
        The bases, ascending.
    base_of : int array
        The base nearest to each point.
    objective : float
        What was made small: weighted mean of the travel times, or the longest of them.
    bound : float
        No choice of as many bases does better than this.
    """

    chosen: IntArray
    base_of: IntArray
    objective: float
    bound: float

    @property
    def gap(self) -> float:
        """Certified share by which the best of all could be better, 0 when this is the best."""
        return max(1.0 - self.bound / self.objective, 0.0) if self.objective > 0 else 0.0


def median_bases(
    travel: FloatArray, weight: FloatArray, bases: int, *, rounds: int = 500, target: float = 0.001
) -> BasesPlan:
    """Choose bases so that the weighted mean travel time to the nearest is shortest.

    Greedy start, then each base against each other site until no exchange helps; the bound
    is Lagrangian (each point assigned once, with a price for it).

    Parameters
    ----------
    travel : float array, sites x points
        Hours from each site to each point; infinite where there is no way or no leave.
    weight : float array
        Weight of each point.
    bases : int
        How many bases there are.
    """
    times, size = checked_travel(travel, bases), float(np.sum(weight))
    if np.any(weight < 0) or size <= 0 or len(weight) != travel.shape[1]:
        raise InputError("bases need a weight of 0 or more for each point, and some above 0.")
    cost = times * (np.asarray(weight, dtype=np.float64) / size)
    chosen = _exchange(cost, _greedy(cost, bases))
    objective = float(cost[chosen].min(axis=0).sum())
    bound, met = _median_bound(cost, bases, objective, rounds, target)
    other = _exchange(cost, met)
    if cost[other].min(axis=0).sum() < objective:
        chosen = other
    return bases_plan(travel, weight, np.sort(chosen), bound)


def bases_plan(travel: FloatArray, weight: FloatArray, chosen: IntArray, bound: float) -> BasesPlan:
    """Return the plan of some bases, judged by the weighted mean of the travel times."""
    base_of = chosen[np.argmin(travel[chosen], axis=0)]
    hours = travel[base_of, np.arange(travel.shape[1])]
    asked = np.asarray(weight) > 0
    if not np.all(np.isfinite(hours[asked])):
        raise TermsError(
            f"{len(chosen)} bases leave {int((~np.isfinite(hours[asked])).sum())} points that "
            "none of them can reach: the number of bases clashes with where they may go.",
            hint="Give more bases, or lift a caveat.",
        )
    mean = float(np.dot(hours[asked], weight[asked]) / weight.sum())
    return BasesPlan(chosen, base_of, mean, min(bound, mean))


def checked_travel(travel: FloatArray, bases: int) -> FloatArray:
    """Return travel times with a very long one where there is no way; say what clashes."""
    if not 1 <= bases <= travel.shape[0]:
        raise InputError(f"{bases} bases cannot be chosen from {travel.shape[0]} sites.")
    if np.isnan(travel).any() or (travel < 0).any():
        raise InputError("travel times must be 0 or more, infinite where there is no way.")
    finite = np.isfinite(travel)
    lost = np.flatnonzero(~finite.any(axis=0))
    if len(lost):
        raise TermsError(
            f"{len(lost)} of {travel.shape[1]} points cannot be reached from any site allowed.",
            hint="Lift a caveat there, add a site, or leave the points out.",
        )
    if finite.all():
        return np.asarray(travel, dtype=np.float64)
    never = 10.0 * float(travel[finite].max()) * travel.shape[1] + 1.0
    return np.where(finite, travel, never)


@nb.njit(cache=True)
def _greedy(cost: FloatArray, bases: int) -> IntArray:
    n, m = cost.shape
    near = np.full(m, np.inf)
    chosen = np.empty(bases, dtype=np.int64)
    for at in range(bases):
        best, least = -1, np.inf
        for site in range(n):
            total = 0.0
            for point in range(m):
                total += min(near[point], cost[site, point])
            if total < least and not (chosen[:at] == site).any():
                best, least = site, total
        chosen[at] = best
        near = np.minimum(near, cost[best])
    return chosen


@nb.njit(cache=True)
def _exchange(cost: FloatArray, start: IntArray) -> IntArray:
    """Exchange one base for one site as long as the best exchange helps (Whitaker 1983)."""
    n, m = cost.shape
    chosen = start.copy()
    while True:
        first, second, base = _nearest_two(cost, chosen)
        best, into, out = -1e-12 * max(first.sum(), 1e-300), -1, -1
        for site in range(n):
            lost = np.zeros(len(chosen))
            won = 0.0
            for point in range(m):
                if cost[site, point] < first[point]:
                    won += cost[site, point] - first[point]
                else:
                    lost[base[point]] += min(cost[site, point], second[point]) - first[point]
            for at in range(len(chosen)):
                if won + lost[at] < best and not (chosen == site).any():
                    best, into, out = won + lost[at], site, at
        if into < 0:
            return chosen
        chosen[out] = into


@nb.njit(cache=True)
def _nearest_two(cost: FloatArray, chosen: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    m = cost.shape[1]
    first, second = np.full(m, np.inf), np.full(m, np.inf)
    base = np.zeros(m, dtype=np.int64)
    for at in range(len(chosen)):
        for point in range(m):
            away = cost[chosen[at], point]
            if away < first[point]:
                second[point], first[point], base[point] = first[point], away, at
            elif away < second[point]:
                second[point] = away
    return first, second, base


@nb.njit(cache=True)
def _saved(cost: FloatArray, price: FloatArray) -> FloatArray:
    n, m = cost.shape
    total = np.zeros(n)
    for site in range(n):
        for point in range(m):
            total[site] += min(cost[site, point] - price[point], 0.0)
    return total


@nb.njit(cache=True)
def _median_bound(
    cost: FloatArray, bases: int, known: float, rounds: int, target: float
) -> tuple[float, IntArray]:
    """Raise the bound sum(u) + the p least of sum min(0, c - u) by subgradient steps."""
    n, m = cost.shape
    price = np.empty(m)
    for point in range(m):
        price[point] = np.sort(cost[:, point])[min(n - 1, n // bases)]
    best_price, highest, size, still = price.copy(), -np.inf, 1.0, 0
    met = np.arange(bases)
    for _ in range(rounds):
        total = _saved(cost, price)
        chosen = np.argsort(total, kind="mergesort")[:bases]
        bound = price.sum() + total[chosen].sum()
        still += 1
        if bound > highest:
            still = 0 if bound > highest + 1e-6 * abs(highest) else still
            highest, best_price, met = bound, price.copy(), chosen
        if highest >= known * (1.0 - target) or size < 1e-4:
            break
        if still >= 15:
            size, still, price = size * 0.6, 0, best_price.copy()
            continue
        slope = np.ones(m)
        for site in chosen:
            for point in range(m):
                if cost[site, point] < price[point]:
                    slope[point] -= 1.0
        length = (slope * slope).sum()
        if length <= 0.0:
            break
        price = price + size * (known - bound) / length * slope
    return highest, met
