"""Identity of an observation: the same raw row of the same source is the same observation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import polars_hash as plh

#: Separates fields in the canonical form of a row; it does not occur in text files.
_UNIT = "\x1f"


def observation_id(source: str, raw_columns: Sequence[str]) -> pl.Expr:
    """Return the identity of each row: 128 bits of BLAKE3 over its source and raw fields.

    Fields are stripped of surrounding blanks; an empty one and a missing one are the same.
    """
    fields = [pl.col(name).fill_null("").str.strip_chars() for name in raw_columns]
    canonical = plh.concat_str(pl.lit(source), *fields, separator=_UNIT)
    digest: pl.Expr = canonical.chash.blake3()
    return digest.str.slice(0, 32)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as empty:
    ...     file_digest(Path(empty.name))[:8]
    'e3b0c442'
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
