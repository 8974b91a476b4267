"""The database of a record and of a room: a SQLite file, or PostgreSQL on a shared server."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    QueuePool,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from truceline.core.types.errors import StoreError, Where

#: Any number, the same for all who write here: PostgreSQL's lock for the one writer.
_WRITER: Final = 7_235_014

#: Connections to a file that are kept open for the next who asks; more are made when needed.
_KEPT_OPEN: Final = 8

_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000")


class Database:
    """A database with many readers and one writer at a time.

    What is written in one block is kept when it ends, and is then on the disk; or not at all.

    Parameters
    ----------
    engine : Engine
        From `open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def make(self, tables: MetaData) -> None:
        """Make the tables that are missing."""
        with self.writing() as connection:
            tables.create_all(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the one writer's block: no other writer comes in before it ends."""
        with self._said_plainly(), self._engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _WRITER})
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a block that only reads, and sees the database as it was when it began."""
        with self._said_plainly(), self._engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execute(
                    text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                )
            try:
                yield connection
            finally:
                connection.rollback()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def _said_plainly(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as cause:
            # The text of the statement, and what was in it, stay out of the message.
            reason = str(getattr(cause, "orig", None) or cause).splitlines()[0]
            raise StoreError(
                f"the database cannot be used: {reason}.",
                where=Where(self._engine.url.render_as_string(hide_password=True)),
                hint="Check that it runs and may be written to, or restore it from a backup.",
            ) from cause


def open_database(address: str | Path) -> Database:
    """Open a database by the path of a file, or by an address such as `postgresql://...`.

    Raises
    ------
    StoreError
        If the address is of a kind that is not known.
    """
    named = str(address)
    if isinstance(address, Path) or "://" not in named:
        return Database(_sqlite(Path(address)))
    try:
        url = make_url(named)
    except ArgumentError as cause:
        raise StoreError("the address of the database cannot be read.") from cause
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise StoreError(
            f"there is no database of the kind {url.drivername!r}.",
            hint="Give the path of a file, or an address that begins with postgresql://.",
        )
    return Database(create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True))


def _sqlite(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=_KEPT_OPEN,
        max_overflow=-1,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepared(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    return engine
