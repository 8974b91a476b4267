"""A room after a year of a busy truce: 100,000 incidents on 1,000,000 observations.

A small rehearsal is judged; its incidents, each with its members, weights and findings, are then
laid out again and again over a year and along the line, and its effort day by day. What an
incident looks like is therefore what the pipeline makes; only their number is blown up.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import yaml

from truceline.agreement.case import load_case
from truceline.core.types.time import DAY, HOUR
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.judgement import Judgement
from truceline.judgement.keeping import keep
from truceline.judgement.parameters import shipped_parameters
from truceline.rehearsal.generation import generate
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.web.access.accounts import add_account
from truceline.web.room.room import Room, open_room

INCIDENTS: Final = 100_000
OBSERVATIONS: Final = 1_000_000
DAYS: Final = 365
PASSWORD: Final = "a long enough password"
PEOPLE: Final = (("rita", "reviewer", None), ("lina", "liaison", "north"))

_SMALL = {"days": 4, "before_days": 2, "background_days": 6, "line": {"km": 400}}


@dataclass
class Clock:
    """A clock that stands."""

    now: int

    def __call__(self) -> int:
        """Return the time."""
        return self.now


def busy_room(folder: Path, incidents: int = INCIDENTS) -> Room:
    """Return the room, made in a folder if it is not there yet."""
    case, room = folder / "case", folder / "room"
    if not (room / "room.sqlite").is_file():
        generate(load_scenario("spoiler", _SMALL), case)
        first = _open(case, folder / "small")
        year = _lengthened(case)
        busy = blown_up(first.working(), incidents, year)
        for name in ("working", "published"):
            keep(busy, room / name)
        opened = _open(case, room)
        with opened.database.writing() as connection:
            for name, role, party in PEOPLE:
                add_account(connection, name, role, PASSWORD, party=party)
    return _open(case, room)


def _open(case: Path, folder: Path) -> Room:
    loaded = load_case(case)
    end = loaded.settings.window.micros()[1]
    assert end is not None
    return open_room(
        loaded, folder, sources=installed_sources(), parameters=shipped_parameters(),
        clock=Clock(end + HOUR),
    )  # fmt: skip


def _lengthened(case: Path) -> tuple[int, int]:
    """Let the case's window and agreement run for a year; return the window."""
    for name, key in (("case.yaml", "window"), ("agreement.yaml", "in_force")):
        path = case / name
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        start = dt.datetime.fromisoformat(document[key]["start"])
        document[key]["end"] = (start + dt.timedelta(days=DAYS)).isoformat()
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    start, end = load_case(case).settings.window.micros()
    assert end is not None
    return start, end


def blown_up(small: Judgement, incidents: int, year: tuple[int, int]) -> Judgement:
    """Return a judgement with so many incidents over a year."""
    copies = -(-incidents // small.incidents.height)
    each = -(-OBSERVATIONS * small.incidents.height // (incidents * small.members.height))
    rng = np.random.default_rng(1)
    n = small.incidents.height * copies
    moved = pl.DataFrame(
        {
            "incident_id": np.tile(small.incidents["incident_id"].to_numpy(), copies),
            "copy": np.repeat(np.arange(copies), small.incidents.height),
            "later": rng.integers(0, year[1] - year[0] - 5 * DAY, n),
            "east": rng.normal(0.0, 0.15, n),
            "north": rng.normal(0.0, 0.10, n),
        }
    ).head(incidents)
    tables = {
        name: _laid_out(getattr(small, name), moved)
        for name in ("incidents", "assessments", "weights", "attributions", "findings")
    }
    seen = _witnessed(small, moved, each)
    return replace(
        small, **tables, **seen,
        effort=_daily(small.effort, year), unwatched=_daily(small.unwatched, year),
        states=_daily(small.states, year), period=year,
    )  # fmt: skip


def _laid_out(table: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Return each incident's rows once a copy, under a name, a time and a place of its own."""
    joined = moved.join(table, on="incident_id", maintain_order="left")
    named = joined.with_columns(pl.format("{}-{}", "incident_id", "copy").alias("incident_id"))
    return _shifted(named).select(table.columns)


def _witnessed(small: Judgement, moved: pl.DataFrame, each: int) -> dict[str, pl.DataFrame]:
    """Return members and observations: each of an incident's own, heard by several witnesses."""
    rows = moved.join(small.members, on="incident_id").join(
        pl.DataFrame({"witness_no": np.arange(each)}), how="cross"
    )
    rows = rows.join(small.observations, on="obs_id").with_columns(
        pl.format("{}-{}", "incident_id", "copy").alias("incident_id"),
        pl.format("{}-{}-{}", pl.col("obs_id").str.head(16), "copy", "witness_no").alias("obs_id"),
    )
    rows = _shifted(rows)
    return {
        "members": rows.select(small.members.columns),
        "observations": rows.select(small.observations.columns).unique("obs_id"),
    }


def _shifted(rows: pl.DataFrame) -> pl.DataFrame:
    times = [name for name in ("t_start", "t_end", "t_best", "received_at") if name in rows.columns]
    rows = rows.with_columns(pl.col(name) + pl.col("later") for name in times)
    if "lon" in rows.columns:
        rows = rows.with_columns(lon=pl.col("lon") + pl.col("east"))
        rows = rows.with_columns(lat=pl.col("lat") + pl.col("north"))
    return rows


def _daily(table: pl.DataFrame, year: tuple[int, int]) -> pl.DataFrame:
    """Return a table of a few days, over and over until the year is full."""
    first = table["t_start"].min()
    span = 4 * DAY
    few = table.filter(pl.col("t_start") < first + span)
    starts = pl.DataFrame({"later": np.arange(year[0], year[1], span) - first})
    return _shifted(few.join(starts, how="cross")).select(table.columns)


def timed(what: Callable[[], object], rounds: int) -> list[float]:
    """Return how long each round took, milliseconds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        what()
        taken.append(1000 * (time.perf_counter() - start))
    return taken
