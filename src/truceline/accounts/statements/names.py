"""Who spoke: the many spellings of a collection brought to one name each."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from truceline.core.types.errors import InputError, Where

UNRESOLVED = "not named"


@dataclass(frozen=True)
class Speaker:
    """A speaker as resolved.

    Attributes
    ----------
    name, standing, state : str
        One spelling, the office, the state or body.
    how : str
        `person`, `office`, `institution`, `state` or `unresolved`.
    """

    name: str
    standing: str
    state: str
    how: str


@dataclass(frozen=True)
class SpeakerTable:
    """An alias table, ready to look names up in."""

    people: tuple[tuple[re.Pattern[str], Speaker], ...]
    offices: tuple[tuple[re.Pattern[str], tuple[tuple[dt.date, dt.date, Speaker], ...]], ...]
    institutions: tuple[tuple[re.Pattern[str], Speaker], ...]
    generic: tuple[tuple[re.Pattern[str], Speaker], ...]
    channels: tuple[tuple[re.Pattern[str], str], ...]

    def resolve(self, text: str | None, day: dt.date | None, home: str | None = None) -> Speaker:
        """Return who a free text names, looked at in the order person, office, body.

        What stands outside brackets comes before what stands inside. An office is resolved
        by the day. Text that names nobody is `not named`, of the channel's state (`home`).
        """
        head, tail = _parts(text)
        for part in (head, tail):
            found = _first(self.people, part) or self._holder(part, day)
            found = found or _first(self.institutions, part)
            if found is not None:
                return found
        found = _first(self.generic, head) or _first(self.generic, tail)
        return found or Speaker(UNRESOLVED, "unresolved", home or "not known", "unresolved")

    def channel_state(self, channel: str) -> str | None:
        """Return the state whose channel this is, where the table says."""
        folded = _fold(channel)
        return next((state for words, state in self.channels if words.search(folded)), None)

    def _holder(self, text: str, day: dt.date | None) -> Speaker | None:
        for words, holders in self.offices:
            if words.search(text) and day is not None:
                for start, end, speaker in holders:
                    if start <= day < end:
                        return speaker
        return None


def speaker_table(content: Mapping[str, Any], where: Where) -> SpeakerTable:
    """Build a table from the mapping that an alias file holds."""
    try:
        return SpeakerTable(
            tuple((_words(p["family"]), _speaker(p, "person")) for p in content["people"]),
            tuple((_words(o["titles"]), _holders(o)) for o in content["offices"]),
            tuple(
                (_words(i["words"]), _speaker(i, "institution")) for i in content["institutions"]
            ),
            tuple((_words(g["words"]), _speaker(g, "state")) for g in content["generic"]),
            tuple((_words(c["words"]), str(c["state"])) for c in content["channels"]),
        )
    except (KeyError, TypeError) as cause:
        raise InputError(
            f"the alias table lacks {cause}.",
            where=where,
            hint="It needs people, offices, institutions, generic and channels.",
        ) from cause


def read_speakers(path: Path) -> SpeakerTable:
    """Read an alias table from a YAML file."""
    return speaker_table(yaml.safe_load(path.read_text(encoding="utf-8")), Where(str(path)))


@cache
def shipped_speakers() -> SpeakerTable:
    """Return the alias table that ships with the package."""
    file = resources.files("truceline.accounts.statements.data") / "speakers.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return speaker_table(content, Where("speakers.yaml"))


def _parts(text: str | None) -> tuple[str, str]:
    folded = _fold(text or "")
    inside = " ".join(re.findall(r"\(([^)]*)\)?", folded))
    return re.sub(r"\([^)]*\)?", " ", folded), inside


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("‑", "-"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    plain = plain.replace("и\u0306", "й").replace("defense", "defence").replace("-", " ")
    return re.sub(r"\s+", " ", plain)


def _words(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(_fold(w))}(?!\w)" for w in words))


def _first(table: tuple[tuple[re.Pattern[str], Speaker], ...], text: str) -> Speaker | None:
    hits = [(m.start(), i, s) for i, (w, s) in enumerate(table) if (m := w.search(text))]
    return min(hits, key=lambda hit: hit[:2])[2] if hits else None


def _speaker(row: Mapping[str, str], how: str) -> Speaker:
    return Speaker(row["name"], row["standing"], row["state"], how)


def _holders(row: Mapping[str, Any]) -> tuple[tuple[dt.date, dt.date, Speaker], ...]:
    return tuple(
        (h["from"], h["to"], Speaker(h["name"], row["standing"], row["state"], "office"))
        for h in row["holders"]
    )
