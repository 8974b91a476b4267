"""Bundles: the record with what it speaks of, for a third person to check offline.

A bundle is a zip that is written in one way only, so that its every byte is accounted for:
each file is named by an entry with its hash, the entries by the root, the root by a signature,
and the container by writing it again.
"""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from truceline.core.types.errors import RecordError, Where
from truceline.record.canonical import digest
from truceline.record.checkpoints import Checkpoint, is_signed_by, parse_checkpoint
from truceline.record.entries import Entry, from_line, to_line
from truceline.record.keys import known_keys, trusted_keys, unendorsed
from truceline.record.redaction import Audience, redacted_entry
from truceline.record.tree import consistency_proof, is_consistent, root_of

CHECKPOINT, ENTRIES, KEY = "checkpoint.txt", "entries.jsonl", "public_key.txt"

#: A bundle and any file in it may be this large, bytes.
MOST_BYTES: Final = 8_000_000_000

#: All that a damaged zip, or a text in it, can raise while it is read. A zip that asks for
#: a way of packing nobody has is a RuntimeError too.
_UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    RuntimeError,
    EOFError,
)


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds.

    Attributes
    ----------
    checkpoint : Checkpoint
        The signed size and root.
    entries : tuple of Entry
        All entries up to it.
    public_key : str
        The key the log began with, base64.
    files : mapping
        Path in the bundle to bytes: `case/`, `inputs/`, `published/`.
    """

    checkpoint: Checkpoint
    entries: tuple[Entry, ...]
    public_key: str
    files: Mapping[str, bytes]

    def named_files(self) -> dict[str, str]:
        """Return the hash of every file that the entries speak of, by its path here."""
        named: dict[str, str] = {}
        for item in self.entries:
            values = item.values()
            if item.kind == "batch" and "file" in values:
                named[str(values["file"])] = str(values["sha256"])
            elif item.kind in ("agreement", "bulletin"):
                named |= {str(k): str(v) for k, v in dict(values.get("files", {})).items()}
        return named


def write_bundle(bundle: Bundle) -> bytes:
    """Return the bundle as the bytes of a zip, always the same for the same content."""
    parts = {
        CHECKPOINT: bundle.checkpoint.text().encode(),
        ENTRIES: "".join(f"{to_line(item)}\n" for item in bundle.entries).encode(),
        KEY: f"{bundle.public_key}\n".encode(),
        **bundle.files,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts):
            # The earliest time a zip can hold: when a file was touched is nobody's business.
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, parts[name])
    return out.getvalue()


def read_bundle(path: Path) -> Bundle:
    """Read a bundle.

    Raises
    ------
    RecordError
        With the part that cannot be read.
    """
    where = Where(str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [info.file_size for info in archive.infolist()]
            if sum(sizes) > MOST_BYTES:
                raise RecordError("the bundle is too large to be read.", where=where)
            parts = {info.filename: archive.read(info) for info in archive.infolist()}
        key = parts.pop(KEY).decode().strip()
        checkpoint = parse_checkpoint(parts.pop(CHECKPOINT).decode())
        lines = parts.pop(ENTRIES).decode().splitlines()
    except _UNREADABLE as cause:
        raise RecordError(
            f"the bundle cannot be read: {cause}.", where=where, hint="Fetch it again."
        ) from cause
    entries = tuple(from_line(line, number) for number, line in enumerate(lines))
    return Bundle(checkpoint, entries, key, parts)


def faults_of(bundle: Bundle, trusted: str | None = None) -> list[str]:
    """Return all that is wrong with a bundle, a sentence each; nothing is wrong with none.

    Parameters
    ----------
    bundle : Bundle
        As read.
    trusted : str, optional
        The public key the reader knows the log by; without it the bundle's own is taken,
        and only that the parts belong together is shown.
    """
    faults = [
        f"entry {number} ({item.kind}): the field {name!r} is not what was committed."
        for number, item in enumerate(bundle.entries)
        for name in item.faults()
    ]
    if trusted is not None and trusted not in known_keys(bundle.public_key, bundle.entries):
        faults.append(f"{KEY}: this is not the key you trust.")
    try:
        keys = trusted_keys(trusted or bundle.public_key, bundle.entries)
    except RecordError as fault:
        keys, faults = [trusted or bundle.public_key], [*faults, fault.message]
    leaves = [item.leaf() for item in bundle.entries]
    if bundle.checkpoint.size != len(leaves) or bundle.checkpoint.root != root_of(leaves):
        faults.append(f"{ENTRIES}: the entries are not those of the checkpoint.")
    if not any(_signed(bundle.checkpoint, key) for key in keys):
        faults.append(f"{CHECKPOINT}: no trusted key has signed it.")
        faults += unendorsed(bundle.entries)
    return faults + _file_faults(bundle)


def _signed(checkpoint: Checkpoint, key: str) -> bool:
    try:
        return is_signed_by(checkpoint, base64.b64decode(key, validate=True))
    except ValueError:
        return False


def _file_faults(bundle: Bundle) -> list[str]:
    named = bundle.named_files()
    faults = []
    for path, content in sorted(bundle.files.items()):
        if path not in named:
            faults.append(f"{path}: no entry speaks of this file.")
        elif digest(content) != named[path]:
            faults.append(f"{path}: the file is not the one that was recorded.")
    return faults


def container_fault(data: bytes, bundle: Bundle) -> str | None:
    """Return what is wrong with the container itself: bytes that belong to no part of it."""
    again = write_bundle(bundle)
    if again == data:
        return None
    at = next((i for i, (a, b) in enumerate(zip(again, data, strict=False)) if a != b),
              min(len(again), len(data)))  # fmt: skip
    return f"the container differs from what its parts make, from byte {at} on."


def redacted_bundle(bundle: Bundle, audience: Audience) -> Bundle:
    """Return the bundle for an audience; it still verifies.

    Files that only a withheld field names are taken out with it.
    """
    entries = tuple(redacted_entry(item, audience) for item in bundle.entries)
    shown = Bundle(bundle.checkpoint, entries, bundle.public_key, {})
    named = shown.named_files()
    files = {path: data for path, data in bundle.files.items() if path in named}
    return Bundle(bundle.checkpoint, entries, bundle.public_key, files)


def compared(old: Bundle, new: Bundle) -> list[str]:
    """Return what the newer of two bundles of one log adds, or why they cannot be of one log."""
    if old.checkpoint.origin != new.checkpoint.origin:
        return [f"two logs: {old.checkpoint.origin!r} and {new.checkpoint.origin!r}."]
    if old.checkpoint.size > new.checkpoint.size:
        return compared(new, old)
    size = old.checkpoint.size
    if not continues(old.checkpoint, new):
        return [
            "SPLIT VIEW: the log showed two histories; keep both bundles, they prove it.",
        ]
    return [
        f"{number} {item.at} {item.kind}: {_short(item)}"
        for number, item in enumerate(new.entries[size:], start=size)
    ]


def continues(seen: Checkpoint, bundle: Bundle) -> bool:
    """Return whether a bundle's record is the one of a checkpoint, with entries added or none."""
    size = seen.size
    if seen.origin != bundle.checkpoint.origin or size > len(bundle.entries):
        return False
    if size == 0:
        return True
    leaves = [item.leaf() for item in bundle.entries]
    proof = consistency_proof(leaves, size) if size < len(leaves) else []
    return is_consistent(size, seen.root, len(leaves), root_of(leaves), proof)


def _short(item: Entry) -> str:
    values = item.values()
    chosen: Iterable[str] = (
        f"{k} {v}" for k, v in values.items() if isinstance(v, str) and len(v) <= 80
    )
    return ", ".join(chosen)
