"""What stands of all that was decided and claimed, read from the record alone.

A room and whoever runs a bulletin again from a bundle read the same entries, and so publish
the same names and the same claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from truceline.core.types.errors import RecordError
from truceline.core.types.time import parse_time
from truceline.judgement.incidents.regrouping import Grouping
from truceline.judgement.judgement import Judgement
from truceline.record.claims import Claim
from truceline.record.entries import Entry
from truceline.record.reviews import Review, Standing, groupings_of, reviewed, standings


@dataclass(frozen=True)
class Decisions:
    """What people decided, as it stands.

    Attributes
    ----------
    groupings : tuple of Grouping
        What was put together and taken apart.
    standings : dict
        What stands of each reviewed incident; a party is named only where it has answered,
        or has had its time to.
    claims : tuple of Claim
        What the parties claimed, as they entered it.
    """

    groupings: tuple[Grouping, ...] = ()
    standings: dict[str, Standing] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()

    def applied(self, judgement: Judgement) -> Judgement:
        """Return a judgement as people left it."""
        return reviewed(judgement, self.standings)


def decisions_of(entries: Iterable[Entry], now: int) -> Decisions:
    """Return what stands at a time, UTC microseconds.

    Raises
    ------
    RecordError
        If a decision or a claim in the record is withheld, so that it cannot be read.
    """
    reviews: list[Review] = []
    claims: list[Claim] = []
    answerable: set[tuple[str, str]] = set()
    for item in entries:
        values = item.values()
        if item.kind == "review":
            reviews.append(_review(values))
        elif item.kind == "claim":
            claims.append(Claim.model_validate(_open(values, "numbers")))
        elif (
            item.kind == "put" and parse_time(_text(values, "until")) <= now
        ) or item.kind == "reply":
            answerable.add((_text(values, "incident"), _text(values, "party")))
    stands = {
        incident: stand
        if stand.named is None or (incident, stand.named) in answerable
        else replace(stand, named=None)
        for incident, stand in standings(reviews).items()
    }
    return Decisions(groupings_of(reviews), stands, tuple(claims))


def _review(values: dict[str, Any]) -> Review:
    return Review(
        incident=_text(values, "incident"),
        decision=values["decision"],
        reason=_text(values, "reason"),
        reviewer=_text(values, "hand"),
        party=values.get("party"),
        other=values.get("other"),
        apart=tuple(values.get("apart", ())),
    )


def _text(values: dict[str, Any], name: str) -> str:
    return str(_open(values, name))


def _open(values: dict[str, Any], name: str) -> object:
    if name not in values:
        raise RecordError(f"the field {name!r} of a decision or a claim is withheld.")
    return values[name]
