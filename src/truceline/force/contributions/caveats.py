"""What a nation forbids its people: each caveat is a rule that can be asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.types.schema import Column, Schema

Mask = npt.NDArray[np.bool_]

#: What people may be wanted for at a site.
ROLES = (
    "post", "patrol", "drone_base", "sensor", "reaction", "hub", "liaison", "headquarters",
    "training", "logistics", "demining", "air", "sea",
)  # fmt: skip

SITES = Schema(
    "sites for people",
    (
        Column("site_id", pl.String(), "Name of the site."),
        Column("role", pl.Enum(ROLES), "What people are wanted for there."),
        Column("zone", pl.String(), "Named zone or hub it lies in; null when unknown.", True),
        Column("line_km", pl.Float64(), "Kilometres to the line; null when unknown.", True, 0.0),
        Column("by_night", pl.Boolean(), "Whether people are there in the dark too."),
    ),
)


@dataclass(frozen=True)
class Conditions:
    """What holds on the day the question is asked.

    Attributes
    ----------
    day : datetime.date
        The day.
    met : frozenset of str
        Events that have happened, in the words of the caveats (`ceasefire`, a vote's name).
    committed : frozenset of str
        Nations and guarantors whose commitment stands.
    flag : str or None
        Flag or command the force stands under; None when not settled.
    """

    day: dt.date
    met: frozenset[str] = frozenset()
    committed: frozenset[str] = frozenset()
    flag: str | None = None


class Caveat(Protocol):
    """A rule that says where or when a nation's people may not be."""

    def forbids(self, sites: pl.DataFrame, conditions: Conditions, /) -> Mask:
        """Return, for each site, whether the rule forbids it."""

    def words(self) -> str:
        """Return the rule as a clause that follows "may serve"."""


def _everywhere(sites: pl.DataFrame, forbidden: bool) -> Mask:
    return np.full(sites.height, forbidden)


@dataclass(frozen=True)
class KeepOffLine:
    """Not within `km` kilometres of the line; an unknown distance counts as within."""

    km: float

    def forbids(self, sites: pl.DataFrame, _conditions: Conditions, /) -> Mask:
        """Return where the site is too near, or nobody knows how near."""
        return ~(sites["line_km"] >= self.km).fill_null(value=False).to_numpy()

    def words(self) -> str:
        """Return the rule in words."""
        return f"only {self.km:g} km or more from the line"


@dataclass(frozen=True)
class OnlyZones:
    """Only in named zones or hubs; a site of unknown zone is outside them."""

    zones: tuple[str, ...]

    def forbids(self, sites: pl.DataFrame, _conditions: Conditions, /) -> Mask:
        """Return where the site lies in none of the zones."""
        return ~sites["zone"].is_in(list(self.zones)).fill_null(value=False).to_numpy()

    def words(self) -> str:
        """Return the rule in words."""
        return f"only in {', '.join(self.zones)}"


@dataclass(frozen=True)
class OnlyRoles:
    """Only in such roles."""

    roles: tuple[str, ...]

    def forbids(self, sites: pl.DataFrame, _conditions: Conditions, /) -> Mask:
        """Return where another role is wanted."""
        return ~sites["role"].cast(pl.String()).is_in(list(self.roles)).to_numpy()

    def words(self) -> str:
        """Return the rule in words."""
        return f"only for {', '.join(self.roles)}"


@dataclass(frozen=True)
class OnlyByDay:
    """Only by day."""

    def forbids(self, sites: pl.DataFrame, _conditions: Conditions, /) -> Mask:
        """Return where people are needed in the dark."""
        return sites["by_night"].to_numpy().astype(np.bool_)

    def words(self) -> str:
        """Return the rule in words."""
        return "only by day"


@dataclass(frozen=True)
class After:
    """Only after an event: a ceasefire, a mandate, a vote."""

    event: str

    def forbids(self, sites: pl.DataFrame, conditions: Conditions, /) -> Mask:
        """Return everywhere until the event has happened."""
        return _everywhere(sites, self.event not in conditions.met)

    def words(self) -> str:
        """Return the rule in words."""
        return f"only after {self.event}"


@dataclass(frozen=True)
class NotUnder:
    """Not under such a flag or command; while the flag is open, it is not yet refused."""

    flag: str

    def forbids(self, sites: pl.DataFrame, conditions: Conditions, /) -> Mask:
        """Return everywhere when the force stands under that flag."""
        return _everywhere(sites, conditions.flag == self.flag)

    def words(self) -> str:
        """Return the rule in words."""
        return f"not under {self.flag}"


@dataclass(frozen=True)
class DependsOn:
    """Only while another nation or a guarantor is committed."""

    who: str

    def forbids(self, sites: pl.DataFrame, conditions: Conditions, /) -> Mask:
        """Return everywhere while that commitment does not stand."""
        return _everywhere(sites, self.who not in conditions.committed)

    def words(self) -> str:
        """Return the rule in words."""
        return f"only with the commitment of {self.who}"
