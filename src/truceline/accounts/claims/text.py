"""Sentences and numbers of a text, with the place where each stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ABBREVIATIONS: Final = r"(?<!\bU\.S)(?<!\bU\.K)(?<!\bMr)(?<!\bDr)(?<!\bSt)(?<!\bbn)(?<!\bNo)"
_END: Final = re.compile(rf"(?:{_ABBREVIATIONS}[.!?][”\"’')]*(?=\s+[A-Z“\"‘(0-9])|\n+)")

_SCALES: Final = {"thousand": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9,
                  "trillion": 1e12, "tn": 1e12}  # fmt: skip
_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
_NUMBER: Final = re.compile(
    r"(?P<sign>[$€£])?\s?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[\s-]?(?P<scale>thousand|million|billion|trillion|bn|tn|m)\b)?"
    r"\s?(?P<percent>%|per ?cent\b)?",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://\S+|@\w+")
_DAY: Final = (
    r"\b(?:\d{1,2}\s+)?(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:\s+\d{1,2}(?!\d))?(?:,?\s+\d{4})?|\b(?:19|20)\d{2}(?:-\d{2}(?:-\d{2})?)?\b"
)
_DATE: Final = re.compile(_DAY)

#: Words that bound the time a sentence speaks of. Since the war began is no bound: before it
#: nothing is counted.
_SPAN: Final = re.compile(
    r"\b(?P<word>since|from|in|during|throughout|between|before|until|till|by|after)\s+"
    r"(?:the\s+)?(?:(?:start|beginning|end|middle|first|second|third|last|half|quarter|"
    rf"early|mid|late|of|summer|autumn|winter|spring)[\s-]+){{0,4}}(?P<day>{_DAY})"
    r"|\b(?:last|this|previous)\s+(?:year|month|week|quarter|summer|winter|spring|autumn)\b"
    r"|\b(?:in|over|during)\s+the\s+(?:last|past|first)\s+[\w-]+\s+(?:days|weeks|months|years)\b",
    re.IGNORECASE,
)
_WAR_BEGAN: Final = re.compile(r"(?:24\s+)?(?:February\s+)?(?:24,?\s+)?2022(?:-02(?:-24)?)?", re.I)


@dataclass(frozen=True)
class Sentence:
    """A sentence and where it starts in the text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Number:
    """A number written in digits: its value, sign of currency, percent, and place."""

    value: float
    start: int
    end: int
    currency: str | None = None
    percent: bool = False


def sentences(text: str) -> list[Sentence]:
    """Split a text at full stops and line ends, without breaking abbreviations.

    Examples
    --------
    >>> [s.text for s in sentences("The U.S. gave 1. France gave 2.")]
    ['The U.S. gave 1.', 'France gave 2.']
    """
    made, start = [], 0
    for match in _END.finditer(text):
        made.append(_trimmed(text, start, match.end()))
        start = match.end()
    made.append(_trimmed(text, start, len(text)))
    return [s for s in made if s.text]


def numbers(text: str) -> list[Number]:
    """Return the numbers in digits, without those of dates, years and web addresses.

    Examples
    --------
    >>> [(n.value, n.percent) for n in numbers("In 2024, $4.9bn, or 0.17 per cent")]
    [(4900000000.0, False), (0.17, True)]
    """
    blocked = [m.span() for pattern in (_ADDRESS, _DATE) for m in pattern.finditer(text)]
    made = []
    for match in _NUMBER.finditer(text):
        inside = any(match.start("digits") < e and s < match.end("digits") for s, e in blocked)
        if inside and not (match["scale"] or match["percent"] or match["sign"]):
            continue
        if match.start("digits") and text[match.start("digits") - 1].isalnum():
            continue
        made.append(_number(match))
    return made


def word_value(text: str) -> float | None:
    """Return the value of a number written as a word or in digits.

    Examples
    --------
    >>> word_value("eleven"), word_value("2.5"), word_value("many")
    (11.0, 2.5, None)
    """
    cleaned = text.strip().lower().replace(",", "")
    if cleaned in _WORDS:
        return float(_WORDS[cleaned])
    try:
        return float(cleaned)
    except ValueError:
        return None


def _number(match: re.Match[str]) -> Number:
    value = float(match["digits"].replace(",", ""))
    value *= _SCALES.get((match["scale"] or "").lower(), 1.0)
    text = match.group()
    start = match.start() + len(text) - len(text.lstrip())
    end = match.end() - (len(text) - len(text.rstrip()))
    currency = {"$": "usd", "€": "eur"}.get(match["sign"] or "")
    return Number(value, start, end, currency, match["percent"] is not None)


def _trimmed(text: str, start: int, end: int) -> Sentence:
    part = text[start:end]
    return Sentence(part.strip(), start + len(part) - len(part.lstrip()))


def bound_of(text: str) -> tuple[int, int] | None:
    """Return where a sentence bounds the time it speaks of, if it does.

    Examples
    --------
    >>> text = "Germany has given more than France since January 2025."
    >>> text[slice(*bound_of(text))], bound_of("Germany gives more, and has since 2022.")
    ('since January 2025', None)
    """
    for match in _SPAN.finditer(text):
        since_the_war = match["word"] and match["word"].lower() in {"since", "from"}
        if not (since_the_war and _WAR_BEGAN.fullmatch(match["day"])):
            return match.span()
    return None
