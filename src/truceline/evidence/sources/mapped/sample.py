"""The first rows of any table as text, to see what its columns hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.evidence.sources.delimited import ROW, read_rows
from truceline.evidence.sources.mapped.features import stream_features
from truceline.evidence.sources.mapped.form import LINES, form_of, names_in
from truceline.evidence.sources.mapped.tables import as_text, load_sheet, refuse_bomb, word
from truceline.evidence.sources.source import Sample

#: Rows looked at.
ROWS: Final = 5_000


@dataclass(frozen=True)
class First:
    """The first rows of a table, every column as text, and how the file is to be read.

    Attributes
    ----------
    table : polars.DataFrame
        The rows.
    settings : mapping
        Settings of the source `mapped` that its form calls for.
    doubts : tuple of str
        What of its form could not be told, a sentence each.
    """

    table: pl.DataFrame
    settings: Mapping[str, object] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()


def first_rows(path: Path, kind: str) -> First:
    """Return the first rows of a table.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        `csv`, `geojson`, `parquet` or `xlsx`, from `kind_of`.

    Raises
    ------
    InputError
        If it cannot be read, or holds no row.
    """
    first = {"csv": _delimited, "geojson": _features, "parquet": _parquet, "xlsx": _workbook}[kind](
        path
    )
    if first.table.is_empty():
        raise InputError("the table holds no row.", where=Where(str(path)), hint="Fetch it again.")
    return first


def _delimited(path: Path) -> First:
    form = form_of(Sample.of(path).head)
    told: dict[str, object] = {}
    doubts = []
    if form.separator != ",":
        told["separator"] = form.separator
    if form.encoding != "utf-8":
        told["encoding"] = form.encoding
        doubts.append(f"Whether its letters are {form.encoding}: see that the words read right.")
    if form.header_row:
        told["header_row"] = list(form.header_row)
    stretches = read_rows(
        path,
        (),
        separator=form.separator,
        encoding=form.encoding,
        header_rows=form.header_row,
    )
    rows = next(stretches, None)
    table = pl.DataFrame() if rows is None else rows.table.drop(ROW).head(ROWS)
    return First(table, told, tuple(doubts))


def _features(path: Path) -> First:
    held = [feature.get("properties") for feature in islice(stream_features(path), ROWS)]
    rows = [properties if isinstance(properties, dict) else {} for properties in held]
    names = dict.fromkeys(name for properties in rows for name in properties)
    return First(
        pl.DataFrame(
            [{name: word(properties.get(name)) for name in names} for properties in rows],
            schema=dict.fromkeys(names, pl.String()),
        )
    )


def _parquet(path: Path) -> First:
    try:
        lazy = pl.scan_parquet(path)
        flat = {name: t for name, t in lazy.collect_schema().items() if not t.is_nested()}
        texts = [as_text(name, dtype) for name, dtype in flat.items()]
        return First(lazy.head(ROWS).select(texts).collect())
    except (pl.exceptions.PolarsError, OSError) as cause:
        raise InputError(
            "the Parquet file cannot be read.", where=Where(str(path)), hint="Write it again."
        ) from cause


def _workbook(path: Path) -> First:
    refuse_bomb(path)
    told: dict[str, object] = {}
    doubts: tuple[str, ...] = ()
    try:
        book = fastexcel.read_excel(path)
        heads = [
            book.load_sheet(name, header_row=None, n_rows=LINES, dtypes="string").to_polars()
            for name in book.sheet_names
        ]
        fullest = max(range(len(heads)), key=lambda i: heads[i].height * heads[i].width)
        if len(heads) > 1:
            told["sheet"] = book.sheet_names[fullest]
            doubts = (f"Which sheet is meant; there are {', '.join(book.sheet_names)[:300]}.",)
        names = names_in(heads[fullest].rows()) if heads[fullest].height else ()
        if names:
            told["header_row"] = list(names)
        table = load_sheet(path, book.sheet_names[fullest], names, most=ROWS)
    except (fastexcel.FastExcelError, ValueError, OSError) as cause:
        raise InputError(
            "the workbook cannot be read.", where=Where(str(path)), hint="Save it again as .xlsx."
        ) from cause
    return First(table, told, doubts)
