"""Totals that are stated for a donor, and changes over time."""

from __future__ import annotations

import re
from typing import Final

from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.lexicon import alternatives
from truceline.accounts.claims.rules.parts import (
    AMOUNTS,
    Context,
    claim_at,
    coordinated,
    donors,
    measures,
)
from truceline.accounts.claims.text import Number, Sentence, numbers

_COMPARATORS: Final = {
    "at_least": r"more than|over|at least|above|upwards of",
    "at_most": r"less than|under|at most|below|up to|no more than|only",
}
_CHANGE: Final = re.compile(
    r"\b(?P<up>rose|risen|grew|increased|jumped|climbed|went up|doubled)\b|"
    r"\b(?P<down>fell|fallen|dropped|decreased|declined|shrank|went down|halved)\b",
    re.I,
)
_FIXED: Final = {"doubled": 100.0, "halved": 50.0}


def totals(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "A has given (about) 4.9 billion dollars" or "0.2 per cent of its GDP"."""
    verbs = alternatives([w for group in context.lexicon.words["measures"].values() for w in group])
    verb = re.search(rf"\b(?:{verbs})\b", sentence.text, re.I)
    if verb is None or _CHANGE.search(sentence.text):
        return []
    made = []
    for number in numbers(sentence.text):
        unit = _unit(sentence.text, number, context)
        subjects = coordinated(sentence.text, donors(sentence, context), number.start)[:1]
        if unit is None or not subjects:
            continue
        before = sentence.text[max(0, number.start - 16) : number.start]
        made.append(
            claim_at(
                sentence,
                (0, len(sentence.text)),
                "total",
                context,
                subjects=subjects,
                comparator=_comparator(before),
                thresholds=context.lexicon.thresholds("total_tolerance"),
                measures=measures(sentence),
                units=(unit,),
                aid_type=context.lexicon.aid_type_in(sentence.text),
                value=number.value,
                note="A stated total is read as within 5 or 10 %.",
            )
        )
    return made[:1]


def changes(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "A's aid rose (by 20 per cent)"."""
    match = _CHANGE.search(sentence.text)
    if match is None or not re.search(r"\b(aid|support|assistance|help)\b", sentence.text, re.I):
        return []
    subjects = coordinated(sentence.text, donors(sentence, context), match.start())[:1]
    if not subjects:
        return []
    percent = next((n.value for n in numbers(sentence.text) if n.percent), None)
    value = _FIXED.get(match.group().lower(), percent)
    return [
        claim_at(
            sentence,
            (0, len(sentence.text)),
            "change",
            context,
            subjects=subjects,
            comparator="more" if match["up"] else "less",
            thresholds=context.lexicon.thresholds("ratio_tolerance"),
            measures=measures(sentence),
            units=("eur",),
            aid_type=context.lexicon.aid_type_in(sentence.text),
            value=value,
            note="The last twelve months, or the last whole year, against the ones before.",
        )
    ]


def _unit(text: str, number: Number, context: Context) -> str | None:
    if number.percent:
        near = text[number.end : number.end + 60].lower()
        return "gdp_share" if "gdp" in near or "economic output" in near else None
    if number.currency:
        return number.currency
    following = context.lexicon.units_in(text[number.end : number.end + 16])
    return next((unit for unit in following if unit in AMOUNTS), None)


def _comparator(before: str) -> str:
    for name, words in _COMPARATORS.items():
        if re.search(rf"\b(?:{words})\s*$", before, re.I):
            return name
    return "about"
