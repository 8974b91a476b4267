"""Rows that are not whole: mended where there is one way to do it, rejected where not."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.types.tables import REJECT
from truceline.evidence.sources.row_bounds import LONG, NUL, QUOTE, UNEVEN, Bounds

#: How much of a rejected row is kept, characters.
RAW_LENGTH = 2000

#: Bytes that are not UTF-8; not a fault of the row's bounds, so not among theirs.
_NOT_TEXT = 16

_PROBLEMS: dict[int, tuple[str, str]] = {
    _NOT_TEXT: (
        "the row holds bytes that are not UTF-8.",
        "Save the file as UTF-8, or name its `encoding` in sources.yaml.",
    ),
    LONG: (
        "the row is too long to be one.",
        "Look for a missing line end, or for a file that is not text.",
    ),
    NUL: (
        "the row holds NUL bytes.",
        "The file was damaged in writing or is not text; fetch it again.",
    ),
    QUOTE: (
        "a quote is opened and not closed, or stands where none may.",
        "Close the quote, or double each quote within a quoted text.",
    ),
    UNEVEN: (
        "the row does not have as many fields as the header.",
        "Complete a row cut short; quote fields that hold the separator.",
    ),
}


@dataclass(frozen=True)
class Format:
    """How a file's rows are written.

    Attributes
    ----------
    path : Path
        The file.
    names : tuple of str
        Its columns.
    separator : str
        Between fields.
    """

    path: Path
    names: tuple[str, ...]
    separator: str


@dataclass(frozen=True)
class Damage:
    """What is left of a stretch once its damaged rows are dealt with.

    Attributes
    ----------
    text : bytes
        The whole rows, those that were mended among them.
    out : array of int64
        Positions of the rows that were taken out.
    rejects : polars.DataFrame
        Those rows, by the schema `REJECT`.
    """

    text: bytes
    out: npt.NDArray[np.int64]
    rejects: pl.DataFrame


def damage_of(data: bytes, found: Bounds, form: Format, first: int) -> Damage:
    """Mend or take out the rows that are not whole.

    Parameters
    ----------
    data : bytes
        The text.
    found : Bounds
        Its rows, one at least.
    form : Format
        How they are written.
    first : int
        Number of the first of them in the file.
    """
    fault = _with_unreadable(data, found)
    mended: dict[int, bytes] = {}
    for i in np.flatnonzero(fault & QUOTE).tolist():
        row = _requoted(data[found.start[i] : found.end[i]], form) if fault[i] < LONG else None
        if row is not None:
            mended[i] = row
    out = [i for i in np.flatnonzero(fault).tolist() if i not in mended]
    raw = {i: data[found.start[i] : found.end[i]] for i in out}
    rejects = [(first + i, _problem(int(fault[i])), raw[i]) for i in out]
    text = _joined(data, found, mended, set(out))
    return Damage(text, np.array(out, dtype=np.int64), _table(rejects, form.path))


def _with_unreadable(data: bytes, found: Bounds) -> npt.NDArray[np.uint8]:
    if _decodes(data[int(found.start[0]) : int(found.end[-1])]):
        return found.fault
    fault = found.fault.copy()
    for i, (start, end) in enumerate(zip(found.start, found.end, strict=True)):
        if not _decodes(data[start:end]):
            fault[i] |= _NOT_TEXT
    return fault


def _requoted(row: bytes, form: Format) -> bytes | None:
    """Return a row of one line whose stray quotes are read as text, or None where none fits."""
    text = row.decode("utf-8").rstrip("\r\n")
    if text.count('"') % 2:
        return None
    fields = split_line(text, form.separator)
    if fields is None or len(fields) != len(form.names):
        return None
    out = io.StringIO()
    writer = csv.writer(out, delimiter=form.separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(fields)
    return out.getvalue().encode()


def split_line(line: str, separator: str) -> list[str] | None:
    """Return the fields of one line, or None where it is not one line of fields.

    Examples
    --------
    >>> split_line('a,"b,c"', ",")
    ['a', 'b,c']
    """
    try:
        rows = list(csv.reader([line], delimiter=separator))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _joined(data: bytes, found: Bounds, mended: dict[int, bytes], out: set[int]) -> bytes:
    """Return the good rows as one text, without damaged rows and blank lines."""
    start, end = found.start.tolist(), found.end.tolist()
    after_blanks = (np.flatnonzero(found.start[1:] != found.end[:-1]) + 1).tolist()
    pieces, begin = [], start[0]
    for i in sorted(out | mended.keys() | set(after_blanks)):
        pieces.append(data[begin : end[i - 1] if i else begin])
        pieces.append(mended.get(i, b""))
        begin = end[i] if i in out or i in mended else start[i]
    pieces.append(data[begin : end[-1]])
    return b"".join(pieces)


def _problem(fault: int) -> tuple[str, str]:
    return next(told for bit, told in _PROBLEMS.items() if fault & bit)


def _table(rejects: list[tuple[int, tuple[str, str], bytes]], path: Path) -> pl.DataFrame:
    kept = [row[: 4 * RAW_LENGTH].decode("utf-8", "replace").rstrip("\r\n") for *_, row in rejects]
    return REJECT.conform(
        pl.DataFrame(
            {
                "file": [str(path)] * len(rejects),
                "raw_row": [number for number, _, _ in rejects],
                "problem": [problem for _, (problem, _), _ in rejects],
                "remedy": [remedy for _, (_, remedy), _ in rejects],
                "raw": [row[:RAW_LENGTH] for row in kept],
            },
            schema={name: dtype for name, dtype in REJECT.dtypes().items() if name != "field"},
        )
    )


def _decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
