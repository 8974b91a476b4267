"""Comparisons, ratios and ranks of donors."""

from __future__ import annotations

import re
from typing import Final

from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.lexicon import alternatives
from truceline.accounts.claims.rules.parts import (
    Context,
    amount_units,
    claim_at,
    coordinated,
    donors,
    measures,
)
from truceline.accounts.claims.text import Sentence, word_value

_ORDINALS: Final = {
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_RANK: Final = re.compile(
    rf"(?:(?P<ordinal>{'|'.join(_ORDINALS)})[\s-]+)?"
    r"(?P<word>largest|biggest|most generous|top|leading|smallest)\s+"
    r"(?:\w+\s+)?(?:donor|supporter|giver|contributor|provider|backer)s?",
    re.I,
)
_PLACE: Final = re.compile(rf"\branks?\s+(?P<ordinal>first|{'|'.join(_ORDINALS)})\b", re.I)


def comparisons(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "A, B or C gives (considerably) more ... than D"."""
    words = context.lexicon.words
    strong = alternatives(words["intensity_words"]["strong"])
    more, less = alternatives(words["more"]), alternatives(words["less"])
    pattern = re.compile(rf"(?:\b(?P<strong>{strong})\s+)?\b(?P<way>{more}|{less})\b", re.I)
    terms = donors(sentence, context)
    for match in pattern.finditer(sentence.text):
        than = re.search(r"\bthan\b", sentence.text[match.end() :], re.I)
        if than is None:
            continue
        after = match.end() + than.end()
        if re.search(r"\btimes\s+$", sentence.text[: match.start()], re.I):
            continue
        reference = next((t for t in terms if 0 <= t.start - after <= 30), None)
        subjects = coordinated(sentence.text, terms, match.start())
        if reference is None or not subjects or reference.meaning in subjects:
            continue
        level = "strong" if match["strong"] else "plain"
        wanted = tuple(float(v) for v in words["intensity"][level])
        is_more = re.fullmatch(more, match["way"], re.I) is not None
        return [
            claim_at(
                sentence,
                (0, len(sentence.text)),
                "comparison",
                context,
                subjects=subjects,
                comparator="more" if is_more else "less",
                thresholds=wanted,
                reference=reference.meaning,
                measures=measures(sentence),
                units=amount_units(sentence, context),
                aid_type=_aid_type(sentence, context),
                note=_note(level, match["way"]),
            )
        ]
    return []


def ratios(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "A gives N times as much as B", "twice what B gives", "half of B's aid"."""
    words = context.lexicon.words
    fixed = alternatives(words["ratios"])
    pattern = re.compile(
        rf"\b(?:(?P<number>\d+(?:\.\d+)?|\w+)\s+times|(?P<fixed>{fixed}))\b"
        r"(?:\s+(?:as\s+much|more|the|what|of|that))?",
        re.I,
    )
    terms = donors(sentence, context)
    for match in pattern.finditer(sentence.text):
        value = _ratio(match, words["ratios"])
        reference = next((t for t in terms if t.start >= match.end()), None)
        subjects = coordinated(sentence.text, terms, match.start())
        if value is None or reference is None or not subjects:
            continue
        return [
            claim_at(
                sentence,
                (0, len(sentence.text)),
                "ratio",
                context,
                subjects=subjects,
                comparator="about",
                thresholds=context.lexicon.thresholds("ratio_tolerance"),
                reference=reference.meaning,
                measures=measures(sentence),
                units=amount_units(sentence, context),
                aid_type=_aid_type(sentence, context),
                value=value,
                note="'N times' is read as within 10 or 25 % of N.",
            )
        ]
    return []


def ranks(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "A is the (second) largest donor", "A ranks third"."""
    match = _RANK.search(sentence.text) or _PLACE.search(sentence.text)
    if match is None:
        return []
    subjects = coordinated(sentence.text, donors(sentence, context), match.start())
    if not subjects:
        return []
    last = "word" in match.groupdict() and match["word"].lower() == "smallest"
    ordinal = (match["ordinal"] or "first").lower()
    return [
        claim_at(
            sentence,
            (0, len(sentence.text)),
            "rank",
            context,
            subjects=subjects[-1:],
            comparator="less" if last else "more",
            measures=measures(sentence),
            units=amount_units(sentence, context),
            aid_type=_aid_type(sentence, context),
            value=float(_ORDINALS.get(ordinal, 1)),
            note="The rank is among all donors of a release, institutions left out.",
        )
    ]


def _ratio(match: re.Match[str], fixed: dict[str, float]) -> float | None:
    if match["fixed"]:
        return float(fixed[match["fixed"].lower()])
    return word_value(match["number"])


def _aid_type(sentence: Sentence, context: Context) -> str:
    return context.lexicon.aid_type_in(sentence.text)


def _note(level: str, way: str) -> str:
    if level == "plain":
        return f"'{way}' is read as any more at all." if way.lower() == "more" else ""
    return f"'considerably {way}' and the like are read as at least 1.1, 1.25 or 1.5 times."
