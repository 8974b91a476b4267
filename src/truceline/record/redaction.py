"""Who may read what of the record: by level of handling, by party, with sources protected.

A value that is withheld leaves its commitment behind, so that the copy has the same leaves, the
same root and the same signature, and says of each field that something is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from truceline.core.types.errors import InputError
from truceline.core.types.vocabulary import HANDLINGS
from truceline.record.commitments import redacted
from truceline.record.entries import Entry
from truceline.record.places import finer_than

#: Entries that one party made or was asked for, and what others may know of them.
OF_A_PARTY: Final[Mapping[str, frozenset[str]]] = {
    "claim": frozenset({"party"}),
    "reply": frozenset({"party", "incident"}),
    "put": frozenset({"party", "incident"}),
}

#: What tells who observed, reported or looked.
SOURCES: Final[Mapping[str, frozenset[str]]] = {
    "batch": frozenset({"file", "source"}),
    "report": frozenset({"form", "account"}),
    "review": frozenset({"reviewer"}),
    "access": frozenset({"who", "what", "decision"}),
}


@dataclass(frozen=True)
class Audience:
    """Those for whom a copy of the record is made.

    Attributes
    ----------
    level : str
        Highest level of handling they may read (Traffic Light Protocol).
    party : str or None
        The party they are of. They read what it said itself whole, and of the other parties'
        claims and replies only that there are some.
    protects_sources : bool
        Whether to withhold, at any level, who observed, reported, reviewed or looked.
    blur_km : float or None
        Show places no finer than this, at any level: cells at least so wide, and no raw file.
    """

    level: str = "CLEAR"
    party: str | None = None
    protects_sources: bool = False
    blur_km: float | None = None

    def __post_init__(self) -> None:
        """Refuse a level that is none, and a blur that no place was committed with."""
        if self.blur_km is not None:
            finer_than(self.blur_km)
        if self.level not in HANDLINGS:
            raise InputError(f"{self.level!r} is no level.", hint=f"Known: {', '.join(HANDLINGS)}.")


def redacted_entry(whole: Entry, audience: Audience) -> Entry:
    """Return the entry with all that its audience may not read taken out."""
    return Entry(whole.kind, whole.at, redacted(whole.fields, _shown(whole, audience)))


def _shown(whole: Entry, audience: Audience) -> set[str]:
    speaker = whole.values().get("party")
    is_spoken = whole.kind in OF_A_PARTY and audience.party is not None
    if is_spoken and speaker == audience.party:
        return set(whole.fields)
    most = HANDLINGS.index(audience.level)
    shown = {n for n, field in whole.fields.items() if HANDLINGS.index(field.handling) <= most}
    if is_spoken:
        shown &= OF_A_PARTY[whole.kind]
    if audience.protects_sources:
        shown -= SOURCES.get(whole.kind, frozenset())
    if audience.blur_km is not None and whole.kind == "batch":
        shown -= {"file", *finer_than(audience.blur_km)}
    return shown
