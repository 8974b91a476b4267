"""Tables of a declared schema that people write as CSV."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from truceline.core.types.errors import InputError, SchemaError, Where
from truceline.core.types.schema import Schema


def read_declared(path: Path, schema: Schema) -> pl.DataFrame:
    """Read a CSV of a declared table; items of a list are split at semicolons.

    Raises
    ------
    InputError
        If the file is no CSV with a header.
    SchemaError
        If its columns or values are not those of the table; says which it has.
    """
    try:
        table = pl.read_csv(path)
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
