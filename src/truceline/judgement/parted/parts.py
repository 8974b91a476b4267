"""Parts: what is done with the rows of the incidents that begin in one stretch of days.

A part is judged in two turns. First each incident is looked at alone; then, when the small
tables of what is known across incidents have been added up, the part is concluded on.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import polars_hash as plh

from truceline.core.engines.engine import PART, Types, conform
from truceline.core.types.tables import (
    ASSESSMENT,
    ATTRIBUTION,
    EFFORT,
    FINDING,
    INCIDENT,
    MEMBER,
    WEIGHT,
)
from truceline.judgement.assess import Setting, conclude, heard_by
from truceline.judgement.hostility.evidence import Across, gather
from truceline.judgement.incidents.identity import identify
from truceline.judgement.incidents.regrouping import decided_on, regrouped
from truceline.judgement.incidents.summary import summarise
from truceline.judgement.parted.slices import put
from truceline.judgement.sectors import with_sector

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


def hear_part(part: str, *, folder: Path, setting: Setting, parts: int) -> str:
    """Look at each incident of a part alone; write them, their members and what was heard."""
    dealt = _dealt(folder, part)
    members = identify(dealt.with_columns(pl.col("label").rank("dense").cast(pl.Int64) - 1))
    if members["incident_id"].is_in(decided_on(setting.groupings)).any():
        members = regrouped(MEMBER.conform(members), dealt.drop("label"), setting.groupings)
    incidents = with_sector(INCIDENT.conform(summarise(members)), setting.sectors)
    members = MEMBER.conform(members)
    heard = heard_by(incidents, members, dealt, setting)
    _send_named(heard.across.documents, folder, part, parts)
    for name, table in (
        ("incidents", incidents),
        ("members", members),
        ("told", heard.told),
        ("spoken", heard.across.spoken),
        ("seen", heard.across.seen),
    ):
        put(table, folder / name / f"{part}.parquet")
    return part


def _send_named(documents: pl.DataFrame, folder: Path, part: str, parts: int) -> None:
    """Send what a part tells of each document to where all that is told of it is added up."""
    number = plh.concat_str("source", "witness", separator="\x1f").nchash.wyhash()
    named = documents.with_columns((number % parts).cast(pl.Int64).alias(PART))
    for (to,), own in conform(named, NAMED).partition_by(PART, as_dict=True).items():
        put(own, folder / "named" / f"{PART}={to}" / f"{part}.parquet")


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
    seen = _dealt(folder, part)
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


def _dealt(folder: Path, part: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "dealt" / part / "*.parquet")


def _read(folder: Path, name: str, part: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / f"{part}.parquet")
