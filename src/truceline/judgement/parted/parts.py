"""Parts: what is done with the rows of the incidents that begin in one stretch of days.

A part is judged in two turns. First each incident is looked at alone; then, when the small
tables of what is known across incidents have been added up, the part is concluded on.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import polars_hash as plh

from truceline.core.engines.engine import PART, Types, conform
from truceline.core.space.lines import Sectors
from truceline.core.types.tables import (
    ASSESSMENT,
    ATTRIBUTION,
    EFFORT,
    FINDING,
    INCIDENT,
    MEMBER,
    WEIGHT,
)
from truceline.judgement.assess import Setting, conclude, heard_by, with_sector
from truceline.judgement.hostility.evidence import Across, gather
from truceline.judgement.incidents.identity import identify
from truceline.judgement.incidents.summary import summarise
from truceline.judgement.parted.slices import put

#: What a judgement in parts consists of, by the names of its fields.
JUDGED = {
    "incidents": INCIDENT,
    "members": MEMBER,
    "assessments": ASSESSMENT,
    "weights": WEIGHT,
    "attributions": ATTRIBUTION,
    "findings": FINDING,
}

#: Places that documents name, on their way to be added up.
NAMED: Types = {
    "source": pl.String(), "witness": pl.String(), "places": pl.Int64(), PART: pl.Int64(),
}  # fmt: skip


def identify_part(part: str, *, folder: Path, sectors: Sectors) -> str:
    """Write the incidents of a part and their members."""
    dealt = _dealt(folder, part).collect()
    numbered = dealt.with_columns(pl.col("label").rank("dense").cast(pl.Int64) - 1)
    put_incidents(folder, part, identify(numbered), sectors)
    return part


def put_incidents(folder: Path, part: str, members: pl.DataFrame, sectors: Sectors) -> None:
    """Write the incidents that members with an `incident_id` make up."""
    put(MEMBER.conform(members), folder / "members" / f"{part}.parquet")
    incidents = with_sector(INCIDENT.conform(summarise(members)), sectors)
    put(incidents, folder / "incidents" / f"{part}.parquet")


def hear_part(part: str, *, folder: Path, setting: Setting, parts: int) -> str:
    """Look at each incident of a part alone, and write what was heard."""
    incidents, members = (_read(folder, name, part) for name in ("incidents", "members"))
    heard = heard_by(incidents, members, _dealt(folder, part).collect(), setting)
    number = plh.concat_str("source", "witness", separator="\x1f").nchash.wyhash()
    named = heard.across.documents.with_columns((number % parts).cast(pl.Int64).alias(PART))
    for name, table in (
        ("told", heard.told),
        ("named", conform(named, NAMED)),
        ("spoken", heard.across.spoken),
        ("seen", heard.across.seen),
    ):
        put(table, folder / name / f"{part}.parquet")
    return part


def add_named(named: pl.DataFrame) -> pl.DataFrame:
    """Add up the places that each document names; those of one place need not be remembered."""
    added = named.group_by("source", "witness").agg(pl.col("places").sum())
    return added.filter(pl.col("places") > 1).with_columns(pl.lit(0, pl.Int64).alias(PART))


def conclude_part(
    part: str, *, folder: Path, setting: Setting, across: Across, effort: tuple[Path, ...]
) -> str:
    """Conclude on the incidents of a part, and write it."""
    incidents, members, told = (
        _read(folder, name, part) for name in ("incidents", "members", "told")
    )
    seen = _dealt(folder, part).collect()
    evidence = gather(incidents, told, across, _watched(effort, incidents), setting.parameters)
    made = conclude(incidents, members, seen, evidence, setting)
    for name in ("assessments", "weights", "attributions", "findings"):
        put(getattr(made, name), folder / name / f"{part}.parquet")
    return part


def _watched(files: tuple[Path, ...], incidents: pl.DataFrame) -> pl.DataFrame:
    """Return the effort that may bear on incidents."""
    if not files:
        return EFFORT.empty()
    begin = incidents["t_start"]
    first, last = (pl.lit(moment, pl.Int64) for moment in (begin.min(), begin.max()))
    during = (pl.col("t_end") >= first) & (pl.col("t_start") <= last)
    return pl.scan_parquet(list(files)).filter(during).unique().collect()


def _dealt(folder: Path, part: str) -> pl.LazyFrame:
    return pl.scan_parquet(folder / "dealt" / part / "*.parquet")


def _read(folder: Path, name: str, part: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / f"{part}.parquet")
