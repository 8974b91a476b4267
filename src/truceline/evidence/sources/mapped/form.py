"""How a stranger's table is written: its marks, its letters, and where its names stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from truceline.evidence.sources.damage import split_line

#: Lines looked at for the row of names.
LINES: Final = 40

#: Lines above the names, at most: a title, a period, an empty line.
_ABOVE: Final = 15

_SEPARATORS: Final = (",", ";", "\t", "|")

#: A cell that is no name of a column: it holds a figure, a date or a time.
_FIGURE: Final = re.compile(r"^[\s$€£%+-]*\d[\d\s.,:/%+TZ-]*$")


@dataclass(frozen=True)
class Form:
    """How a file of text is written.

    Attributes
    ----------
    separator : str
        Between fields.
    encoding : str
        As in `FileMapping`.
    header_row : tuple of int
        Rows in which the names stand; empty is the first.
    """

    separator: str = ","
    encoding: str = "utf-8"
    header_row: tuple[int, ...] = ()


def form_of(head: bytes) -> Form:
    """Return how a text is written, from its first bytes."""
    encoding = encoding_of(head)
    lines = head.decode(encoding, "replace").removeprefix("\ufeff").splitlines()
    if len(head) >= 1 << 16:
        # The last line of a sample may be cut.
        lines = lines[:-1]
    lines = lines[:LINES]
    separator = max(_SEPARATORS, key=lambda mark: _typical([_cells(li, mark) for li in lines]))
    return Form(separator, encoding, names_in([_cells(line, separator) for line in lines]))


def encoding_of(head: bytes) -> str:
    """Return the encoding of a text as far as its letters show it.

    Where letters beyond ASCII stand beside one another they are an alphabet of their own, and of
    these only Cyrillic ones are told apart: small letters are the most, and windows-1251 has
    them above the capitals, KOI8-R below.

    Examples
    --------
    >>> encoding_of("обстрел".encode("windows-1251")), encoding_of("Región".encode("latin-1"))
    ('windows-1251', 'latin-1')
    """
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as cause:
        # The last letter of the sample may be cut in two.
        if cause.start <= len(head) - 4:
            return _one_byte_letters(head)
    return "utf-8"


def _one_byte_letters(head: bytes) -> str:
    beside = re.findall(rb"[\xc0-\xff]{2,}", head)
    letters = b"".join(beside)
    if 2 * len(letters) < len(re.findall(rb"[\xc0-\xff]", head)):
        return "latin-1"
    upper = sum(byte >= 0xE0 for byte in letters)
    return "windows-1251" if 2 * upper >= len(letters) else "koi8-r"


def names_in(rows: Sequence[Sequence[str | None]]) -> tuple[int, ...]:
    """Return the rows, from 1, in which the names of the columns stand; empty for the first.

    The names are the first row that is about as full as most of the table and holds no figures.
    A row below it without figures that names what it leaves blank belongs to it: merged cells.

    Examples
    --------
    >>> names_in([("Report",), ("Date", "Place", ""), ("", "Lat", "Lon"), ("1.2.", "4.5", "6.7")])
    (2, 3)
    """
    told = [[(cell or "").strip() for cell in row] for row in rows]
    wanted = max(2.0, 0.6 * _typical(told))
    for i, cells in enumerate(told[:_ABOVE]):
        if _filled(cells) < wanted or not _is_names(cells):
            continue
        below = told[i + 1] if i + 1 < len(told) else []
        fills = any(name and not above for above, name in zip(cells, below, strict=False))
        leaves = any(above and not name for above, name in zip(cells, below, strict=False))
        if fills and leaves and _is_names(below) and i + 2 < len(told):
            return (i + 1, i + 2)
        blank_above = all(_filled(row) == 0 for row in told[:i])
        return () if blank_above else (i + 1,)
    return ()


def _cells(line: str, separator: str) -> list[str]:
    return split_line(line, separator) or []


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _typical(rows: Sequence[Sequence[str]]) -> float:
    """Return how many cells of a row are filled, in the middle of all that have more than one."""
    counts = [_filled(row) for row in rows]
    many = [count for count in counts if count > 1]
    return float(median(many)) if many and 2 * len(many) >= len(counts) else 0.0


def _is_names(cells: Sequence[str]) -> bool:
    return _filled(cells) > 0 and not any(_FIGURE.match(cell) for cell in cells)
