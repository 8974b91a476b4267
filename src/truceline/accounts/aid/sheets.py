"""A sheet of text cells: find its header, read its columns, name the cell that is wrong."""

from __future__ import annotations

import difflib
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import fastexcel
import polars as pl

from truceline.core.store.declared_csv import separator_of
from truceline.core.types.errors import InputError, UnknownFormatError, Where

#: A header is looked for in so many rows from the top.
HEADER_ROWS = 40

#: Marks that publishers set where there is no number.
NO_NUMBER = (".", "..", "-", "\u2013", "n/a", "N/A", "NA", "No budget support")

_SIGNS = re.compile(r"[$\u20ac\u00a3\u00a5]|\b(?:EUR|USD|GBP|JPY|NOK|SEK|DKK|CHF)\b", re.I)


@dataclass(frozen=True)
class Sheet:
    """Text cells of a CSV file or of one sheet of a workbook.

    Attributes
    ----------
    path : Path
        The file.
    name : str or None
        Name of the sheet in a workbook.
    cells : polars.DataFrame
        All columns are text; the header is a row like any other.
    header : int
        Which row of `cells` is the header, counted from 0.
    columns : mapping
        Plain heading to column number.
    """

    path: Path
    name: str | None
    cells: pl.DataFrame
    header: int = 0
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """How many rows stand below the header."""
        return self.cells.height - self.header - 1

    def text(self, heading: str) -> pl.Series:
        """Return a column as text without blanks around it; empty cells are null."""
        number = self.columns[plain(heading)]
        series = self.cells.get_column(self.cells.columns[number]).slice(self.header + 1)
        return series.str.strip_chars().replace("", None).alias(heading)

    def numbers(self, heading: str, rows: pl.Series | None = None) -> pl.Series:
        """Return a column as numbers, or an error that names the first cell that is none.

        Parameters
        ----------
        heading : str
            The column.
        rows : polars.Series or None
            Only rows marked true are checked: a footer below the table is not data.
        """
        text = self.text(heading).replace(dict.fromkeys(NO_NUMBER))
        value = text.cast(pl.Float64, strict=False)
        wrong = text.is_not_null() & (value.is_null() | ~value.is_finite().fill_null(True))
        if rows is not None:
            wrong = wrong & rows
        if wrong.any():
            row = int(wrong.arg_max() or 0)
            raise self._not_a_number(heading, row, str(text[row]))
        return value

    def dates(self, heading: str) -> pl.Series:
        """Return a column as dates; a text that is no date is null: the amount is undated."""
        return self.text(heading).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)

    def at(self, heading: str, row: int) -> Where:
        """Return the place of a cell: sheet and cell of a workbook, row and column of a CSV."""
        number = self.columns.get(plain(heading), 0)
        return self._place(self.header + 1 + row, number, heading)

    def _place(self, row: int, column: int, heading: str) -> Where:
        first_row, first_column = _origin(self.path, self.name)
        line = first_row + row
        if self.name is None:
            return Where(str(self.path), line, f"column {heading!r}")
        cell = f"{letters(first_column + column)}{line}"
        return Where(str(self.path), line, f"sheet {self.name!r}, cell {cell} ({heading})")

    def _not_a_number(self, heading: str, row: int, found: str) -> InputError:
        sign = _SIGNS.search(found)
        if sign:
            message = f"a number in the unit of the column was expected, found {found!r}."
            hint = f"{sign.group()!r} marks another currency: convert it, or give it a column."
        else:
            message = f"a number was expected, found {found!r}."
            hint = "Write the number alone, with a point for decimals, or leave the cell empty."
        return InputError(message, where=self.at(heading, row), hint=hint)


def read_csv(path: Path) -> Sheet:
    """Read a CSV file as text cells, separated as its first lines are."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            separator = separator_of("".join(islice(stream, HEADER_ROWS)))
        cells = pl.read_csv(
            path, has_header=False, infer_schema=False, truncate_ragged_lines=True,
            separator=separator,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, OSError) as cause:
        raise InputError(
            "the file cannot be read as comma-separated values.",
            where=Where(str(path)),
            hint="Save it as CSV in UTF-8 with a header row.",
        ) from cause
    return Sheet(path, None, cells)


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets."""
    return list(_workbook(path).sheet_names)


def read_sheet(path: Path, name: str) -> Sheet:
    """Read one sheet of a workbook as text cells."""
    book = _workbook(path)
    if name not in book.sheet_names:
        raise UnknownFormatError(
            f"the workbook has no sheet {name!r}.",
            where=Where(str(path)),
            hint=f"It has: {', '.join(book.sheet_names)}.",
        )
    cells = book.load_sheet(name, header_row=None, dtypes="string").to_polars()
    return Sheet(path, name, cells)


def with_header(sheet: Sheet, required: Sequence[str]) -> Sheet:
    """Find the row that holds all required headings, or name the cell that should hold one."""
    wanted = [plain(heading) for heading in required]
    best: tuple[int, int, dict[str, int]] = (-1, 0, {})
    for number, row in enumerate(sheet.cells.head(HEADER_ROWS).iter_rows()):
        found = _headings(row)
        hits = sum(heading in found for heading in wanted)
        if hits > best[0]:
            best = (hits, number, found)
        if hits == len(wanted):
            break
    hits, number, found = best
    placed = Sheet(sheet.path, sheet.name, sheet.cells, number, found)
    if hits < len(wanted):
        raise _missing(placed, required, hits)
    return placed


def plain(heading: str) -> str:
    """Return a heading without case, punctuation, brackets and needless blanks.

    Examples
    --------
    >>> plain(" aid_type_general "), plain("Financial allocations ($ billion)")
    ('aid type general', 'financial allocations')
    """
    bare = re.sub(r"\([^)]*\)", " ", heading)
    return " ".join(re.sub(r"[^a-z0-9%]+", " ", bare.casefold()).split())


def letters(column: int) -> str:
    """Return the letters of a column counted from 0.

    Examples
    --------
    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _headings(row: Iterable[str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, cell in enumerate(row):
        if cell and plain(cell):
            found.setdefault(plain(cell), number)
    return found


def _missing(sheet: Sheet, required: Sequence[str], hits: int) -> InputError:
    absent = [heading for heading in required if plain(heading) not in sheet.columns]
    if hits * 2 < len(required):
        return UnknownFormatError(
            f"no header row was found; the columns expected are {', '.join(required)}.",
            where=Where(str(sheet.path), None, None if sheet.name is None else f"{sheet.name!r}"),
            hint=f"It was looked for in the first {HEADER_ROWS} rows.",
        )
    spare = [name for name in sheet.columns if name not in {plain(r) for r in required}]
    close = difflib.get_close_matches(plain(absent[0]), spare, n=1, cutoff=0.5)
    column = sheet.columns[close[0]] if close else max(sheet.columns.values()) + 1
    near = f" The cell holds {close[0]!r}." if close else " No heading is like it."
    return InputError(
        f"the column {absent[0]!r} was expected in the header row.{near}",
        where=sheet._place(sheet.header, column, absent[0]),
        hint=f"Missing in all: {', '.join(absent)}. Rename them, or map them in a layout.",
    )


def _workbook(path: Path) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(path)
    except (fastexcel.FastExcelError, OSError) as cause:
        raise InputError(
            "the workbook cannot be opened.",
            where=Where(str(path)),
            hint="It may be cut short or protected; download it again, or save it as .xlsx.",
        ) from cause


def _origin(path: Path, name: str | None) -> tuple[int, int]:
    """Return the row (from 1) and column (from 0) of a sheet's first used cell.

    The reader of workbooks drops empty rows and columns before the first used cell, so a
    place must be counted from there. Only errors need it, so it is read only then.
    """
    if name is None:
        return 1, 0
    with zipfile.ZipFile(path) as archive:
        number = sheet_names(path).index(name) + 1
        member = f"xl/worksheets/sheet{number}.xml"
        if member not in archive.namelist():
            return 1, 0
        cells = re.findall(rb'<c r="([A-Z]+)(\d+)"[^>]*[^/]>', archive.read(member))
    rows = [int(row) for _, row in cells]
    columns = [_column(name_.decode()) for name_, _ in cells]
    return min(rows, default=1), min(columns, default=0)


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
