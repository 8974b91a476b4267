"""What people in the theatre cost, by rates that others have published."""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.force.posts.factors import STANDARD

RATES = Schema(
    "published rates",
    (
        Column("rate", pl.String(), "What was paid or spent, and when."),
        Column("usd_month", pl.Float64(), "Dollars of its day a person and month.", low=0),
        Column("holds", pl.String(), "What is in it."),
        Column("source", pl.String(), "Where it is from."),
    ),
)

COSTS = Schema(
    "costs of a force",
    (
        *RATES.columns[:3],
        Column("usd_million_month", pl.Float64(), "Millions of dollars a month.", low=0),
        Column("usd_million_year", pl.Float64(), "The same a year.", low=0),
        Column("source", pl.String(), "Where the rate is from."),
    ),
)

#: Rate, dollars a person and month, what it holds, source. Spending over heads is by our division.
_ROWS: Final = (
    ("UN reimbursement to contributors, since July 2018", STANDARD["rate_usd"][0],
     "what the UN pays a nation for a soldier; equipment is paid apart",
     STANDARD["rate_usd"][3]),
    ("UNIFIL, budget of July 1996 to June 1997", 122_757_000 / 4_513 / 12,
     "the whole mission over 4,513 soldiers, civilians counted in",
     "Secretary-General's report, un.org/unispal/document/auto-insert-180217"),
    ("UN peacekeeping, July 2007 to June 2008", 7e9 / 84_309 / 12,
     "all operations over 84,309 in uniform, civilians and equipment counted in",
     "worldwatch.org/node/5466"),
    ("United States in Iraq, as reported in 2014", 800_000 / 12,
     "a war far from home and no truce: an upper end",
     "about 800,000 a soldier and year, second-hand (angryarab.blogspot.com 2014/02)"),
)  # fmt: skip


def rates() -> pl.DataFrame:
    """Return published rates a person and month, lowest first (`RATES`); no price is adjusted."""
    table = RATES.conform(pl.DataFrame(_ROWS, schema=RATES.dtypes(), orient="row"))
    return table.sort("usd_month")


def costs(people: float) -> pl.DataFrame:
    """Return what so many people in the theatre cost by each rate (`COSTS`).

    People who rest at home between tours, aircraft and sensors are not in it.

    Examples
    --------
    >>> costs(30_000)["usd_million_month"][0]
    42.84
    """
    month = pl.col("usd_month") * people / 1e6
    return COSTS.conform(
        rates().with_columns(
            month.alias("usd_million_month"), (12 * month).alias("usd_million_year")
        )
    )
