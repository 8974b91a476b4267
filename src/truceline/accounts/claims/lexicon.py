"""The words that the grammar knows, loaded from declared tables."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from truceline.core.types.errors import InputError, Where


@dataclass(frozen=True)
class Term:
    """A word found in a text: what it stands for, and where."""

    meaning: str
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """Donors, units, measures, comparators and vague numbers."""

    donors: tuple[tuple[re.Pattern[str], str], ...]
    units: tuple[tuple[re.Pattern[str], str], ...]
    measures: tuple[tuple[re.Pattern[str], str], ...]
    types: tuple[tuple[re.Pattern[str], str], ...]
    words: Mapping[str, Any]

    def donors_in(self, text: str) -> list[Term]:
        """Return the donors a text names, longest names first where they overlap."""
        return _found(self.donors, text)

    def units_in(self, text: str) -> tuple[str, ...]:
        """Return the units a text speaks of, each once, in the order they occur."""
        return tuple(dict.fromkeys(term.meaning for term in _found(self.units, text)))

    def measures_in(self, text: str) -> tuple[str, ...]:
        """Return the measures a text speaks of."""
        return tuple(dict.fromkeys(term.meaning for term in _found(self.measures, text)))

    def aid_type_in(self, text: str) -> str:
        """Return the one type of aid a text speaks of; two or more are all of it."""
        types = {term.meaning for term in _found(self.types, text)}
        return types.pop() if len(types) == 1 else "all"

    def list(self, name: str) -> list[str]:
        """Return a declared list of words."""
        return [str(word) for word in self.words[name]]

    def pattern(self, name: str) -> str:
        """Return a declared list of words as alternatives of a regular expression."""
        return alternatives(self.words[name])

    def thresholds(self, name: str) -> tuple[float, ...]:
        """Return the readings of a declared threshold."""
        return tuple(float(value) for value in self.words[name])


@dataclass(frozen=True)
class Frame:
    """What a sentence of a case leaves unsaid.

    Attributes
    ----------
    name : str
        The case.
    conflict_start : date
        From when statements and aid are counted.
    line_km : tuple of float
        Lengths of the line that are in use, kilometres.
    on_the_line : mapping
        Readings of what share of a force stands on the line at one time.
    benchmarks : tuple of mapping
        Forces elsewhere: name, per_km, source.
    """

    name: str
    conflict_start: dt.date
    line_km: tuple[float, ...]
    on_the_line: Mapping[str, float]
    benchmarks: tuple[Mapping[str, Any], ...]


def alternatives(words: Iterable[str]) -> str:
    """Return words as alternatives of a regular expression, longest first."""
    ordered = sorted((str(w) for w in words), key=len, reverse=True)
    return "|".join(re.escape(word) for word in ordered)


@cache
def shipped_lexicon() -> Lexicon:
    """Return the vocabulary that ships with the package."""
    words = _read("words.yaml")
    donors = {name: [name, *aliases] for name, aliases in _read("donors.yaml").items()}
    return Lexicon(
        _table(donors, capital=True),
        _table(words["units"]),
        _table(words["measures"]),
        _table(words["types"]),
        words,
    )


@cache
def shipped_frame() -> Frame:
    """Return the frame of the reference case."""
    return frame_from(_read("frame.yaml"))


def frame_from(content: Mapping[str, Any], file: str = "frame.yaml") -> Frame:
    """Build a frame from the mapping that a file holds."""
    try:
        return Frame(
            str(content["name"]),
            dt.date.fromisoformat(str(content["conflict_start"])),
            tuple(float(km) for km in content["line_km"]),
            {str(k): float(v) for k, v in content["on_the_line"].items()},
            tuple({**b, "per_km": float(b["per_km"])} for b in content["benchmarks"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as cause:
        raise InputError(
            f"the frame is not understood: {cause}.",
            where=Where(file),
            hint="It needs name, conflict_start, line_km, on_the_line and benchmarks.",
        ) from cause


def read_frame(path: Path) -> Frame:
    """Read the frame of a case from a YAML file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as cause:
        raise InputError(f"the frame cannot be read: {cause}.", where=Where(str(path))) from cause
    return frame_from(content, str(path))


def _read(name: str) -> dict[str, Any]:
    file = resources.files("truceline.accounts.claims.data") / name
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def _table(
    words: Mapping[str, Iterable[str]], *, capital: bool = False
) -> tuple[tuple[re.Pattern[str], str], ...]:
    pairs = [(str(word), name) for name, listed in words.items() for word in listed]
    pairs.sort(key=lambda pair: len(pair[0]), reverse=True)
    return tuple((_word(word, capital=capital), name) for word, name in pairs)


def _word(word: str, *, capital: bool) -> re.Pattern[str]:
    # "us" and "turkey" are words too: names count only where they are written as names.
    body = re.escape(word)
    if capital:
        body = rf"(?=[A-ZÀ-Þ])(?i:{body})" if len(word) > 3 else re.escape(word.upper())
        return re.compile(rf"(?<!\w){body}(?!\w)")
    return re.compile(rf"(?<!\w){body}(?!\w)" if word[0].isalnum() else body, re.IGNORECASE)


def _found(table: tuple[tuple[re.Pattern[str], str], ...], text: str) -> list[Term]:
    taken: list[Term] = []
    for pattern, meaning in table:
        for match in pattern.finditer(text):
            overlaps = any(match.start() < t.end and t.start < match.end() for t in taken)
            if not overlaps:
                taken.append(Term(meaning, match.start(), match.end()))
    return sorted(taken, key=lambda term: term.start)
