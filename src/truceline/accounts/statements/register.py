"""The register on disk: append only, every change kept, every entry chained to the last."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from truceline.accounts.statements.form import coding_from, statement_from
from truceline.accounts.statements.statement import Coding, Statement
from truceline.core.store.database import opened
from truceline.core.types.errors import InputError, StoreError, Where

GENESIS = "0" * 64

_HINT = "Give the path of a register, or of one to be made, that can be written."

_TABLES = """
CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    action TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    why TEXT NOT NULL,
    content TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the register is append only'); END;
CREATE TRIGGER IF NOT EXISTS entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the register is append only'); END;
"""


@dataclass(frozen=True)
class Entry:
    """One line of the register's history.

    Attributes
    ----------
    seq : int
        Place in the history, from 1.
    at : int
        When it was entered, UTC microseconds.
    by, action, statement_id, why : str
        Who did what (`ACTIONS`) to which statement, and why.
    content : dict
        The whole statement or coding as it stood from then on.
    previous, hash : str
        SHA-256 of the entry before, and of this one.
    """

    seq: int
    at: int
    by: str
    action: str
    statement_id: str
    why: str
    content: dict[str, object]
    previous: str
    hash: str


@dataclass(frozen=True)
class Change:
    """What is to be entered.

    Attributes
    ----------
    action, statement_id, why : str
        What is done to which statement, and why.
    content : dict
        The whole statement or coding as it is to stand.
    """

    action: str
    statement_id: str
    why: str
    content: dict[str, object]


def added(statement: Statement, why: str = "first entry") -> Change:
    """Return the entry of a statement that is not in the register yet."""
    return Change("add", statement.statement_id, why, _plain(statement))


def amended(statement: Statement, why: str) -> Change:
    """Return the entry of a new version of a statement; the old one stays in the history."""
    return Change("amend", statement.statement_id, why, _plain(statement))


def coded(coding: Coding) -> Change:
    """Return the entry of a coder's facts, or of the adjudication of a third person."""
    action = "adjudicate" if coding.adjudicates else "code"
    return Change(action, coding.statement_id, coding.reason, _plain(coding))


class Register:
    """A register of statements in one SQLite file.

    Nothing is ever overwritten: an amendment is a new entry that holds the whole statement,
    a retraction is an entry too. The file refuses updates and deletions, and each entry
    holds the hash of the one before, so that a change made around it is found by `verify`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as cause:
            raise StoreError(
                f"the register cannot be opened: {cause}.", where=Where(str(path)), hint=_HINT
            ) from cause
        with self._connection() as connection:
            connection.executescript(_TABLES)

    def add(self, statement: Statement, *, by: str, at: int, why: str = "first entry") -> Entry:
        """Enter a statement that is not in the register yet."""
        return self.enter([added(statement, why)], by=by, at=at)[0]

    def amend(self, statement: Statement, *, by: str, at: int, why: str) -> Entry:
        """Enter a new version of a statement; the old one stays in the history."""
        return self.enter([amended(statement, why)], by=by, at=at)[0]

    def retract(self, statement_id: str, *, by: str, at: int, why: str) -> Entry:
        """Take a statement out of the counts, with the reason; its history stays."""
        return self.enter([Change("retract", statement_id, why, {})], by=by, at=at)[0]

    def code(self, coding: Coding, *, by: str, at: int) -> Entry:
        """Enter a coder's facts, or the adjudication of a third person."""
        return self.enter([coded(coding)], by=by, at=at)[0]

    def enter(self, changes: Sequence[Change], *, by: str, at: int) -> list[Entry]:
        """Enter changes in their order, all of them or, where one is refused, none."""
        if not by.strip() or not all(change.why.strip() for change in changes):
            raise InputError(
                "an entry needs a name and a reason.", hint="Give both: --by NAME --why REASON."
            )
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            return [_append(connection, change, by, at) for change in changes]

    def entries(self, statement_id: str | None = None) -> list[Entry]:
        """Return the history, of all or of one statement, oldest first."""
        query = "SELECT * FROM entry WHERE ?1 IS NULL OR statement_id = ?1 ORDER BY seq"
        with self._connection() as connection:
            rows = connection.execute(query, (statement_id,)).fetchall()
        return [_entry(row) for row in rows]

    def statements(self) -> list[Statement]:
        """Return the statements as they stand now, retracted ones left out."""
        standing: dict[str, Statement] = {}
        for entry in self.entries():
            if entry.action in ("add", "amend"):
                where = Where(str(self.path), row=entry.seq)
                standing[entry.statement_id] = statement_from(_form(entry.content), where)
            elif entry.action == "retract":
                standing.pop(entry.statement_id, None)
        return list(standing.values())

    def codings(self) -> list[Coding]:
        """Return each coder's latest coding of each statement that stands."""
        latest: dict[tuple[str, str, bool], Coding] = {}
        for entry in self.entries():
            if entry.action in ("code", "adjudicate"):
                coding = coding_from(entry.content, Where(str(self.path), row=entry.seq))
                latest[coding.statement_id, coding.coder, coding.adjudicates] = coding
        standing = {s.statement_id for s in self.statements()}
        return [c for c in latest.values() if c.statement_id in standing]

    def verify(self) -> int:
        """Check every hash of the history and return how many entries it has."""
        previous, count = GENESIS, 0
        for entry in self.entries():
            digest = _digest(
                entry.at, entry.by, entry.action, entry.statement_id, entry.why, entry.content,
                previous,
            )  # fmt: skip
            count += 1
            if (entry.previous, entry.hash, entry.seq) != (previous, digest, count):
                raise StoreError(
                    "the history of the register was changed.",
                    where=Where(str(self.path), row=count),
                    hint="Restore it from a copy whose history verifies.",
                )
            previous = entry.hash
        return count

    def _connection(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, "the register", _HINT)


def existing(path: Path) -> Register:
    """Return a register that is there: what only reads or changes one makes none."""
    if not path.is_file():
        raise InputError(
            "there is no register of statements.",
            where=Where(str(path)),
            hint="Make one with `truceline statements add FILE --register PATH --by NAME`.",
        )
    return Register(path)


def _append(connection: sqlite3.Connection, change: Change, by: str, at: int) -> Entry:
    _check(connection, change)
    last = connection.execute(
        "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1"
    ).fetchone() or (0, GENESIS)
    named = (change.action, change.statement_id, change.why, change.content, last[1])
    entry = Entry(last[0] + 1, at, by, *named, _digest(at, by, *named))
    row = (*_head(entry), _canonical(change.content), last[1], entry.hash)
    connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return entry


def _check(connection: sqlite3.Connection, change: Change) -> None:
    known = connection.execute(
        "SELECT 1 FROM entry WHERE statement_id = ? AND action = 'add'", (change.statement_id,)
    ).fetchone()
    if change.action == "add" and known:
        raise InputError(
            f"the statement {change.statement_id!r} is in the register already.",
            hint="Amend it, with a reason, or give the new one another identity.",
        )
    if change.action != "add" and not known:
        raise InputError(
            f"the statement {change.statement_id!r} is not in the register.",
            hint="Add it first; nothing was entered.",
        )


def _head(entry: Entry) -> tuple[int, int, str, str, str, str]:
    return entry.seq, entry.at, entry.by, entry.action, entry.statement_id, entry.why


def _entry(row: tuple[Any, ...]) -> Entry:
    seq, at, by, action, statement_id, why, content, previous, digest = row
    return Entry(seq, at, by, action, statement_id, why, json.loads(content), previous, digest)


def _plain(item: Statement | Coding) -> dict[str, object]:
    plain: dict[str, object] = json.loads(json.dumps(asdict(item), default=str))
    return plain


def _form(content: dict[str, object]) -> dict[str, object]:
    # The form reads a date to its precision; the entry holds both.
    made = {k: v for k, v in content.items() if k != "date_precision"}
    if made.get("date"):
        length = {"day": 10, "month": 7, "year": 4}[str(content["date_precision"])]
        made["date"] = str(made["date"])[:length]
    return made


def _canonical(content: dict[str, object]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _digest(
    at: int,
    by: str,
    action: str,
    statement_id: str,
    why: str,
    content: dict[str, object],
    previous: str,
) -> str:
    parts = [at, by, action, statement_id, why, _canonical(content), previous]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
