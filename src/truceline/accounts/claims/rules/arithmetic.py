"""Forces against the length of a line, and parts that should add up."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.rules.parts import Context, claim_at
from truceline.accounts.claims.text import Number, Sentence, numbers

#: Every part gives back nothing once it has matched, so that hostile text costs no time.
_NUMBER: Final = r"\d[\d,.]*+"
_GAP: Final = r"[^\d=+]*+"
_EQUATION: Final = re.compile(rf"{_NUMBER}(?:{_GAP}\+{_GAP}{_NUMBER})++{_GAP}=\s*{_NUMBER}")


#: Letters before a number in which its noun may stand.
_NEAR: Final = 200


def forces(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "30,000 troops", with the line's length where the sentence gives one."""
    nouns = context.lexicon.pattern("troops")
    found = numbers(sentence.text)
    line = [n for n in found if re.match(r"\s*-?(?:km|kilomet)", sentence.text[n.end :])]
    for number in found:
        # Between a number and its noun stands no other number, and a length is no force.
        words = r"(?:[^\W\d][\w-]*\s+){0,3}"
        tail = re.match(rf"\s+{words}(?:{nouns})\b", sentence.text[number.end :], re.I)
        is_length = number in line or number.percent or number.currency
        if tail is None or is_length or number.value < 100:
            continue
        return [_force(sentence, context, number, (number.start, number.end + tail.end()), line)]
    before = re.compile(
        rf"\b(?:{nouns})\b[^.;:]{{0,40}}$|\b(?:force|contingent|mission|army) of\s+(?:\w+\s+)?$",
        re.IGNORECASE,
    )
    return [
        _force(sentence, context, number, (match.start(), number.end), line)
        for number in found
        if number.value >= 1000
        and number not in line
        and (match := before.search(sentence.text, max(0, number.start - _NEAR), number.start))
    ][:1]


def sums(sentence: Sentence, context: Context) -> list[Claim]:
    """Propose "4,900 in all: 6 attacks, 1,404 strikes and 90 drones" and "a + b = c"."""
    # Without the sign no start can lead to an end, and each would be tried.
    equation = _EQUATION.search(sentence.text) if "=" in sentence.text else None
    if equation is not None:
        found = [n.value for n in numbers(equation.group())]
        return [_sum(sentence, context, equation.span(), found[-1], tuple(found[:-1]))]
    found_at = numbers(sentence.text)
    for total, following in pairwise(found_at):
        gap = sentence.text[total.end : following.start]
        opened = re.search(r":|\bof which\b|\bcomprising\b|\bincluding\b|\bmade up of\b|=", gap)
        if opened is None or total.percent:
            continue
        parts = tuple(n.value for n in found_at if n.start >= following.start and not n.percent)
        if len(parts) < 2:
            continue
        span = (total.start, len(sentence.text))
        subset = opened.group() == "including"
        return [_sum(sentence, context, span, total.value, parts, subset=subset)]
    return []


def _force(
    sentence: Sentence,
    context: Context,
    number: Number,
    span: tuple[int, int],
    line: list[Number],
) -> Claim:
    span = (span[0], max([span[1], *(n.end for n in line)]))
    named = "the sentence" if line else f"the frame of {context.frame.name}"
    return claim_at(
        sentence,
        span,
        "force_per_km",
        context,
        thresholds=tuple(n.value for n in line) or context.frame.line_km,
        units=("persons",),
        value=number.value,
        note=f"The length of the line is that of {named}.",
    )


def _sum(
    sentence: Sentence,
    context: Context,
    span: tuple[int, int],
    total: float,
    parts: tuple[float, ...],
    *,
    subset: bool = False,
) -> Claim:
    return claim_at(
        sentence,
        span,
        "sum",
        context,
        comparator="at_most" if subset else "exactly",
        units=("items",),
        value=total,
        parts=parts,
        note="'Including' asks only that the parts are no more than the total." if subset else "",
    )
