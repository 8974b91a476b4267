"""What a nation offers: units, their caveats, and since when it says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from truceline.force.contributions.caveats import After, Caveat, DependsOn

#: What a unit is.
KINDS = (
    "infantry", "recce", "engineers", "medical", "drones", "radar", "headquarters",
    "logistics", "aviation", "naval", "experts",
)  # fmt: skip

#: Where a figure comes from: a nation said it, or the planner supposes it.
BASES = ("stated", "assumed")


@dataclass(frozen=True)
class Unit:
    """A body of people of one nation and kind.

    Attributes
    ----------
    unit_id, nation, name : str
        Its name in the plan, whose it is, and what it is called.
    kind : str
        One of `KINDS`.
    persons : int or None
        Its size; None when nobody has said. Unknown is never 0.
    basis : str
        `stated` or `assumed`.
    available_on : datetime.date or None
        First day it can serve; None when not said.
    tour_months : float or None
        Months of one tour.
    ready_days : float or None
        Days from the order to the first day of service.
    caveats : tuple of Caveat
        Its nation's rules and its own.
    """

    unit_id: str
    nation: str
    name: str
    kind: str
    persons: int | None = None
    basis: str = "stated"
    available_on: dt.date | None = None
    tour_months: float | None = None
    ready_days: float | None = None
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class Contribution:
    """A nation's position at a date; it replaces the nation's earlier ones.

    Attributes
    ----------
    nation : str
        Whose position.
    date : datetime.date
        When it was said.
    stance : str
        What was said, in our own words.
    sources : tuple of str
        Where it can be read.
    source_kind : str
        What those sources are worth, such as `press` or `state media`.
    units : tuple of Unit
        What is offered; empty when nothing is.
    troops_low, troops_high : int or None
        Size in persons as stated or reported; None when unknown. `troops_high = 0` means
        that the nation said it sends nobody.
    caveats : tuple of Caveat
        Rules on all its people.
    """

    nation: str
    date: dt.date
    stance: str
    sources: tuple[str, ...]
    source_kind: str = "press"
    units: tuple[Unit, ...] = ()
    troops_low: int | None = None
    troops_high: int | None = None
    caveats: tuple[Caveat, ...] = ()

    def hangs_on(self) -> tuple[str, ...]:
        """Return the events and commitments without which nothing of it comes."""
        rules = [*self.caveats, *(c for unit in self.units for c in unit.caveats)]
        names = [c.event for c in rules if isinstance(c, After)]
        names += [c.who for c in rules if isinstance(c, DependsOn)]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class Coalition:
    """All positions on a force, with their history.

    Attributes
    ----------
    title : str
        What the document is about.
    positions : tuple of Contribution
        Every position, of every date.
    """

    title: str
    positions: tuple[Contribution, ...]

    def as_of(self, day: dt.date) -> Coalition:
        """Return each nation's last position said on or before a day, by nation."""
        last: dict[str, Contribution] = {}
        for position in sorted(self.positions, key=lambda p: p.date):
            if position.date <= day:
                last[position.nation] = position
        return Coalition(self.title, tuple(last[nation] for nation in sorted(last)))

    def units(self) -> tuple[Unit, ...]:
        """Return the units of all positions, in order."""
        return tuple(unit for position in self.positions for unit in position.units)
