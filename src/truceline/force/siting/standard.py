"""Set covering: how few units keep a standard, each point seen once or twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import InputError, TermsError
from truceline.force.siting.cheapest import cheapest_cover
from truceline.force.siting.coverage import BoolArray, Coverage, IntArray, coverage_of
from truceline.force.siting.dominance import reduced


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
    seen = coverage_of(coverage.matrix()[:, asked])
    rows, points, core = reduced(seen, need[asked], price)
    found = cheapest_cover(core, need[asked][points], price[rows], seconds)
    chosen = rows[found.rows]
    return StandardPlan(
        np.sort(chosen), float(price[chosen].sum()), found.bound, unseen, (len(rows), len(points))
    )


def seen_enough(coverage: Coverage, chosen: IntArray, looks: int) -> BoolArray:
    """Return which points are seen by at least `looks` of the chosen rows."""
    return np.asarray(coverage.counts(chosen) >= looks)
