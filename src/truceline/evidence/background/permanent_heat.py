"""Permanent heat: furnaces and flares, known by how often they come back."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from truceline.core.types.time import DAY

#: Side of the grid on which recurrence is counted, degrees.
GRID_DEG = 0.01


@dataclass(frozen=True)
class Recurrence:
    """How often a spot must burn to be called permanent.

    Attributes
    ----------
    days : int
        On at least so many days,
    months : int
        in at least so many months of the calendar (stubble burns in two or three),
    years : int
        in at least so many years.
    """

    days: int = 20
    months: int = 7
    years: int = 2


def permanent_heat(history: pl.DataFrame, rule: Recurrence | None = None) -> pl.DataFrame:
    """Return the grid squares where heat is permanent.

    Parameters
    ----------
    history : polars.DataFrame
        Thermal observations with `lon`, `lat`, `t_start`.
    rule : Recurrence, optional
        How often is permanent.

    Returns
    -------
    polars.DataFrame
        Columns `gx`, `gy` (square), `days`.
    """
    return recurring(burning(history), rule or Recurrence())


def burning(history: pl.DataFrame) -> pl.DataFrame:
    """Return which squares burned on which days: `gx`, `gy`, `day`, `month` and `year`."""
    moment = pl.from_epoch("t_start", time_unit="us")
    return (
        history.filter(pl.col("lon").is_not_null())
        .select(
            *_square(),
            day=pl.col("t_start") // DAY,
            month=moment.dt.month().cast(pl.Int64),
            year=moment.dt.year().cast(pl.Int64),
        )
        .unique()
    )


def recurring(squares: pl.DataFrame, rule: Recurrence) -> pl.DataFrame:
    """Return the squares that burned often enough, from `burning` ones."""
    return (
        squares.group_by("gx", "gy")
        .agg(
            days=pl.col("day").n_unique(),
            months=pl.col("month").n_unique(),
            years=pl.col("year").n_unique(),
        )
        .filter(
            (pl.col("days") >= rule.days)
            & (pl.col("months") >= rule.months)
            & (pl.col("years") >= rule.years)
        )
        .select("gx", "gy", pl.col("days").cast(pl.Int64))
        .sort("gx", "gy")
    )


def mark_permanent(observations: pl.DataFrame, squares: pl.DataFrame) -> pl.DataFrame:
    """Add `permanent`: whether the place lies in, or beside, a square of permanent heat.

    The pixel of a satellite is up to a square wide, so the eight squares around count too.
    """
    steps = pl.DataFrame({"dx": [-1, 0, 1]}).join(pl.DataFrame({"dy": [-1, 0, 1]}), how="cross")
    around = (
        squares.select("gx", "gy")
        .join(steps, how="cross")
        .select(gx=pl.col("gx") + pl.col("dx"), gy=pl.col("gy") + pl.col("dy"))
        .unique()
        .with_columns(permanent=pl.lit(value=True))
    )
    return (
        observations.with_columns(*_square())
        .join(around, on=["gx", "gy"], how="left", maintain_order="left")
        .with_columns(pl.col("permanent").fill_null(value=False))
        .drop("gx", "gy")
    )


def _square() -> list[pl.Expr]:
    return [
        (pl.col("lon") / GRID_DEG).floor().cast(pl.Int64).alias("gx"),
        (pl.col("lat") / GRID_DEG).floor().cast(pl.Int64).alias("gy"),
    ]
