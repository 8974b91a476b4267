"""Delimited text of any size, in batches of text columns, whatever state it is in."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.core.types.tables import REJECT
from truceline.evidence.sources.damage import Format, damage_of, split_line
from truceline.evidence.sources.row_bounds import Bounds, find_rows
from truceline.evidence.sources.text_files import open_text

#: Bytes read at a time. Eight megabytes are some 200,000 rows of coordinates.
BLOCK_BYTES = 8 << 20

#: Name of the column that holds the number of a row, counted from 1 without the header.
ROW = "raw_row"


@dataclass(frozen=True)
class Rows:
    """A stretch of a file.

    Attributes
    ----------
    table : polars.DataFrame
        The rows that are whole, every column as text, with `raw_row`.
    rejects : polars.DataFrame
        Those that are not, by the schema `REJECT`.
    """

    table: pl.DataFrame
    rejects: pl.DataFrame = field(default_factory=REJECT.empty)


def header_of(head: bytes, separator: str = ",") -> tuple[str, ...]:
    r"""Return the column names in the first line of a file.

    Examples
    --------
    >>> header_of(b'\xef\xbb\xbf"lat","lon"\n1,2')
    ('lat', 'lon')
    """
    line = head.removeprefix(codecs.BOM_UTF8).split(b"\n", 1)[0].decode("utf-8", "replace")
    return tuple(name.strip() for name in split_line(line.rstrip("\r"), separator) or ())


def lowest_names(rows: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """Return of each column the lowest name in a header of several rows, with merged cells.

    Examples
    --------
    >>> lowest_names([("Date", "Place", ""), ("", "Lat", "Lon")])
    ('Date', 'Lat', 'Lon')
    """
    width = max((len(row) for row in rows), default=0)
    whole = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = zip(*whole, strict=True)
    lowest = (next((cell for cell in reversed(column) if cell), "") for column in columns)
    return tuple((name or "").strip() for name in lowest)


def read_rows(
    path: Path,
    required: Sequence[str],
    *,
    separator: str = ",",
    encoding: str = "utf-8",
    header_rows: Sequence[int] = (),
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[Rows]:
    """Yield a file's rows as text, and the rows that cannot be rows, in bounded memory.

    Parameters
    ----------
    path : Path
        The file.
    required : sequence of str
        Columns it must have; a missing one is one clear error.
    separator : str
        Between fields.
    encoding : str
        As in `open_text`.
    header_rows : sequence of int
        Lines, from 1, in which the names stand; the first that is not blank unless told.
    block_bytes : int
        Bytes read at a time.

    Raises
    ------
    InputError
        Where the file is empty, is no text, or lacks a column.
    """
    names = _column_names(path, required, separator, encoding, header_rows)
    count = 0
    for data, last in _stretches(path, encoding, header_rows, size=block_bytes):
        found = find_rows(data.held, len(names), separator=separator, last=last)
        data.used, data.cut = found.used, found.cut
        if len(found.start):
            yield _rows(data.held, found, Format(path, tuple(names), separator), first=count + 1)
        count += len(found.start)


@dataclass
class _Stretch:
    """Bytes held, and how many of them the reader of rows took."""

    held: bytes
    used: int = 0
    cut: bool = False


def _stretches(
    path: Path, encoding: str, header_rows: Sequence[int], *, size: int
) -> Iterator[tuple[_Stretch, bool]]:
    with open_text(path, encoding) as stream:
        _skip_header(stream, header_rows)
        rest, skipping = b"", False
        while True:
            block = stream.read(size)
            last = len(block) < size
            if skipping:
                end = block.find(b"\n") + 1
                skipping = end == 0
                block = block[end:] if end else b""
            stretch = _Stretch(rest + block)
            yield stretch, last
            rest, skipping = stretch.held[stretch.used :], skipping or stretch.cut
            if last:
                return


def _skip_header(stream: BinaryIO, header_rows: Sequence[int]) -> None:
    for _ in range(max(header_rows, default=0)):
        stream.readline(1 << 16)
    if header_rows:
        return
    while line := stream.readline(1 << 16):
        if line.removeprefix(codecs.BOM_UTF8).strip():
            return


def _column_names(
    path: Path,
    required: Sequence[str],
    separator: str,
    encoding: str,
    header_rows: Sequence[int],
) -> list[str]:
    with open_text(path, encoding) as stream:
        head = stream.read(1 << 16)
    where = Where(str(path))
    if not head.strip():
        raise InputError("the file is empty.", where=where, hint="Fetch it again.")
    if b"\x00" in head.split(b"\n", 1)[0]:
        raise InputError(
            "the file is UTF-16 without its mark, or is not text.",
            where=where,
            hint="Save it as CSV in UTF-8, or say `encoding: utf-16-le`.",
        )
    if b"\r" in head and b"\n" not in head:
        raise InputError(
            "lines end with a carriage return alone.",
            where=where,
            hint="Save it with LF line ends.",
        )
    if header_rows:
        lines = head.split(b"\n")
        told = [header_of(lines[row - 1], separator) for row in header_rows if row <= len(lines)]
        found = lowest_names(told)
    else:
        found = header_of(head.lstrip(codecs.BOM_UTF8 + b"\r\n"), separator)
    missing = [name for name in required if name not in found]
    if missing:
        raise InputError(
            f"the columns {', '.join(missing)} are missing; expected {', '.join(required)}; "
            f"found {', '.join(found)[:300]}.",
            where=Where(str(path), row=0),
            hint=_header_hint(found, separator),
        )
    twice = [name for name, times in Counter(found).items() if times > 1 and name in required]
    if twice:
        raise InputError(
            f"the column {twice[0]} stands twice in the header.",
            where=Where(str(path), row=0, field=twice[0]),
            hint="Rename one of them.",
        )
    return [name if found.index(name) == i else f"{name}_{i}" for i, name in enumerate(found)]


def _header_hint(found: tuple[str, ...], separator: str) -> str:
    others = [mark for mark in ";\t|," if mark != separator and any(mark in n for n in found)]
    if others:
        return f"The separator seems to be {others[0]!r}; save the file with {separator!r}."
    return "Check that the file is of this source, or map its columns."


def _rows(data: bytes, found: Bounds, form: Format, *, first: int) -> Rows:
    """Parse the whole rows at once, once the damaged ones are mended or taken out."""
    damage = damage_of(data, found, form, first)
    numbers = np.delete(np.arange(first, first + len(found.start), dtype=np.int64), damage.out)
    table = _parsed(damage.text, form)
    if len(table) != len(numbers):
        raise InputError(
            f"rows {first} to {first + len(found.start) - 1} do not divide into rows in one way.",
            where=Where(str(form.path), row=first),
            hint="Check the quotes there.",
        )
    return Rows(table.with_columns(pl.Series(ROW, numbers)), damage.rejects)


def _parsed(text: bytes, form: Format) -> pl.DataFrame:
    schema = dict.fromkeys(form.names, pl.String())
    if not text.strip(b"\r\n"):
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(text, has_header=False, schema=schema, separator=form.separator)
    except pl.exceptions.PolarsError as cause:
        raise InputError(
            f"the rows cannot be read as text: {str(cause).splitlines()[0]}",
            where=Where(str(form.path)),
            hint="Check the quotes and line ends of the file.",
        ) from cause
