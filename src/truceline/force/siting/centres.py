"""p-centre: bases from which nobody waits longer than the least time that can be kept."""

from __future__ import annotations

import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import TermsError
from truceline.force.siting.coverage import BoolArray, IntArray, coverage_of
from truceline.force.siting.dominance import reduced
from truceline.force.siting.medians import BasesPlan, checked_travel
from truceline.force.siting.programs import cheapest_cover
from truceline.force.siting.standard import quick_cover


def centre_bases(travel: FloatArray, bases: int, *, seconds: float = 20.0) -> BasesPlan:
    """Choose bases so that the longest travel time to any point is shortest.

    A time can be kept when so many bases cover all points within it: set covering. The least
    time that can be kept is one of the entries of the matrix, found by halving.

    Parameters
    ----------
    travel : float array, sites x points
        Hours from each site to each point; infinite where there is no way or no leave.
    bases : int
        How many bases there are.
    seconds : float
        Time for each covering program. A question left open counts as not kept and not
        disproved, and the bound stays below it.
    """
    checked_travel(travel, bases)
    times = np.unique(travel[np.isfinite(travel)])
    low = int(np.searchsorted(times, travel.min(axis=0).max()))
    high, proven = len(times) - 1, low
    best = _within(travel <= times[high], bases, seconds)[0]
    while low < high:
        middle = (low + high) // 2
        chosen, disproved = _within(travel <= times[middle], bases, seconds)
        if chosen is not None:
            best, high = chosen, middle
            continue
        low = middle + 1
        if disproved:
            proven = max(proven, low)
    return _centre_plan(travel, best, bases, float(times[min(proven, high)]))


def _within(near: BoolArray, bases: int, seconds: float) -> tuple[IntArray | None, bool]:
    """Return bases that cover all points, or None and whether that is proven impossible."""
    if not near.any(axis=0).all():
        return None, True
    seen = coverage_of(near)
    need, cost = np.ones(seen.n_points, dtype=np.int64), np.ones(seen.n_rows)
    rows, points, core = reduced(seen, need, cost)
    quick = quick_cover(core, need[points], cost[rows])
    if len(quick) <= bases:
        return rows[quick], False
    exact = cheapest_cover(core, need[points], cost[rows], seconds)
    if exact.rows is not None and len(exact.rows) <= bases:
        return rows[exact.rows], False
    return None, exact.bound > bases


def _centre_plan(
    travel: FloatArray, chosen: IntArray | None, bases: int, bound: float
) -> BasesPlan:
    if chosen is None:
        raise TermsError(
            f"no {bases} bases were found that reach every point.",
            hint="Give more bases, more time, or lift a caveat.",
        )
    spare = np.setdiff1d(np.arange(travel.shape[0]), chosen)[: bases - len(chosen)]
    all_bases = np.sort(np.concatenate([chosen, spare])).astype(np.int64)
    base_of = all_bases[np.argmin(travel[all_bases], axis=0)]
    longest = float(travel[base_of, np.arange(travel.shape[1])].max(initial=0.0))
    return BasesPlan(all_bases, base_of, longest, min(bound, longest))
