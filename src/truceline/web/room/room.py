"""The room of one case: its database, its record, and the picture it works on."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Final

import polars as pl
import structlog
from sqlalchemy import func, select

from truceline.agreement.case import Case
from truceline.case_bulletin import geography
from truceline.case_judgement import condition, judged_period, look, plan, setting_of
from truceline.core.store.case_store import CaseStore
from truceline.core.store.sql import Database, open_database
from truceline.core.types.time import HOUR, format_time, zone_of
from truceline.evidence.front import read_ground
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.source import Source
from truceline.judgement.assess import Setting
from truceline.judgement.carrying import origin_after
from truceline.judgement.judgement import Judgement
from truceline.judgement.keeping import is_kept, keep, kept
from truceline.judgement.parameters import Parameters
from truceline.publish.draw.geography import Geography
from truceline.record.log import Log
from truceline.record.reviews import Review, Standing, groupings_of, standings
from truceline.web.access.roles import Viewer
from truceline.web.room.events import Events
from truceline.web.room.intake import Intake, waiting_after
from truceline.web.room.picture import Picture, Pictures
from truceline.web.room.reports import laid_out, lay_out
from truceline.web.room.seen import only, seen_by
from truceline.web.room.tables import PUBLICATION, PUT, REPORT, REVIEW, TABLES

_log = structlog.get_logger(__name__)

#: Hours a party has to answer before a finding that names it is published.
ANSWER_HOURS: Final = 24


def _micros() -> int:
    return time.time_ns() // 1000


@dataclass
class Room:
    """One case, watched.

    Attributes
    ----------
    case : Case
        The case.
    folder : Path
        Everything the room keeps outside its database.
    database : Database
        Where accounts, decisions and the record are.
    sources, parameters, data
        As `run` takes them.
    clock : callable
        Time, UTC microseconds.
    events : Events
        Who is listening for changes.
    wake : callable
        Told when something was sent in, so that the case is judged again soon.
    """

    case: Case
    folder: Path
    database: Database
    sources: dict[str, Source]
    parameters: Parameters
    data: Path | None = None
    clock: Callable[[], int] = _micros
    events: Events = field(default_factory=Events)
    wake: Callable[[], None] = lambda: None
    _judging: Lock = field(default_factory=Lock)
    _setting: Setting | None = None
    _working: Judgement | None = None
    _published: Judgement | None = None
    _nothing: Judgement | None = None
    _geography: Geography | None = None
    _pictures: Pictures = field(default_factory=Pictures)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database.make(TABLES)
        self.log = Log(self.database)
        self._laid_out = laid_out(self.folder / "reports")
        self.intake = Intake(
            self.database,
            self.clock,
            lambda block: waiting_after(block, self._laid_out),
        )

    @property
    def parties(self) -> dict[str, str]:
        """Return the parties' names by id."""
        return self.case.terms.agreement.party_names()

    def now_text(self) -> str:
        """Return the time as the record writes it."""
        return format_time(self.clock())

    def judge_again(self) -> Judgement:
        """Take in what has come from anywhere, judge the period up to now, and keep the picture.

        How the truce is doing takes longest and hangs on what changes slowly; it is worked out
        while reports are still taken in and looked at.
        """
        with self._judging:
            store = self._taken_in(everything=True)
            ground = read_ground(self.case, self.data)
            setting = setting_of(self.case, store, self.parameters, ground.territory)
            period = self.period()
        states, unwatched = condition(self.case, store, setting, period)
        with self._judging:
            made = look(
                self.case, store, self._grouped(setting), period, states=states, unwatched=unwatched
            )
            keep(made, self.folder / "working")
            self._setting, self._working = setting, made
        self.events.tell("judgement", "work")
        return made

    def look_again(self) -> Judgement:
        """Take in the reports that were sent in, and judge the incidents that they change.

        The picture is the one that `judge_again` gives; how the truce is doing stands as it was
        last judged.
        """
        before, setting = self._working, self._setting
        if before is None or setting is None:
            return self.judge_again()
        with self._judging:
            before = self._working or before
            store = self._taken_in(everything=False)
            grouped = self._grouped(setting)
            self._working = look(
                self.case, store, grouped, self.period(), states=before.states,
                unwatched=before.unwatched, origin=origin_after(before),
            )  # fmt: skip
        self.events.tell("judgement", "work")
        return self._working

    def _taken_in(self, *, everything: bool) -> CaseStore:
        """Take the new reports, or all feeds as well, into the store, and return it."""
        reports = self.folder / "reports"
        with self.database.reading() as connection:
            last = connection.scalar(select(func.max(REPORT.c.number)))
        fresh = lay_out(self.database, reports)
        self._laid_out = self._laid_out if last is None else last
        files = [Entry(path, self.sources[path.parent.name]) for path in fresh]
        if everything:
            files = plan(self.case, self.sources, self.data, reports)
        store = CaseStore(self.folder / "store")
        for error in ingest(store, files, received_before=self.clock()).errors:
            _log.error("a file cannot be taken in", **error.as_dict())
        return store

    def _grouped(self, setting: Setting) -> Setting:
        return replace(setting, groupings=groupings_of(self.reviews()))

    def period(self) -> tuple[int, int]:
        """Return what is judged: the truce so far."""
        end = self.case.settings.window.micros()[1]
        return judged_period(self.case, self.clock() if end is None else None)

    def working(self) -> Judgement:
        """Return the picture as it was last judged; judge it where it never was."""
        if self._working is None and is_kept(self.folder / "working"):
            self._working = kept(self.folder / "working")
        return self.judge_again() if self._working is None else self._working

    def published(self) -> Judgement:
        """Return the picture as it was last published; empty before the first bulletin."""
        folder = self.folder / "published"
        if self._published is None and is_kept(folder):
            self._published = kept(folder)
        if self._published is not None:
            return self._published
        if self._nothing is None:
            self._nothing = _empty(self.working())
        return self._nothing

    def publish_picture(self, judgement: Judgement) -> None:
        """Keep what was published, as those outside the room may see it."""
        shown = judgement.assessments.filter(pl.col("listed") != "background")
        self._published = only(judgement, set(shown["incident_id"]))
        keep(self._published, self.folder / "published")
        self.events.tell("published", "all")

    def picture(self, viewer: Viewer) -> Picture:
        """Return what a viewer may see, with what was made of it for others of the same kind."""
        working, published = self.working(), self.published()
        put = self.put_to(viewer.party) if viewer.party is not None else set()
        key = (viewer.may("work"), viewer.levels(), frozenset(put))
        return self._pictures.of(
            key, (working, published), lambda: seen_by(viewer, working, published, put)
        )

    def seen(self, viewer: Viewer) -> Judgement:
        """Return what a viewer may see."""
        return self.picture(viewer).judgement

    def geography(self) -> Geography:
        """Return the case's lines, zones and sectors; drawn once, since a case does not change."""
        if self._geography is None:
            self._geography = geography(self.case, read_ground(self.case, self.data).line)
        return self._geography

    def reviews(self, incident: str | None = None) -> list[Review]:
        """Return the decisions on all incidents or on one, the first first."""
        rows = select(REVIEW).order_by(REVIEW.c.number)
        if incident is not None:
            rows = rows.where(REVIEW.c.incident == incident)
        with self.database.reading() as connection:
            found = connection.execute(rows).all()
        return [
            Review(
                r.incident, r.decision, r.reason, r.hand, r.party, r.other,
                tuple(r.apart.split()),
            )
            for r in found
        ]  # fmt: skip

    def standings(self) -> dict[str, Standing]:
        """Return what stands of each reviewed incident."""
        return standings(self.reviews())

    def put_to(self, party: str) -> set[str]:
        """Return the incidents that were put to a party."""
        with self.database.reading() as connection:
            return set(connection.scalars(select(PUT.c.incident).where(PUT.c.party == party)))

    def waiting(self) -> int:
        """Return how many reports were sent in and not laid out for judging yet."""
        with self.database.reading() as connection:
            return waiting_after(connection, self._laid_out)

    def last_publication(self) -> int | None:
        """Return when a bulletin was last published, UTC microseconds."""
        with self.database.reading() as connection:
            return connection.scalar(
                select(PUBLICATION.c.at).order_by(PUBLICATION.c.number.desc()).limit(1)
            )

    def next_bulletin(self) -> int:
        """Return when the next bulletin is due: the case's hour, today or tomorrow."""
        zone = zone_of(self.case.settings.timezone)
        now = dt.datetime.fromtimestamp(self.clock() / 1e6, zone)
        hour = self.case.settings.publication.hour_local
        due = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        due = due if due > now else due + dt.timedelta(days=1)
        return int(due.timestamp() * 1e6)

    def answer_until(self) -> int:
        """Return until when a party that is asked now may answer."""
        return self.clock() + ANSWER_HOURS * HOUR


def open_room(
    case: Case,
    folder: Path,
    *,
    sources: dict[str, Source],
    parameters: Parameters,
    data: Path | None = None,
    address: str | None = None,
    clock: Callable[[], int] = _micros,
) -> Room:
    """Open the room of a case.

    Parameters
    ----------
    folder : Path
        Where it keeps its files; and its database, where no address is given.
    address : str or None
        Address of a PostgreSQL database.
    """
    # Hashes of passwords and protected evidence lie in it: nobody else on the machine reads it.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(address or folder / "room.sqlite")
    return Room(case, folder, database, sources, parameters, data, clock)


def _empty(judgement: Judgement) -> Judgement:
    none = only(judgement, ())
    return replace(
        none,
        effort=judgement.effort.clear(),
        states=judgement.states.clear(),
        unwatched=judgement.unwatched.clear(),
    )
