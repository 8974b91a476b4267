"""Judging in parts: every step over an engine, nothing whole where the program runs.

The rows are numbered and linked over tiles of space and time; each row then goes to the part
of the days in which its incident begins. What is known of incidents only by looking at all of
them is three small tables, which the parts write and the program adds up. The tables that come
out are, row by row and digit by digit, those of `assess`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import PART, Engine, read
from truceline.core.engines.jobs import Work, map_jobs
from truceline.judgement.assess import Setting
from truceline.judgement.hostility.evidence import Across, together
from truceline.judgement.incidents.regrouping import regrouped
from truceline.judgement.incidents.tiles import Tiling
from truceline.judgement.parted.labels import label_slices
from truceline.judgement.parted.parts import (
    JUDGED,
    NAMED,
    add_named,
    conclude_part,
    hear_part,
    identify_part,
    put_incidents,
)
from truceline.judgement.parted.slices import deal_slice, place_slice, put, slices_of

#: The part of the incidents that people put together or took apart.
_GROUPED = "grouped"


@dataclass(frozen=True)
class Parting:
    """How a judgement is parted. Nothing of it changes the result.

    Attributes
    ----------
    tiling : Tiling
        How association is parted.
    rows : int
        Observations that a slice has at most, and a part as a rule: a day is never parted.
    """

    tiling: Tiling
    rows: int = 1_000_000


@dataclass(frozen=True)
class _Work:
    """Where the work is done, and what is between."""

    engine: Engine
    folder: Path

    def each(self, jobs: Sequence[str], work: Work, step: str) -> None:
        map_jobs(self.engine, jobs, work, self.folder / "steps" / step)


def assess_in_parts(
    engine: Engine,
    observations: Sequence[Path],
    effort: Sequence[Path],
    setting: Setting,
    period: tuple[int, int],
    folder: Path,
    parting: Parting,
) -> dict[str, pl.LazyFrame]:
    """Judge a period over an engine, in bounded memory.

    Parameters
    ----------
    engine : Engine
        Where to work.
    observations, effort : sequence of Path
        Parquet files of the schemas `OBSERVATION`, each identity once, and `EFFORT`.
    setting, period
        As for `assess`.
    folder : Path
        Folder for the result and what is between, which the workers see; must not exist.
    parting : Parting
        How the work is parted.

    Returns
    -------
    dict
        The tables of `JUDGED` by name. Rows of one incident are together, in the order `assess`
        gives them; sorted by `incident_id`, keeping order, a table is that of `assess`.
    """
    folder.mkdir(parents=True)
    work = _Work(engine, folder)
    slices = slices_of(observations, parting.rows)
    work.each(slices, functools.partial(place_slice, period=period, folder=folder), "place")
    parts = label_slices(engine, slices, folder, parting.tiling, rows=parting.rows)
    work.each(slices, functools.partial(deal_slice, folder=folder), "deal")
    identify = functools.partial(identify_part, folder=folder, sectors=setting.sectors)
    work.each(parts, identify, "identify")
    parts = _group(folder, parts, setting)
    if parts:
        _judge(work, parts, setting, tuple(effort))
    return {
        name: read([folder / name / f"{part}.parquet" for part in parts], schema.dtypes())
        for name, schema in JUDGED.items()
    }


def _judge(work: _Work, parts: Sequence[str], setting: Setting, effort: tuple[Path, ...]) -> None:
    hear = functools.partial(hear_part, folder=work.folder, setting=setting, parts=len(parts))
    work.each(parts, hear, "hear")
    across = _across(work, parts)
    conclude = functools.partial(
        conclude_part, folder=work.folder, setting=setting, across=across, effort=effort
    )
    work.each(parts, conclude, "conclude")


def _group(folder: Path, parts: list[str], setting: Setting) -> list[str]:
    """Give the incidents that people decided on a part of their own, and group them there."""
    named = {name for g in setting.groupings for name in (g.incident, g.joined) if name is not None}
    touched = pl.col("incident_id").is_in(sorted(named))
    moved: list[pl.DataFrame] = []
    for part in parts if named else ():
        own = pl.read_parquet(folder / "members" / f"{part}.parquet").filter(touched)
        if own.is_empty():
            continue
        dealt = pl.scan_parquet(folder / "dealt" / part / "*.parquet")
        moved.append(own.join(dealt.collect(), on="obs_id"))
        for name in ("members", "incidents"):
            file = folder / name / f"{part}.parquet"
            put(pl.read_parquet(file).filter(~touched), file)
    if not moved:
        return parts
    rows = pl.concat(moved).drop("label")
    seen = rows.drop("incident_id")
    put(seen, folder / "dealt" / _GROUPED / "0.parquet")
    members = regrouped(rows.select("incident_id", "obs_id"), seen, setting.groupings)
    put_incidents(folder, _GROUPED, members, setting.sectors)
    return [*parts, _GROUPED]


def _across(work: _Work, parts: Sequence[str]) -> Across:
    """Add up what the parts tell of all incidents."""

    def files(name: str) -> list[Path]:
        return [work.folder / name / f"{part}.parquet" for part in parts]

    sent = work.engine.map_batches(files("named"), _as_it_is, NAMED, work.folder / "steps" / "name")
    added = work.engine.map_parts(sent, add_named, NAMED, work.folder / "steps" / "add")
    documents = read(added, NAMED).drop(PART).collect()
    tables = {name: pl.read_parquet(files(name)) for name in ("spoken", "seen")}
    return together([Across(documents, tables["spoken"], tables["seen"])])


def _as_it_is(table: pl.DataFrame) -> pl.DataFrame:
    return table
