"""The state of the truce at the end of a period, beside the state before it."""

from __future__ import annotations

import polars as pl

from truceline.publish.bulletins.tables import TRUCE


def current(states: pl.DataFrame, period: tuple[int, int]) -> pl.DataFrame:
    """Return the state of the period of every indicator and sector.

    It is the row that covers most of the period; of several that cover as much, the shortest
    and then the latest, so that a day's bulletin tells of the day and a month's of the month.
    `state_before` is that of the latest row that had ended when this one began.
    """
    start, end = period
    keys = ["indicator", "sector"]
    rows = states.sort(*keys, "t_start", "t_end").with_columns(pl.col("state").cast(pl.String()))
    inside = rows.filter((pl.col("t_start") < end) & (pl.col("t_end") > start))
    covered = pl.min_horizontal("t_end", pl.lit(end)) - pl.max_horizontal("t_start", pl.lit(start))
    length = pl.col("t_end") - pl.col("t_start")
    fitting = inside.sort(*keys, covered, -length, "t_start")
    latest = fitting.group_by(keys, maintain_order=True).last().select(states.columns)
    ended = (
        rows.join(latest.select(*keys, since=pl.col("t_start")), on=keys, how="inner")
        .filter(pl.col("t_end") <= pl.col("since"))
        .group_by(keys, maintain_order=True)
        .agg(pl.col("state").last().alias("state_before"))
    )
    return TRUCE.conform(latest.join(ended, on=keys, how="left").sort(keys))
