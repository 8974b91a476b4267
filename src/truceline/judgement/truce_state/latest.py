"""The last word on a truce: the state of each indicator's last period, one word a sector."""

from __future__ import annotations

from typing import Final

import polars as pl

#: The gravest first: one quiet indicator does not speak for one that could not be watched.
GRAVEST: Final = ("broken", "eroding", "not known", "holding")


def latest_states(states: pl.DataFrame) -> pl.DataFrame:
    """Return the state of each indicator and sector in its last period.

    The row of the whole truce ends with that of its last period; the shorter one is meant.

    Parameters
    ----------
    states : polars.DataFrame
        Schema `STATE`.
    """
    return (
        states.sort("indicator", "sector", "t_end", "t_start")
        .group_by("indicator", "sector", maintain_order=True)
        .last()
        .select(states.columns)
    )


def gravest_by_sector(states: pl.DataFrame) -> dict[str, str]:
    """Return one state for each sector: that of its only indicator, or the gravest of several.

    Examples
    --------
    >>> rows = {"sector": ["A", "A", "B"], "state": ["holding", "not known", "holding"]}
    >>> gravest_by_sector(pl.DataFrame(rows))
    {'A': 'not known', 'B': 'holding'}
    """
    found: dict[str, str] = {}
    for sector, state in states.select("sector", "state").iter_rows():
        found[sector] = min(found.get(sector, GRAVEST[-1]), state, key=GRAVEST.index)
    return found
