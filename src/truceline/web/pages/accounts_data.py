"""What the desk's pages stand on: read from the data folder once, kept while the server runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from threading import RLock
from typing import Final

import polars as pl

from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import AidRelease
from truceline.accounts.claims.check import Evidence
from truceline.accounts.claims.evidence import gather, gather_register, polls_of, positions_of
from truceline.accounts.claims.values import load_aid
from truceline.publish.statements.register_page import RegisterView
from truceline.publish.statements.register_view import register_view
from truceline.web.settings import Settings

#: Days of which the evidence is kept at one time; the one longest unused is forgotten first.
MOST_DAYS: Final = 6

#: Where a desk's own register stands in the folder; without it the seed that ships is shown.
REGISTER: Final = Path("statements") / "register.sqlite"

#: When the files of the register were last written, and how long they are.
Stamp = tuple[tuple[int, int], ...]


class AccountsData:
    """The data of the two accounts; each part is read when it is first asked for.

    Parameters
    ----------
    settings : Settings
        Where the data folder is, and what day it is.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.data
        self._today = settings.today
        self._lock = RLock()
        self._of_day: Callable[[dt.date, Stamp], Evidence] = lru_cache(MOST_DAYS)(self._gather)
        self._view_of: Callable[[dt.date, Stamp], RegisterView] = lru_cache(MOST_DAYS)(self._view)

    @property
    def has_aid(self) -> bool:
        """Whether there is a folder of aid data."""
        return self._folder is not None and (self._folder / "aid").is_dir()

    @property
    def has_positions(self) -> bool:
        """Whether there is a table of positions on a force."""
        return self.positions() is not None

    @property
    def has_polls(self) -> bool:
        """Whether there is a table of polls."""
        return self.polls() is not None

    @property
    def articles(self) -> Mapping[str, Path]:
        """The texts kept beside the data or in it, by name; the name ends in the month."""
        if self._folder is None:
            return {}
        inside, beside = self._folder / "articles", self._folder.resolve().parent / "articles"
        folder = inside if inside.is_dir() else beside
        return {path.stem: path for path in sorted(folder.glob("*.txt"))}

    def aid(self) -> tuple[Mapping[str, AidRelease], Indicators]:
        """Return the releases with rates, product and heads."""
        with self._lock:
            return self._aid

    def evidence(self, day: dt.date) -> Evidence:
        """Return what a text of a day is held against."""
        with self._lock:
            return self._of_day(day, self.register_stamp())

    def register(self) -> RegisterView:
        """Return the register as of today."""
        with self._lock:
            return self._view_of(self._today(), self.register_stamp())

    def register_stamp(self) -> Stamp:
        """Return what changes whenever something is entered in the register of the folder."""
        path = self._register
        files = () if path is None else (path, path.with_name(f"{path.name}-wal"))
        found = (file.stat() for file in files if file.is_file())
        return tuple((stat.st_mtime_ns, stat.st_size) for stat in found)

    def positions(self) -> pl.DataFrame | None:
        """Return every position on a force, or None when there is no such file."""
        return None if self._folder is None else positions_of(self._folder)

    def polls(self) -> pl.DataFrame | None:
        """Return every poll to this day with its sign, or None when there is no such file."""
        return None if self._folder is None else polls_of(self._folder, self._today())

    @cached_property
    def _aid(self) -> tuple[Mapping[str, AidRelease], Indicators]:
        return load_aid((self._folder or Path()) / "aid")

    @property
    def _register(self) -> Path | None:
        path = None if self._folder is None else self._folder / REGISTER
        return path if path is not None and path.is_file() else None

    def _gather(self, day: dt.date, _: Stamp) -> Evidence:
        return gather(self._folder, self._register, day, load=lambda _: self._aid)

    def _view(self, day: dt.date, _: Stamp) -> RegisterView:
        known = gather_register(self._register, self._folder, day)
        return register_view(known, day, title="What was said")
