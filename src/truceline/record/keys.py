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
    reader must then be told the new key by other means.

    Raises
    ------
    RecordError
        If an endorsement is there and does not hold.
    """
    keys = [first]
    for item in entries:
        if item.kind != "key_change":
            continue
        values = item.values()
        new, word = values.get("new_key"), values.get("endorsement")
        if not new or not word:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[-1])).verify(
                base64.b64decode(word), _ENDORSED + str(new).encode()
            )
        except (InvalidSignature, ValueError) as cause:
            raise RecordError("a change of key is not endorsed by the key before it.") from cause
        keys.append(str(new))
    return keys
