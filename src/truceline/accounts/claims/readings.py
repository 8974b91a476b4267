"""Every reasonable reading of a claim as a row, and what the rows say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Decider:
    """The reading that decides an answer.

    Attributes
    ----------
    dimension : str
        The choice that moves the answer most.
    shares : mapping
        For each way to choose, the share of readings that hold.
    """

    dimension: str
    shares: Mapping[str, float]

    @property
    def spread(self) -> float:
        """How far the share moves between the choices, 0 to 1."""
        return max(self.shares.values()) - min(self.shares.values())


@dataclass(frozen=True)
class Judgement:
    """What all readings of one claim say together.

    Attributes
    ----------
    readings : polars.DataFrame
        One row a reading: its choices, `value` (what the data give), `bar` (what the words
        ask for), `margin` (value over bar) and `holds`.
    dimensions : tuple of str
        The columns that are choices.
    total, held : int
        How many readings there are, and in how many the claim holds.
    margin_low, margin_median, margin_high : float or None
        Margin over the readings; above 1 the data exceed what the words ask for.
    deciders : tuple of Decider
        The choices that move the answer, strongest first.
    """

    readings: pl.DataFrame
    dimensions: tuple[str, ...]
    total: int
    held: int
    margin_low: float | None
    margin_median: float | None
    margin_high: float | None
    deciders: tuple[Decider, ...] = field(default=())

    @property
    def share(self) -> float | None:
        """The share of readings in which the claim holds; `None` with no reading."""
        return self.held / self.total if self.total else None

    @property
    def word(self) -> str:
        """The answer in words: true, true in most readings, depends, false, cannot be checked."""
        if not self.total:
            return "cannot be checked"
        if self.held in (0, self.total):
            return "true in every reading" if self.held else "false in every reading"
        share = self.held / self.total
        if share >= 0.8:
            return "true in most readings"
        return "false in most readings" if share <= 0.2 else "depends on the reading"


def judge(readings: pl.DataFrame, dimensions: Sequence[str]) -> Judgement:
    """Weigh every reading alike and find which choice decides.

    A choice decides as far as the share of readings that hold moves between its ways, all
    else averaged. Choices with one way, and choices that move nothing, decide nothing.
    Readings that cannot be told (`holds` is null) are kept in the table and not counted.
    """
    known = readings.filter(pl.col("holds").is_not_null())
    margins = known["margin"].drop_nulls()
    quantiles = [margins.quantile(q) for q in (0.0, 0.5, 1.0)] if len(margins) else [None] * 3
    return Judgement(
        readings=readings,
        dimensions=tuple(dimensions),
        total=known.height,
        held=int(known["holds"].sum()),
        margin_low=quantiles[0],
        margin_median=quantiles[1],
        margin_high=quantiles[2],
        deciders=_deciders(known, dimensions),
    )


def _deciders(readings: pl.DataFrame, dimensions: Sequence[str]) -> tuple[Decider, ...]:
    if not readings.height:
        return ()
    made = []
    for dimension in dimensions:
        shares = readings.group_by(dimension, maintain_order=True).agg(pl.col("holds").mean())
        by_way = {str(way): float(share) for way, share in shares.iter_rows()}
        decider = Decider(dimension, by_way)
        if decider.spread > 1e-9:
            made.append(decider)
    return tuple(sorted(made, key=lambda d: (-d.spread, d.dimension)))


def against(
    values: pl.DataFrame, bars: Mapping[str, float], comparator: str, dimension: str
) -> pl.DataFrame:
    """Set every value against every bar: one row for each pair.

    Parameters
    ----------
    values : polars.DataFrame
        Choices and a column `value`.
    bars : mapping
        Readings of what the words ask for, by name.
    comparator : str
        `more` (value above bar; 1.0 exactly is not more), `less`, `at_least`, `at_most`.
    dimension : str
        What the choice of the bar is called.
    """
    table = pl.DataFrame(
        {dimension: list(bars), "bar": [float(b) for b in bars.values()]},
        schema={dimension: pl.String(), "bar": pl.Float64()},
    )
    value, bar = pl.col("value"), pl.col("bar")
    holds = {
        "more": pl.when(bar == 1.0).then(value > bar).otherwise(value >= bar),
        "less": pl.when(bar == 1.0).then(value < bar).otherwise(value <= bar),
        "at_least": value >= bar,
        "at_most": value <= bar,
    }[comparator]
    margin = value / bar if comparator in ("more", "at_least") else bar / value
    return values.join(table, how="cross").with_columns(
        holds.alias("holds"), pl.when(bar > 0).then(margin).alias("margin")
    )


def near(
    values: pl.DataFrame, target: float, tolerances: Sequence[float], dimension: str = "tolerance"
) -> pl.DataFrame:
    """Set every value against a stated number, within each relative tolerance."""
    names = [f"within {t:.0%}" for t in tolerances]
    table = pl.DataFrame({dimension: names, "_t": [float(t) for t in tolerances]})
    return (
        values.join(table, how="cross")
        .with_columns(
            pl.lit(target).alias("bar"),
            (pl.col("value") / target).alias("margin"),
            ((pl.col("value") - target).abs() <= abs(target) * pl.col("_t")).alias("holds"),
        )
        .drop("_t")
    )
