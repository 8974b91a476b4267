"""A declared table: names, types, units and bounds, checked in one vectorised pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from truceline.core.types.errors import SchemaError


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        The agreed name, the same in every table.
    dtype : polars data type
        Its type.
    doc : str
        What it means, with its unit.
    nullable : bool
        Whether it may be unknown. Unknown is null, never 0.
    low, high : float or None
        Inclusive bounds.
    """

    name: str
    dtype: pl.DataType
    doc: str
    nullable: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Schema:
    """A table's name and columns."""

    name: str
    columns: tuple[Column, ...]

    def dtypes(self) -> dict[str, pl.DataType]:
        """Return the types by column name, in order."""
        return {column.name: column.dtype for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """Return a table of this schema with no rows."""
        return pl.DataFrame(schema=self.dtypes())

    def conform(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the table with exactly these columns and types, in this order.

        A missing nullable column is added as null. Anything else that does not fit is
        a `SchemaError`; nothing is dropped silently but columns the schema does not name.
        """
        missing = [c.name for c in self.columns if c.name not in table.columns and not c.nullable]
        if missing:
            raise SchemaError(f"the table {self.name!r} lacks {', '.join(missing)}.")
        present = set(table.columns)
        try:
            table = table.select(
                pl.col(c.name).cast(c.dtype)
                if c.name in present
                else pl.lit(None, dtype=c.dtype).alias(c.name)
                for c in self.columns
            )
        except pl.exceptions.PolarsError as cause:
            raise SchemaError(
                f"the table {self.name!r} has a value of another type: {cause}"
            ) from cause
        faults = table.select(_faults(self.columns)).row(0, named=True)
        broken = [column for column in self.columns if faults[column.name]]
        if broken:
            told = ", ".join(_first_fault(table, column) for column in broken)
            raise SchemaError(
                f"the table {self.name!r} has values that are missing or out of bounds in {told}."
            )
        return table

    def document(self) -> str:
        """Return the columns as a Markdown table, for the reference pages."""
        rows = [
            f"| `{c.name}` | {_type_name(c.dtype)} | {'yes' if c.nullable else 'no'} | {c.doc} |"
            for c in self.columns
        ]
        head = ["| column | type | may be unknown | meaning |", "| --- | --- | --- | --- |"]
        return "\n".join([*head, *rows])


def _faults(columns: Iterable[Column]) -> list[pl.Expr]:
    return [_is_fault(column).sum().alias(column.name) for column in columns]


def _first_fault(table: pl.DataFrame, column: Column) -> str:
    """Return a column with the first row that is wrong in it, from 1, and what stands there."""
    row = int(table.select(_is_fault(column).arg_true().first()).item())
    value = table[column.name][row]
    low = "" if column.low is None else f", {column.low:g} or more"
    high = "" if column.high is None else f", {column.high:g} at most"
    return f"{column.name} (row {row + 1}: {'nothing' if value is None else value}{low}{high})"


def _is_fault(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    fault = pl.lit(False) if column.nullable else value.is_null()
    if column.dtype.is_float():
        fault = fault | value.is_nan().fill_null(False)
    if column.low is not None:
        fault = fault | (value < column.low).fill_null(False)
    if column.high is not None:
        fault = fault | (value > column.high).fill_null(False)
    return fault


def _type_name(dtype: pl.DataType) -> str:
    return "one of a fixed list" if isinstance(dtype, pl.Enum) else str(dtype)
