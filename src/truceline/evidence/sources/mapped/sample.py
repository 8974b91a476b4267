"""The first rows of any table as text, to see what its columns hold."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.evidence.sources.delimited import ROW, header_of, read_rows
from truceline.evidence.sources.mapped.features import stream_features
from truceline.evidence.sources.mapped.tables import as_text, refuse_bomb, word
from truceline.evidence.sources.source import Sample

#: Rows looked at.
ROWS: Final = 5_000

_SEPARATORS: Final = (",", ";", "\t", "|")


def separator_of(head: bytes) -> str:
    """Return the mark that divides the first line into most columns.

    Examples
    --------
    >>> separator_of(b"day;lat;lon,deg")
    ';'
    """
    return max(_SEPARATORS, key=lambda mark: len(header_of(head, mark)))


def first_rows(path: Path, kind: str) -> pl.DataFrame:
    """Return the first rows of a table, every column as text.

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
    table = {"csv": _delimited, "geojson": _features, "parquet": _parquet, "xlsx": _workbook}[kind](
        path
    )
    if table.is_empty():
        raise InputError("the table holds no row.", where=Where(str(path)), hint="Fetch it again.")
    return table


def _delimited(path: Path) -> pl.DataFrame:
    separator = separator_of(Sample.of(path).head)
    for rows in read_rows(path, (), separator=separator, encoding="sniff"):
        return rows.table.drop(ROW).head(ROWS)
    return pl.DataFrame()


def _features(path: Path) -> pl.DataFrame:
    held = [feature.get("properties") for feature in islice(stream_features(path), ROWS)]
    rows = [properties if isinstance(properties, dict) else {} for properties in held]
    names = dict.fromkeys(name for properties in rows for name in properties)
    return pl.DataFrame(
        [{name: word(properties.get(name)) for name in names} for properties in rows],
        schema=dict.fromkeys(names, pl.String()),
    )


def _parquet(path: Path) -> pl.DataFrame:
    try:
        lazy = pl.scan_parquet(path)
        flat = {name: t for name, t in lazy.collect_schema().items() if not t.is_nested()}
        return lazy.head(ROWS).select(as_text(name, t) for name, t in flat.items()).collect()
    except (pl.exceptions.PolarsError, OSError) as cause:
        raise InputError(
            "the Parquet file cannot be read.", where=Where(str(path)), hint="Write it again."
        ) from cause


def _workbook(path: Path) -> pl.DataFrame:
    refuse_bomb(path)
    try:
        sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string", n_rows=ROWS)
        table: pl.DataFrame = sheet.to_polars()
    except (fastexcel.FastExcelError, ValueError, OSError) as cause:
        raise InputError(
            "the workbook cannot be read.", where=Where(str(path)), hint="Save it again as .xlsx."
        ) from cause
    return table.cast(pl.String)
