"""The log: entries appended once each, in one SQLite file that survives being killed."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from truceline.core.store.database import opened
from truceline.record.checkpoints import Checkpoint
from truceline.record.entries import Entry, from_line, to_line
from truceline.record.tree import root_of

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  leaf BLOB NOT NULL,
  line TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS no_change BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER IF NOT EXISTS no_removal BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
"""


@dataclass(frozen=True)
class Receipt:
    """Where an entry stands, and whether it was there before."""

    number: int
    leaf: bytes
    is_new: bool


class Log:
    """An append-only log.

    Parameters
    ----------
    path : Path
        Its file; made where missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as connection:
            connection.executescript(_TABLES)

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        hint = "Restore it from a bundle or a backup; never edit it."
        return opened(self._path, "the record", hint)

    def append(self, item: Entry, key: str) -> Receipt:
        """Append an entry; the same key again gives the first receipt and adds nothing.

        Parameters
        ----------
        item : Entry
            What is written down.
        key : str
            Names the thing once and for all, such as the hash of the file taken in.
        """
        leaf = item.leaf()
        with self._open() as db:
            # No other writer comes between the look and the entry.
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT number, leaf FROM entry WHERE key = ?", (key,)).fetchone()
            if row is not None:
                return Receipt(int(row[0]), bytes(row[1]), is_new=False)
            number = int(db.execute("SELECT count(*) FROM entry").fetchone()[0])
            db.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (number, key, leaf, to_line(item)))
        return Receipt(number, leaf, is_new=True)

    def entries(self) -> list[Entry]:
        """Return all entries, the first first."""
        with self._open() as connection:
            rows = connection.execute("SELECT number, line FROM entry ORDER BY number").fetchall()
        return [from_line(line, number) for number, line in rows]

    def leaves(self) -> list[bytes]:
        """Return the hashes of all entries."""
        with self._open() as connection:
            rows = connection.execute("SELECT leaf FROM entry ORDER BY number").fetchall()
        return [bytes(row[0]) for row in rows]

    def checkpoint(self, origin: str) -> Checkpoint:
        """Return the log as it is now, unsigned."""
        leaves = self.leaves()
        return Checkpoint(origin, len(leaves), root_of(leaves))
