r"""Where the level of a series of counts changed, found afterwards by likelihood.

With `y` counted under exposure `E` a stretch has the maximised Poisson log likelihood
:math:`y \log(y/E) - y` up to terms that cancel, so a single change after `t` has the log
likelihood ratio

.. math:: \Lambda_t = y_a \log\frac{y_a}{E_a} + y_b \log\frac{y_b}{E_b} - y \log\frac{y}{E}

for the part `a` before and `b` after. All `t` are scanned: the answer is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from truceline.core.types.probability import FloatArray


@dataclass(frozen=True)
class ChangePoint:
    """A change of level.

    Attributes
    ----------
    index : int
        First period of the new level.
    before, after : float
        Mean rate on either side, per unit of exposure, within the stretch searched.
    log_ratio : float
        Log likelihood ratio of one change against none.
    """

    index: int
    before: float
    after: float
    log_ratio: float


def change_scan(counts: npt.ArrayLike, exposure: npt.ArrayLike | None = None) -> FloatArray:
    """Return the log likelihood ratio of a change before each period but the first.

    Examples
    --------
    >>> change_scan([10, 10, 0, 0]).round(2).tolist()
    [2.88, 13.86, 5.75]
    """
    y, e = _columns(counts, exposure)
    left_y, left_e = np.cumsum(y)[:-1], np.cumsum(e)[:-1]
    total_y, total_e = y.sum(), e.sum()
    return np.asarray(
        _level(left_y, left_e)
        + _level(total_y - left_y, total_e - left_e)
        - _level(total_y, total_e)
    )


def change_point(
    counts: npt.ArrayLike, exposure: npt.ArrayLike | None = None
) -> ChangePoint | None:
    """Return the likeliest single change, or none where the series is shorter than two.

    Examples
    --------
    >>> change_point([10, 10, 0, 0]).index
    2
    """
    y, e = _columns(counts, exposure)
    if y.size < 2:
        return None
    scan = change_scan(y, e)
    at = int(np.argmax(scan)) + 1
    return ChangePoint(at, _mean(y[:at], e[:at]), _mean(y[at:], e[at:]), float(scan[at - 1]))


def change_points(
    counts: npt.ArrayLike,
    exposure: npt.ArrayLike | None = None,
    *,
    penalty: float | None = None,
    inflation: float = 1.0,
) -> tuple[ChangePoint, ...]:
    """Return changes by recursive splitting, in the order of time.

    A stretch is split at its likeliest change while that gains more than the penalty.

    Parameters
    ----------
    counts, exposure : array
        Counts, and the exposure of each period (1 by default); 0 is not watched.
    penalty : float or None
        Least log likelihood ratio of a change; 3 log n by default (Zhang & Siegmund
        2007 have 3/2 log n a parameter for a modified BIC).
    inflation : float
        Variance over mean of counts within a level; ratios are divided by it.
    """
    y, e = _columns(counts, exposure)
    least = 3.0 * float(np.log(max(y.size, 2))) if penalty is None else penalty
    found: list[ChangePoint] = []
    stretches = [(0, y.size)]
    while stretches:
        start, end = stretches.pop()
        change = change_point(y[start:end], e[start:end])
        if change is None or change.log_ratio / inflation <= least:
            continue
        at = start + change.index
        found.append(ChangePoint(at, change.before, change.after, change.log_ratio))
        stretches += [(start, at), (at, end)]
    return tuple(sorted(found, key=lambda c: c.index))


def _columns(
    counts: npt.ArrayLike, exposure: npt.ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    y = np.asarray(counts, dtype=np.float64)
    e = np.ones_like(y) if exposure is None else np.asarray(exposure, dtype=np.float64)
    return y, e


def _level(y: npt.ArrayLike, e: npt.ArrayLike) -> FloatArray:
    """Return y log(y/e), 0 where nothing was counted."""
    count = np.clip(np.asarray(y, dtype=np.float64), 0.0, None)
    days = np.asarray(e, dtype=np.float64)
    return np.asarray(special.xlogy(count, count / np.where(days > 0, days, 1.0)))


def _mean(y: FloatArray, e: FloatArray) -> float:
    return float(y.sum() / e.sum()) if e.sum() > 0 else float("nan")
