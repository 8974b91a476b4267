"""One way to write a value, so that all who hash it hash the same bytes (RFC 8785)."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785

from truceline.core.types.errors import RecordError


def canonical(value: Any) -> bytes:
    r"""Return the canonical JSON of a value.

    Raises
    ------
    RecordError
        For what JSON cannot carry to the last digit: integers beyond 2^53, and numbers that
        are none. Write an H3 cell or a time in microseconds as text.

    Examples
    --------
    >>> canonical({"b": 1.0, "a": "é"})
    b'{"a":"\xc3\xa9","b":1}'
    """
    try:
        return bytes(rfc8785.dumps(value))
    except rfc8785.CanonicalizationError as cause:
        raise RecordError(
            f"a value cannot be written canonically: {cause}.",
            hint="Write integers beyond 2^53 as text; leave out what is no number.",
        ) from cause


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, hex."""
    return hashlib.sha256(data).hexdigest()
