"""Rules: who may not stand where, under the name by which a clash is explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from truceline.core.types.errors import InputError, TermsError
from truceline.core.types.schema import Column, Schema
from truceline.force.siting.coverage import BoolArray, IntArray

KINDS = Schema(
    "kinds of unit",
    (
        Column("kind", pl.String(), "Name: camera, post, acoustic array, drone base."),
        Column("units", pl.Int64(), "How many there are.", low=0),
        Column("range_m", pl.Float64(), "How far it sees, metres.", low=0),
        Column("persons", pl.Float64(), "People that each takes, support counted in.", low=0),
        Column("line_m_low", pl.Float64(), "Least distance to the line; null: any.", True, 0.0),
        Column("line_m_high", pl.Float64(), "Most distance to the line; null: any.", True, 0.0),
    ),
)


@dataclass(frozen=True)
class Rules:
    """Everything that forbids a kind a site, each under its own name.

    Attributes
    ----------
    allow : mapping
        By name of the rule: what it allows, kinds x sites.
    persons : float or None
        People there are for all units together.
    equal_sides : bool
        Whether each kind must stand as often on each side.
    """

    allow: Mapping[str, BoolArray] = field(default_factory=dict)
    persons: float | None = None
    equal_sides: bool = False

    def without(self, name: str) -> Rules:
        """Return the rules with one of them lifted."""
        kept = {key: mask for key, mask in self.allow.items() if key != name}
        return Rules(kept, self.persons, self.equal_sides)

    def allowed(self, kinds: int, sites: int) -> BoolArray:
        """Return what all rules together allow, kinds x sites."""
        out = np.ones((kinds, sites), dtype=np.bool_)
        for name, mask in self.allow.items():
            if mask.shape != out.shape:
                raise InputError(f"the rule {name!r} is not of {kinds} kinds x {sites} sites.")
            out &= mask
        return out


def distance_rule(kinds: pl.DataFrame, sites: pl.DataFrame) -> BoolArray:
    """Return which kinds may stand at which sites by their distance to the line."""
    away = sites["line_m"].to_numpy()[None, :]
    low = kinds["line_m_low"].fill_null(0.0).to_numpy()[:, None]
    high = kinds["line_m_high"].fill_null(np.inf).to_numpy()[:, None]
    return np.asarray((away >= low) & (away <= high))


def forbidden_zones(zones: BaseGeometry, kinds: int, sites: pl.DataFrame) -> BoolArray:
    """Return the sites outside zones (degrees) where nobody may be; an edge is forbidden."""
    inside = shapely.intersects_xy(zones, sites["lon"].to_numpy(), sites["lat"].to_numpy())
    return np.broadcast_to(~inside, (kinds, sites.height)).copy()


def access_for_all(access: BoolArray, kinds: int) -> BoolArray:
    """Return the sites that every party can reach; `access` is parties x sites."""
    return np.broadcast_to(access.all(axis=0), (kinds, access.shape[1])).copy()


def check_rules(kinds: pl.DataFrame, sites: pl.DataFrame, rules: Rules) -> None:
    """Raise a `TermsError` that names the rules which cannot hold together, if any clash."""
    wanted = float((kinds["units"] * kinds["persons"]).sum())
    if rules.persons is not None and wanted > rules.persons:
        raise TermsError(
            f"the units need {wanted:,.0f} people and there are {rules.persons:,.0f}: the "
            "numbers of units and of persons clash.",
            hint="Ask for fewer units or give more people.",
        )
    for at, kind in enumerate(kinds.iter_rows(named=True)):
        if kind["units"] == 0:
            continue
        _check_kind(at, kind["kind"], kinds.height, sites, rules)


def _check_kind(at: int, name: str, kinds: int, sites: pl.DataFrame, rules: Rules) -> None:
    everywhere = np.ones(sites.height, dtype=np.bool_)
    grounds = {"": everywhere}
    if rules.equal_sides:
        side = sites["side"].to_numpy()
        grounds = {str(party): side == party for party in sorted(set(side.tolist()))}
    for party, ground in grounds.items():
        clash = clashing(at, rules, kinds, ground)
        if clash is None:
            continue
        where = f" on the side of {party!r}" if party else ""
        names = " and ".join(repr(rule) for rule in clash) or "the list of sites"
        verb = "clash" if len(clash) + bool(party) > 1 else "forbids it all"
        equal = " with equal effort on both sides" if party and clash else ""
        raise TermsError(
            f"no site is left for {name!r}{where}: {names} {verb}{equal}.",
            hint="Lift one of these, add sites, or ask for no such unit.",
        )


def clashing(at: int, rules: Rules, kinds: int, ground: BoolArray) -> list[str] | None:
    """Return the fewest rules that together leave a kind no site, or None when one is left.

    No rule of the answer can be taken away without a site coming free; another set of rules
    may clash as well.
    """

    def free(names: list[str]) -> bool:
        left = ground.copy()
        for name in names:
            left &= rules.allow[name][at]
        return bool(left.any())

    rules.allowed(kinds, len(ground))
    names = list(rules.allow)
    if free(names):
        return None
    for name in list(names):
        fewer = [other for other in names if other != name]
        if not free(fewer):
            names = fewer
    return names


def groups_of(
    kind: IntArray, site: IntArray, kinds: pl.DataFrame, sites: pl.DataFrame, rules: Rules
) -> tuple[IntArray, IntArray]:
    """Return the group of each row and the budget of each group.

    A group is a kind, or with equal sides a kind on one side with an equal share of the
    units, rounded down: what cannot be halved stays home.
    """
    units = kinds["units"].to_numpy()
    if not rules.equal_sides:
        return kind.astype(np.int64), units.astype(np.int64)
    parties = sorted(set(sites["side"].to_list()))
    number = {party: at for at, party in enumerate(parties)}
    side = np.array([number[party] for party in sites["side"]], dtype=np.int64)
    budget = np.repeat(units // max(len(parties), 1), len(parties))
    return kind * len(parties) + side[site], budget.astype(np.int64)
