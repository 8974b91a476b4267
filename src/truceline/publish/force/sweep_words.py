"""Tables of a sweep as rows of words: shares, hours, steps and clocks, for any page."""

from __future__ import annotations

from typing import Any

import polars as pl

#: What a step of each kind is called.
STEP_WORDS = {"people": "600 people", "cameras": "100 cameras", "arrays": "100 arrays"}


def percent_between(row: dict[str, Any], name: str) -> str:
    """Return a share with its interval, where it has one."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if low is None or high is None:
        return f"{row[name]:.0%}"
    return f"{row[name]:.0%} ({max(low, 0):.0%} to {min(high, 1):.0%})"


def points_between(value: float | None, low: float | None, high: float | None) -> str:
    """Return a change in points of a hundred, with its interval.

    Examples
    --------
    >>> points_between(0.012, 0.001, 0.023), points_between(0.0004, None, None)
    ('+1.2 (+0.1 to +2.3)', '+0.04')
    """
    if value is None:
        return "not known"
    digits = 1 if max(abs(value), abs(low or 0), abs(high or 0)) >= 0.005 else 2
    said = f"{100 * value:+.{digits}f}"
    if low is None or high is None:
        return said
    return f"{said} ({100 * low:+.{digits}f} to {100 * high:+.{digits}f})"


def steps_drawn(gains: pl.DataFrame, more: list[str]) -> pl.DataFrame:
    """Return the steps of some kinds as changes to draw, in the order of size.

    Columns `what`, `tried`, `verified_change`, `verified_change_low` and `_high`.
    """
    mine = gains.filter(pl.col("more").cast(pl.String).is_in(more))
    return mine.select(
        what=pl.format("{} to {}", "from_force", "to_force"),
        tried=pl.col("more").cast(pl.String).replace_strict(STEP_WORDS, default=""),
        verified_change="per_step",
        verified_change_low="step_low",
        verified_change_high="step_high",
    )


def clock_rows(clocks: pl.DataFrame) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return heads and rows: a force, its load, and what becomes of each step of the ladder."""
    steps = clocks["step"].unique(maintain_order=True).to_list()
    rows = []
    for (force,), mine in clocks.group_by("force", maintain_order=True):
        by = {row["step"]: row for row in mine.to_dicts()}
        load = next(iter(by.values()))["breaches"]
        rows.append((str(force), f"{load:.1f}", *(step_said(by[step]) for step in steps)))
    return ("force", "found a day, whole line", *steps), rows


def step_said(row: dict[str, Any]) -> str:
    """Return what becomes of a step: its share on time, or why there is none."""
    late = row["late_share"]
    if late is not None:
        return f"{1 - late:.0%} ({1 - row['late_high']:.0%} to {1 - row['late_low']:.0%}) on time"
    if row["state"] == "saturated":
        return f"saturated, {row['utilisation']:.0%} of its time"
    return str(row["state"])
