"""What an engine is: the role that this machine and a cluster both play.

A table is a list of Parquet files. Work goes in steps. A step either maps batches, where
each row may be looked at alone, or maps parts, where all rows with the same value of the
column `part` come together. A kernel whose result has a column `part` says with it where
each row goes next: that is the exchange of borders. What is small enough is read where the
program runs and reduced there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import polars as pl

#: From a table to a table; it must be importable by name, so that it can be sent.
Kernel = Callable[[pl.DataFrame], pl.DataFrame]

#: Column that says which part a row belongs to.
PART = "part"

#: Types a step's result may have: those that Arrow, Parquet and Spark agree on.
Types = Mapping[str, pl.DataType]


@runtime_checkable
class Engine(Protocol):
    """Where heavy work runs."""

    @property
    def name(self) -> str:
        """Short name."""
        ...

    def map_batches(
        self, files: Sequence[Path], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        """Apply a kernel to the rows, some at a time; return the files of the result.

        Parameters
        ----------
        files : sequence of Path
            Parquet files.
        kernel : callable
            From table to table; which rows come together must not matter to it.
        types : mapping
            Column types of its result.
        folder : Path
            Where the result is written; must not exist.
        """
        ...

    def map_parts(
        self, files: Sequence[Path], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        """Apply a kernel to each part, all its rows together; return the result's files.

        Parameters
        ----------
        files, kernel, types, folder
            As for `map_batches`; the files are those of a step before, with a column `part`.
        """
        ...


def read(files: Sequence[Path], types: Types) -> pl.LazyFrame:
    """Return a step's result; an empty table where there is no file."""
    return pl.scan_parquet(list(files)) if files else pl.DataFrame(schema=dict(types)).lazy()


def conform(table: pl.DataFrame, types: Types) -> pl.DataFrame:
    """Return the columns that a step declared, in their types and order."""
    return table.select(pl.col(name).cast(dtype) for name, dtype in types.items())
