r"""The rate of an indicator: counted, corrected for effort, with an honest interval.

With `y` counted under exposure `E` (days of full effort) the posterior of the rate is
:math:`\Gamma(s + y,\; b + E)` for a Poisson count. What differs between windows beyond
counting is a Gamma factor on the window's mean, which makes the count negative binomial:
the rate is then the Poisson posterior over that factor (exact for a scale-free prior).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special
from scipy.optimize import brentq

from truceline.core.types.probability import FloatArray
from truceline.judgement.truce_state.dispersion import Spread

#: Jeffreys' prior of a Poisson rate: shape one half, no exposure.
PRIOR_SHAPE = 0.5

#: Nodes of the quadrature over the spread.
_NODES = 101
_NO_SPREAD, _WIDEST, _TINY = 1e-3, 2.5, 1e-300

#: How exact quantiles are, on a log scale.
_EXACT = 1e-10


@lru_cache(maxsize=4096)
def factors(spread: Spread) -> FloatArray:
    """Return equally likely factors from a window's count to its true level.

    They are those of a negative binomial: one over a Gamma factor of the same variance,
    with median 1. A window may by chance show far too little more easily than far too
    much, so that the factors reach further up than down. Where the spread is known from
    few windows they are stretched as Student's t stretches the normal.

    Examples
    --------
    >>> factors(Spread(0.0)).tolist()
    [1.0]
    >>> found = factors(Spread(0.7))
    >>> bool(found[-1] > 1 / found[0])
    True
    """
    if spread.log_sd < _NO_SPREAD:
        return np.ones(1)
    share = (np.arange(_NODES) + 0.5) / _NODES
    shape = 1.0 / np.expm1(min(spread.log_sd, _WIDEST) ** 2)
    gamma = np.maximum(special.gammainccinv(shape, share), _TINY)
    log_factor = np.log(special.gammaincinv(shape, 0.5)) - np.log(gamma)
    if np.isfinite(spread.dof):
        normal = special.ndtri(share)
        is_middle = np.abs(normal) < 1e-9
        stretch = special.stdtrit(spread.dof, share) / np.where(is_middle, 1.0, normal)
        log_factor = log_factor * np.where(is_middle, 1.0, stretch)
    return np.asarray(np.exp(np.clip(log_factor, -25.0, 25.0)), dtype=np.float64)


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
    wanted = np.asarray(levels, dtype=np.float64)
    exposed = prior_exposure + exposure

    def below(limit: FloatArray) -> FloatArray:
        return np.asarray(special.gammainc(shape + count, limit * exposed), dtype=np.float64)

    exact = np.asarray(special.gammaincinv(shape + count, wanted) / exposed, dtype=np.float64)
    return mixed_quantiles(below, exact, wanted, factors(spread))


def mixed_quantiles(
    below: Callable[[FloatArray], FloatArray],
    exact: FloatArray,
    levels: FloatArray,
    factor: FloatArray,
) -> FloatArray:
    """Return quantiles of a positive number times one of equally likely factors.

    Those of the number alone, moved by the least and by the greatest factor, lie on either
    side; between them Brent's method finds the place.

    Parameters
    ----------
    below : callable
        Distribution function of the number.
    exact, levels : array of float
        Quantiles of the number alone, and their levels.
    factor : array of float
        The factors.
    """
    if factor.size == 1:
        return np.asarray(exact * factor[0], dtype=np.float64)
    # A little wider, since rounding may put a root on the edge.
    least, most = np.log(exact * factor.min() * 0.999), np.log(exact * factor.max() * 1.001)

    def over(place: float, level: float) -> float:
        return float(below(np.exp(place) / factor).mean()) - level

    asked = zip(least.flat, most.flat, levels.flat, strict=True)
    places = [brentq(over, low, high, args=(level,), xtol=_EXACT) for low, high, level in asked]
    return np.asarray(np.exp(np.reshape(places, levels.shape)), dtype=np.float64)
