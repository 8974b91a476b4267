"""Pieces that several rules share: who is spoken of, and in which units."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.lexicon import Frame, Lexicon, Term, alternatives
from truceline.accounts.claims.text import Sentence

MEASURES: Final = ("allocation", "commitment")
AMOUNTS: Final = ("usd", "eur", "gdp_share", "per_head")


@dataclass(frozen=True)
class Context:
    """What a rule may look at besides the sentence: the words, the case, the day."""

    lexicon: Lexicon
    frame: Frame
    on: dt.date | None = None


#: A rule takes a sentence and proposes the claims it understands.
Rule = Callable[[Sentence, Context], list[Claim]]


def donors(sentence: Sentence, context: Context) -> list[Term]:
    """Return the donors a sentence names, without names that are part of a unit."""
    units = re.compile(
        rf"(?<!\w)(?:U\.?S\.?\s+)(?:{alternatives(context.lexicon.words['units']['usd'])})", re.I
    )
    blocked = [match.span() for match in units.finditer(sentence.text)]
    return [
        term
        for term in context.lexicon.donors_in(sentence.text)
        if not any(start <= term.start < end for start, end in blocked)
    ]


def coordinated(text: str, terms: list[Term], before: int) -> tuple[str, ...]:
    """Return the names that end before a place and are joined by commas, `and`, `or`.

    Up to three words may stand between two names ("even remote Japan or tiny Denmark").
    """
    chain: list[Term] = []
    for term in reversed([t for t in terms if t.end <= before]):
        if chain:
            gap = text[term.end : chain[-1].start]
            joined = re.search(r",|\band\b|\bor\b|\bnor\b", gap)
            if joined is None or len(re.findall(r"\w+", gap)) > 4:
                break
        chain.append(term)
    return tuple(dict.fromkeys(t.meaning for t in reversed(chain)))


def amount_units(sentence: Sentence, context: Context) -> tuple[str, ...]:
    """Return the units of aid that a sentence speaks of; none named means dollars and euros."""
    named = tuple(u for u in context.lexicon.units_in(sentence.text) if u in AMOUNTS)
    return named or ("usd", "eur")


def measures(sentence: Sentence) -> tuple[str, ...]:
    """Return the measures that a sentence can mean.

    "Committed" and "pledged" mean commitments. "Allocated" means allocations. Looser verbs
    ("gives", "donated") leave both open, and each becomes a reading.
    """
    text = sentence.text.lower()
    if re.search(r"\ballocat", text):
        return ("allocation",)
    if re.search(r"\b(commit|pledg|promis)", text):
        return ("commitment",)
    return MEASURES


def claim_at(
    sentence: Sentence, span: tuple[int, int], shape: str, context: Context, **content: object
) -> Claim:
    """Return a claim for a span of a sentence, placed in the whole text."""
    start, end = span
    return Claim(
        text=sentence.text[start:end],
        start=sentence.start + start,
        end=sentence.start + end,
        shape=shape,
        on=context.on,
        **content,  # type: ignore[arg-type]
    )
