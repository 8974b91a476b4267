"""The state of the truce at the end of a period, beside the state before it."""

from __future__ import annotations

import polars as pl

from truceline.publish.bulletins.tables import TRUCE


def current(states: pl.DataFrame, period: tuple[int, int]) -> pl.DataFrame:
    """Return the last state in the period of every indicator and sector.

    `state_before` is that of the latest row that had ended when this one began.
    """
    start, end = period
    keys = ["indicator", "sector"]
    order = [*keys, "t_start", "t_end"]
    rows = states.sort(order).with_columns(
        pl.col("state").cast(pl.String()),
    )
    inside = rows.filter((pl.col("t_start") < end) & (pl.col("t_end") > start))
    latest = inside.group_by(keys, maintain_order=True).last().select(states.columns)
    ended = (
        rows.join(latest.select(*keys, since=pl.col("t_start")), on=keys, how="inner")
        .filter(pl.col("t_end") <= pl.col("since"))
        .group_by(keys, maintain_order=True)
        .agg(pl.col("state").last().alias("state_before"))
    )
    return TRUCE.conform(latest.join(ended, on=keys, how="left").sort(keys))
