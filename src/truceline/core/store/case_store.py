"""The store of a case: a folder that Polars, DuckDB and any Parquet reader can read.

Bulk tables are Parquet segments, one for each part of each file that was taken in, sorted by
time. SQLite, in WAL mode, says which segments count. A segment is written aside, made
durable and renamed before SQLite is told of it; a file's rows become visible together. So a
process may be killed at any moment: nothing is lost that was confirmed, nothing is there
twice, and the next run goes on where the last one stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from truceline.core.store.segments import TABLES, segment_fault
from truceline.core.store.state import State, Taken, key_of
from truceline.core.store.writer import Writer, sole_writer
from truceline.core.types.errors import StoreError, Where


class CaseStore:
    """A store in a folder. One process writes at a time; any number may read.

    Parameters
    ----------
    folder : Path
        Made where it does not exist.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = CaseStore(Path(folder))
    ...     store.scan_observations().collect().height, store.verify()
    (0, [])
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            for table in TABLES:
                (folder / table).mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise StoreError(
                f"the store cannot be opened: {cause.strerror}.",
                where=Where(str(folder)),
                hint="Check the folder's rights and free space.",
            ) from cause
        self._state = State(folder / "state.sqlite")

    def taken(self) -> list[Taken]:
        """Return the files that were taken in, with what became of their rows."""
        return self._state.taken()

    def scan_observations(self) -> pl.LazyFrame:
        """Return all observations, each identity once, to be read as far as is needed."""
        return self._scan("observations")

    def scan_effort(self) -> pl.LazyFrame:
        """Return all effort; two files that state the same effort state it once."""
        return self._scan("effort").unique()

    def scan_rejects(self) -> pl.LazyFrame:
        """Return all rows that were no good, with file, row, reason and remedy."""
        return self._scan("rejects")

    def paths(self, table: str) -> list[Path]:
        """Return the Parquet files that make up a table.

        Parameters
        ----------
        table : str
            `observations`, `effort` or `rejects`.
        """
        return [self.folder / s.table / s.name for s in self._state.segments(table=table)]

    def sql(self) -> duckdb.DuckDBPyConnection:
        """Return a DuckDB connection in memory with the tables as views."""
        connection = duckdb.connect()
        for table, (schema, _) in TABLES.items():
            paths = [str(path) for path in self.paths(table)]
            if paths:
                quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
                rows = f"SELECT * FROM read_parquet([{quoted}])"  # noqa: S608 - our own paths
            else:
                columns = ", ".join(f'NULL AS "{column.name}"' for column in schema.columns)
                rows = f"SELECT {columns} WHERE false"
            connection.execute(f"CREATE VIEW {table} AS {rows}")
        return connection

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """Open the store for writing, alone."""
        with sole_writer(self.folder):
            yield Writer(self.folder, self._state)

    def verify(self) -> list[str]:
        """Return what is wrong with the store, a sentence each; nothing if all is well.

        Every segment is read and compared with its digest, the counts of rows are added up,
        and identities are looked at for repeats.
        """
        segments = self._state.segments()
        faults = [f for s in segments if (f := segment_fault(self.folder, s)) is not None]
        if faults:
            return faults
        # The rows of a file may be effort themselves, or only imply it.
        effort = Counter[str]()
        for segment in segments:
            if segment.table == "effort":
                effort[segment.name.rsplit("-", 1)[0]] += segment.rows
        for taken in self.taken():
            tally = taken.tally
            told = tally.fresh + tally.repeated + tally.rejected
            if tally.rows not in (told, told + effort[key_of(taken.source, taken.sha256)]):
                faults.append(f"the rows of {taken.file} do not add up.")
        entered = sum(taken.tally.fresh for taken in self.taken())
        seen = self.scan_observations().select(n=pl.len(), ids=pl.col("obs_id").n_unique())
        rows, identities = seen.collect().row(0)
        if rows != entered:
            faults.append(f"{rows} observations are there, {entered} were entered.")
        if identities != rows:
            faults.append(f"{rows - identities} observations are there twice.")
        return faults

    def _scan(self, table: str) -> pl.LazyFrame:
        paths = self.paths(table)
        if not paths:
            return TABLES[table][0].empty().lazy()
        return pl.scan_parquet(paths)
