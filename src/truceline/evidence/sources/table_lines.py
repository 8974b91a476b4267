"""Tables as lines of JSON: an object a line, its keys the columns, such as a topic carries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.core.types.schema import Schema


def first_keys(head: bytes) -> set[str]:
    """Return the keys of the first object among lines; none where there is no object.

    Examples
    --------
    >>> sorted(first_keys(b'broken' + bytes([10]) + b'{"a": 1, "b": null}'))
    ['a', 'b']
    """
    for line in head.decode("utf-8", "replace").split("\n"):
        if found := _object(line):
            return set(found)
    return set()


def read_lines(path: Path, schema: Schema, most: int) -> Iterator[pl.DataFrame]:
    """Yield the rows as text, so many at a time; a line that is no object has no values.

    Values become what they are in the table when they are cast to its types, so that one that
    does not fit is found there.

    Parameters
    ----------
    path : Path
        The file.
    schema : Schema
        Which columns are wanted.
    most : int
        Rows at a time.

    Raises
    ------
    InputError
        If the file is not UTF-8.
    """
    names = [column.name for column in schema.columns]
    try:
        with path.open(encoding="utf-8", newline="\n") as stream:
            while lines := list(islice(stream, most)):
                found = [_object(line) for line in lines if line.strip()]
                rows = [{name: _text(row.get(name)) for name in names} for row in found]
                yield pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    except UnicodeDecodeError as cause:
        raise InputError(
            "the file is not UTF-8.", where=Where(str(path)), hint="Save it as UTF-8."
        ) from cause


def _object(line: str) -> dict[str, object]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _text(value: object) -> str | None:
    if value is None:
        return None
    # JSON can name halves of characters that no text can hold.
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode("utf-8")
