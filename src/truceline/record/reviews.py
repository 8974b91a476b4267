"""Reviews: what people decided on an incident, and what stands after all of them.

The program proposes; a named person confirms, downgrades, rejects, joins or parts, with a
reason. A party is named only when two different people have named the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import polars as pl

from truceline.core.types.errors import RecordError
from truceline.judgement.incidents.regrouping import Grouping
from truceline.judgement.judgement import Judgement

Decision = Literal["confirm", "downgrade", "reject", "merge", "split", "name", "unname"]
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)

#: Shortest reason that is taken, characters.
SHORTEST_REASON: Final = 10

#: What an incident is listed as one step down.
_DOWN = {"violation": "credible", "credible": "background", "background": "background"}


@dataclass(frozen=True)
class Review:
    """One decision of one person.

    Attributes
    ----------
    incident : str
        The incident.
    decision : str
        One of `DECISIONS`.
    reason : str
        Why, for all to read.
    reviewer : str
        Account of the person.
    party : str or None
        The party, where one is named.
    other : str or None
        The incident that is merged into this one.
    apart : tuple of str
        The observations that are split off.
    """

    incident: str
    decision: Decision
    reason: str
    reviewer: str
    party: str | None = None
    other: str | None = None
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What stands of an incident after its reviews.

    Attributes
    ----------
    list_word : str
        `open`, `confirmed`, `downgraded` or `rejected`.
    named : str or None
        The party that two people have named.
    proposed : str or None
        The party that one person has named, and who the second must not be.
    proposed_by : str or None
        That person.
    """

    list_word: Literal["open", "confirmed", "downgraded", "rejected"] = "open"
    named: str | None = None
    proposed: str | None = None
    proposed_by: str | None = None


def checked(review: Review, parties: Iterable[str]) -> Review:
    """Return the review if it is whole, else say what it lacks.

    Raises
    ------
    RecordError
        In one sentence.
    """
    if review.decision not in DECISIONS:
        raise RecordError(
            f"{review.decision!r} is no decision.", hint=f"Known: {', '.join(DECISIONS)}."
        )
    if len(review.reason.strip()) < SHORTEST_REASON:
        raise RecordError("a decision needs a reason that others can read.")
    if review.decision == "name" and review.party not in set(parties):
        raise RecordError("the party that is named is none of the agreement's.")
    if review.decision == "merge" and review.other in (None, "", review.incident):
        raise RecordError("say which other incident belongs to this one.")
    if review.decision == "split" and not review.apart:
        raise RecordError("say which observations do not belong to it.")
    return review


def standing_of(reviews: Sequence[Review]) -> Standing:
    """Return what stands after the reviews of one incident, the first first."""
    stands = Standing()
    for review in reviews:
        stands = _after(stands, review)
    return stands


def _after(stands: Standing, review: Review) -> Standing:
    match review.decision:
        case "confirm":
            return replace(stands, list_word="confirmed")
        case "downgrade":
            return replace(stands, list_word="downgraded")
        case "reject":
            # What did not happen, nobody did.
            return Standing("rejected")
        case "unname":
            return replace(stands, named=None, proposed=None, proposed_by=None)
        case "name":
            if stands.proposed == review.party and stands.proposed_by != review.reviewer:
                return replace(stands, named=review.party, proposed=None, proposed_by=None)
            if stands.named == review.party:
                return stands
            return replace(stands, named=None, proposed=review.party, proposed_by=review.reviewer)
        case _:
            return stands


def standings(reviews: Iterable[Review]) -> dict[str, Standing]:
    """Return what stands of each incident that was reviewed."""
    by_incident: dict[str, list[Review]] = {}
    for review in reviews:
        by_incident.setdefault(review.incident, []).append(review)
    return {incident: standing_of(own) for incident, own in by_incident.items()}


def groupings_of(reviews: Iterable[Review]) -> tuple[Grouping, ...]:
    """Return what was put together and taken apart, in the order it was decided."""
    return tuple(
        Grouping(review.incident, review.other, review.apart)
        for review in reviews
        if review.decision in ("merge", "split")
    )


def reviewed(judgement: Judgement, stands: Mapping[str, Standing]) -> Judgement:
    """Return a judgement as people left it: lists moved, and no name that two did not give.

    Probabilities are not touched: people decide on words, the numbers stay the program's. A
    name that two people gave stands only while the judgement itself passes the case's limit
    for that party, so that no vote can put a name where the evidence does not.
    """
    down = [i for i, s in stands.items() if s.list_word == "downgraded"]
    out = [i for i, s in stands.items() if s.list_word == "rejected"]
    named = {i: s.named for i, s in stands.items() if s.named is not None}
    incident, listed, party = pl.col("incident_id"), pl.col("listed"), pl.col("party")
    given = incident.replace_strict(named, default=None, return_dtype=pl.String)
    assessments = judgement.assessments.with_columns(
        listed=pl.when(incident.is_in(out))
        .then(pl.lit("background"))
        .when(incident.is_in(down))
        .then(listed.replace_strict(_DOWN, default=listed))
        .otherwise(listed),
        party=pl.when(party == given).then(party),
    )
    return replace(judgement, assessments=assessments)
