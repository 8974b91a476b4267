"""The judgement in parts: the same tables as on one machine, its heavy steps over an engine.

Incidents come out of tiles and their borders. Priors and witnesses look across incidents
(what was seen around here lately, how many places a document names) and are judged where
the program runs. Whose ground it was and which clause was broken is geometry, incident by
incident, and is dealt out.
"""

from __future__ import annotations

import functools
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import Engine
from truceline.core.engines.jobs import map_jobs
from truceline.judgement.assess import Setting, Steps, origin_and_clauses
from truceline.judgement.incidents.association import associate_in_parts
from truceline.judgement.incidents.tiles import Tiling

_GIVEN = ("incidents", "members", "seen", "hostile")


def steps_over(engine: Engine, folder: Path, *, tiling: Tiling, parts: int = 16) -> Steps:
    """Return the heavy steps of a judgement, done over an engine.

    Parameters
    ----------
    engine : Engine
        Where to work.
    folder : Path
        Folder for what is between, which the workers see; must not exist.
    tiling : Tiling
        How association is parted.
    parts : int
        How many jobs the incidents are dealt into. Neither changes the result.
    """
    folder.mkdir(parents=True)
    return Steps(
        functools.partial(
            associate_in_parts, engine=engine, folder=folder / "associated", tiling=tiling
        ),
        functools.partial(_conclude, engine=engine, folder=folder / "concluded", parts=parts),
    )


def _conclude(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    seen: pl.DataFrame,
    hostile: pl.DataFrame,
    setting: Setting,
    *,
    engine: Engine,
    folder: Path,
    parts: int,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    folder.mkdir()
    jobs = []
    for part in range(parts):
        some = incidents.sort("incident_id").gather_every(parts, part)
        if some.is_empty():
            break
        theirs = members.join(some.select("incident_id"), on="incident_id", how="semi")
        told = seen.join(theirs.select("obs_id"), on="obs_id", how="semi")
        chance = hostile.join(some.select("incident_id"), on="incident_id", how="semi")
        for name, table in zip(_GIVEN, (some, theirs, told, chance), strict=True):
            table.write_parquet(folder / f"{part}-{name}.parquet")
        jobs.append(str(part))
    work = functools.partial(conclude_part, folder=folder, setting=setting)
    map_jobs(engine, jobs, work, folder / "jobs")
    attributions, findings = (_gathered(folder, jobs, name) for name in _CONCLUDED)
    if attributions is None or findings is None:
        return origin_and_clauses(incidents, members, seen, hostile, setting)
    return attributions.sort("incident_id", "party"), findings.sort("incident_id", "clause")


_CONCLUDED = ("attributions", "findings")


def _gathered(folder: Path, jobs: list[str], name: str) -> pl.DataFrame | None:
    files = [folder / f"{job}-{name}.parquet" for job in jobs]
    return pl.read_parquet(files) if files else None


def conclude_part(part: str, *, folder: Path, setting: Setting) -> str:
    """Do one job: read its incidents and what they stand on, and write what they conclude."""
    given = [pl.read_parquet(folder / f"{part}-{name}.parquet") for name in _GIVEN]
    incidents, members, seen, hostile = given
    made = origin_and_clauses(incidents, members, seen, hostile, setting)
    for name, table in zip(_CONCLUDED, made, strict=True):
        # Done again after a death, a job writes the same bytes; a reader sees whole files only.
        draft = folder / f".{part}-{name}.parquet"
        table.write_parquet(draft)
        draft.replace(folder / f"{part}-{name}.parquet")
    return part
