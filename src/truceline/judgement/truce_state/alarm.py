r"""A sequential alarm for a change for the worse, with a stated false-alarm rate.

One-sided CUSUM (Page 1954; Lucas 1985 for counts):

.. math:: S_t = \max(0,\; S_{t-1} + y_t - k), \qquad \text{alarm when } S_t \ge h

where the reference `k` is the count at which the level feared, :math:`\mu_1`, becomes
likelier than the level accepted, :math:`\mu_0`. With a negative binomial of shape `a`,

.. math::

    k = a \log\frac{a + \mu_1}{a + \mu_0} \Big/
        \log\frac{\mu_1 (a + \mu_0)}{\mu_0 (a + \mu_1)}

which for large `a` is Poisson's :math:`(\mu_1 - \mu_0) / \log(\mu_1 / \mu_0)`. The mean time
between false alarms follows from the Markov chain of `S` (Brook & Evans 1972); `h` is the
smallest with at least the time that was stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.linalg import solve_toeplitz

from truceline.core.types.errors import TermsError
from truceline.core.types.probability import FloatArray

#: Steps of the chain to one standard deviation of the count.
_FINENESS = 20
_MOST_STATES = 1500


@dataclass(frozen=True)
class Cusum:
    """A calibrated alarm.

    Attributes
    ----------
    accepted, feared : float
        Mean count a period that is accepted, and that it is built to catch.
    shape : float
        Shape of the negative binomial; infinite is Poisson.
    reference, threshold : float
        `k` and `h`.
    periods_between_false_alarms : float
        What the Markov chain gives at the accepted level, in periods.
    """

    accepted: float
    feared: float
    shape: float
    reference: float
    threshold: float
    periods_between_false_alarms: float

    def path(self, counts: npt.ArrayLike, exposure: npt.ArrayLike | None = None) -> FloatArray:
        """Return the statistic after each period; it is not reset after an alarm.

        A period with exposure `e` has the reference `e k`; one not watched changes nothing.
        """
        y = np.asarray(counts, dtype=np.float64)
        e = np.ones_like(y) if exposure is None else np.asarray(exposure, dtype=np.float64)
        steps = np.where(e > 0, y - e * self.reference, 0.0)
        # Page's recursion is the distance of the walk from its running minimum.
        walk = np.concatenate([[0.0], np.cumsum(steps)])
        return np.asarray((walk - np.minimum.accumulate(walk))[1:])

    def alarms(
        self, counts: npt.ArrayLike, exposure: npt.ArrayLike | None = None
    ) -> npt.NDArray[np.bool_]:
        """Return whether the alarm stands after each period."""
        return np.asarray(self.path(counts, exposure) >= self.threshold - 1e-9)


def calibrated_cusum(
    accepted: float, feared: float, *, false_alarm_periods: float, shape: float = float("inf")
) -> Cusum:
    """Return the CUSUM with at least so many periods between false alarms on average.

    Examples
    --------
    >>> alarm = calibrated_cusum(2.0, 4.0, false_alarm_periods=365)
    >>> 365 <= alarm.periods_between_false_alarms < 400
    True
    """
    if not 0 < accepted < feared:
        raise TermsError(
            f"an alarm needs a feared rate ({feared:g}) above an accepted one ({accepted:g})."
        )
    deviation = np.sqrt(accepted + accepted**2 / shape)
    step = _step(float(deviation))
    reference = max(step, step * round(_reference(accepted, feared, shape) / step))
    low, high = 0, 1
    while (
        _run_length(high, step, reference, accepted, shape) < false_alarm_periods
        and high < _MOST_STATES
    ):
        low, high = high, min(2 * high, _MOST_STATES)
    while high - low > 1:
        middle = (low + high) // 2
        if _run_length(middle, step, reference, accepted, shape) < false_alarm_periods:
            low = middle
        else:
            high = middle
    between = _run_length(high, step, reference, accepted, shape)
    return Cusum(accepted, feared, shape, reference, high * step, between)


def run_length(alarm: Cusum, mean: float) -> float:
    """Return the mean number of periods to an alarm when the true mean is another one.

    Examples
    --------
    >>> alarm = calibrated_cusum(2.0, 4.0, false_alarm_periods=365)
    >>> run_length(alarm, 4.0) < 10
    True
    """
    step = _step(float(np.sqrt(alarm.accepted + alarm.accepted**2 / alarm.shape)))
    states = round(alarm.threshold / step)
    return _run_length(states, step, alarm.reference, mean, alarm.shape)


def _step(deviation: float) -> float:
    """Return the width of a state: a simple part of one count, or several counts."""
    wanted = deviation / _FINENESS
    return 1.0 / np.ceil(1.0 / wanted) if wanted < 1.0 else float(np.floor(wanted))


def _reference(accepted: float, feared: float, shape: float) -> float:
    if np.isinf(shape):
        return float((feared - accepted) / np.log(feared / accepted))
    top = shape * np.log((shape + feared) / (shape + accepted))
    return float(top / np.log(feared * (shape + accepted) / (accepted * (shape + feared))))


def _run_length(states: int, step: float, reference: float, mean: float, shape: float) -> float:
    """Return the mean time to alarm from zero: solve (I - Q) t = 1 for the chain.

    A move hangs on how far it goes alone, but for the moves to zero, which gather all that would
    go below it. So I - Q is a Toeplitz matrix but for its first column: Levinson's recursion
    solves it in the square of the states, and Sherman and Morrison's formula adds the column.
    """
    jumps = np.arange(-states, states) + (0.5 if step > 1.0 else 0.0)
    counts = np.floor(jumps * step + reference + 1e-9)
    below = (
        stats.poisson.cdf(counts, mean)
        if np.isinf(shape)
        else stats.nbinom.cdf(counts, shape, shape / (shape + mean))
    )
    exactly = np.diff(below)
    # From state i to 0: so many states down and no further, or further.
    down = exactly[states - 1 :: -1]
    further = below[states - 1 :: -1]
    column, row = -down, -exactly[states - 1 :]
    column[0] = row[0] = 1.0 - down[0]
    plain, added = solve_toeplitz((column, row), np.stack([np.ones(states), further], axis=1)).T
    left = 1.0 - float(added[0])
    # So long that double precision cannot tell it from never.
    return float("inf") if left <= 0.0 else float(plain[0]) / left
