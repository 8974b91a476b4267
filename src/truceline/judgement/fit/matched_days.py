r"""How often a witness reports an act, measured on real acts and on days like them without one.

Every labelled act is matched with days at the same place on which nothing hostile is known of.
With :math:`h` the share of acts, and :math:`q` of quiet days, on which the witness reported
nearby, its reports are worth at most

.. math:: \log_2 (h / q) \text{ bits, and } p = 1 - (1 - h) / (1 - q)

is the probability that the act itself made a report (Abbott 1925: what is left of a response
when that of the controls is taken off).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from truceline.core.space.geodesy import FloatArray

_EARTH_M: Final = 6_371_008.8

#: Half of what an interval leaves out, on each side.
_TAIL: Final = 0.05


@dataclass(frozen=True)
class Chance:
    """A measured share, with its 90 % interval.

    Attributes
    ----------
    value, low, high : float
        The share and its bounds.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Matched:
    """What acts and matched days say of a witness.

    Attributes
    ----------
    acts, quiet : int
        Number of acts and of days without one.
    hit, chance_hit : Chance
        Share of acts, and of days without one, with a report nearby.
    made : Chance
        Probability that an act itself made a report.
    bits : Chance
        Log2 likelihood ratio of a report nearby.
    """

    acts: int
    quiet: int
    hit: Chance
    chance_hit: Chance
    made: Chance
    bits: Chance


def reported_near(
    cases: pl.DataFrame, reports: pl.DataFrame, radius_m: float, days: tuple[int, int]
) -> pl.Series:
    """Return for each case whether a report lies within a radius and some days of it.

    Parameters
    ----------
    cases, reports : polars.DataFrame
        Columns `lon`, `lat` (degrees) and `day` (whole days since any fixed one).
    radius_m : float
        Greatest distance, metres, on the sphere.
    days : tuple of int
        First and last day of a report after the case's; before it is negative.

    Examples
    --------
    >>> case = pl.DataFrame({"lon": [37.0], "lat": [48.0], "day": [10]})
    >>> fire = case.with_columns(day=pl.col("day") + 1)
    >>> reported_near(case, fire, 1_000.0, (0, 1))[0], reported_near(case, fire, 1e3, (0, 0))[0]
    (True, False)
    """
    if not len(cases) or not len(reports):
        return pl.Series("reported", [False] * len(cases), dtype=pl.Boolean)
    at, on = cases["day"].to_numpy(), reports["day"].to_numpy()
    near = cKDTree(_on_sphere(reports)).query_ball_point(_on_sphere(cases), radius_m)
    first, last = days
    found = []
    for rows, day in zip(near, at, strict=True):
        then = on[np.asarray(rows, dtype=np.int64)] - day
        found.append(bool(((then >= first) & (then <= last)).any()))
    return pl.Series("reported", found, dtype=pl.Boolean)


def _on_sphere(places: pl.DataFrame) -> FloatArray:
    lon = np.radians(places["lon"].to_numpy())
    lat = np.radians(places["lat"].to_numpy())
    return _EARTH_M * np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )


def shifted(cases: pl.DataFrame, days: int) -> pl.DataFrame:
    """Return the same places on another day."""
    return cases.with_columns(pl.col("day") + days)


def matched(
    hits: pl.DataFrame, rng: np.random.Generator, *, draws: int = 1_000, group: str = "group"
) -> Matched:
    """Compare acts with quiet days.

    The interval is a bootstrap over whole groups (such as places): acts of one town share
    their smoke and their reporters.

    Parameters
    ----------
    hits : polars.DataFrame
        A row a case: `is_act`, `reported`, and the group's column.
    rng : numpy.random.Generator
        Dice of the bootstrap.
    draws : int
        Draws of the bootstrap.
    group : str
        Name of the group's column.
    """
    counts = (
        hits.group_by(group)
        .agg(
            acts=pl.col("is_act").sum(),
            hit=(pl.col("is_act") & pl.col("reported")).sum(),
            quiet=(~pl.col("is_act")).sum(),
            chance=(~pl.col("is_act") & pl.col("reported")).sum(),
        )
        .sort(group)
        .drop(group)
        .to_numpy()
        .astype(np.float64)
    )
    n = len(counts)
    weights = rng.multinomial(n, np.full(n, 1.0 / n), size=draws)
    drawn, whole = _figures(weights @ counts), _figures(counts.sum(axis=0, keepdims=True))
    hit, chance, made, bits = (
        Chance(float(value[0]), *(float(x) for x in np.quantile(many, [_TAIL, 1.0 - _TAIL])))
        for value, many in zip(whole, drawn, strict=True)
    )
    total = counts.sum(axis=0)
    return Matched(int(total[0]), int(total[2]), hit, chance, made, bits)


def _figures(sums: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return h, q, p and bits; half a case is added so that none seen is not never."""
    acts, hit, quiet, chance = sums.T
    h, q = (hit + 0.5) / (acts + 1.0), (chance + 0.5) / (quiet + 1.0)
    return h, q, 1.0 - (1.0 - h) / (1.0 - q), np.asarray(np.log2(h / q))
