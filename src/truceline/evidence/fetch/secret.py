"""A key to a feed: kept out of addresses that are told, of errors and of logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from truceline.core.types.errors import FetchError, Where


class Secret:
    """A key that does not show itself.

    Examples
    --------
    >>> Secret("a-key-of-mine")
    Secret(***)
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        stripped = value.strip()
        if not stripped or any(c.isspace() or not c.isprintable() or c == "/" for c in stripped):
            raise FetchError(
                "the key is empty or is no key.", hint="Give it as one word, without quotes."
            )
        self._value = stripped

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> tuple[object, ...]:
        raise FetchError("a key is not written to files.", hint="Read it from its file again.")

    def reveal(self) -> str:
        """Return the key, for the request itself and nothing else."""
        return self._value

    def hidden_in(self, text: str) -> str:
        """Return a text with the key struck out."""
        return text.replace(self._value, "***")


def read_secret(path: Path) -> Secret:
    """Read a key from a file that holds nothing else."""
    try:
        return Secret(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as cause:
        raise FetchError(
            "the file of the key cannot be read.",
            where=Where(str(path)),
            hint="Write the key into it, alone, in plain text.",
        ) from cause


class _Redactor(logging.Filter):
    def __init__(self, secret: Secret) -> None:
        super().__init__()
        self._secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = self._secret.hidden_in(record.getMessage())
        record.args = None
        return True


@contextmanager
def kept_from_logs(secret: Secret | None) -> Iterator[None]:
    """Strike the key out of what the client of requests logs while it works."""
    if secret is None:
        yield
        return
    redactor = _Redactor(secret)
    logger = logging.getLogger("httpx2")
    logger.addFilter(redactor)
    try:
        yield
    finally:
        logger.removeFilter(redactor)
