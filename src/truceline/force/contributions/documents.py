"""Coalitions and forces as they are written down in YAML."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from truceline.agreement.documents import line_of, read_document
from truceline.core.types.errors import TermsError, Where
from truceline.force.contributions.caveats import (
    After,
    Caveat,
    DependsOn,
    KeepOffLine,
    NotUnder,
    OnlyByDay,
    OnlyRoles,
    OnlyZones,
)
from truceline.force.contributions.model import Coalition, Contribution, Unit

Role = Literal[
    "post", "patrol", "drone_base", "sensor", "reaction", "hub", "liaison", "headquarters",
    "training", "logistics", "demining", "air", "sea",
]  # fmt: skip
Kind = Literal[
    "infantry", "recce", "engineers", "medical", "drones", "radar", "headquarters",
    "logistics", "aviation", "naval", "experts",
]  # fmt: skip
Words = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CaveatText(_Strict):
    """One caveat: exactly one of its keys."""

    keep_off_line_km: float | None = Field(None, ge=0)
    only_zones: tuple[Words, ...] | None = Field(None, min_length=1)
    only_roles: tuple[Role, ...] | None = Field(None, min_length=1)
    only_by_day: Literal[True] | None = None
    after: Words | None = None
    not_under: Words | None = None
    depends_on: Words | None = None

    def rules(self) -> list[Caveat]:
        """Return the rules written in this entry."""
        rules: list[Caveat] = []
        if self.keep_off_line_km is not None:
            rules.append(KeepOffLine(self.keep_off_line_km))
        if self.only_zones is not None:
            rules.append(OnlyZones(self.only_zones))
        if self.only_roles is not None:
            rules.append(OnlyRoles(self.only_roles))
        if self.only_by_day:
            rules.append(OnlyByDay())
        if self.after is not None:
            rules.append(After(self.after))
        if self.not_under is not None:
            rules.append(NotUnder(self.not_under))
        if self.depends_on is not None:
            rules.append(DependsOn(self.depends_on))
        return rules


class UnitText(_Strict):
    """A unit as written."""

    id: Words
    name: Words
    kind: Kind
    persons: int | None = Field(None, ge=1)
    basis: Literal["stated", "assumed"] = "stated"
    available_on: dt.date | None = None
    tour_months: float | None = Field(None, gt=0)
    ready_days: float | None = Field(None, ge=0)
    caveats: tuple[CaveatText, ...] = ()


class PositionText(_Strict):
    """A nation's position as written."""

    nation: Words
    date: dt.date
    stance: Words
    sources: tuple[Words, ...] = Field(min_length=1)
    source_kind: Words = "press"
    troops_low: int | None = Field(None, ge=0)
    troops_high: int | None = Field(None, ge=0)
    caveats: tuple[CaveatText, ...] = ()
    units: tuple[UnitText, ...] = ()


class CoalitionText(_Strict):
    """A coalition's positions as written."""

    title: Words
    positions: tuple[PositionText, ...] = Field(min_length=1)


def read_coalition(path: Path) -> Coalition:
    """Read the positions of a coalition, or a force planned from them.

    Raises
    ------
    TermsError
        When a key is wrong, a caveat is empty, a nation has two positions of one date, or
        two units of one date share a name; it says the line and the remedy.
    """
    document, lines = read_document(path, CoalitionText)
    seen: dict[tuple[str, dt.date], int] = {}
    positions = []
    for at, text in enumerate(document.positions):
        where = Where(str(path), line_of(lines, ("positions", at)), f"positions.{at}")
        if seen.setdefault((text.nation, text.date), at) != at:
            raise TermsError(
                f"{text.nation} has two positions of {text.date}.",
                where=where,
                hint="Write one position that says all that stood on that day.",
            )
        positions.append(_position(text, where))
    return Coalition(document.title, tuple(positions))


def _position(text: PositionText, where: Where) -> Contribution:
    low, high = text.troops_low, text.troops_high
    if low is not None and high is not None and low > high:
        raise TermsError("troops_low is above troops_high.", where=where, hint="Swap them.")
    names = [unit.id for unit in text.units]
    if len(set(names)) < len(names):
        raise TermsError(
            f"{text.nation} has two units of one id.", where=where, hint="Give each its own id."
        )
    rules = _caveats(text.caveats, where)
    units = tuple(_unit(unit, text.nation, rules, where) for unit in text.units)
    return Contribution(
        text.nation, text.date, text.stance, text.sources, text.source_kind, units, low, high, rules
    )


def _unit(text: UnitText, nation: str, rules: tuple[Caveat, ...], where: Where) -> Unit:
    return Unit(
        text.id, nation, text.name, text.kind, text.persons, text.basis, text.available_on,
        text.tour_months, text.ready_days, rules + _caveats(text.caveats, where),
    )  # fmt: skip


def _caveats(texts: tuple[CaveatText, ...], where: Where) -> tuple[Caveat, ...]:
    rules: list[Caveat] = []
    for text in texts:
        found = text.rules()
        if len(found) != 1:
            raise TermsError(
                f"a caveat holds exactly one rule; this one holds {len(found)}.",
                where=where,
                hint=f"Rules are: {', '.join(CaveatText.model_fields)}.",
            )
        rules += found
    return tuple(rules)
