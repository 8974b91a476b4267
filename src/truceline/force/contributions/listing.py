"""A coalition as a table: who, what, where allowed, and what it hangs on."""

from __future__ import annotations

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.model import BASES, KINDS, Coalition, Contribution, Unit

LISTING = Schema(
    "contributions",
    (
        Column("nation", pl.String(), "Whose position."),
        Column("date", pl.Date(), "When it was said."),
        Column("stance", pl.String(), "What was said, in our own words."),
        Column("troops_low", pl.Int64(), "Least persons stated; null when unknown.", True, 0),
        Column("troops_high", pl.Int64(), "Most persons stated; 0: sends nobody.", True, 0),
        Column("unit_id", pl.String(), "The unit; null when none is named.", True),
        Column("unit", pl.String(), "What it is called.", True),
        Column("kind", pl.Enum(KINDS), "What it is.", True),
        Column("persons", pl.Int64(), "Its size; null when unknown.", True, 1),
        Column("basis", pl.Enum(BASES), "Stated or assumed.", True),
        Column("allowed", pl.String(), "Its caveats in words; null when none is known.", True),
        Column("hangs_on", pl.String(), "Events and commitments it waits for.", True),
        Column("sources", pl.String(), "Where it can be read."),
        Column("source_kind", pl.String(), "What the sources are worth."),
    ),
)


def listing(coalition: Coalition) -> pl.DataFrame:
    """Return one row for each unit, and one for each nation that names none (`LISTING`)."""
    rows = [
        _row(position, unit)
        for position in coalition.positions
        for unit in (position.units or (None,))
    ]
    return LISTING.conform(pl.DataFrame(rows, schema=LISTING.dtypes()))


def _row(position: Contribution, unit: Unit | None) -> dict[str, object]:
    rules = position.caveats if unit is None else unit.caveats
    only = Contribution(position.nation, position.date, position.stance, (), caveats=rules)
    return {
        "nation": position.nation,
        "date": position.date,
        "stance": position.stance,
        "troops_low": position.troops_low,
        "troops_high": position.troops_high,
        "unit_id": None if unit is None else unit.unit_id,
        "unit": None if unit is None else unit.name,
        "kind": None if unit is None else unit.kind,
        "persons": None if unit is None else unit.persons,
        "basis": None if unit is None else unit.basis,
        "allowed": "; ".join(rule.words() for rule in rules) or None,
        "hangs_on": "; ".join(only.hangs_on()) or None,
        "sources": " ".join(position.sources),
        "source_kind": position.source_kind,
    }
