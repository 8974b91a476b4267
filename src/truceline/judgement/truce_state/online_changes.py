r"""Bayesian online change points of counts, as the periods come in.

Adams & MacKay (2007, arXiv:0710.3742): the *run length* is how many periods ago the level
last changed. With hazard `h` a period, and the predictive probability
:math:`\pi_t^{(r)}` of the new count given the last `r` periods,

.. math::

    P(r_t = r + 1, y_{1:t}) &= P(r_{t-1} = r, y_{1:t-1})\, \pi_t^{(r)} (1 - h) \\
    P(r_t = 0, y_{1:t}) &= \textstyle\sum_r P(r_{t-1} = r, y_{1:t-1})\, \pi_t^{(0)} h

where a change before period `t` means that period `t` already belongs to the new level.
For Poisson counts with a Gamma prior the predictive is negative binomial. Counts that are
over-dispersed within a level are divided by `inflation` (variance over mean), as
quasi-likelihood does: an approximation, stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from truceline.core.types.probability import FloatArray

#: Run lengths less probable than this are dropped, so that time stays linear in practice.
_NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class RunLengths:
    """What is known after each period of when the level last changed.

    Attributes
    ----------
    probability : array of float
        Row `t`, column `r`: probability that the current level began `r` periods before
        `t`; rows sum to 1.
    likeliest_start : array of int
        Likeliest first period of the current level, after each period.
    """

    probability: FloatArray
    likeliest_start: npt.NDArray[np.int64]

    def changed_within(self, periods: int) -> FloatArray:
        """Return the probability of a change in the last so many periods.

        The beginning of the series is not a change.
        """
        n = len(self.probability)
        inside = np.tril(np.ones((n, n)), -1) * (np.arange(n) < periods)[None, :]
        return np.asarray((self.probability * inside).sum(axis=1))


def run_lengths(
    counts: npt.ArrayLike,
    exposure: npt.ArrayLike | None = None,
    *,
    hazard: float = 1.0 / 100.0,
    shape: float = 0.5,
    rate: float | None = None,
    inflation: float = 1.0,
) -> RunLengths:
    """Return the run-length distribution after each period.

    Parameters
    ----------
    counts : array
        Counts by period.
    exposure : array or None
        Exposure of each period; 0 means not watched: the count is then ignored.
    hazard : float
        Probability of a change in a period.
    shape, rate : float
        Gamma prior of a level; by default as broad as one half event, with the
        mean of the first watched period.
    inflation : float
        Variance over mean of counts within a level, at least 1.

    Examples
    --------
    >>> run_lengths([9, 11, 10, 9, 0, 0, 0, 1]).likeliest_start[-1]
    np.int64(4)
    """
    y = np.asarray(counts, dtype=np.float64) / inflation
    e = np.ones_like(y) if exposure is None else np.asarray(exposure, dtype=np.float64)
    y = np.where(e > 0, y, 0.0)
    prior = shape / max(_first_rate(y, e), 1e-6) if rate is None else rate
    table = np.zeros((y.size, y.size))
    starts = np.zeros(y.size, dtype=np.int64)
    belief, a, b = np.ones(1), np.array([shape]), np.array([prior])
    for t in range(y.size):
        log_new = _log_predictive(y[t], e[t], shape, prior)
        log_old = _log_predictive(y[t], e[t], a, b)
        if t == 0:
            belief = np.ones(1)
        else:
            top = max(float(log_old.max()), float(log_new))
            grown = belief * np.exp(log_old - top) * (1.0 - hazard)
            fresh = belief.sum() * np.exp(log_new - top) * hazard
            belief = np.concatenate([[fresh], grown])
            belief /= belief.sum()
            a, b = np.concatenate([[shape], a]), np.concatenate([[prior], b])
        a, b = a + y[t], b + e[t]
        table[t, : belief.size] = belief
        starts[t] = t - int(np.argmax(belief))
        kept = int(np.flatnonzero(belief > _NEGLIGIBLE)[-1]) + 1
        belief, a, b = belief[:kept], a[:kept], b[:kept]
    return RunLengths(table, starts)


def _first_rate(y: FloatArray, e: FloatArray) -> float:
    watched = np.flatnonzero(e > 0)
    return float(y[watched[0]] / e[watched[0]]) if watched.size else 1.0


def _log_predictive(y: float, e: float, a: npt.ArrayLike, b: npt.ArrayLike) -> FloatArray:
    """Return the log negative binomial probability, without the factorial they all share."""
    shape, rate = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    grown = special.gammaln(shape + y) - special.gammaln(shape)
    return np.asarray(grown + shape * np.log(rate / (rate + e)) + special.xlogy(y, e / (rate + e)))
