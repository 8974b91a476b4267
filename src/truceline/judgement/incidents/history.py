"""The history of incidents: what was published, what became of it, in SQLite.

An incident is named after its earliest member. It may grow under its name. When an earlier
report comes in late, or a new one joins two incidents, a name goes; the history then says
which incident superseded it, the one that now holds the member it was named after. Nothing
is ever deleted from the history. What is new in the store and what it changed are entered
together or not at all, so that a process may be killed at any moment.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.core.store.database import opened
from truceline.core.types.tables import MEMBER

_SQL = """
CREATE TABLE IF NOT EXISTS segment (name TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS member (obs_id TEXT PRIMARY KEY, incident_id TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS member_of ON member(incident_id);
CREATE TABLE IF NOT EXISTS incident (
  incident_id TEXT PRIMARY KEY,
  named_after TEXT NOT NULL,
  members INTEGER NOT NULL,
  digest TEXT NOT NULL,             -- of its members
  superseded_by TEXT                -- null while it stands
) STRICT;
CREATE TABLE IF NOT EXISTS event (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  incident_id TEXT NOT NULL,
  what TEXT NOT NULL,               -- appeared, changed, superseded, returned
  members INTEGER NOT NULL,
  superseded_by TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS sent (
  topic TEXT PRIMARY KEY,
  number INTEGER NOT NULL           -- of the last event that was acknowledged there
) STRICT;
"""


@dataclass(frozen=True)
class Event:
    """One line of the history.

    Attributes
    ----------
    number, at : int
        Its place in the history, and when it was entered, UTC microseconds.
    incident_id, what : str
        Which incident, and what became of it: appeared, changed, superseded or returned.
    members : int
        How many members it has now, or had.
    superseded_by : str or None
        Which incident holds the member it was named after.
    """

    number: int
    at: int
    incident_id: str
    what: str
    members: int
    superseded_by: str | None


class History:
    """The incidents of a store and their history.

    Parameters
    ----------
    path : Path
        The SQLite file; made where it does not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._change() as db:
            db.executescript(_SQL)

    def segments(self) -> set[str]:
        """Return the names of the store's segments that have been looked at."""
        with self._change() as db:
            return {name for (name,) in db.execute("SELECT name FROM segment")}

    def members(self) -> pl.DataFrame:
        """Return the members of all incidents that stand, schema `MEMBER`."""
        with self._change() as db:
            rows = db.execute("SELECT incident_id, obs_id FROM member").fetchall()
        table = pl.DataFrame(
            rows, schema={"incident_id": pl.String, "obs_id": pl.String}, orient="row"
        )
        return MEMBER.conform(table).sort("incident_id", "obs_id")

    def events(self, after: int = 0, most: int = -1) -> list[Event]:
        """Return the history from a number on, or so much of it at most."""
        sql = (
            "SELECT number, at, incident_id, what, members, superseded_by FROM event"
            " WHERE number > ? ORDER BY number LIMIT ?"
        )
        with self._change() as db:
            return [Event(*row) for row in db.execute(sql, (after, most))]

    def last(self) -> int:
        """Return the number of the last event; 0 where there is none."""
        with self._change() as db:
            return int(db.execute("SELECT coalesce(max(number), 0) FROM event").fetchone()[0])

    def sent(self, topic: str) -> int:
        """Return the number of the last event that a topic's broker has acknowledged."""
        with self._change() as db:
            row = db.execute("SELECT number FROM sent WHERE topic = ?", (topic,)).fetchone()
        return 0 if row is None else int(row[0])

    def mark_sent(self, topic: str, number: int) -> None:
        """Keep the number of the last event that a topic's broker has acknowledged."""
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO sent VALUES (?, ?)", (topic, number))

    def standing(self, incident_id: str) -> str | None:
        """Return the incident that stands for one published before; null if unknown."""
        sql = "SELECT superseded_by FROM incident WHERE incident_id = ?"
        with self._change() as db:
            while (row := db.execute(sql, (incident_id,)).fetchone()) is not None:
                if row[0] is None:
                    return incident_id
                incident_id = row[0]
        return None

    def enter(
        self, members: pl.DataFrame, earliest: dict[str, str], segments: Iterable[str], now: int
    ) -> None:
        """Enter what became of whole neighbourhoods, and the segments that were looked at.

        Parameters
        ----------
        members : polars.DataFrame
            Schema `MEMBER`; all members of every incident that these observations are of.
        earliest : dict
            The member that each incident is named after.
        segments : iterable of str
            Names of the segments looked at.
        now : int
            Time of the entry, UTC microseconds.
        """
        fresh = {
            incident: sorted(ids)
            for incident, ids in members.group_by("incident_id").agg("obs_id").iter_rows()
        }
        with self._change() as db:
            before = _incidents_of(db, members["obs_id"].to_list())
            db.executemany(
                "INSERT OR REPLACE INTO member (obs_id, incident_id) VALUES (?, ?)",
                members.select("obs_id", "incident_id").iter_rows(),
            )
            for incident, ids in sorted(fresh.items()):
                _stand(db, incident, ids, earliest[incident], now)
            for incident in sorted(before - set(fresh)):
                _supersede(db, incident, now)
            db.executemany(
                "INSERT OR IGNORE INTO segment VALUES (?)", [(name,) for name in segments]
            )

    def _change(self) -> AbstractContextManager[sqlite3.Connection]:
        hint = "Remove it and run again: it is made anew from the store, without its past."
        return opened(self.path, "the history of incidents", hint)


def _incidents_of(db: sqlite3.Connection, ids: list[str]) -> set[str]:
    sql = (
        "SELECT DISTINCT incident_id FROM json_each(?) AS given"
        " JOIN member ON member.obs_id = given.value"
    )
    return {incident for (incident,) in db.execute(sql, (json.dumps(ids),))}


def _stand(db: sqlite3.Connection, incident: str, ids: list[str], named: str, now: int) -> None:
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()
    sql = "SELECT digest, superseded_by FROM incident WHERE incident_id = ?"
    held = db.execute(sql, (incident,)).fetchone()
    if held == (digest, None):
        return
    what = "appeared" if held is None else "changed" if held[1] is None else "returned"
    row = (incident, named, len(ids), digest)
    db.execute("INSERT OR REPLACE INTO incident VALUES (?, ?, ?, ?, NULL)", row)
    _tell(db, now, incident, what, len(ids), None)


def _supersede(db: sqlite3.Connection, incident: str, now: int) -> None:
    sql = (
        "SELECT i.members, m.incident_id FROM incident i JOIN member m ON m.obs_id = i.named_after"
        " WHERE i.incident_id = ?"
    )
    count, by = db.execute(sql, (incident,)).fetchone()
    db.execute("UPDATE incident SET superseded_by = ? WHERE incident_id = ?", (by, incident))
    _tell(db, now, incident, "superseded", count, by)


def _tell(
    db: sqlite3.Connection, now: int, incident: str, what: str, members: int, by: str | None
) -> None:
    db.execute(
        "INSERT INTO event (at, incident_id, what, members, superseded_by) VALUES (?, ?, ?, ?, ?)",
        (now, incident, what, members, by),
    )
