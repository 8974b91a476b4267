"""The way in of reports: one transaction for all who wait, and no more waiting than can be borne.

Who comes to the database first writes for everybody that waits there (a group commit), so that
one wait for the disk serves many. An answer still means that the report is on the disk.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, Literal

from sqlalchemy import Connection, func, select

from truceline.core.store.sql import Database
from truceline.core.types.errors import TrucelineError
from truceline.core.types.time import format_time
from truceline.record.entries import entry
from truceline.record.log import append_all
from truceline.web.room.tables import REPORT

#: Reports that may wait to be judged; more are asked to come later.
MOST_WAITING: Final = 50_000

#: Reports that may stand before the database at one time.
MOST_IN_HAND: Final = 5_000

#: Seconds after which to come again: where the database is behind, and where the judgement is.
DATABASE_S: Final = 1
JUDGEMENT_S: Final = 30

#: What became of a report: kept now, kept before, or its key names another report.
Outcome = Literal["new", "held", "other"]


class BusyError(TrucelineError):
    """The room has more in hand than it can take.

    Parameters
    ----------
    after_s : int
        Seconds after which to come again.
    """

    code = "busy"

    def __init__(self, message: str, after_s: int) -> None:
        super().__init__(message, hint=f"Send it again after {after_s} seconds.")
        self.after_s = after_s


@dataclass(frozen=True)
class Sent:
    """A report that was checked and is to be kept.

    Attributes
    ----------
    key : str
        Names it once and for all.
    form, sha256 : str
        Its form, and the digest of its body.
    body : bytes
        The report, on one line.
    account : str
        Who sent it.
    """

    key: str
    form: str
    sha256: str
    body: bytes
    account: str


@dataclass
class _Group:
    """What one request waits for."""

    sent: Sequence[Sent]
    is_done: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    fault: Exception | None = None


class Intake:
    """Keeps reports once each.

    Parameters
    ----------
    database : Database
        Where they are kept, with an entry of the record each.
    clock : callable
        Time, UTC microseconds.
    waiting : callable
        Tells, within a block of the database, how many reports wait to be judged.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        waiting: Callable[[Connection], int],
    ) -> None:
        self._database = database
        self._clock = clock
        self._waiting = waiting
        self._groups: list[_Group] = []
        self._in_hand = 0
        self._queueing = Lock()
        self._writing = Lock()

    @contextmanager
    def admitted(self, reports: int) -> Iterator[None]:
        """Hold a place for so many reports before the database.

        Raises
        ------
        BusyError
            If no place is left.
        """
        with self._queueing:
            if self._in_hand + reports > MOST_IN_HAND:
                raise BusyError("Too many reports come in at once.", DATABASE_S)
            self._in_hand += reports
        try:
            yield
        finally:
            with self._queueing:
                self._in_hand -= reports

    def keep(self, sent: Sequence[Sent]) -> list[Outcome]:
        """Keep reports, and return what became of each when it is on the disk.

        Raises
        ------
        BusyError
            If too many wait to be judged; then none of these was kept.
        """
        group = _Group(sent)
        with self._queueing:
            self._groups.append(group)
        with self._writing:
            if not group.is_done:
                self._write_all()
        if group.fault is not None:
            raise group.fault
        return group.outcomes

    def _write_all(self) -> None:
        """Write what every waiting request brought, in one transaction."""
        with self._queueing:
            groups, self._groups = self._groups, []
        try:
            with self._database.writing() as connection:
                outcomes = self._written(connection, [s for group in groups for s in group.sent])
        except Exception as fault:  # noqa: BLE001 - told to each who waits, and raised there
            for group in groups:
                group.fault = fault
        else:
            at = iter(outcomes)
            for group in groups:
                group.outcomes = [next(at) for _ in group.sent]
        for group in groups:
            group.is_done = True

    def _written(self, connection: Connection, sent: Sequence[Sent]) -> list[Outcome]:
        found = connection.execute(
            select(REPORT.c.key, REPORT.c.sha256).where(REPORT.c.key.in_([s.key for s in sent]))
        )
        held: dict[str, str] = {key: digest for key, digest in found}  # noqa: C416 - rows are no pairs
        outcomes: list[Outcome] = []
        new: list[Sent] = []
        for report in sent:
            if report.key not in held:
                held[report.key] = report.sha256
                new.append(report)
                outcomes.append("new")
            else:
                outcomes.append("held" if held[report.key] == report.sha256 else "other")
        if new and self._waiting(connection) + len(new) > MOST_WAITING:
            raise BusyError("Too many reports wait to be judged.", JUDGEMENT_S)
        self._insert(connection, new)
        return outcomes

    def _insert(self, connection: Connection, new: Sequence[Sent]) -> None:
        if not new:
            return
        now = self._clock()
        at = format_time(now)
        made = [
            entry(
                "report", at, {"form": s.form, "sha256": s.sha256, "account": s.account},
                secrets.token_bytes,
            )
            for s in new
        ]  # fmt: skip
        receipts = append_all(connection, [(e, f"report {secrets.token_hex(16)}") for e in made])
        rows: list[dict[str, Any]] = [
            {"key": s.key, "number": receipt.number, "form": s.form, "sha256": s.sha256,
             "account": s.account, "body": s.body, "at": now}
            for s, receipt in zip(new, receipts, strict=True)
        ]  # fmt: skip
        connection.execute(REPORT.insert(), rows)


def waiting_after(connection: Connection, laid_out: int) -> int:
    """Return how many reports were kept after the one of a number."""
    counted = select(func.count()).select_from(REPORT).where(REPORT.c.number > laid_out)
    return connection.scalar(counted) or 0
