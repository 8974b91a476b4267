"""Incidents in rows, filtered and ordered as somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from truceline.core.types.errors import InputError
from truceline.judgement.judgement import Judgement
from truceline.web.room.picture import Picture

#: What rows may be ordered by, and whether the largest comes first.
ORDERS: Final = {"time": "t_best", "hostile": "p_hostile", "violation": "p_violation"}

LISTS: Final = ("violation", "credible", "background")


@dataclass(frozen=True)
class Asked:
    """What somebody asks for.

    Attributes
    ----------
    listed, kind, sector, party : str
        Filters; empty takes all. The party `none` takes incidents without a name.
    order : str
        One of `ORDERS`, the largest first.
    t_low, t_high : int or None
        Times, UTC microseconds.
    bbox : tuple or None
        West, south, east, north, degrees.
    """

    listed: str = ""
    kind: str = ""
    sector: str = ""
    party: str = ""
    order: str = "time"
    t_low: int | None = None
    t_high: int | None = None
    bbox: tuple[float, float, float, float] | None = None


def incidents(picture: Picture, asked: Asked) -> pl.DataFrame:
    """Return the incidents asked for, with their assessments, of what a viewer may see."""
    if asked.order not in ORDERS:
        raise InputError(f"{asked.order!r} is no order.", hint=f"Known: {', '.join(ORDERS)}.")
    table = picture.once(f"by {asked.order}", lambda seen: _ordered(seen, asked.order))
    for condition in _conditions(asked):
        table = table.filter(condition)
    return table


def _ordered(seen: Judgement, order: str) -> pl.DataFrame:
    return seen.incidents.join(seen.assessments, on="incident_id").sort(
        [ORDERS[order], "incident_id"], descending=[True, False], nulls_last=True
    )


def _conditions(asked: Asked) -> list[pl.Expr]:
    conditions = [
        pl.col(name).cast(pl.String) == value
        for name, value in (
            ("listed", asked.listed), ("kind", asked.kind), ("sector", asked.sector),
        )
        if value
    ]  # fmt: skip
    if asked.party:
        party = pl.col("party")
        conditions.append(party.is_null() if asked.party == "none" else party == asked.party)
    if asked.t_low is not None:
        conditions.append(pl.col("t_end") >= asked.t_low)
    if asked.t_high is not None:
        conditions.append(pl.col("t_start") <= asked.t_high)
    if asked.bbox is not None:
        conditions.append(within(asked.bbox))
    return conditions


def within(bbox: tuple[float, float, float, float]) -> pl.Expr:
    """Return whether a row's place lies in a box; one may reach over the 180th meridian.

    West, south, east and north, degrees (RFC 7946, section 5.2).
    """
    west, south, east, north = bbox
    lon = pl.col("lon")
    across = lon.is_between(west, east) if west <= east else (lon >= west) | (lon <= east)
    return across & pl.col("lat").is_between(south, north)


def choices(seen: Judgement) -> dict[str, list[str]]:
    """Return what the filters can be set to, of what a viewer may see."""
    table = seen.incidents
    return {
        "kind": sorted(table["kind"].cast(pl.String).unique().to_list()),
        "sector": sorted(table["sector"].drop_nulls().unique().to_list()),
        "listed": list(LISTS),
    }


def counts(seen: Judgement) -> dict[str, int]:
    """Return how many are on each list, of what a viewer may see."""
    found: dict[str, Any] = dict(seen.assessments["listed"].value_counts().iter_rows())
    return {name: int(found.get(name, 0)) for name in LISTS}
