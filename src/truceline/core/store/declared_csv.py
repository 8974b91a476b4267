"""Tables of a declared schema that people write as CSV."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from truceline.core.types.errors import InputError, SchemaError, Where
from truceline.core.types.schema import Schema

#: What may stand between columns: a spreadsheet set to some languages writes semicolons.
_SEPARATORS = ",;\t|"

#: A field of digits with a decimal comma.
_DECIMAL_COMMA = re.compile(r"(?:^|[;\t|])\s*-?\d+,\d+\s*(?:[;\t|]|$)", re.MULTILINE)


def separator_of(header: str) -> str:
    """Return what stands between the columns of a header line.

    Examples
    --------
    >>> separator_of("unit;nation;people"), separator_of("unit")
    (';', ',')
    """
    return max(_SEPARATORS, key=header.count)


def read_declared(path: Path, schema: Schema) -> pl.DataFrame:
    """Read a CSV of a declared table; items of a list are split at semicolons.

    Columns may be separated by commas, semicolons, tabs or bars, as the header shows; where
    it is no comma, numbers may have a decimal comma.

    Raises
    ------
    InputError
        If the file is no CSV with a header.
    SchemaError
        If its columns or values are not those of the table; says which it has.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        separator = separator_of(text.split("\n", 1)[0])
        decimal = separator != "," and _DECIMAL_COMMA.search(text) is not None
        table = pl.read_csv(text.encode(), separator=separator, decimal_comma=decimal)
    except (OSError, UnicodeDecodeError, pl.exceptions.PolarsError) as cause:
        raise InputError(
            "the table cannot be read.", where=Where(str(path)), hint="Give a CSV with a header."
        ) from cause
    lists = [c.name for c in schema.columns if c.dtype == pl.List(pl.String())]
    split = [pl.col(c).cast(pl.String).str.split(";") for c in lists if c in table.columns]
    try:
        return schema.conform(table.with_columns(split))
    except SchemaError as cause:
        needs = ", ".join(column.name for column in schema.columns)
        raise SchemaError(
            cause.message, where=Where(str(path)), hint=f"Its columns are {needs}."
        ) from cause
