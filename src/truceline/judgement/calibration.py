r"""Whether probabilities keep their word: of all things given 0.8, eight in ten are so.

Everything takes arrays of probabilities and of outcomes (0 or 1). The scores are proper:
they are best, on average, for the honest probability (Gneiting & Raftery 2007).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from truceline.core.types.errors import InputError
from truceline.core.types.probability import FloatArray

#: Probabilities are kept this far from 0 and 1 where a logarithm is taken.
_EDGE = 1e-12


@dataclass(frozen=True)
class BrierParts:
    """Murphy's (1973) parts of a Brier score: reliability - resolution + uncertainty.

    Attributes
    ----------
    reliability : float
        How far the bins' probabilities lie from what happened; 0 is best.
    resolution : float
        How far the bins lie from each other; more is better.
    uncertainty : float
        What a forecast of the base rate alone would score.
    within : float
        What is left because a bin holds unequal probabilities; 0 where they are equal.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within: float

    @property
    def score(self) -> float:
        """Return the Brier score they make up."""
        return self.reliability - self.resolution + self.uncertainty + self.within


@dataclass(frozen=True)
class Reliability:
    """A reliability curve: what was said and what happened, by bin.

    Attributes
    ----------
    count : array of int
        Cases in each bin that has any.
    said, happened : array of float
        Mean probability, and share that came true.
    low, high : array of float
        90 % interval of the true share (Jeffreys' beta).
    """

    count: npt.NDArray[np.int64]
    said: FloatArray
    happened: FloatArray
    low: FloatArray
    high: FloatArray


class Recalibration(Protocol):
    """A monotone map from a probability as given to one that keeps its word."""

    def apply(self, p: npt.ArrayLike) -> FloatArray:
        """Return the corrected probabilities."""
        ...


@dataclass(frozen=True)
class Isotonic:
    """A step-free monotone map through fitted points, level outside them.

    Attributes
    ----------
    said, happened : array of float
        Corners of the map.
    """

    said: FloatArray
    happened: FloatArray

    def apply(self, p: npt.ArrayLike) -> FloatArray:
        """Return the corrected probabilities."""
        return np.asarray(np.interp(np.asarray(p, dtype=np.float64), self.said, self.happened))


@dataclass(frozen=True)
class Logistic:
    """Platt's (1999) map, on log odds: expit(slope * logit(p) + shift).

    Attributes
    ----------
    slope, shift : float
        1 and 0 leave a probability as it is.
    """

    slope: float
    shift: float

    def apply(self, p: npt.ArrayLike) -> FloatArray:
        """Return the corrected probabilities; a map never makes one certain."""
        corrected = special.expit(self.slope * _logit(p) + self.shift)
        return np.asarray(np.clip(corrected, _EDGE, 1.0 - _EDGE))


def brier(p: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Return the mean squared error of probabilities, 0 to 1; less is better.

    Examples
    --------
    >>> brier([1.0, 0.0, 0.5], [1, 0, 1])
    0.08333333333333333
    """
    said, so = _checked(p, y)
    return float(np.mean((said - so) ** 2))


def brier_parts(p: npt.ArrayLike, y: npt.ArrayLike, *, bins: int = 10) -> BrierParts:
    """Return the parts of the Brier score over equal bins of probability.

    Examples
    --------
    >>> parts = brier_parts([0.2, 0.2, 0.8, 0.8], [0, 0, 1, 1])
    >>> round(parts.reliability, 4), round(parts.resolution, 4), parts.uncertainty
    (0.04, 0.25, 0.25)
    """
    said, so = _checked(p, y)
    curve = reliability(said, so, bins=bins)
    share = curve.count / curve.count.sum()
    base = float(so.mean())
    parts = BrierParts(
        float((share * (curve.said - curve.happened) ** 2).sum()),
        float((share * (curve.happened - base) ** 2).sum()),
        base * (1.0 - base),
        0.0,
    )
    # Stephenson, Coelho & Jolliffe (2008): what bins of unequal probabilities leave over.
    rest = brier(said, so) - parts.score
    return BrierParts(parts.reliability, parts.resolution, parts.uncertainty, rest)


def log_score(p: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Return the mean surprise in bits; less is better, 1 is a coin's.

    Examples
    --------
    >>> round(log_score([0.5, 0.25], [1, 0]), 6)
    0.707519
    """
    said, so = _checked(p, y)
    given = np.clip(np.where(so == 1, said, 1.0 - said), _EDGE, 1.0)
    return float(-np.log2(given).mean())


def reliability(
    p: npt.ArrayLike, y: npt.ArrayLike, *, bins: int = 10, level: float = 0.9
) -> Reliability:
    """Return what was said and what happened, over equal bins of probability."""
    said, so = _checked(p, y)
    index = np.minimum((said * bins).astype(np.int64), bins - 1)
    count = np.bincount(index, minlength=bins)
    used = count > 0
    n = count[used]
    hits = np.bincount(index, weights=so, minlength=bins)[used]
    mean = np.bincount(index, weights=said, minlength=bins)[used] / n
    tail = (1.0 - level) / 2.0
    low, high = (stats.beta.ppf(q, hits + 0.5, n - hits + 0.5) for q in (tail, 1.0 - tail))
    return Reliability(n, mean, hits / n, np.asarray(low), np.asarray(high))


def calibration_error(p: npt.ArrayLike, y: npt.ArrayLike, *, bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap of the bins, by their cases.

    It is biased upwards where bins hold few cases: see `calibration_error_by_chance`.

    Examples
    --------
    >>> round(calibration_error([0.2, 0.2, 0.8, 0.8], [0, 0, 1, 1]), 4)
    0.2
    """
    curve = reliability(p, y, bins=bins)
    gap = np.abs(curve.said - curve.happened)
    return float((curve.count * gap).sum() / curve.count.sum())


def calibration_error_by_chance(p: npt.ArrayLike, *, bins: int = 10) -> float:
    r"""Return the calibration error that honest probabilities show on so many cases.

    The outcomes of a bin scatter about what was said with variance :math:`\sum p (1 - p)`, and a
    normal's mean distance from its mean is :math:`\sqrt{2 / \pi}` of its deviation.

    Examples
    --------
    >>> round(calibration_error_by_chance([0.5] * 100), 4)
    0.0399
    """
    said, _ = _checked(p, np.zeros(np.shape(p)))
    index = np.minimum((said * bins).astype(np.int64), bins - 1)
    variance = np.bincount(index, weights=said * (1.0 - said), minlength=bins)
    return float(np.sqrt(2.0 / np.pi * variance).sum() / len(said))


def fit_isotonic(p: npt.ArrayLike, y: npt.ArrayLike) -> Isotonic:
    """Return the monotone map that fits outcomes best, by pooling adjacent violators.

    Examples
    --------
    >>> fit_isotonic([0.1, 0.2, 0.3, 0.9], [0, 1, 0, 1]).apply([0.2, 0.3]).tolist()
    [0.5, 0.5]
    """
    said, so = _checked(p, y)
    levels, inverse, count = np.unique(said, return_inverse=True, return_counts=True)
    share = np.bincount(inverse, weights=so) / count
    fitted = optimize.isotonic_regression(share, weights=count.astype(np.float64))
    return Isotonic(levels, np.asarray(fitted.x, dtype=np.float64))


def fit_logistic(p: npt.ArrayLike, y: npt.ArrayLike) -> Logistic:
    """Return Platt's map of largest likelihood, with his targets that keep it finite.

    The slope is never negative: a map must not turn the order of the cases round.
    """
    said, so = _checked(p, y)
    x = _logit(said)
    hits = so.sum()
    high, low = (hits + 1.0) / (hits + 2.0), 1.0 / (so.size - hits + 2.0)
    target = np.where(so == 1, high, low)

    def loss(theta: FloatArray) -> tuple[float, FloatArray]:
        z = theta[0] * x + theta[1]
        gap = special.expit(z) - target
        value = float((np.logaddexp(0.0, z) - target * z).mean())
        return value, np.array([(gap * x).mean(), gap.mean()])

    start = np.array([1.0, 0.0])
    bounds = [(0.0, None), (None, None)]
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return Logistic(float(found.x[0]), float(found.x[1]))


def _logit(p: npt.ArrayLike) -> FloatArray:
    return np.asarray(special.logit(np.clip(np.asarray(p, np.float64), _EDGE, 1.0 - _EDGE)))


def _checked(p: npt.ArrayLike, y: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    said, so = np.asarray(p, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if said.shape != so.shape or said.size == 0:
        raise InputError(
            f"{said.size} probabilities and {so.size} outcomes cannot be scored.",
            hint="Give one outcome for each probability, and at least one.",
        )
    if not (((said >= 0) & (said <= 1)).all() and np.isin(so, (0.0, 1.0)).all()):
        raise InputError("a probability is outside 0 to 1, or an outcome is neither 0 nor 1.")
    return said, so
