"""What it is worth to look: the error a visit would be expected to spare."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from io import BytesIO

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema

VERIFICATION = Schema(
    "verification",
    (
        Column("kind", pl.String(), "What is said to have happened."),
        Column("sensitivity", pl.Float64(), "P(visit finds it | it was so), at once.", False, 0, 1),
        Column("specificity", pl.Float64(), "P(visit finds nothing | it was not).", False, 0, 1),
        Column("half_life_h", pl.Float64(), "Hours in which half the traces go.", low=1e-6),
        Column("source", pl.String(), "Where the numbers are from."),
    ),
)


@dataclass(frozen=True)
class Losses:
    """What a wrong answer costs.

    Attributes
    ----------
    false_alarm : float
        Saying there was a violation when there was none.
    missed : float
        Saying there was none when there was one.
    """

    false_alarm: float = 1.0
    missed: float = 1.0


def assumed_verification() -> pl.DataFrame:
    """Return the shipped table of what visits find; every number in it is an assumption."""
    data = resources.files(__package__).joinpath("verification.csv").read_bytes()
    return VERIFICATION.conform(pl.read_csv(BytesIO(data)))


def sensitivity_after(
    sensitivity: FloatArray, specificity: FloatArray, half_life_h: FloatArray, hours: FloatArray
) -> FloatArray:
    """Return the sensitivity that is left after so many hours.

    Decay is a mixture: with probability 2^(-hours / half life) the traces are there and the
    visit is as good as at once, else it finds only what it finds by mistake:
    (1 - specificity) + (sensitivity - (1 - specificity)) x 2^(-hours / half life).
    """
    mistake = 1 - specificity
    return np.asarray(mistake + (sensitivity - mistake) * np.exp2(-hours / half_life_h))


def value_of_visit(
    p: FloatArray, sensitivity: FloatArray, specificity: FloatArray, losses: Losses
) -> FloatArray:
    """Return the expected loss that a visit spares, before it is known what it finds.

    loss(p) = min((1 - p) x false_alarm, p x missed), the better of the two answers. A visit
    gives one of two outcomes; the value is loss(p) less the mean of the loss after each
    outcome, by Bayes' rule (Raiffa & Schlaifer 1961). It is 0 where no outcome would change
    the answer, and never below.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.array([1.0])
    >>> value_of_visit(np.array([0.5]), one, one, Losses()).tolist()
    [0.5]
    """
    if np.any((p < 0) | (p > 1)):
        raise InputError("a probability of a task is not between 0 and 1.")
    a, b = losses.false_alarm, losses.missed
    before = np.minimum((1 - p) * a, p * b)
    found = np.minimum((1 - p) * (1 - specificity) * a, p * sensitivity * b)
    nothing = np.minimum((1 - p) * specificity * a, p * (1 - sensitivity) * b)
    return np.asarray(np.maximum(0.0, before - found - nothing))
