"""p-centre: bases from which nobody waits longer than the least time that can be kept."""

from __future__ import annotations

import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import TermsError
from truceline.force.siting.cheapest import cheapest_cover
from truceline.force.siting.coverage import IntArray, coverage_of
from truceline.force.siting.covers import quick_cover
from truceline.force.siting.dominance import reduced
from truceline.force.siting.medians import BasesPlan, checked_travel

#: Exchanges of the search for bases within a time, and how many programs may stay undecided.
STEPS, PATIENCE = 8_000, 4

#: Once a question stays open, times are halved to this share of the answer and no further.
FINE = 0.0005


def centre_bases(travel: FloatArray, bases: int, *, seconds: float = 2.0) -> BasesPlan:
    """Choose bases so that the longest travel time to any point is shortest.

    A time can be kept when so many bases cover all points within it: set covering. The least
    time that can be kept is an entry of the matrix, found by halving: first the least at which
    a search finds bases, then the most that prices disprove, and between the two by integer
    programs.

    Parameters
    ----------
    travel : float array, sites x points
        Hours from each site to each point; infinite where there is no way or no leave.
    bases : int
        How many bases there are.
    seconds : float
        Time for each integer program. What four of them leave open stays in the bound.
    """
    checked_travel(travel, bases)
    least = travel.min(axis=0).max()
    question = _Question(travel, bases, np.unique(travel[np.isfinite(travel) & (travel >= least)]))
    low = question.search()
    low = question.disprove(low, 0.0)
    low = question.disprove(low, seconds)
    return _centre_plan(travel, question.best, bases, float(question.times[low]))


class _Question:
    """Which of some times can be kept, and the best bases met so far.

    Attributes
    ----------
    times : float array
        The times, ascending.
    high : int
        The least of them that is known to be kept.
    best : int array
        Bases that keep it.
    """

    def __init__(self, travel: FloatArray, bases: int, times: FloatArray) -> None:
        self.travel, self.bases, self.times = travel, bases, times
        self.high = len(times) - 1
        if self.kept(self.high, 30.0, STEPS) is not True:
            raise TermsError(
                f"no {bases} bases were found that reach every point.",
                hint="Give more bases, or lift a caveat.",
            )

    def kept(self, at: int, seconds: float, steps: int) -> bool | None:
        """Say whether a time can be kept, or None when that stays open."""
        near = self.travel <= self.times[at]
        seen = coverage_of(near)
        need, cost = np.ones(seen.n_points, dtype=np.int64), np.ones(seen.n_rows)
        chosen = quick_cover(seen, need, cost)
        if len(chosen) > self.bases:
            rows, points, core = reduced(seen, need, cost)
            found = cheapest_cover(
                core, need[points], cost[rows], seconds, steps=steps, enough=float(self.bases)
            )
            if len(found.rows) > self.bases:
                return False if found.bound > self.bases else None
            chosen = rows[found.rows]
        self.high, self.best = at, chosen
        return True

    def search(self) -> int:
        """Halve the times by search alone; return the first that is not disproved on the way."""
        low = proven = 0
        while low < self.high:
            middle = (low + self.high) // 2
            kept = self.kept(middle, 0.0, STEPS)
            if not kept:
                low = middle + 1
            if kept is False:
                proven = low
        return proven

    def disprove(self, low: int, seconds: float) -> int:
        """Halve the times from `low` to the least kept, and return the first not disproved.

        What stays open is taken as out of reach of a proof, and the halving goes on below it.
        """
        ceiling, patience = self.high, PATIENCE
        while low < ceiling and patience > 0:
            middle = (low + ceiling) // 2
            kept = self.kept(middle, seconds, STEPS if seconds > 0.0 else 0)
            if kept is False:
                low = middle + 1
            else:
                ceiling = middle
            if kept is None and seconds > 0.0:
                patience -= 1
            width = self.times[ceiling] - self.times[low]
            if ceiling < self.high and width <= FINE * self.times[self.high]:
                break
        return low


def _centre_plan(travel: FloatArray, chosen: IntArray, bases: int, bound: float) -> BasesPlan:
    spare = np.setdiff1d(np.arange(travel.shape[0]), chosen)[: bases - len(chosen)]
    all_bases = np.sort(np.concatenate([chosen, spare])).astype(np.int64)
    base_of = all_bases[np.argmin(travel[all_bases], axis=0)]
    longest = float(travel[base_of, np.arange(travel.shape[1])].max(initial=0.0))
    return BasesPlan(all_bases, base_of, longest, min(bound, longest))
