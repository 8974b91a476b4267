"""One way to write a value, so that all who hash it hash the same bytes (RFC 8785)."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import rfc8785

from truceline.core.types.errors import RecordError

#: Writes what has no numbers in it as the standard does, several times as fast.
_WORDS: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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
    if _is_words(value):
        try:
            return _WORDS.encode(value).encode()
        except UnicodeEncodeError:
            pass  # half of a surrogate pair, which the library refuses
    try:
        return bytes(rfc8785.dumps(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as cause:
        raise RecordError(
            f"a value cannot be written canonically: {cause}.",
            hint="Write integers beyond 2^53 as text; leave out what is no number.",
        ) from cause


def _is_words(value: Any) -> bool:
    """Return whether a value is text alone, in lists or under names that sort by any rule alike."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is dict:
        return all(type(k) is str and k.isascii() and _is_words(v) for k, v in value.items())
    return kind in (list, tuple) and all(_is_words(item) for item in value)


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, hex."""
    return hashlib.sha256(data).hexdigest()
