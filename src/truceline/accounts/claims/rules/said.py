"""Counts of statements, what came of them, and what people think."""

from __future__ import annotations

import re

from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.lexicon import alternatives
from truceline.accounts.claims.rules.parts import Context, claim_at, donors
from truceline.accounts.claims.text import Sentence, numbers


def counts(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "tens of dozens of such warnings", "253 threats"."""
    lexicon = context.lexicon
    vague = alternatives(lexicon.words["quantities"])
    nouns = lexicon.pattern("warnings")
    pattern = re.compile(
        rf"\b(?P<vague>{vague})\b[\s—–-]*(?:[\w’'—–-]+\s+){{0,4}}(?P<noun>{nouns})\b", re.I
    )
    match = pattern.search(sentence.text)
    if match is not None:
        asked = lexicon.words["quantities"][match["vague"].lower()]
        return [_count(sentence, context, match.span(), tuple(map(float, asked)), None)]
    for number in numbers(sentence.text):
        tail = re.match(rf"\s+(?:\w+\s+){{0,3}}(?:{nouns})\b", sentence.text[number.end :], re.I)
        if tail is not None and not number.percent:
            span = (number.start, number.end + tail.end())
            return [_count(sentence, context, span, (number.value,), number.value)]
    return []


def outcomes(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "these warnings have been largely hollow"."""
    hollow = context.lexicon.words["hollow"]
    modifiers = context.lexicon.words["hollow_modifiers"]
    words = alternatives(hollow["words"])
    match = re.search(
        rf"(?:\b(?P<modifier>{alternatives(modifiers)})\s+)?\b(?:{words})\b", sentence.text, re.I
    )
    nouns = re.search(rf"\b(?:{context.lexicon.pattern('warnings')})\b", sentence.text, re.I)
    if match is None or nouns is None:
        return []
    level = modifiers[match["modifier"].lower()] if match["modifier"] else "all"
    span = (min(nouns.start(), match.start()), max(nouns.end(), match.end()))
    return [
        claim_at(
            sentence,
            span,
            "outcome",
            context,
            comparator="at_least",
            thresholds=tuple(float(v) for v in hollow[level]),
            units=("statements",),
            note="'Largely' is read as at least half, two thirds or four fifths of those tested.",
        )
    ]


def opinions(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "a plurality (majority) of Germans support ..."."""
    lexicon = context.lexicon
    shares = alternatives(lexicon.words["opinion_share"])
    verbs = lexicon.pattern("opinion")
    match = re.search(
        rf"\b(?P<share>{shares})\s+of\s+(?P<whom>[\w\s]{{0,30}}?)\s+(?P<verb>{verbs})\b",
        sentence.text,
        re.I,
    )
    if match is None:
        return []
    whom = [t for t in donors(sentence, context) if match.start() <= t.start < match.end("whom")]
    if not whom:
        return []
    against = match["verb"].lower() in ("oppose", "opposes", "against")
    topic = re.split(r"\bas\b|[.;,]|https?:", sentence.text[match.end() :])[0]
    return [
        claim_at(
            sentence,
            (match.start(), match.end() + len(topic.rstrip())),
            "opinion",
            context,
            subjects=(whom[0].meaning,),
            comparator="less" if against else "more",
            thresholds=(float(lexicon.words["opinion_share"][match["share"].lower()]),),
            units=("percent",),
            note="A plurality is more for than against; a majority is more than half of all.",
        )
    ]


def _count(
    sentence: Sentence,
    context: Context,
    span: tuple[int, int],
    thresholds: tuple[float, ...],
    value: float | None,
) -> Claim:
    speakers = tuple(
        dict.fromkeys(t.meaning for t in donors(sentence, context) if t.end <= span[0])
    )
    return claim_at(
        sentence,
        span,
        "count",
        context,
        subjects=speakers[-1:],
        comparator="at_least" if value is None else "about",
        thresholds=thresholds,
        units=("statements",),
        value=value,
        since=context.frame.conflict_start,
        note=f"Counted from {context.frame.conflict_start.isoformat()}.",
    )
