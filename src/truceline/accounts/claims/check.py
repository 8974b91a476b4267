"""A sentence or a text against the evidence: claims, verdicts, and what was missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from truceline.accounts.claims.aid import (
    check_comparison,
    check_rank,
    check_ratio,
    check_total,
)
from truceline.accounts.claims.arithmetic import check_change, check_force, check_sum
from truceline.accounts.claims.claim import Claim, Found
from truceline.accounts.claims.completeness import lacking
from truceline.accounts.claims.extraction import extract
from truceline.accounts.claims.lexicon import Frame, shipped_frame
from truceline.accounts.claims.said import check_count, check_opinion, check_outcome
from truceline.accounts.claims.verdict import Verdict, no_verdict
from truceline.accounts.statements.statement import Coding, Statement


@dataclass(frozen=True)
class Evidence:
    """All that claims are held against; what is not given makes its claims uncheckable.

    Attributes
    ----------
    aid : polars.DataFrame or None
        Of the schema `AID_VALUE`, one row a reading.
    aid_history : callable or None
        Gives the same at three or more days for each release; only a claim of change asks.
    collections : mapping
        Tables of statements by the name of the collection.
    counts : mapping
        Published counts that come without their statements.
    statements, codings : sequences
        The register, for outcomes.
    polls : polars.DataFrame or None
        Of the schema `POLLS`.
    frame : Frame
        What the case leaves unsaid.
    """

    aid: pl.DataFrame | None = None
    aid_history: Callable[[], pl.DataFrame] | None = None
    collections: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    statements: Sequence[Statement] = ()
    codings: Sequence[Coding] = ()
    polls: pl.DataFrame | None = None
    frame: Frame = field(default_factory=shipped_frame)


@dataclass(frozen=True)
class Checked:
    """A text, its claims with a verdict each, and what was missed."""

    found: Found
    verdicts: tuple[Verdict, ...]


def check(text: str, evidence: Evidence, *, on: dt.date) -> Checked:
    """Propose the claims of a text and evaluate each over every reasonable reading."""
    found = extract(text, on=on, frame=evidence.frame)
    return Checked(found, tuple(check_claim(claim, evidence) for claim in found.claims))


def check_claim(claim: Claim, evidence: Evidence) -> Verdict:
    """Evaluate one claim, as read or as corrected by a person."""
    lack = lacking(claim)
    if lack is not None:
        return no_verdict(claim, lack)
    if claim.shape == "sum":
        return check_sum(claim)
    if claim.shape == "force_per_km":
        return check_force(claim, evidence.frame)
    if claim.shape == "count":
        return check_count(claim, evidence.collections, evidence.counts)
    if claim.shape == "outcome":
        return _outcome(claim, evidence)
    if claim.shape == "opinion":
        if evidence.polls is None:
            return no_verdict(claim, "no polls were given")
        return check_opinion(claim, evidence.polls)
    return _aid(claim, evidence)


def _outcome(claim: Claim, evidence: Evidence) -> Verdict:
    if claim.on is None:
        return no_verdict(claim, "the day of the sentence is not known")
    return check_outcome(claim, evidence.statements, evidence.codings, claim.on)


def _aid(claim: Claim, evidence: Evidence) -> Verdict:
    if claim.shape == "change":
        if evidence.aid_history is None:
            return no_verdict(claim, "no aid by date was given")
        return check_change(claim, evidence.aid_history())
    if evidence.aid is None or not evidence.aid.height:
        return no_verdict(claim, "no table of aid was given")
    checks = {
        "comparison": check_comparison,
        "ratio": check_ratio,
        "rank": check_rank,
        "total": check_total,
    }
    return checks[claim.shape](claim, evidence.aid)
