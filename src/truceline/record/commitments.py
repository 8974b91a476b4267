r"""Fields committed one by one, so that a copy with some of them taken out still verifies.

A field's commitment is :math:`\mathrm{SHA256}(\text{salt} \| \text{canonical}([name, value]))`
with a salt of 32 random bytes of its own. The leaf of an entry holds the commitments, never
the values; who sees only the leaf can guess nothing of a value, not even of a short one.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from truceline.core.types.errors import RecordError
from truceline.core.types.vocabulary import HANDLINGS
from truceline.record.canonical import canonical

SALT_BYTES = 32


@dataclass(frozen=True)
class Field:
    """A field of an entry.

    Attributes
    ----------
    commitment : str
        SHA-256 over salt, name and value, hex.
    handling : str
        Traffic Light Protocol level of the value.
    salt : str or None
        Base64; null where the field was taken out.
    value : any
        JSON value; null as well where it was taken out.
    """

    commitment: str
    handling: str
    salt: str | None
    value: Any

    @property
    def is_open(self) -> bool:
        """Whether the value is here."""
        return self.salt is not None


def commit(name: str, value: Any, handling: str, random_bytes: Callable[[int], bytes]) -> Field:
    """Return a field with its commitment.

    Parameters
    ----------
    name, value, handling
        The field.
    random_bytes : callable
        A source of randomness such as `secrets.token_bytes`.
    """
    if handling not in HANDLINGS:
        raise RecordError(f"{handling!r} is no level of handling.", hint=", ".join(HANDLINGS))
    salt = random_bytes(SALT_BYTES)
    return Field(_hash(salt, name, value), handling, base64.b64encode(salt).decode(), value)


def _hash(salt: bytes, name: str, value: Any) -> str:
    return hashlib.sha256(salt + canonical([name, value])).hexdigest()


def keeps_its_word(name: str, field: Field) -> bool:
    """Return whether the value is the one committed to; a field taken out says nothing."""
    if field.salt is None:
        return field.value is None
    try:
        salt = base64.b64decode(field.salt, validate=True)
    except ValueError:
        return False
    return len(salt) == SALT_BYTES and _hash(salt, name, field.value) == field.commitment


def redacted(fields: Mapping[str, Field], shown: Collection[str]) -> dict[str, Field]:
    """Return the fields with the values of all but those named taken out."""
    return {
        name: field if name in shown else replace(field, salt=None, value=None)
        for name, field in fields.items()
    }
