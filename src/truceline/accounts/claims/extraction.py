"""Claims proposed from a text, with the span of each, and what was missed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from truceline.accounts.claims.claim import Claim, Found, Missed
from truceline.accounts.claims.lexicon import Frame, Lexicon, shipped_frame, shipped_lexicon
from truceline.accounts.claims.rules.amounts import changes, totals
from truceline.accounts.claims.rules.arithmetic import forces, sums
from truceline.accounts.claims.rules.comparison import comparisons, ranks, ratios
from truceline.accounts.claims.rules.parts import Context, Rule
from truceline.accounts.claims.rules.said import counts, opinions, outcomes
from truceline.accounts.claims.text import Sentence, bound_of, numbers, sentences

#: Tried on every sentence. Rules of one group exclude each other; the first that proposes
#: something wins.
RULES: Final[tuple[tuple[Rule, ...], ...]] = (
    (ratios, comparisons, ranks, changes, totals),
    (sums, forces),
    (counts,),
    (outcomes,),
    (opinions,),
)

#: Shapes whose figures are sums over all the time that aid is counted.
_OF_ALL_TIME: Final = frozenset({"comparison", "ratio", "rank", "total"})

_LOOKS_CHECKABLE: Final = re.compile(
    r"\b(?:more|less|fewer|greater|larger|higher|lower)\b[^.;]{0,60}\bthan\b"
    r"|\b(?:largest|biggest|highest|lowest|most generous)\b"
    r"|\b(?:dozens|hundreds|thousands|millions|billions|majority|plurality|twice|double[ds]?)\b",
    re.I,
)


def extract(
    text: str,
    *,
    on: dt.date | None = None,
    lexicon: Lexicon | None = None,
    frame: Frame | None = None,
) -> Found:
    """Propose the claims of a text.

    Every number of a claim stands in its words, or is a declared meaning of a word of
    them; nothing is made up. Numbers and comparisons that no rule understood are listed.

    Parameters
    ----------
    text : str
        The text, as it was published.
    on : date or None
        The day of the text: releases after it were not known then.
    lexicon, frame : optional
        The vocabulary and what the case leaves unsaid; those that ship are the default.

    Examples
    --------
    >>> found = extract("Japan gives considerably more than France as a share of GDP.")
    >>> claim = found.claims[0]
    >>> claim.subjects, claim.reference, claim.units, claim.thresholds
    (('Japan',), 'France', ('gdp_share',), (1.1, 1.25, 1.5))
    """
    context = Context(lexicon or shipped_lexicon(), frame or shipped_frame(), on)
    claims: list[Claim] = []
    missed: list[Missed] = []
    for sentence in sentences(text):
        made = [claim for group in RULES for claim in _first(group, sentence, context)]
        if (bound := bound_of(sentence.text)) is not None:
            # Aid is counted from the beginning to a day: held against that, a sentence on a
            # part of the time would be called false, or true, for what it does not say.
            if any(claim.shape in _OF_ALL_TIME for claim in made):
                missed.append(_bounded(sentence, bound))
            made = [claim for claim in made if claim.shape not in _OF_ALL_TIME]
        claims.extend(made)
        missed.extend(_missed(sentence, made))
    ordered = sorted(claims, key=lambda claim: (claim.start, claim.end))
    return Found(text, tuple(ordered), tuple(missed))


def _bounded(sentence: Sentence, bound: tuple[int, int]) -> Missed:
    start, end = bound
    why = "a part of the time: aid is counted from its beginning to a day, so this is not checked"
    return Missed(sentence.text[start:end], sentence.start + start, sentence.start + end, why)


def _first(group: tuple[Rule, ...], sentence: Sentence, context: Context) -> list[Claim]:
    for rule in group:
        made = rule(sentence, context)
        if made:
            return made
    return []


def _missed(sentence: Sentence, claims: list[Claim]) -> list[Missed]:
    spans = [(c.start - sentence.start, c.end - sentence.start) for c in claims]
    places = [(n.start, n.end, "a number that no rule understood") for n in numbers(sentence.text)]
    places += [
        (m.start(), m.end(), "a comparison or count that no rule understood")
        for m in _LOOKS_CHECKABLE.finditer(sentence.text)
    ]
    return [
        Missed(sentence.text[start:end], sentence.start + start, sentence.start + end, why)
        for start, end, why in sorted(places)
        if not any(s < end and start < e for s, e in spans)
    ]
