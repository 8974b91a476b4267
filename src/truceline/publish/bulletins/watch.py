"""What was not watched: hours, shares and reasons, overlaps counted once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from truceline.core.types.time import HOUR
from truceline.publish.bulletins.tables import BLIND


def clipped(unwatched: pl.DataFrame, period: tuple[int, int]) -> pl.DataFrame:
    """Return the gaps in watching cut to the period, in order."""
    start, end = period
    return (
        unwatched.with_columns(
            pl.col("t_start").clip(start, end),
            pl.col("t_end").clip(start, end),
            pl.col("phenomenon", "reason").cast(pl.String()),
        )
        .filter(pl.col("t_end") > pl.col("t_start"))
        .sort("sector", "phenomenon", "t_start", "t_end", "reason", nulls_last=True)
    )


def blind(gaps: pl.DataFrame, period: tuple[int, int]) -> pl.DataFrame:
    """Return, by sector and phenomenon, how much of the period was not watched and why."""
    length = period[1] - period[0]
    rows = []
    keys = ["sector", "phenomenon"]
    for (sector, phenomenon), part in gaps.group_by(keys, maintain_order=True):
        dark = covered(part.select("t_start", "t_end").rows())
        weighted = part.with_columns(span=pl.col("t_end") - pl.col("t_start"))
        by_reason = (
            weighted.group_by("reason")
            .agg(pl.col("span").sum())
            .sort(["span", "reason"], descending=[True, False])
        )
        p_detect = weighted.select(
            (pl.col("p_detect") * pl.col("span")).sum() / pl.col("span").sum()
        ).item()
        rows.append(
            {
                "sector": sector,
                "phenomenon": phenomenon,
                "hours": dark / HOUR,
                "share": min(1.0, dark / length),
                "p_detect": min(1.0, p_detect),
                "reasons": ", ".join(by_reason["reason"]),
            }
        )
    return BLIND.conform(pl.DataFrame(rows, schema=BLIND.dtypes()))


def covered(intervals: Sequence[tuple[int, int]]) -> int:
    """Return the length of the union of intervals.

    Examples
    --------
    >>> covered([(0, 4), (2, 6), (10, 11)])
    7
    """
    total, reached = 0, None
    for start, end in sorted(intervals):
        begin = start if reached is None else max(start, reached)
        total += max(0, end - begin)
        reached = end if reached is None else max(reached, end)
    return total
