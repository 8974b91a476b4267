"""Writing to a store: one process at a time, part by part, resumable where it died."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from truceline.core.store.segments import TABLES, write_segment
from truceline.core.store.state import State, Tally, key_of
from truceline.core.types.errors import StoreError, Where

_OVERLAPPING = """
SELECT name FROM segment JOIN intake USING (key)
WHERE kind = 'observations' AND source = ? AND (done = 1 OR key = ?)
  AND last >= ? AND first <= ?
"""


class Writer:
    """The one writer of a store; open it with `CaseStore.writer`."""

    def __init__(self, folder: Path, state: State) -> None:
        self._folder = folder
        self._state = state

    def is_taken(self, source: str, sha256: str) -> bool:
        """Return whether a file was taken in whole by this source."""
        sql = "SELECT 1 FROM intake WHERE key = ? AND done = 1"
        with self._state.change() as db:
            return db.execute(sql, (key_of(source, sha256),)).fetchone() is not None

    def agree_settings(self, source: str, settings: str) -> None:
        """Record the hash of a source's settings, or refuse if it was read with others.

        The same rows read in two ways would stand in the store side by side.
        """
        with self._state.change() as db:
            held = db.execute("SELECT settings FROM source WHERE name = ?", (source,)).fetchone()
            if held == (settings,):
                return
            sql = "SELECT count(*) FROM intake WHERE source = ? AND done = 1"
            if db.execute(sql, (source,)).fetchone() == (0,):
                # Nothing was read whole with the settings before, so there is nothing to mix.
                db.execute("DELETE FROM intake WHERE source = ?", (source,))
                db.execute("INSERT OR REPLACE INTO source VALUES (?, ?)", (source, settings))
                return
        raise StoreError(
            f"the source {source} was read with other settings before.",
            where=Where(str(self._folder)),
            hint="Put its settings back, or forget the source and read its files again.",
        )

    def begin(self, source: str, sha256: str, file: str, size: int) -> list[Tally]:
        """Begin a file, or go on with it; return the tallies of its parts already there.

        Parts of any other file that was begun and not finished are removed: what they held
        as new may come from this file now.
        """
        key = key_of(source, sha256)
        with self._state.change() as db:
            db.execute("DELETE FROM intake WHERE done = 0 AND key <> ?", (key,))
            db.execute(
                "INSERT OR IGNORE INTO intake VALUES (?, ?, ?, ?, ?, 0)",
                (key, source, sha256, file, size),
            )
            sql = "SELECT rows, fresh, repeated, rejected FROM part WHERE key = ? ORDER BY number"
            there = [Tally(*row) for row in db.execute(sql, (key,))]
        self.remove_strays()
        return there

    def known(self, source: str, sha256: str, observations: pl.DataFrame) -> pl.Series:
        """Return which identities of the observations the store, or this file, has already."""
        nothing = pl.Series("obs_id", [], pl.String)
        if observations.is_empty():
            return nothing
        first, last = observations["t_start"].min(), observations["t_start"].max()
        with self._state.change() as db:
            found = db.execute(
                _OVERLAPPING, (source, key_of(source, sha256), first, last)
            ).fetchall()
        if not found:
            return nothing
        return (
            pl.scan_parquet([self._folder / "observations" / name for (name,) in found])
            .filter(pl.col("t_start").is_between(first, last))
            .select("obs_id")
            .join(observations.lazy().select("obs_id"), on="obs_id", how="semi")
            .collect(engine="streaming")["obs_id"]
        )

    def put(
        self,
        source: str,
        sha256: str,
        number: int,
        tables: Mapping[str, pl.DataFrame],
        tally: Tally,
    ) -> None:
        """Write a part of a file. Its segments come first, its entry makes it count."""
        key = key_of(source, sha256)
        written = [
            write_segment(self._folder, table, f"{key}-{number:06d}.parquet", rows)
            for table, rows in tables.items()
            if len(rows)
        ]
        with self._state.change() as db:
            db.executemany(
                "INSERT OR REPLACE INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(s.table, s.name, s.rows, s.first, s.last, s.sha256, key) for s in written],
            )
            db.execute(
                "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)",
                (key, number, tally.rows, tally.fresh, tally.repeated, tally.rejected),
            )

    def finish(self, source: str, sha256: str) -> None:
        """Make a file's rows visible, all at once."""
        with self._state.change() as db:
            db.execute("UPDATE intake SET done = 1 WHERE key = ?", (key_of(source, sha256),))

    def abandon(self, source: str, sha256: str) -> None:
        """Take back what was written of a file that was not finished."""
        with self._state.change() as db:
            db.execute("DELETE FROM intake WHERE key = ? AND done = 0", (key_of(source, sha256),))
        self.remove_strays()

    def forget(self, source: str) -> None:
        """Remove all that a source gave, and its settings."""
        with self._state.change() as db:
            db.execute("DELETE FROM intake WHERE source = ?", (source,))
            db.execute("DELETE FROM source WHERE name = ?", (source,))
        self.remove_strays()

    def remove_strays(self) -> None:
        """Remove files that no entry names: a process that died left them."""
        entered = {(s.table, s.name) for s in self._state.segments(done=False)}
        for table in TABLES:
            for path in (self._folder / table).iterdir():
                if (table, path.name) not in entered:
                    path.unlink()


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the store's lock, or say that another process does."""
    with (folder / "writer.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            raise StoreError(
                "another process is writing to the store.",
                where=Where(str(folder)),
                hint="Wait until it ends; any number of processes may read.",
            ) from cause
        yield
