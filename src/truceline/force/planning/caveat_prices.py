"""What each caveat costs: the plan made again without it, and the difference with its bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.caveats import (
    Caveat,
    Conditions,
    KeepOffLine,
    OnlyByDay,
    OnlyRoles,
    OnlyZones,
)
from truceline.force.contributions.model import Unit
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.ground import PlanGround
from truceline.force.planning.people import Manning, man
from truceline.force.planning.standing import Sensors, Standing, stand

PRICES = Schema(
    "price of each caveat",
    (
        Column("nation", pl.String(), "Whose caveat; all nations, or the rules of the plan."),
        Column("caveat", pl.String(), "What is lifted, all else kept."),
        Column("people", pl.Float64(), "People it keeps from the line.", low=0),
        Column("posts_more", pl.Int64(), "Posts more without it."),
        Column("patrols_more", pl.Int64(), "Patrols a day more without it."),
        Column("teams_more", pl.Int64(), "Reaction teams more without it."),
        Column("seen_once", pl.Float64(), "Share of the band seen without it.", low=0),
        Column("seen_twice", pl.Float64(), "Share seen by two without it.", low=0),
        Column("price_low", pl.Float64(), "Worth of the plan it costs at least.", low=0),
        Column("price_high", pl.Float64(), "Worth of the plan it costs at most.", low=0),
    ),
)


@dataclass(frozen=True)
class Lift:
    """Caveats lifted together: of one nation in the same words, or of everybody."""

    nation: str
    words: str


def lifts(units: Sequence[Unit], manning: Manning) -> list[Lift]:
    """Return the caveats that keep somebody from the line, and all of them together."""
    away = set(manning.serving.filter(pl.col("serves") != "along the line")["unit_id"].to_list())
    found = [
        Lift(unit.nation, caveat.words())
        for unit in units
        if unit.unit_id in away
        for caveat in unit.caveats
        if _place(caveat)
    ]
    one = list(dict.fromkeys(found))
    return [*one, Lift("all nations", "every caveat of place")] if len(one) > 1 else one


def _place(caveat: Caveat) -> bool:
    """Return whether a caveat is about where or how, not about when or with whom."""
    return isinstance(caveat, KeepOffLine | OnlyZones | OnlyRoles | OnlyByDay)


def lifted(units: Sequence[Unit], lift: Lift) -> tuple[Unit, ...]:
    """Return the units without the caveats of a lift."""
    everybody = lift.nation == "all nations"

    def kept(unit: Unit) -> tuple[Caveat, ...]:
        if everybody:
            return tuple(c for c in unit.caveats if not _place(c))
        if unit.nation != lift.nation:
            return unit.caveats
        return tuple(c for c in unit.caveats if c.words() != lift.words)

    return tuple(replace(unit, caveats=kept(unit)) for unit in units)


def caveat_prices(
    units: Sequence[Unit], manning: Manning, standing: Standing, ground: PlanGround,
    conditions: Conditions, assumed: Assumed, sensors: Sensors, rng: np.random.Generator,
    *, equal_sides: bool,
) -> pl.DataFrame:  # fmt: skip
    """Make the plan again without each caveat and say what that one costs (`PRICES`).

    Both plans have a gap, so the price is an interval as in `siting.planning.rule_prices`.
    """
    rows = []

    def add(nation: str, words: str, others: tuple[Unit, ...], *, equal: bool) -> None:
        more = man(others, ground.sites, conditions, assumed, cameras=sensors.cameras)
        free = stand(
            others, more, ground, conditions, assumed, sensors, rng, equal_sides=equal, quick=True
        )
        rows.append(_row(nation, words, manning, standing, more, free))

    for lift in lifts(units, manning):
        add(lift.nation, lift.words, lifted(units, lift), equal=equal_sides)
    if equal_sides:
        add("rule of the plan", "equal effort on both sides", tuple(units), equal=False)
    return PRICES.conform(pl.DataFrame(rows, schema=PRICES.dtypes()))


def _row(
    nation: str, words: str, manning: Manning, standing: Standing, more: Manning, free: Standing
) -> dict[str, object]:
    total = max(standing.plan.total, 1e-300)
    gained = {
        task: more.number(task) - manning.number(task)
        for task in ("post", "patrol", "reaction_force")
    }
    return {
        "nation": nation,
        "caveat": words,
        "people": max(more.on_line - manning.on_line, 0.0),
        "posts_more": gained["post"],
        "patrols_more": gained["patrol"],
        "teams_more": gained["reaction_force"],
        "seen_once": free.seen.once,
        "seen_twice": free.seen.twice,
        "price_low": max(free.plan.objective - standing.plan.bound, 0.0) / total,
        "price_high": max(free.plan.bound - standing.plan.objective, 0.0) / total,
    }
