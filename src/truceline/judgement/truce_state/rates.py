r"""The rate of an indicator: counted, corrected for effort, with an honest interval.

With `y` counted under exposure `E` (days of full effort) the posterior of the rate is
:math:`\Gamma(s + y,\; b + E)` for a Poisson count; a factor :math:`e^{\tau T}` with
Student's `T` carries what differs between windows beyond counting.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from truceline.core.types.probability import FloatArray
from truceline.judgement.truce_state.dispersion import Spread

#: Jeffreys' prior of a Poisson rate: shape one half, no exposure.
PRIOR_SHAPE = 0.5

#: Nodes of the quadrature over the spread, and steps of the bisection for a quantile.
_NODES = 101
_STEPS = 44
_LOWEST, _HIGHEST = np.log(1e-12), np.log(1e12)


def factors(spread: Spread) -> FloatArray:
    """Return equally likely factors of a spread: the midpoints of its quantiles.

    Examples
    --------
    >>> factors(Spread(0.0)).tolist()
    [1.0]
    """
    if spread.log_sd == 0.0:
        return np.ones(1)
    share = (np.arange(_NODES) + 0.5) / _NODES
    t = stats.norm.ppf(share) if np.isinf(spread.dof) else stats.t.ppf(share, spread.dof)
    return np.asarray(np.exp(np.clip(spread.log_sd * t, -25.0, 25.0)), dtype=np.float64)


def rate_below(
    limit: npt.ArrayLike,
    count: float,
    exposure: float,
    spread: Spread = Spread(0.0),  # noqa: B008 - frozen
    *,
    shape: float = PRIOR_SHAPE,
    prior_exposure: float = 0.0,
) -> FloatArray:
    """Return the probability that the rate is below a limit, per day.

    Examples
    --------
    >>> round(float(rate_below(1.0, 0, 3)), 4)  # chi-squared, one degree, below 6
    0.9857
    """
    bound = np.asarray(limit, dtype=np.float64)[..., None] / factors(spread)
    cdf = special.gammainc(shape + count, bound * (prior_exposure + exposure))
    return np.asarray(cdf.mean(axis=-1), dtype=np.float64)


def rate_quantiles(
    levels: npt.ArrayLike,
    count: float,
    exposure: float,
    spread: Spread = Spread(0.0),  # noqa: B008 - frozen
    *,
    shape: float = PRIOR_SHAPE,
    prior_exposure: float = 0.0,
) -> FloatArray:
    """Return quantiles of the rate, per day.

    Examples
    --------
    >>> rate_quantiles([0.05, 0.95], 10, 2).round(2).tolist()
    [2.9, 8.17]
    """

    def below(limit: FloatArray) -> FloatArray:
        return rate_below(
            limit, count, exposure, spread, shape=shape, prior_exposure=prior_exposure
        )

    return quantiles_of(below, levels)


def quantiles_of(below: Callable[[FloatArray], FloatArray], levels: npt.ArrayLike) -> FloatArray:
    """Return where an increasing distribution function of a positive number passes levels."""
    wanted = np.asarray(levels, dtype=np.float64)
    low = np.full(wanted.shape, _LOWEST)
    high = np.full(wanted.shape, _HIGHEST)
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        is_under = below(np.exp(middle)) < wanted
        low = np.where(is_under, middle, low)
        high = np.where(is_under, high, middle)
    return np.asarray(np.exp((low + high) / 2.0), dtype=np.float64)
