"""A schedule of patrols by sector that nobody can foresee."""

from __future__ import annotations

import heapq

import numpy as np
import polars as pl

from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema
from truceline.force.patrols.game import inspect_probability, value

PATROL_SHARES = Schema(
    "patrol shares",
    (
        Column("sector", pl.String(), "The sector."),
        Column("weight", pl.Float64(), "What a breach there matters, beside the others.", low=0),
        Column("inspections", pl.Int64(), "Patrols it gets.", low=0),
        Column("value", pl.Float64(), "Value of its game, weighted, to the inspector.", high=0),
    ),
)

PATROL_SCHEDULE = Schema(
    "patrol schedule",
    (
        Column("sector", pl.String(), "The sector."),
        Column("period", pl.Int64(), "The period, counted from 1.", low=1),
        Column("patrol", pl.Boolean(), "Whether a patrol goes."),
        Column("probability", pl.Float64(), "How likely that was, given the past.", low=0, high=1),
    ),
)


def patrol_shares(weights: dict[str, float], inspections: int, periods: int) -> pl.DataFrame:
    """Return how many patrols each sector gets (`PATROL_SHARES`).

    The party chooses its sector at the outset, the one where weight x v(n, m) is worst for
    the inspector; so the next patrol always goes to the worst sector. For values that only
    rise with patrols this is the best split there is. Sectors that are equally bad are
    served in the order given.
    """
    if inspections < 0 or periods < 1:
        raise InputError("patrols need no fewer than 0 inspections and at least 1 period.")
    if not weights or any(not w >= 0 for w in weights.values()):
        raise InputError("patrols need at least one sector, and no weight below 0.")
    counts = dict.fromkeys(weights, 0)
    worst = [(w * value(0, periods), i, s) for i, (s, w) in enumerate(weights.items())]
    heapq.heapify(worst)
    for _ in range(min(inspections, periods * len(weights))):
        _, i, sector = worst[0]
        counts[sector] += 1
        full = counts[sector] == periods
        rank = _DONE if full else weights[sector] * value(counts[sector], periods)
        heapq.heapreplace(worst, (rank, i, sector))
    rows = [
        {"sector": s, "weight": w, "inspections": n, "value": w * value(n, periods)}
        for (s, w), n in zip(weights.items(), counts.values(), strict=True)
    ]
    return PATROL_SHARES.conform(pl.DataFrame(rows, schema=PATROL_SHARES.dtypes()))


#: Rank of a sector that is inspected in every period: after all that are not.
_DONE = float("inf")


def patrol_schedule(shares: pl.DataFrame, periods: int, rng: np.random.Generator) -> pl.DataFrame:
    """Return one schedule drawn from the optimal strategy of each sector (`PATROL_SCHEDULE`).

    Period by period a patrol goes with the probability that is best with the patrols and
    periods left, whatever was seen before. Every sector gets exactly its patrols.
    """
    shares = PATROL_SHARES.conform(shares)
    short = shares.filter(pl.col("inspections") > periods)
    if short.height:
        raise InputError(
            f"the sector {short['sector'][0]!r} has more patrols than the {periods} periods.",
            hint="Give it at most one a period, or cut the day into shorter periods.",
        )
    rows = []
    for sector, patrols in shares.select("sector", "inspections").iter_rows():
        left = patrols
        for period, dice in enumerate(rng.random(periods)):
            chance = inspect_probability(left, periods - period)
            goes = bool(dice < chance)
            left -= goes
            rows.append((sector, period + 1, goes, chance))
    table = pl.DataFrame(rows, schema=PATROL_SCHEDULE.dtypes(), orient="row")
    return PATROL_SCHEDULE.conform(table)
