"""The error tree: each error says what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Where:
    """A place in an input.

    Attributes
    ----------
    file : str
        Path or address of the input, as the user gave it.
    row : int or None
        Row of a table or line of a text, counted from 1.
    field : str or None
        Column name, or dotted path of a key.
    """

    file: str
    row: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        row = "" if self.row is None else f", row {self.row}"
        field = "" if self.field is None else f", {self.field}"
        return f"{self.file}{row}{field}"


class TrucelineError(Exception):
    """Base of every error this package raises on purpose.

    Parameters
    ----------
    message : str
        One sentence: what is wrong.
    where : Where or None
        The place it is wrong at.
    hint : str or None
        What the user can do about it.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: str, *, where: Where | None = None, hint: str | None = None
    ) -> None:
        self.message = message
        self.where = where
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        place = "" if self.where is None else f"{self.where}: "
        hint = "" if self.hint is None else f" {self.hint}"
        return f"{place}{self.message}{hint}"

    def as_dict(self) -> dict[str, object]:
        """Return the one JSON shape of an error, on every interface."""
        where = self.where
        return {
            "code": self.code,
            "message": self.message,
            "file": None if where is None else where.file,
            "row": None if where is None else where.row,
            "field": None if where is None else where.field,
            "hint": self.hint,
        }


class InputError(TrucelineError):
    """A file, row or value that cannot be read or understood."""

    code = "input"
    exit_code = 3


class UnknownFormatError(InputError):
    """No source recognises the file."""

    code = "unknown_format"


class TermsError(TrucelineError):
    """An agreement or a case that contradicts itself."""

    code = "terms"
    exit_code = 4


class SchemaError(TrucelineError):
    """A table that does not have the columns its schema declares."""

    code = "schema"
    exit_code = 5


class StoreError(TrucelineError):
    """The store cannot be opened, written or trusted."""

    code = "store"
    exit_code = 6


class FetchError(TrucelineError):
    """A remote feed that did not answer as documented."""

    code = "fetch"
    exit_code = 7


class RecordError(TrucelineError):
    """A record, proof or signature that does not verify."""

    code = "record"
    exit_code = 8
