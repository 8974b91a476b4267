"""Set covering: how few units keep a standard, each point seen once or twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import InputError, TermsError
from truceline.force.siting.coverage import BoolArray, Coverage, IntArray, coverage_of
from truceline.force.siting.dominance import reduced
from truceline.force.siting.programs import cheapest_cover


@dataclass(frozen=True)
class StandardPlan:
    """The fewest units found that keep a standard.

    Attributes
    ----------
    chosen : int array
        The rows chosen, ascending.
    cost : float
        What they cost together: their number where each costs 1.
    bound : float
        No choice that keeps the standard costs less.
    unseen : int array
        Points that no choice can see as often as the standard asks.
    left : tuple of int
        Rows and points that dominance left for the integer program.
    """

    chosen: IntArray
    cost: float
    bound: float
    unseen: IntArray
    left: tuple[int, int]

    @property
    def gap(self) -> float:
        """Certified share by which the cheapest of all could be cheaper; 0 when proven."""
        return 0.0 if self.cost <= 0 else max(1.0 - self.bound / self.cost, 0.0)


def keep_standard(
    coverage: Coverage,
    looks: int = 1,
    *,
    cost: FloatArray | None = None,
    seconds: float = 60.0,
    where_possible: bool = False,
) -> StandardPlan:
    """Return the cheapest rows so that each point is seen by at least `looks` of them.

    Parameters
    ----------
    coverage : Coverage
        What each row sees.
    looks : int
        How many must see each point.
    cost : float array or None
        Cost of each row; 1 each when left out.
    seconds : float
        Time for the integer program. When it runs out, the best found and the bound proven
        are given.
    where_possible : bool
        Ask of a point that too few can see only as many looks as there can be.

    Raises
    ------
    TermsError
        When points cannot be seen so often and `where_possible` is false.
    """
    if looks < 1:
        raise InputError("a standard asks for at least one look.")
    price = np.ones(coverage.n_rows) if cost is None else np.asarray(cost, dtype=np.float64)
    if np.any(price <= 0):
        raise InputError("the cost of a row must be above 0.")
    most = coverage.seen_by()
    unseen = np.flatnonzero(most < looks)
    if len(unseen) and not where_possible:
        raise TermsError(
            f"{len(unseen)} of {coverage.n_points} points cannot be seen by {looks}: the sites "
            "allowed and the ranges clash with the standard.",
            hint="Add sites, lengthen a range, lift a rule, or ask for it where it is possible.",
        )
    need = np.minimum(most, looks)
    asked = np.flatnonzero(need > 0)
    rows, points, core = reduced(_only(coverage, asked), need[asked], price)
    needed = need[asked][points]
    chosen, bound = _solve(core, needed, price[rows], seconds)
    chosen = rows[chosen]
    return StandardPlan(
        np.sort(chosen), float(price[chosen].sum()), bound, unseen, (len(rows), len(points))
    )


def _only(coverage: Coverage, points: IntArray) -> Coverage:
    return coverage_of(coverage.matrix()[:, points])


def _solve(
    core: Coverage, need: IntArray, cost: FloatArray, seconds: float
) -> tuple[IntArray, float]:
    if core.n_points == 0:
        return np.empty(0, dtype=np.int64), 0.0
    quick = quick_cover(core, need, cost)
    exact = cheapest_cover(core, need, cost, seconds)
    if exact.rows is None or cost[exact.rows].sum() >= cost[quick].sum():
        return quick, min(exact.bound, float(cost[quick].sum()))
    return exact.rows, min(exact.bound, float(cost[exact.rows].sum()))


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


def seen_enough(coverage: Coverage, chosen: IntArray, looks: int) -> BoolArray:
    """Return which points are seen by at least `looks` of the chosen rows."""
    return np.asarray(coverage.counts(chosen) >= looks)
