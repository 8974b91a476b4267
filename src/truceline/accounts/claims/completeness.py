"""What a claim of each shape must say before it can be evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from truceline.accounts.claims.claim import Claim

#: Units in which tables of aid are kept.
AID_UNITS: Final = ("usd", "eur", "gdp_share", "per_head")


@dataclass(frozen=True)
class Need:
    """What a shape needs.

    Attributes
    ----------
    fields : tuple of str
        Fields that may not be empty.
    comparators : tuple of str
        Those that have a meaning; none given is any.
    aid : bool
        Whether it is held against tables of aid, with their units and measures.
    zero : bool
        Whether a threshold of 0 has a meaning: any lead of a poll at all.
    """

    fields: tuple[str, ...]
    comparators: tuple[str, ...] = ()
    aid: bool = False
    zero: bool = False


_AID: Final = ("subjects", "units", "measures")

NEEDS: Final = {
    "comparison": Need((*_AID, "thresholds", "reference"), ("more", "less"), aid=True),
    "ratio": Need((*_AID, "thresholds", "reference", "value"), aid=True),
    "rank": Need((*_AID, "value"), ("more", "less"), aid=True),
    "total": Need((*_AID, "value"), aid=True),
    "change": Need(_AID, ("more", "less"), aid=True),
    "count": Need(()),
    "outcome": Need(("thresholds",)),
    "opinion": Need(("subjects",), zero=True),
    "force_per_km": Need(("value", "thresholds")),
    "sum": Need(("value", "parts")),
}


def lacking(claim: Claim) -> str | None:
    """Return what a claim lacks to be evaluated, in words; None when it is whole.

    Examples
    --------
    >>> lacking(Claim("x", 0, 1, "sum", value=3.0))
    'a claim of this shape (sum) must give parts'
    """
    need = NEEDS[claim.shape]
    for name in need.fields:
        if getattr(claim, name) in (None, ()):
            return f"a claim of this shape ({claim.shape}) must give {name}"
    if need.comparators and claim.comparator not in need.comparators:
        ways = " or ".join(need.comparators)
        return f"the comparator of this shape ({claim.shape}) is {ways}"
    if any(t < 0 or (t == 0 and not need.zero) for t in claim.thresholds):
        return "a threshold must be above 0"
    unknown = [unit for unit in claim.units if unit not in AID_UNITS]
    if need.aid and unknown:
        return f"tables of aid are in {', '.join(AID_UNITS)}, not in {unknown[0]}"
    return None
