"""One way to open a SQLite file: written ahead, on the disk before it is acknowledged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from truceline.core.types.errors import StoreError, Where


@contextmanager
def opened(path: Path, name: str, hint: str) -> Iterator[sqlite3.Connection]:
    """Open a database; what is changed is kept when the block ends, or not at all.

    Parameters
    ----------
    path : Path
        The file; made where it does not exist.
    name, hint : str
        What it is called in an error, and what to do about one.

    Raises
    ------
    StoreError
        If it cannot be opened, read or written.
    """
    try:
        with closing(sqlite3.connect(path, timeout=30)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            with db:
                yield db
    except sqlite3.Error as cause:
        raise StoreError(
            f"{name} cannot be used: {cause}.", where=Where(str(path)), hint=hint
        ) from cause
