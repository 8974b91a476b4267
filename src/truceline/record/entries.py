"""Entries of the record: what is written down, by whom, when, and how its fields are handled."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from truceline.core.types.errors import RecordError
from truceline.record.canonical import canonical
from truceline.record.commitments import Field, commit, keeps_its_word
from truceline.record.tree import leaf_hash

#: Kinds of entry and the handling of each field; a field that is not named is refused.
KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    "batch": {
        "file": "AMBER", "source": "CLEAR", "sha256": "CLEAR", "places_10km": "AMBER",
        "places_26km": "GREEN", "places_69km": "GREEN",
    },
    "agreement": {"id": "CLEAR", "version": "CLEAR", "files": "CLEAR"},
    "terms": {
        "id": "CLEAR", "version": "CLEAR", "files": "CLEAR", "why": "CLEAR", "adopter": "AMBER",
    },
    "parameters": {"version": "CLEAR", "sha256": "CLEAR", "made_by": "CLEAR"},
    "bulletin": {
        "id": "CLEAR", "period": "CLEAR", "issued": "CLEAR", "files": "CLEAR",
        "settings": "AMBER",
    },
    "release": {"words": "CLEAR", "issued": "CLEAR"},
    "spot": {"incident": "CLEAR", "issued": "CLEAR", "by": "AMBER"},
    "correction": {"bulletin": "CLEAR", "what": "CLEAR", "why": "CLEAR"},
    "review": {
        "incident": "CLEAR", "decision": "CLEAR", "reason": "CLEAR", "reviewer": "AMBER",
        "hand": "CLEAR", "party": "CLEAR", "other": "CLEAR", "apart": "CLEAR",
    },
    "report": {"form": "CLEAR", "sha256": "CLEAR", "account": "AMBER+STRICT"},
    "put": {"incident": "CLEAR", "party": "CLEAR", "until": "CLEAR"},
    "claim": {"party": "CLEAR", "text": "CLEAR", "numbers": "CLEAR", "contact": "RED"},
    "reply": {"party": "CLEAR", "incident": "CLEAR", "text": "CLEAR", "contact": "RED"},
    "access": {"who": "AMBER", "what": "AMBER", "decision": "AMBER"},
    "key_change": {
        "old_key": "CLEAR", "new_key": "CLEAR", "endorsement": "CLEAR", "why": "CLEAR",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    at : str
        When, ISO 8601 in UTC.
    fields : mapping
        By name.
    """

    kind: str
    at: str
    fields: Mapping[str, Field]

    def leaf(self) -> bytes:
        """Return the hash that stands in the tree: over commitments, never over values."""
        named = {
            name: {"commitment": field.commitment, "handling": field.handling}
            for name, field in self.fields.items()
        }
        return leaf_hash(canonical({"kind": self.kind, "at": self.at, "fields": named}))

    def values(self) -> dict[str, Any]:
        """Return what can be read of the entry."""
        return {name: field.value for name, field in self.fields.items() if field.is_open}

    def faults(self) -> list[str]:
        """Return the fields whose value is not the one committed to."""
        return [name for name, field in self.fields.items() if not keeps_its_word(name, field)]


def entry(
    kind: str, at: str, values: Mapping[str, Any], random_bytes: Callable[[int], bytes]
) -> Entry:
    """Return an entry with each of its fields committed.

    Parameters
    ----------
    kind, at, values
        What is written down.
    random_bytes : callable
        A source of randomness such as `secrets.token_bytes`.
    """
    if kind not in KINDS:
        raise RecordError(f"{kind!r} is no kind of entry.", hint=f"Known: {', '.join(KINDS)}.")
    strange = sorted(set(values) - set(KINDS[kind]))
    if strange:
        raise RecordError(
            f"an entry of the kind {kind} has no field {strange[0]!r}.",
            hint=f"It has {', '.join(KINDS[kind])}.",
        )
    fields = {
        name: commit(name, value, KINDS[kind][name], random_bytes)
        for name, value in sorted(values.items())
    }
    return Entry(kind, at, fields)


def to_line(item: Entry) -> str:
    """Return an entry as one line of JSON."""
    fields = {name: vars(field) for name, field in item.fields.items()}
    return canonical({"kind": item.kind, "at": item.at, "fields": fields}).decode()


def from_line(line: str, number: int) -> Entry:
    """Read an entry back.

    Raises
    ------
    RecordError
        With the number of the entry.
    """
    try:
        raw = json.loads(line)
        fields = {name: Field(**field) for name, field in raw["fields"].items()}
        made = Entry(raw["kind"], raw["at"], fields)
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise RecordError(f"entry {number} cannot be read: {cause}.") from cause
    if to_line(made) != line:
        raise RecordError(f"entry {number} is not in the canonical form.")
    return made
