r"""The ratio of the rate in a truce to the rate before it.

Two Poisson counts with Gamma priors give rates whose ratio is a scaled beta prime:

.. math:: P(R < r) = I_x(s + y_1,\; s + y_0), \qquad x = \frac{r E_1}{r E_1 + E_0}

with :math:`I` the regularised incomplete beta function (the F distribution in other
words). What varies between windows beyond counting, and what a source's own effort
may have varied, enters as one more factor (`rates.factors`), over which the closed form is
averaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from truceline.core.types.probability import FloatArray, Interval
from truceline.judgement.truce_state.dispersion import Spread
from truceline.judgement.truce_state.rates import PRIOR_SHAPE, factors, mixed_quantiles

_EXACT = Spread(0.0)


@dataclass(frozen=True)
class Ratio:
    """Two counts under their exposures, and the spread between them.

    Attributes
    ----------
    count, exposure : float
        In the window judged; exposure in days of full effort.
    count_before, exposure_before : float
        Before.
    spread : Spread
        What may differ between the two beyond counting noise.
    """

    count: float
    exposure: float
    count_before: float
    exposure_before: float
    spread: Spread = _EXACT

    def below(self, limit: npt.ArrayLike) -> FloatArray:
        """Return the probability that the ratio is below a limit.

        Examples
        --------
        >>> round(float(Ratio(10, 1, 10, 1).below(1.0)), 6)
        0.5
        """
        return ratio_below(
            limit,
            self.count,
            self.exposure,
            self.count_before,
            self.exposure_before,
            self.spread,
        )

    def interval(self, level: float = 0.9) -> Interval:
        """Return the median and the central interval.

        Examples
        --------
        >>> round(Ratio(10, 1, 10, 2).interval().value, 6)
        2.0
        """
        tail = (1.0 - level) / 2.0
        levels = np.array([tail, 0.5, 1.0 - tail])
        during, before = PRIOR_SHAPE + self.count, PRIOR_SHAPE + self.count_before
        # The share and what is left of it, each from its own side: one minus the other loses
        # all digits where the share is near one.
        share = special.betaincinv(during, before, levels)
        left = special.betaincinv(before, during, 1.0 - levels)
        exact = share / left * (self.exposure_before / self.exposure)

        def below(limit: FloatArray) -> FloatArray:
            return _below(limit, self.count, self.exposure, self.count_before, self.exposure_before)

        low, value, high = mixed_quantiles(below, exact, levels, factors(self.spread))
        return Interval(float(value), float(low), float(high), level)


def ratio_below(
    limit: npt.ArrayLike,
    count: float,
    exposure: float,
    count_before: float,
    exposure_before: float,
    spread: Spread = _EXACT,
) -> FloatArray:
    """Return the probability that the ratio of two rates is below a limit.

    Examples
    --------
    >>> round(float(ratio_below(0.1, 0, 1, 94, 1)), 5)
    0.99998
    """
    bound = np.asarray(limit, dtype=np.float64)[..., None] / factors(spread)
    cdf = _below(bound, count, exposure, count_before, exposure_before)
    return np.asarray(cdf.mean(axis=-1), dtype=np.float64)


def _below(
    limit: FloatArray, count: float, exposure: float, count_before: float, exposure_before: float
) -> FloatArray:
    """Return the probability that the ratio is below a limit, by counting noise alone."""
    scaled = limit * exposure
    x = scaled / (scaled + exposure_before)
    cdf = special.betainc(PRIOR_SHAPE + count, PRIOR_SHAPE + count_before, x)
    return np.asarray(cdf, dtype=np.float64)
