"""Checkpoints: the size and root of the log, signed (C2SP signed notes and tlog-checkpoint).

A checkpoint is a text: origin, size, root in base64, an empty line, then a line a signature.
Witnesses add cosignatures with the time at which they saw it (cosignature/v1).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from truceline.core.types.errors import RecordError

_LOG, _WITNESS = b"\x01", b"\x04"


@dataclass(frozen=True)
class Signature:
    """A line of a note: who, and the bytes after the em dash."""

    name: str
    blob: bytes


@dataclass(frozen=True)
class Checkpoint:
    """The log at one moment.

    Attributes
    ----------
    origin : str
        Name of the log.
    size : int
        Entries.
    root : bytes
        Root over them.
    signatures : tuple
        Of the log and of witnesses.
    """

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...] = ()

    def body(self) -> bytes:
        """Return what is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()

    def text(self) -> str:
        """Return the whole note."""
        lines = "".join(
            f"\u2014 {s.name} {base64.b64encode(s.blob).decode()}\n" for s in self.signatures
        )
        return f"{self.body().decode()}\n{lines}"


def raw_public(key: Ed25519PublicKey) -> bytes:
    """Return the 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(name: str, public: bytes, kind: bytes = _LOG) -> bytes:
    """Return the first four bytes of SHA-256(name, newline, kind, key), as C2SP has it."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> Checkpoint:
    """Return the checkpoint with the log's own signature added."""
    ident = key_id(checkpoint.origin, raw_public(key.public_key()))
    signature = Signature(checkpoint.origin, ident + key.sign(checkpoint.body()))
    return replace(checkpoint, signatures=(*checkpoint.signatures, signature))


def cosigned(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey, seconds: int) -> Checkpoint:
    """Return the checkpoint with a witness's cosignature and the time it was seen, Unix seconds."""
    ident = key_id(name, raw_public(key.public_key()), _WITNESS)
    stamp = seconds.to_bytes(8, "big")
    blob = ident + stamp + key.sign(_cosigned_body(checkpoint, seconds))
    return replace(checkpoint, signatures=(*checkpoint.signatures, Signature(name, blob)))


def _cosigned_body(checkpoint: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n".encode() + checkpoint.body()


def is_signed_by(checkpoint: Checkpoint, public: bytes) -> bool:
    """Return whether the log's signature by this key is on the checkpoint and holds."""
    ident = key_id(checkpoint.origin, public)
    return any(
        _holds(public, s.blob[4:], checkpoint.body())
        for s in checkpoint.signatures
        if s.name == checkpoint.origin and s.blob[:4] == ident
    )


def witnessed_at(checkpoint: Checkpoint, name: str, public: bytes) -> int | None:
    """Return when a witness saw the checkpoint, Unix seconds; null where it did not."""
    ident = key_id(name, public, _WITNESS)
    for s in checkpoint.signatures:
        if s.name == name and s.blob[:4] == ident and len(s.blob) > 12:
            seconds = int.from_bytes(s.blob[4:12], "big")
            if _holds(public, s.blob[12:], _cosigned_body(checkpoint, seconds)):
                return seconds
    return None


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a note.

    Raises
    ------
    RecordError
        With what is wrong with it.
    """
    body, blank, tail = text.partition("\n\n")
    lines = body.split("\n")
    if not blank or len(lines) != 3 or not lines[0]:
        raise RecordError("this is no checkpoint: origin, size and root are expected.")
    try:
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
        found = tuple(_signature(line) for line in tail.split("\n") if line)
    except ValueError as cause:
        raise RecordError(f"the checkpoint cannot be read: {cause}.") from cause
    if str(size) != lines[1] or size < 0 or len(root) != 32:
        raise RecordError("the checkpoint's size or root is not well formed.")
    return Checkpoint(lines[0], size, root, found)


def _signature(line: str) -> Signature:
    dash, name, blob = line.split(" ")
    if dash != "\u2014":
        raise ValueError("a signature begins with an em dash")
    return Signature(name, base64.b64decode(blob, validate=True))
