r"""How much comparable windows differ when nothing has changed, beyond counting noise.

Violence and reports come in bursts: equal stretches of time before a truce do not give
equal counts. With :math:`y_k` counted under exposure :math:`E_k`, a window's count is
taken as Poisson with mean :math:`\lambda E_k G_k`, where :math:`G_k` has mean 1 and
variance :math:`v`; if :math:`G` is Gamma the count is negative binomial with shape
:math:`1/v`. The moments give

.. math::

    \hat v = \frac{\sum_k (y_k - \hat\lambda E_k)^2 - (1 - E_k / E)\,\hat\lambda E_k}
                  {\sum_k (\hat\lambda E_k)^2 \,(1 - 1/n)}

(Böhning 1994 has it for equal exposures), and never less than 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.core.types.probability import FloatArray


@dataclass(frozen=True)
class Spread:
    """How far a window may lie from the mean by chance, as a factor.

    Attributes
    ----------
    log_sd : float
        Standard deviation of the logarithm of the factor; 0.7 is a factor of two.
    dof : float
        Degrees of freedom of Student's t with which it is known; infinite where declared.
    windows : int
        Comparable windows it was estimated from.
    """

    log_sd: float
    dof: float = float("inf")
    windows: int = 0


def excess_variance(counts: npt.ArrayLike, exposure: npt.ArrayLike) -> float:
    """Return the variance of the windows beyond Poisson, relative to the mean squared.

    Examples
    --------
    >>> excess_variance([10, 10, 10], [1, 1, 1])
    0.0
    >>> round(excess_variance([0, 20], [1, 1]), 6)
    1.9
    """
    y = np.asarray(counts, dtype=np.float64)
    e = np.asarray(exposure, dtype=np.float64)
    total = float(e.sum())
    if y.size < 2 or total <= 0 or y.sum() <= 0:
        return 0.0
    mean = y.sum() / total * e
    surplus = float(((y - mean) ** 2 - (1.0 - e / total) * mean).sum())
    return max(0.0, surplus / (float((mean**2).sum()) * (1.0 - 1.0 / y.size)))


def placebo_spread(
    counts: npt.ArrayLike,
    exposure: npt.ArrayLike,
    *,
    default_log_sd: float,
    default_windows: float,
) -> Spread:
    r"""Return the spread of comparable windows, drawn to a default where they are few.

    The log variance :math:`\log(1 + \hat v)` of `n` windows counts `n` times, that of
    the default `default_windows` times. With no windows the default stands alone.

    Examples
    --------
    >>> placebo_spread([], [], default_log_sd=0.7, default_windows=2).log_sd
    0.7
    """
    y, e = _watched(counts, exposure)
    n = y.size if y.size >= 2 else 0
    own = float(np.log1p(excess_variance(y, e)))
    weight = n + default_windows
    log_sd = float(np.sqrt((n * own + default_windows * default_log_sd**2) / weight))
    dof = float("inf") if n == 0 else weight - 1.0
    return Spread(log_sd, dof, int(n))


def widened(spread: Spread, *log_sds: float) -> Spread:
    """Return the spread with further independent factors added in quadrature.

    Examples
    --------
    >>> widened(Spread(0.3), 0.4).log_sd
    0.5
    """
    log_sd = float(np.sqrt(spread.log_sd**2 + sum(sd**2 for sd in log_sds)))
    return Spread(log_sd, spread.dof, spread.windows)


def together(one: Spread, other: Spread) -> Spread:
    """Return two independent spreads as one, with Welch and Satterthwaite's degrees of freedom.

    Examples
    --------
    >>> together(Spread(0.3, 10.0), Spread(0.3, 10.0)).dof
    20.0
    """
    v, w = one.log_sd**2, other.log_sd**2
    doubt = v**2 / one.dof + w**2 / other.dof
    dof = (v + w) ** 2 / doubt if doubt > 0 else float("inf")
    return Spread(float(np.sqrt(v + w)), float(dof), one.windows)


def _watched(counts: npt.ArrayLike, exposure: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    y = np.asarray(counts, dtype=np.float64)
    e = np.asarray(exposure, dtype=np.float64)
    return y[e > 0], e[e > 0]
