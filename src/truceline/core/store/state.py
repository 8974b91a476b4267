"""The state of a store: what was taken in, part by part, in SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from truceline.core.store.database import opened
from truceline.core.store.segments import Segment

_SQL = """
CREATE TABLE IF NOT EXISTS source (
  name TEXT PRIMARY KEY,
  settings TEXT NOT NULL          -- hash of the settings it was read with
) STRICT;
CREATE TABLE IF NOT EXISTS intake (
  key TEXT PRIMARY KEY,           -- source and hash of the raw file
  source TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS part (
  key TEXT NOT NULL REFERENCES intake(key) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  fresh INTEGER NOT NULL,
  repeated INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  PRIMARY KEY (key, number)
) STRICT;
CREATE TABLE IF NOT EXISTS segment (
  kind TEXT NOT NULL,             -- which table
  name TEXT NOT NULL,
  rows INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  key TEXT NOT NULL REFERENCES intake(key) ON DELETE CASCADE,
  PRIMARY KEY (kind, name)
) STRICT;
"""

_TOTALS = """
SELECT i.source, i.sha256, i.file, i.bytes, coalesce(sum(p.rows), 0), coalesce(sum(p.fresh), 0),
  coalesce(sum(p.repeated), 0), coalesce(sum(p.rejected), 0)
FROM intake i LEFT JOIN part p USING (key) WHERE i.done = 1 GROUP BY i.key ORDER BY i.key
"""


@dataclass(frozen=True)
class Tally:
    """What became of the rows of a part: the last three add up to the first.

    Attributes
    ----------
    rows, fresh, repeated, rejected : int
        Raw rows; new observations; rows that were there already; rows that are no good.
    """

    rows: int = 0
    fresh: int = 0
    repeated: int = 0
    rejected: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Taken:
    """A file that was taken in.

    Attributes
    ----------
    source, sha256, file : str
        What read it, the digest of its bytes, and the name it had.
    bytes : int
        Its size.
    tally : Tally
        What became of its rows.
    """

    source: str
    sha256: str
    file: str
    bytes: int
    tally: Tally


def key_of(source: str, sha256: str) -> str:
    """Return the name of a source's reading of a file, with which its segments' names begin."""
    return f"{source}-{sha256[:32]}"


class State:
    """The SQLite side of a store.

    Parameters
    ----------
    path : Path
        The database file; made where it does not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self.change() as db:
            db.executescript(_SQL)

    def change(self) -> AbstractContextManager[sqlite3.Connection]:
        """Open the database; what is changed is kept when the block ends, or not at all."""
        hint = "Check the folder's rights and free space, or restore it from a copy."
        return opened(self.path, "the state of the store", hint)

    def taken(self) -> list[Taken]:
        """Return the files that were taken in whole."""
        with self.change() as db:
            found = db.execute(_TOTALS).fetchall()
        return [
            Taken(source, sha256, file, size, Tally(*counts))
            for source, sha256, file, size, *counts in found
        ]

    def segments(self, *, table: str | None = None, done: bool = True) -> list[Segment]:
        """Return the segments of the files taken in whole, or of all files."""
        names = ", ".join("kind" if f.name == "table" else f.name for f in fields(Segment))
        sql = (
            f"SELECT {names} FROM segment WHERE (?1 IS NULL OR kind = ?1)"  # noqa: S608 - our own names
            " AND (NOT ?2 OR key IN (SELECT key FROM intake WHERE done = 1))"
            " ORDER BY kind, name"
        )
        with self.change() as db:
            return [Segment(*row) for row in db.execute(sql, (table, done))]
