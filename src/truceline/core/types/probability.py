"""Probability: log odds in bits, Gamma-Poisson rates, their ratios and intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

FloatArray = npt.NDArray[np.float64]


def bits_of(p: npt.ArrayLike) -> FloatArray:
    """Return log2 odds of a probability.

    Examples
    --------
    >>> float(bits_of(0.5)), float(bits_of(0.8))
    (0.0, 2.0)
    """
    probability = np.asarray(p, dtype=np.float64)
    return np.asarray(special.logit(probability) / np.log(2.0), dtype=np.float64)


def probability_of(bits: npt.ArrayLike) -> FloatArray:
    """Return the probability of log2 odds.

    Examples
    --------
    >>> float(probability_of(2.0))
    0.8
    """
    return np.asarray(special.expit(np.asarray(bits, dtype=np.float64) * np.log(2.0)))


@dataclass(frozen=True)
class Interval:
    """An estimate with a central credible interval.

    Attributes
    ----------
    value, low, high : float
        Median, and the ends of the interval.
    level : float
        The probability between them.
    """

    value: float
    low: float
    high: float
    level: float = 0.9


def gamma_poisson(
    count: float, exposure: float, *, shape: float = 0.5, rate: float = 0.0, level: float = 0.9
) -> Interval:
    r"""Return a Poisson rate from a count under exposure, with a Gamma prior.

    The posterior is :math:`\Gamma(shape + count, rate + exposure)`. The default is
    Jeffreys' prior (shape 0.5, rate 0).

    Examples
    --------
    >>> interval = gamma_poisson(0, 10)
    >>> interval.low < interval.value < interval.high < 0.2
    True
    """
    posterior = stats.gamma(shape + count, scale=1.0 / (rate + exposure))
    tail = (1.0 - level) / 2.0
    low, value, high = posterior.ppf([tail, 0.5, 1.0 - tail])
    return Interval(float(value), float(low), float(high), level)
