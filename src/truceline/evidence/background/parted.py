"""The background in parts: the same rates and squares as on one machine, out of core.

What is large, the history, is mapped to days on which something was seen and counted by cell,
part by part. What is left, a row a cell, season and year, is small, and is fitted where the
program runs. Counts are whole numbers, so that no order of adding changes a digit.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import PART, Engine, Types, conform, read
from truceline.core.types.tables import PHENOMENON
from truceline.evidence.background.permanent_heat import Recurrence, burning, recurring
from truceline.evidence.background.rates import Background, counted, fit_counts, sightings

_SIGHTED: Types = {
    "source": pl.String(), "phenomenon": pl.String(), "witness": pl.String(),
    "cell": pl.String(), "day": pl.Int64(), "season": pl.Int64(), "year": pl.Int64(),
    PART: pl.Int64(),
}  # fmt: skip

_COUNTED: Types = {
    "source": pl.String(), "phenomenon": pl.String(), "cell": pl.String(),
    "season": pl.Int64(), "year": pl.Int64(), "n": pl.Float64(),
}  # fmt: skip

_BURNING: Types = {name: pl.Int64() for name in ("gx", "gy", "day", "month", "year", PART)}

_SQUARE: Types = {name: pl.Int64() for name in ("gx", "gy", "days")}


def fit_background_in_parts(
    engine: Engine, files: Sequence[Path], folder: Path, *, start: int, end: int, parts: int = 16
) -> Background:
    """Fit the background over an engine; the rates are those of `fit_background`.

    Parameters
    ----------
    engine : Engine
        Where to work.
    files : sequence of Path
        Parquet files of the history: schema `OBSERVATION`, or at least its columns `source`,
        `phenomenon`, `witness`, `lon`, `lat` and `t_start`.
    folder : Path
        Folder for what is between; must not exist.
    start, end : int
        The time that was watched, UTC microseconds.
    parts : int
        How the cells are parted. It does not change the result.
    """
    folder.mkdir(parents=True)
    sight = functools.partial(_sighted, start=start, end=end, parts=parts)
    seen = engine.map_batches(files, sight, _SIGHTED, folder / "sighted")
    told = read(engine.map_parts(seen, _counted, _COUNTED, folder / "counted"), _COUNTED)
    counts = told.with_columns(pl.col("phenomenon").cast(PHENOMENON)).collect()
    return fit_counts(counts, start=start, end=end)


def _sighted(history: pl.DataFrame, *, start: int, end: int, parts: int) -> pl.DataFrame:
    seen = sightings(history, start, end)
    part = pl.col("cell").str.to_integer(base=16) % parts
    return conform(seen.with_columns(part.alias(PART)), _SIGHTED)


def _counted(seen: pl.DataFrame) -> pl.DataFrame:
    # Batches may have seen the same day of a cell; here all of a cell has come together.
    return conform(counted(seen.drop(PART).unique()), _COUNTED)


def permanent_heat_in_parts(
    engine: Engine,
    files: Sequence[Path],
    folder: Path,
    rule: Recurrence | None = None,
    *,
    parts: int = 16,
) -> pl.DataFrame:
    """Find permanent heat over an engine; the squares are those of `permanent_heat`.

    Parameters
    ----------
    engine, files, folder, parts
        As for `fit_background_in_parts`; `lon`, `lat` and `t_start` are enough.
    rule : Recurrence, optional
        How often is permanent.
    """
    folder.mkdir(parents=True)
    burned = functools.partial(_burned, parts=parts)
    squares = engine.map_batches(files, burned, _BURNING, folder / "burning")
    kernel = functools.partial(_recurring, rule=rule or Recurrence())
    found = engine.map_parts(squares, kernel, _SQUARE, folder / "recurring")
    return read(found, _SQUARE).sort("gx", "gy").collect()


def _burned(history: pl.DataFrame, *, parts: int) -> pl.DataFrame:
    part = (pl.col("gx") + 7 * pl.col("gy")) % parts
    return conform(burning(history).with_columns(part.alias(PART)), _BURNING)


def _recurring(squares: pl.DataFrame, *, rule: Recurrence) -> pl.DataFrame:
    return recurring(squares, rule)
