"""A verdict: what every reading of a claim says, part by part, in words to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.readings import Decider, Judgement

#: What the choices are called in print.
DIMENSION_NAMES: Final = {
    "eu_share": "the share in EU aid",
    "measure": "allocations or commitments",
    "release": "the release of the data",
    "cutoff": "the day up to which aid is counted",
    "rate": "the exchange rate",
    "gdp": "the GDP that is divided by",
    "undated": "aid without a date",
    "threshold": "how much the words ask for",
    "tolerance": "how near is near",
    "counting": "what is counted as a statement",
    "collection": "which collection is counted",
    "line_km": "the length of the line",
    "on_the_line": "how many stand on it at one time",
    "rule": "strict or inclusive coding",
    "window": "the window in days",
    "repeats": "whether repeats count",
    "period": "the two periods that are compared",
    "question": "the poll and its wording",
}


@dataclass(frozen=True)
class Part:
    """The verdict on one subject in one unit.

    Attributes
    ----------
    subject, unit : str
        Of whom, in what.
    judgement : Judgement
        All readings.
    word, sentence : str
        The verdict in a word and in a sentence.
    """

    subject: str
    unit: str
    judgement: Judgement
    word: str
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """The verdict on a claim.

    Attributes
    ----------
    claim : Claim
        What was read.
    parts : tuple of Part
        One for each subject and unit.
    word : str
        The verdict in words.
    sentence : str
        A sentence that can be printed as it is.
    basis : tuple of str
        What data it rests on.
    """

    claim: Claim
    parts: tuple[Part, ...]
    word: str
    sentence: str
    basis: tuple[str, ...] = ()

    @property
    def readings(self) -> int:
        """How many readings were evaluated."""
        return sum(part.judgement.total for part in self.parts)

    @property
    def share(self) -> float | None:
        """The share of all readings of all parts that hold."""
        total = self.readings
        return sum(p.judgement.held for p in self.parts) / total if total else None


def assemble(claim: Claim, parts: Sequence[Part], basis: Sequence[str] = ()) -> Verdict:
    """Join the parts of a claim: the words assert every one of them."""
    words = [part.word for part in parts]
    if not parts or all(word == "cannot be checked" for word in words):
        word = "cannot be checked"
    elif len(set(words)) == 1:
        word = words[0]
    else:
        word = _joined(words)
    sentence = " ".join(part.sentence for part in parts)
    return Verdict(claim, tuple(parts), word, sentence, tuple(basis))


def _joined(words: Sequence[str]) -> str:
    plain = sum(w in ("true", "true in every reading", "true in most readings") for w in words)
    false = sum(w.startswith("false") for w in words)
    said = [
        f"{name} in {count}"
        for name, count in (
            ("true", plain),
            ("with reservations", len(words) - plain - false),
            ("false", false),
        )
        if count
    ]
    return f"{', '.join(said)} of {len(words)} parts"


def no_verdict(claim: Claim, why: str) -> Verdict:
    """Return the verdict that a claim cannot be checked, with the reason."""
    return Verdict(claim, (), "cannot be checked", f"This cannot be checked: {why}.")


def decided_by(deciders: Sequence[Decider]) -> str:
    """Say which choice decides and how, or nothing.

    Examples
    --------
    >>> decided_by([Decider("eu_share", {"out": 1.0, "in": 0.0})])
    'What decides it is the share in EU aid (out: 100 % of readings hold; in: 0 %).'
    """
    if not deciders:
        return ""
    first = deciders[0]
    name = DIMENSION_NAMES.get(first.dimension, first.dimension)
    ways = list(first.shares.items())
    said = [f"{ways[0][0]}: {ways[0][1] * 100:.0f} % of readings hold"]
    said += [f"{way}: {share * 100:.0f} %" for way, share in ways[1:5]]
    return f"What decides it is {name} ({'; '.join(said)})."


def range_of(low: float | None, high: float | None, digits: int = 2) -> str:
    """Write a range without false precision: `1.18 times`, `0.42 to 1.57 times`."""
    if low is None or high is None:
        return "not known"
    first, last = f"{low:.{digits}f}", f"{high:.{digits}f}"
    return first if first == last else f"{first} to {last}"
