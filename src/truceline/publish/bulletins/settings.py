"""What a bulletin needs to know of its case, and what else is laid beside the judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Thresholds:
    """The agreed limits that a bulletin quotes; it decides nothing by them.

    Attributes
    ----------
    violation : float
        Probability above which an incident is listed as a violation.
    credible : float
        Probability above which it is listed as credible.
    party : float
        Probability above which a party is named.
    holding_share : float
        Share of the rate before the truce below which it is called holding.
    """

    violation: float
    credible: float
    party: float
    holding_share: float


@dataclass(frozen=True)
class BulletinSettings:
    """The words and limits a case gives its bulletins.

    Attributes
    ----------
    case_id, title : str
        Short name for files and identities, and the title as printed.
    timezone : str
        IANA name of the local time shown beside UTC.
    parties : mapping
        Party names by id, in the order in which they are printed.
    thresholds : Thresholds
        The agreed limits.
    languages : tuple of str
        Languages to publish in, from `en`, `uk`, `ru`; the first leads the alerts.
    period_before : tuple of int or None
        Period to compare with, UTC microseconds; null where none is fair.
    disclaimer : str
        Standing sentence under maps and tables.
    handling : str
        Traffic Light Protocol level of the publication. Observations under a stricter
        level are withheld, and their number is said.
    sender : str
        Identity in alerts, such as an address of the mission.
    exercise : bool
        Whether it is a rehearsal; alerts and pages then say so.
    """

    case_id: str
    title: str
    timezone: str
    parties: Mapping[str, str]
    thresholds: Thresholds
    languages: tuple[str, ...] = ("en",)
    period_before: tuple[int, int] | None = None
    disclaimer: str = ""
    handling: str = "CLEAR"
    sender: str = "truceline"
    exercise: bool = False


@dataclass(frozen=True)
class ClaimItem:
    """One item of a claim's breakdown.

    Attributes
    ----------
    name : str
        What it counts, in the party's words.
    value : float
        How many.
    relation : str
        `part_of` (adds to its parent), `subset_of` (is contained in it and adds nothing),
        `restates` (says it again) or `apart_from` (is named apart from it).
    parent : str or None
        Name of the item it belongs to; null is the claim's total.
    bound : str
        How it was said: `exact`, `above`, `at_least`, `below`, `at_most` or `about`.
    """

    name: str
    value: float
    relation: str = "part_of"
    parent: str | None = None
    bound: str = "exact"


@dataclass(frozen=True)
class ClaimLine:
    """What a party says, with the arithmetic that the ledger of claims found.

    Attributes
    ----------
    claim_id, party : str
        Identity, and who says it.
    about_party : str or None
        Whom it is said of.
    period : tuple of int
        What it covers, UTC microseconds.
    unit : str
        What is counted, in words.
    stated : float or None
        The total as stated.
    sum_of_parts : float or None
        The total of its items; null where it gives none.
    items : tuple of ClaimItem
        The breakdown.
    findings : tuple of str
        What the arithmetic check said, one sentence each.
    is_faulty : bool
        Whether something in it cannot be so.
    source : str
        Where it was said.
    """

    claim_id: str
    party: str
    about_party: str | None
    period: tuple[int, int]
    unit: str
    stated: float | None
    sum_of_parts: float | None
    items: tuple[ClaimItem, ...] = field(default=())
    findings: tuple[str, ...] = field(default=())
    is_faulty: bool = False
    source: str = ""
