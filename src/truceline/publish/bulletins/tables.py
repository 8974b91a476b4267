"""The tables of a bulletin, each declared once; the data files have these columns."""

from __future__ import annotations

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import INCIDENT, STATE

_S, _I, _F = pl.String(), pl.Int64(), pl.Float64()
_B = pl.Boolean()


def _text(name: str, doc: str, *, nullable: bool = False) -> Column:
    return Column(name, _S, doc, nullable=nullable)


def _count(name: str, doc: str, *, nullable: bool = False) -> Column:
    return Column(name, _I, doc, nullable=nullable, low=0)


def _real(name: str, doc: str, *, nullable: bool = False) -> Column:
    return Column(name, _F, doc, nullable=nullable, low=0)


def _probability(name: str, doc: str, *, nullable: bool = False) -> Column:
    return Column(name, _F, doc, nullable=nullable, low=0, high=1)


def _plain(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns with closed lists opened to text, as they are published."""
    return tuple(
        Column(c.name, _S if isinstance(c.dtype, pl.Enum) else c.dtype, c.doc, c.nullable)
        for c in columns
    )


LISTED = Schema(
    "incidents",
    (
        _text("label", "V and a number in the list of violations, C in the credible list."),
        _text("listed", "`violation` (meets the agreed definition) or `credible`."),
        *_plain(INCIDENT.columns),
        Column("prior_bits", _F, "Prior log2 odds of a hostile act."),
        Column("evidence_bits", _F, "Sum of the witnesses' weights, bits."),
        _probability("p_hostile", "Probability of a hostile act."),
        _text("party", "Party named, null where none can be.", nullable=True),
        _probability("p_party", "Probability of the party most likely responsible."),
        _probability("p_unattributable", "Probability that no party can be given."),
        _probability("p_violation", "Largest probability of a violation over the clauses."),
        _text("clause", "The clause with that probability.", nullable=True),
        _text("decisive", "What would most change the answer."),
        _count("n_withheld", "Observations withheld under their handling."),
    ),
)

SUMMARY = Schema(
    "summary",
    (
        _text("listed", "`violation`, `credible` or `obstruction`."),
        _count("incidents", "Incidents on the list in the period."),
        _count("incidents_before", "The same in the period before.", nullable=True),
        _real("expected", "How many of them are true, by their own probabilities."),
        _real("expected_low", "Lower end of its 90 % interval."),
        _real("expected_high", "Upper end."),
    ),
)

COUNT = Schema(
    "counts",
    (
        _text("sector", "Sector, null where an incident has none.", nullable=True),
        _text("kind", "Leading phenomenon."),
        _count("violations", "Incidents that meet the agreed definition."),
        _count("violations_before", "The same in the period before.", nullable=True),
        _count("credible", "Credible incidents that do not meet it."),
        _count("credible_before", "The same in the period before.", nullable=True),
    ),
)

SHARE = Schema(
    "attribution",
    (
        _text("listed", "`violation` or `credible`."),
        _text("party", "A party, or `unattributable`."),
        _count("named", "Incidents for which it is named."),
        _probability("share_named", "Their share of the list.", nullable=True),
        _real("expected", "Sum of its probabilities over the list."),
        _real("expected_low", "Lower end of the 90 % interval."),
        _real("expected_high", "Upper end."),
    ),
)

BLIND = Schema(
    "not_watched",
    (
        _text("sector", "Sector; null is the whole line.", nullable=True),
        _text("phenomenon", "What could not have been seen."),
        _real("hours", "Hours of the period that were not watched, overlaps counted once."),
        _probability("share", "Their share of the period."),
        _probability("p_detect", "Time-weighted probability of detection in those hours."),
        _text("reasons", "Why, in order of hours."),
    ),
)

TRUCE = Schema(
    "truce_states",
    (
        *_plain(STATE.columns),
        _text("state_before", "State in the period before, if there is one.", nullable=True),
    ),
)

CLAIM = Schema(
    "claims",
    (
        _text("claim_id", "Identity in the ledger of claims."),
        _text("party", "Who says it."),
        _text("about_party", "Whom it is said of.", nullable=True),
        Column("t_start", _I, "Start of what it covers, UTC microseconds."),
        Column("t_end", _I, "End of it, UTC microseconds."),
        _text("unit", "What is counted."),
        _real("stated", "The total as stated.", nullable=True),
        _real("sum_of_parts", "The total of its items.", nullable=True),
        Column("difference", _F, "Stated less the sum of parts.", nullable=True),
        _text("arithmetic", "`adds_up`, `differs`, `open` or `not_itemised`."),
        _text("findings", "What the check said."),
        _count("violations", "Violations listed in the time it covers.", nullable=True),
        _count("credible", "Credible incidents listed in that time.", nullable=True),
        _real("about_expected", "Of both, the sum of probabilities of that party.", nullable=True),
        _text("source", "Where it was said."),
    ),
)

CLAIM_ITEM = Schema(
    "claim_items",
    (
        _text("claim_id", "The claim."),
        _text("name", "What the item counts."),
        _real("value", "How many."),
        _text("relation", "`part_of`, `subset_of`, `restates` or `apart_from` its parent."),
        _text("parent", "The item it belongs to; null is the total.", nullable=True),
        _text("bound", "Whether it was said as `exact`, a limit, or `about`."),
    ),
)

CHANGE = Schema(
    "changes",
    (
        _text("incident_id", "The incident."),
        _text("label", "Its label in this bulletin, null if not listed here.", nullable=True),
        _text("change", "`late`, `withdrawn`, `moved`, `party`, `clause` or `probability`."),
        _text("before", "As published before.", nullable=True),
        _text("after", "As it is now.", nullable=True),
    ),
)

SOURCE_USE = Schema(
    "sources",
    (
        _text("source", "Name of the source."),
        _text("instrument", "How it sees."),
        _count("observations", "Observations in the period."),
        _count("witnesses", "Independent witnesses among them."),
        Column("last_received_at", _I, "When the last of them was known, UTC microseconds."),
    ),
)
