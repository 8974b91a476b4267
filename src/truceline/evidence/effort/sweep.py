"""A sweep over the rows of effort of one place after the other, in the order of time."""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@nb.njit(cache=True)
def sweep(
    place: IntArray,
    source: IntArray,
    reason: IntArray,
    p: FloatArray,
    start: IntArray,
    end: IntArray,
    period_start: IntArray,
    period_end: IntArray,
    n_places: int,
    n_reasons: int,
) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    """Add up what could be seen of every place in every period.

    Parameters
    ----------
    place, source, reason : array of int
        Numbers of each row's place, source and reason; rows sorted by place, then by start.
    p : array of float
        Probability of detection of each row.
    start, end : array of int
        Of each row, within the periods; no row is empty.
    period_start, period_end : array of int
        Periods in order; they do not overlap.
    n_places, n_reasons : int
        How many there are.

    Returns
    -------
    sure, seen, sources, main : arrays of places by periods
        Probability times length added up; length with any row; sources that could see
        anything; the reason that took up most of the time, -1 where there is no row.
    """
    n_sources = source.max() + 1 if source.shape[0] else 0
    shape = (n_places, period_start.shape[0])
    sure, seen = np.zeros(shape), np.zeros(shape, np.int64)
    sources, main = np.zeros(shape, np.int64), np.full(shape, -1)
    length_of = np.empty((shape[1], n_reasons), np.int64)
    sees = np.empty((shape[1], n_sources), np.bool_)
    low = 0
    while low < place.shape[0]:
        here, high = place[low], low
        while high < place.shape[0] and place[high] == here:
            high += 1
        length_of[:], sees[:] = 0, False
        _through_time(
            source[low:high], reason[low:high], p[low:high], start[low:high], end[low:high],
            period_start, period_end, sure[here], seen[here], length_of, sees,
        )  # fmt: skip
        for k in np.flatnonzero(seen[here]):
            sources[here, k] = sees[k].sum()
            # Of two that lasted as long, the later one in their order.
            main[here, k] = n_reasons - 1 - np.argmax(length_of[k][::-1])
        low = high
    return sure, seen, sources, main


@nb.njit(cache=True)
def _through_time(
    source: IntArray,
    reason: IntArray,
    p: FloatArray,
    start: IntArray,
    end: IntArray,
    period_start: IntArray,
    period_end: IntArray,
    sure: FloatArray,
    seen: IntArray,
    length_of: IntArray,
    sees: BoolArray,
) -> None:
    """Go from one time at which anything changes in a place to the next, and add up."""
    active, n_active = np.empty(start.shape[0], np.int64), 0
    best, why = np.empty(sees.shape[1]), np.empty(sees.shape[1], np.int64)
    row, period, now = 0, 0, start[0]
    while row < start.shape[0] or n_active > 0:
        while row < start.shape[0] and start[row] <= now:
            active[n_active] = row
            n_active, row = n_active + 1, row + 1
        until, kept = start[row] if row < start.shape[0] else period_end[-1], 0
        for i in active[:n_active]:
            if end[i] > now:
                active[kept], kept = i, kept + 1
                until = min(until, end[i])
        n_active = kept
        while period < period_end.shape[0] - 1 and period_end[period] <= now:
            period += 1
        if period_start[period] > now:
            until = min(until, period_start[period])
        elif n_active > 0:
            until = min(until, period_end[period])
            chance, cause = _moment(active[:n_active], source, reason, p, best, why, sees[period])
            sure[period] += chance * (until - now)
            seen[period] += until - now
            length_of[period, cause] += until - now
        now = until


@nb.njit(cache=True)
def _moment(
    active: IntArray,
    source: IntArray,
    reason: IntArray,
    p: FloatArray,
    best: FloatArray,
    why: IntArray,
    sees: BoolArray,
) -> tuple[float, int]:
    """Return the probability that a source sees it now, and the reason of the best of them.

    A source sees with its best row, since it is not independent of itself.
    """
    best[:] = -1.0
    for i in active:
        s = source[i]
        if p[i] > best[s] or (p[i] == best[s] and reason[i] > why[s]):
            best[s], why[s] = p[i], reason[i]
    miss, most, cause = 1.0, -1.0, -1
    for s in range(best.shape[0]):
        if best[s] < 0.0:
            continue
        miss *= 1.0 - best[s]
        if best[s] > 0.0:
            sees[s] = True
        if best[s] >= most:
            most, cause = best[s], why[s]
    return 1.0 - miss, cause
