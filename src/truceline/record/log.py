"""The log: entries appended once each, in a database that survives being killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    select,
)

from truceline.core.store.append_only import keep_append_only
from truceline.core.store.sql import Database
from truceline.record.checkpoints import Checkpoint
from truceline.record.entries import Entry, from_line, to_line
from truceline.record.tree import root_of

TABLES = MetaData()
_ENTRY = Table(
    "entry",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("leaf", LargeBinary, nullable=False),
    Column("line", Text, nullable=False),
)

keep_append_only(_ENTRY)


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
    database : Database
        Where it is kept; its table is made where missing.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        database.make(TABLES)

    def append(self, item: Entry, key: str) -> Receipt:
        """Append an entry; the same key again gives the first receipt and adds nothing.

        Parameters
        ----------
        item : Entry
            What is written down.
        key : str
            Names the thing once and for all, such as the hash of the file taken in.
        """
        with self.database.writing() as connection:
            return append_with(connection, item, key)

    def entries(self) -> list[Entry]:
        """Return all entries, the first first."""
        with self.database.reading() as connection:
            rows = connection.execute(
                select(_ENTRY.c.number, _ENTRY.c.line).order_by(_ENTRY.c.number)
            ).all()
        return [from_line(line, number) for number, line in rows]

    def leaves(self) -> list[bytes]:
        """Return the hashes of all entries."""
        with self.database.reading() as connection:
            rows = connection.scalars(select(_ENTRY.c.leaf).order_by(_ENTRY.c.number)).all()
        return [bytes(leaf) for leaf in rows]

    def checkpoint(self, origin: str) -> Checkpoint:
        """Return the log as it is now, unsigned."""
        leaves = self.leaves()
        return Checkpoint(origin, len(leaves), root_of(leaves))


def append_with(connection: Connection, item: Entry, key: str) -> Receipt:
    """Append an entry within a block that writes more: both are kept, or neither is."""
    return append_all(connection, [(item, key)])[0]


def append_all(connection: Connection, items: Sequence[tuple[Entry, str]]) -> list[Receipt]:
    """Append entries, each with its key, within one block; return their receipts in order.

    The keys of one call differ.
    """
    keys = [key for _, key in items]
    rows = connection.execute(
        select(_ENTRY.c.key, _ENTRY.c.number, _ENTRY.c.leaf).where(_ENTRY.c.key.in_(keys))
    ).all()
    receipts = {key: Receipt(int(number), bytes(leaf), is_new=False) for key, number, leaf in rows}
    last = connection.scalar(select(func.max(_ENTRY.c.number)))
    begin = 0 if last is None else last + 1
    lines: list[dict[str, object]] = []
    for item, key in items:
        if key not in receipts:
            receipts[key] = Receipt(begin + len(lines), item.leaf(), is_new=True)
            lines.append(
                {"number": receipts[key].number, "key": key, "leaf": receipts[key].leaf,
                 "line": to_line(item)}
            )  # fmt: skip
    if lines:
        connection.execute(_ENTRY.insert(), lines)
    return [receipts[key] for key in keys]
