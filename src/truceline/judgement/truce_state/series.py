"""An indicator's counts and exposure over any stretch of time, from the tables.

Counts and effort are kept as running totals over time, so that any window costs two
look-ups however many rows there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.types.errors import SchemaError
from truceline.core.types.probability import FloatArray
from truceline.core.types.schema import Column, Schema
from truceline.core.types.time import DAY
from truceline.judgement.truce_state.indicator import WHOLE_LINE, Indicator
from truceline.judgement.truce_state.periods import LENGTH, IntArray, grid

#: Whole parts that full effort at one place is counted in.
_PARTS = 1 << 40

SERIES = Schema(
    "indicator_series",
    (
        Column("indicator", pl.String(), "What was counted."),
        Column("sector", pl.String(), "Sector, or the whole line."),
        Column("t_start", pl.Int64(), "Start of the period, UTC microseconds."),
        Column("t_end", pl.Int64(), "End of the period, UTC microseconds."),
        Column("count", pl.Float64(), "Counted; null where not watched.", nullable=True, low=0),
        Column("exposure", pl.Float64(), "Days of full effort.", low=0),
    ),
)


@dataclass(frozen=True)
class Running:
    """A total that grows over time, by jumps and along straight lines.

    Attributes
    ----------
    times, jumps : array
        Sorted times of the jumps, and the total after each; one longer, from 0.
    knots, slopes : array
        Corners of the part that grows evenly, and its value at them.
    """

    times: IntArray
    jumps: FloatArray
    knots: IntArray
    values: FloatArray

    def between(self, starts: npt.ArrayLike, ends: npt.ArrayLike) -> FloatArray:
        """Return how much was added from each start up to but not at each end."""
        return self._at(ends) - self._at(starts)

    def _at(self, when: npt.ArrayLike) -> FloatArray:
        t = np.asarray(when, dtype=np.int64)
        total = self.jumps[np.searchsorted(self.times, t, side="left")]
        if self.knots.size:
            total = total + np.interp(t, self.knots, self.values)
        return np.asarray(total, dtype=np.float64)


@dataclass(frozen=True)
class Timeline:
    """One indicator in one sector over time.

    Attributes
    ----------
    indicator : Indicator
        What is counted.
    sector : str
        Where.
    counted, rows, output : Running
        The indicator's count, its rows, and all rows of its sources.
    watched : Running or None
        Days of full effort; null where the source's effort is unknown.
    spread_until : int
        End of the last report that covered several periods; such reports are spread
        evenly, and what varied within them is not known.
    """

    indicator: Indicator
    sector: str
    counted: Running
    rows: Running
    output: Running
    watched: Running | None
    spread_until: int

    def exposure(self, starts: npt.ArrayLike, ends: npt.ArrayLike) -> FloatArray:
        """Return the days of full effort in each window."""
        length = (np.asarray(ends, np.int64) - np.asarray(starts, np.int64)) / DAY
        if self.watched is None:
            return np.asarray(length, dtype=np.float64)
        return np.asarray(np.minimum(self.watched.between(starts, ends) / DAY, length))


def timeline(
    observations: pl.DataFrame,
    effort: pl.DataFrame,
    indicator: Indicator,
    zone: str,
    sector: str = WHOLE_LINE,
) -> Timeline:
    """Return the running counts and effort of an indicator in a sector.

    Parameters
    ----------
    observations, effort : polars.DataFrame
        Schemas `OBSERVATION` and `EFFORT`; with a column `sector` where sectors are asked for.
    """
    output = _of(observations, indicator, sector)
    if indicator.areas:
        output = output.filter(pl.col("area").is_in(indicator.areas))
    kinds = []
    if indicator.phenomena:
        kinds.append(pl.col("phenomenon").cast(pl.String).is_in(indicator.phenomena))
    if indicator.weapon_classes:
        kinds.append(pl.col("weapon_class").cast(pl.String).is_in(indicator.weapon_classes))
    if indicator.near_line_m is not None:
        if "line_distance_m" not in output.columns:
            raise SchemaError(f"{indicator.name!r} needs the column 'line_distance_m'.")
        kinds.append(pl.col("line_distance_m") <= indicator.near_line_m)
    matching = output.filter(pl.all_horizontal(kinds)) if kinds else output
    rows = _weighed(matching, indicator, zone)
    ones = rows.with_columns(weight=pl.lit(1.0))
    of_all = _weighed(output, indicator, zone)
    long = rows.filter(pl.col("is_long"))
    return Timeline(
        indicator,
        sector,
        _running(rows),
        _running(ones),
        _running(of_all),
        None if indicator.effort == "unknown" else _effort(effort, indicator, sector),
        int(long["t_end"].max()) if len(long) else 0,  # type: ignore[arg-type]
    )


def count_series(line: Timeline, start: int, end: int, zone: str) -> pl.DataFrame:
    """Return an indicator's counts by whole period, of the schema `SERIES`.

    A period without effort is null; one with effort and without a row is a zero.
    """
    periods = grid(start, end, line.indicator.period, zone).touching(start, end, whole=True)
    starts = np.array([w.start for w in periods], dtype=np.int64)
    ends = np.array([w.end for w in periods], dtype=np.int64)
    exposure = line.exposure(starts, ends)
    counts = line.counted.between(starts, ends)
    table = pl.DataFrame(
        {
            "indicator": [line.indicator.name] * len(periods),
            "sector": [line.sector] * len(periods),
            "t_start": starts,
            "t_end": ends,
            "count": counts,
            "exposure": exposure,
        },
        schema=SERIES.dtypes(),
    )
    unseen = (pl.col("exposure") == 0) & (pl.col("count") == 0)
    return SERIES.conform(
        table.with_columns(count=pl.when(unseen).then(None).otherwise(pl.col("count")))
    )


def _of(table: pl.DataFrame, indicator: Indicator, sector: str) -> pl.DataFrame:
    mine = table.filter(pl.col("source").is_in(indicator.sources))
    return mine if sector == WHOLE_LINE else mine.filter(pl.col("sector") == sector)


def _weighed(rows: pl.DataFrame, indicator: Indicator, zone: str) -> pl.DataFrame:
    """Return the time, length and weight of each row that counts."""
    # An interval that ends at midnight belongs to the day it ends, not to the next one.
    when = pl.col("t_start")
    if indicator.placed == "end":
        when = pl.max_horizontal(pl.col("t_end") - 1, "t_start")
    is_long = (pl.col("t_end") - pl.col("t_start")) > 1.5 * LENGTH[indicator.period]
    placed = rows.with_columns(when=when, is_long=is_long)
    if indicator.measure == "witnesses":
        local = pl.from_epoch("when", time_unit="us").dt.replace_time_zone("UTC")
        day = local.dt.convert_time_zone(zone).dt.date()
        placed = (
            placed.with_columns(day=day)
            .sort("when", "obs_id")
            .unique(["source", "witness", "day"], keep="first", maintain_order=True)
        )
    weight = pl.lit(1.0)
    if indicator.measure == "count":
        # A row that says that something happened, and not how many, is at least one.
        weight = pl.coalesce(pl.col("count"), pl.lit(1.0))
    return placed.select("when", "t_start", "t_end", "is_long", weight=weight)


def _running(rows: pl.DataFrame) -> Running:
    short = rows.filter(~pl.col("is_long")).sort("when", "weight")
    jumps = np.concatenate([[0.0], np.cumsum(short["weight"].to_numpy())])
    long = rows.filter(pl.col("is_long"))
    density = long.select(
        "t_start", "t_end", rate=pl.col("weight") / (pl.col("t_end") - pl.col("t_start"))
    )
    knots, values = _integral(density)
    return Running(short["when"].to_numpy(), jumps, knots, values)


def _effort(effort: pl.DataFrame, indicator: Indicator, sector: str) -> Running:
    """Return the days of full effort, the mean over the places the source watches."""
    rows = _of(effort, indicator, sector).filter(pl.col("t_end") > pl.col("t_start"))
    if indicator.phenomena:
        rows = rows.filter(pl.col("phenomenon").cast(pl.String).is_in(indicator.phenomena))
    if indicator.areas:
        # A source that watches everywhere watches these areas too.
        rows = rows.filter(pl.col("area").is_in(indicator.areas) | pl.col("area").is_null())
    places = rows.select(
        "t_start",
        "t_end",
        place=pl.coalesce("cell", "area", pl.lit("")) + " " + pl.col("phenomenon").cast(pl.String),
        rate="p_detect",
    )
    none = np.zeros(0, dtype=np.int64)
    if places.is_empty():
        return Running(none, np.zeros(1), none, np.zeros(0))
    return Running(none, np.zeros(1), *_mean_over_places(places))


def _mean_over_places(rows: pl.DataFrame) -> tuple[IntArray, FloatArray]:
    """Return the corners of the integral over time of the mean over places of capped effort.

    Effort is counted in whole parts, so that where all of it ends nothing is left by rounding.
    """
    part = (pl.col("rate") * _PARTS).round().cast(pl.Int64)
    changes = pl.concat(
        [
            rows.select("place", t="t_start", change=part),
            rows.select("place", t="t_end", change=-part),
        ]
    )
    of_place = (
        changes.group_by("place", "t")
        .agg(pl.col("change").sum())
        .sort("place", "t")
        .with_columns(level=pl.col("change").cum_sum().over("place").clip(0, _PARTS))
        .with_columns(jump=pl.col("level") - pl.col("level").shift(1, fill_value=0).over("place"))
    )
    jumps = of_place.group_by("t").agg(pl.col("jump").sum()).sort("t")
    knots = jumps["t"].to_numpy()
    level = jumps["jump"].cum_sum().to_numpy() / (_PARTS * rows["place"].n_unique())
    return knots, _grown(knots, level)


def _integral(rows: pl.DataFrame) -> tuple[IntArray, FloatArray]:
    """Return the corners of the integral over time of overlapping rates."""
    if rows.is_empty():
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    change = (
        pl.concat(
            [
                rows.select(t="t_start", d="rate"),
                rows.select(t="t_end", d=-pl.col("rate")),
            ]
        )
        .sort("t", "d")
        .group_by("t", maintain_order=True)
        .agg(pl.col("d").sum())
    )
    knots = change["t"].to_numpy()
    level = np.maximum(np.cumsum(change["d"].to_numpy()), 0.0)
    return knots, _grown(knots, level)


def _grown(knots: IntArray, level: FloatArray) -> FloatArray:
    """Return the integral at each knot of a level that holds from one to the next."""
    return np.concatenate([[0.0], np.cumsum(level[:-1] * np.diff(knots))])
