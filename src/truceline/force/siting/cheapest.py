"""The cheapest cover: searched for, bounded, and what is left between the two asked of HiGHS."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from truceline.core.space.geodesy import FloatArray
from truceline.force.siting.cover_bound import cover_bound, whole_bound
from truceline.force.siting.coverage import Coverage, IntArray, coverage_of
from truceline.force.siting.covers import cheaper_cover, quick_cover
from truceline.force.siting.dominance import reduced

#: Exchanges of the search: about a second for 2,000 rows.
STEPS = 40_000


@dataclass(frozen=True)
class Cheapest:
    """A cover, and how cheap any cover could be.

    Attributes
    ----------
    rows : int array
        Rows chosen.
    bound : float
        Cost below which no cover lies; infinite when there is none at all.
    """

    rows: IntArray
    bound: float


def cheapest_cover(
    coverage: Coverage,
    need: IntArray,
    cost: FloatArray,
    seconds: float,
    *,
    steps: int = STEPS,
    enough: float = 0.0,
) -> Cheapest:
    """Return rows of least cost so that each point is seen as often as it needs.

    A search finds a cover and prices prove a bound. A row whose reduced cost lifts the bound
    to the cost found is in no cheaper cover and is left out; HiGHS is asked about the rest.

    Parameters
    ----------
    coverage : Coverage
        What is left by dominance; every point can be seen as often as it needs.
    need : int array
        Looks that each point needs.
    cost : float array
        Cost of each row, above 0.
    seconds : float
        Time for the integer program; 0 asks none.
    steps : int
        Exchanges of the search.
    enough : float
        The question is whether so much is enough: stop at a cover of this cost, or when it is
        proven that none costs so little.
    """
    if coverage.n_points == 0:
        return Cheapest(np.empty(0, dtype=np.int64), 0.0)
    rows = quick_cover(coverage, need, cost)
    rows = cheaper_cover(coverage, need, cost, rows, steps=steps, enough=enough)
    paid = float(cost[rows].sum())
    if paid <= enough:
        return Cheapest(rows, 0.0)
    aim = min(paid, enough + 1.0) if enough > 0.0 else paid
    prices = cover_bound(coverage, need, cost, aim)
    bound = min(whole_bound(prices.cost, cost), paid)
    if bound >= paid - 1e-9 or bound > enough > 0.0 or seconds <= 0.0:
        return Cheapest(rows, bound)
    kept = np.flatnonzero(~prices.useless(paid - _grain(cost)))
    other = _program(coverage, need, cost, kept, seconds)
    # Without the rows left out there is no cover cheaper than the one found.
    bound = min(max(bound, other.bound), paid)
    cheaper = len(other.rows) > 0 and cost[other.rows].sum() < paid
    return Cheapest(other.rows if cheaper else rows, bound)


def _grain(cost: FloatArray) -> float:
    """Return by how much a cheaper cover is cheaper at least."""
    return 1.0 if np.all(cost == np.round(cost)) else 0.0


def _program(
    coverage: Coverage, need: IntArray, cost: FloatArray, kept: IntArray, seconds: float
) -> Cheapest:
    """Return the best cover by the rows kept: minimise c x, A x >= need, x binary."""
    nothing = np.empty(0, dtype=np.int64)
    seen = coverage_of(coverage.matrix()[kept])
    if np.any(seen.seen_by() < need):
        return Cheapest(nothing, math.inf)
    rows, points, core = reduced(seen, need, cost[kept])
    left = kept[rows]
    found = milp(
        cost[left],
        constraints=LinearConstraint(core.matrix().T.tocsr(), lb=need[points].astype(np.float64)),
        integrality=np.ones(core.n_rows, dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds},
    )
    if found.status == 2:
        return Cheapest(nothing, math.inf)
    proven = found.mip_dual_bound
    bound = 0.0 if proven is None or not math.isfinite(proven) else float(proven)
    chosen = nothing if found.x is None else left[found.x > 0.5]
    return Cheapest(chosen, whole_bound(bound, cost))
