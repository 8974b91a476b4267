"""Keys of the record: made, kept, read, and handed on."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from truceline.core.types.errors import InputError, RecordError, Where
from truceline.record.checkpoints import raw_public
from truceline.record.entries import Entry

_ENDORSED = b"truceline record: next key\n"


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a key and keep it in a file that only its owner can read; never over another."""
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
    except FileExistsError as cause:
        raise InputError(
            "a key is there already.", where=Where(str(path)), hint="Name a new file."
        ) from cause
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key; one that others can read is refused."""
    where = Where(str(path))
    if not path.is_file():
        raise InputError("the key is not there.", where=where, hint="`truceline record keygen`.")
    if path.stat().st_mode & 0o077:
        raise InputError("others can read this key.", where=where, hint="chmod 600 it.")
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as cause:
        raise InputError(f"this is no key: {cause}.", where=where) from cause
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("this is no Ed25519 key.", where=where)
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """Return the public key, base64."""
    return base64.b64encode(raw_public(key.public_key())).decode()


def endorsement(old: Ed25519PrivateKey, new_public: str) -> str:
    """Return the old key's word for the next one, base64."""
    return base64.b64encode(old.sign(_ENDORSED + new_public.encode())).decode()


def trusted_keys(first: str, entries: Iterable[Entry]) -> list[str]:
    """Return the keys that the first one leads to, through the key changes in the record.

    A change that the key before did not endorse, as after a lost key, leads nowhere: a
    reader must then be told the new key by other means, and begins with that one.

    Raises
    ------
    RecordError
        If an endorsement is there and does not hold.
    """
    keys = [first]
    for item in entries:
        values = item.values() if item.kind == "key_change" else {}
        new, word = values.get("new_key"), values.get("endorsement")
        # A change before the reader's own key has nothing to do with it.
        if not new or not word or values.get("old_key", keys[-1]) != keys[-1]:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[-1])).verify(
                base64.b64decode(word), _ENDORSED + str(new).encode()
            )
        except (InvalidSignature, ValueError) as cause:
            raise RecordError("a change of key is not endorsed by the key before it.") from cause
        keys.append(str(new))
    return keys


def known_keys(first: str, entries: Iterable[Entry]) -> list[str]:
    """Return all keys that the record names, the first and those it went over to."""
    changes = (item.values() for item in entries if item.kind == "key_change")
    return [first, *(str(values["new_key"]) for values in changes if values.get("new_key"))]


def first_key(entries: Iterable[Entry], now: str) -> str:
    """Return the key that the record began with, where it is signed by another now.

    Raises
    ------
    InputError
        If the record has gone over to another key than the one it is to be signed by.
    """
    changes = [item.values() for item in entries if item.kind == "key_change"]
    if changes and changes[-1].get("new_key") != now:
        raise InputError(
            f"the record has gone over to the key {changes[-1].get('new_key')}.",
            hint="Sign with that one.",
        )
    return str(changes[0].get("old_key", now)) if changes else now


def key_change(old: Ed25519PrivateKey | str, new_public: str, why: str) -> dict[str, str]:
    """Return what is written down of a change of key.

    Parameters
    ----------
    old : Ed25519PrivateKey or str
        The key before; where it is lost its public part alone, which can endorse nothing.
    """
    if not why.strip():
        raise InputError("a change of key says why.")
    values = {"new_key": new_public, "why": why}
    if isinstance(old, str):
        return {**values, "old_key": old}
    return {**values, "old_key": public_text(old), "endorsement": endorsement(old, new_public)}


def unendorsed(entries: Iterable[Entry]) -> list[str]:
    """Return a sentence on each change of key that the key before gave no word for."""
    return [
        f"entry {number} (key_change): the record went over to the key {values['new_key']} "
        f"without the word of the one before ({values.get('why', 'no reason is given')}). "
        "Ask by other means if it is the log's, and verify with it."
        for number, item in enumerate(entries)
        if item.kind == "key_change"
        and (values := item.values()).get("new_key")
        and not values.get("endorsement")
    ]
