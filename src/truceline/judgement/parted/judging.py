"""Judging in parts: every step over an engine, nothing whole where the program runs.

The rows are numbered and linked over tiles of space and time; each row then goes to the part
of the days in which its incident begins. What is known of incidents only by looking at all of
them is three small tables, which the parts write and the program adds up. The tables that come
out are, row by row and digit by digit, those of `assess`.
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import PART, Engine, read
from truceline.core.engines.jobs import Work, map_jobs
from truceline.judgement.assess import Setting
from truceline.judgement.hostility.evidence import Across, together
from truceline.judgement.incidents.tiles import Tiling
from truceline.judgement.parted.labels import label_slices
from truceline.judgement.parted.parts import (
    JUDGED,
    NAMED,
    add_named,
    conclude_part,
    hear_part,
)
from truceline.judgement.parted.slices import LABELS, deal_slice, place_slice, slices_of


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
    parts = label_slices(
        engine, slices, folder, parting.tiling, setting.groupings, rows=parting.rows
    )
    work.each(slices, functools.partial(deal_slice, folder=folder), "deal")
    _drop(folder, "points", "areas", "tiles", LABELS)
    if parts:
        _judge(work, parts, setting, tuple(effort))
    _drop(folder, "dealt", "told", "named", "spoken", "seen", "steps")
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


def _across(work: _Work, parts: Sequence[str]) -> Across:
    """Add up what the parts tell of all incidents."""
    named = sorted((work.folder / "named").glob(f"{PART}=*/*.parquet"))
    added = work.engine.map_parts(named, add_named, NAMED, work.folder / "steps" / "named")
    documents = read(added, NAMED).drop(PART).collect()
    spoken, seen = (
        pl.read_parquet([work.folder / name / f"{part}.parquet" for part in parts])
        for name in ("spoken", "seen")
    )
    return together([Across(documents, spoken, seen)])


def _drop(folder: Path, *names: str) -> None:
    """Remove what is not needed any more: what is between takes more room than the result."""
    for name in names:
        shutil.rmtree(folder / name, ignore_errors=True)
