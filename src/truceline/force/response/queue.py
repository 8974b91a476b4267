"""The recursion of the ladder's queue: cases that pass one desk after another."""

from __future__ import annotations

import numba as nb
import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import InputError


def completions(
    arrivals: FloatArray, work: FloatArray, hold: FloatArray, servers: tuple[int, ...]
) -> FloatArray:
    """Return when each case leaves each step, hours, cases x steps.

    Every case passes the steps in order. A step has so many equal servers (a team, or a
    team with its vehicles) and takes cases first come, first served. A server is busy for
    the work and then for the hold (the way back), during which the case has moved on.

    Draws belong to the *order of starting*: the k-th case to start a step takes row k of
    `work` and `hold`. Then more servers, on the same draws, never make the k-th completion
    of any step later: start k is the larger of the k-th readiness and the time at which the
    first server is free, and both only fall when servers are added. (A single case can
    still be overtaken by another; the sorted completions cannot.)

    Parameters
    ----------
    arrivals : array
        Hour of each breach, ascending.
    work, hold : array, cases x steps
        Hours of work, and hours until the server can start again.
    servers : tuple of int
        Servers of each step, at least 1.

    Notes
    -----
    The recursion of Kiefer and Wolfowitz (1955) for one station of several servers, station
    after station; the cost is cases x log(servers) and one sort a step.

    Examples
    --------
    Two cases at once, one server, two hours each:

    >>> import numpy as np
    >>> two = np.full((2, 1), 2.0)
    >>> completions(np.zeros(2), two, np.zeros((2, 1)), (1,)).ravel().tolist()
    [2.0, 4.0]
    """
    _check(arrivals, work, hold, servers)
    done = np.empty(work.shape)
    ready = np.asarray(arrivals, dtype=np.float64)
    for step, count in enumerate(servers):
        order = np.argsort(ready, kind="stable")
        left = _station(ready[order], work[:, step], hold[:, step], count)
        done[order, step] = left
        ready = done[:, step]
    return done


def _check(
    arrivals: FloatArray, work: FloatArray, hold: FloatArray, servers: tuple[int, ...]
) -> None:
    if work.shape != (arrivals.size, len(servers)) or hold.shape != work.shape:
        raise InputError(
            "the draws of the queue must have a row for each case and a column for each step."
        )
    if any(count < 1 for count in servers):
        raise InputError(
            "a step of the queue has no server.", hint="Leave out the step, or give it people."
        )
    if np.any(np.diff(arrivals) < 0):
        raise InputError("the breaches are not in the order of time.")


@nb.njit(cache=True)
def _station(ready: FloatArray, work: FloatArray, hold: FloatArray, servers: int) -> FloatArray:
    """Return when each case leaves one station, cases in the order of readiness."""
    free = np.zeros(servers)  # a heap: the server that is free first is at its root
    left = np.empty(ready.size)
    for case in range(ready.size):
        start = max(ready[case], free[0])
        left[case] = start + work[case]
        _replace_root(free, left[case] + hold[case])
    return left


@nb.njit(cache=True)
def _replace_root(heap: FloatArray, value: float) -> None:
    """Put a value in the place of the smallest one of a heap."""
    size = heap.size
    here = 0
    while True:
        child = 2 * here + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[here] = heap[child]
        here = child
    heap[here] = value
