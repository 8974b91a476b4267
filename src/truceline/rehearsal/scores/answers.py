"""Answers: what any program says of a rehearsal, in five small tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import PHENOMENON, TRUCE_STATE
from truceline.rehearsal.rehearsal_folder import read_table, write_part

_S, _I, _F = pl.String(), pl.Int64(), pl.Float64()

ANSWER = Schema(
    "answer",
    (
        Column("answer_id", _S, "Identity of one incident the program speaks of."),
        Column("kind", PHENOMENON, "What it was.", nullable=True),
        Column("t_start", _I, "Start of the interval in which it happened, UTC microseconds."),
        Column("t_end", _I, "End of that interval."),
        Column("known_at", _I, "When the program could have published it.", nullable=True),
        Column("lon", _F, "Best place, degrees east.", nullable=True, low=-180, high=180),
        Column("lat", _F, "Degrees north.", nullable=True, low=-90, high=90),
        Column("err_major_m", _F, "Half axis of its ellipse, one sigma.", nullable=True, low=0),
        Column("err_minor_m", _F, "The other half axis.", nullable=True, low=0),
        Column("err_azimuth_deg", _F, "Azimuth of the major axis.", nullable=True, low=0, high=180),
        Column("sector", _S, "Sector, where only that is known.", nullable=True),
        Column("p_hostile", _F, "Probability that a hostile act is in it.", low=0, high=1),
        Column("party", _S, "Party named as responsible; null names none.", nullable=True),
    ),
)

ANSWER_PARTY = Schema(
    "answer_party",
    (
        Column("answer_id", _S, "The incident."),
        Column("party", _S, "A party, or `unattributable`."),
        Column("p", _F, "Probability that it is responsible.", low=0, high=1),
    ),
)

ANSWER_MEMBER = Schema(
    "answer_member",
    (
        Column("answer_id", _S, "The incident."),
        Column("obs_id", _S, "An observation it stands on."),
    ),
)

ANSWER_FINDING = Schema(
    "answer_finding",
    (
        Column("answer_id", _S, "The incident."),
        Column("clause", _S, "A clause of the agreement."),
        Column("p_violation", _F, "Probability that it broke the clause.", low=0, high=1),
    ),
)

ANSWER_STATE = Schema(
    "answer_state",
    (
        Column("sector", _S, "Sector of the line."),
        Column("t_start", _I, "Start of the day, UTC microseconds."),
        Column("t_end", _I, "Its end."),
        Column("state", TRUCE_STATE, "holding, eroding, broken or not known."),
        Column("alarm", pl.Boolean(), "Whether an alarm is raised on that day."),
    ),
)


@dataclass(frozen=True)
class Answers:
    """What a program says; all but the first table may be empty.

    Attributes
    ----------
    incidents, parties, members, findings, states : polars.DataFrame
        Schemas `ANSWER`, `ANSWER_PARTY`, `ANSWER_MEMBER`, `ANSWER_FINDING`, `ANSWER_STATE`.
    """

    incidents: pl.DataFrame
    parties: pl.DataFrame = field(default_factory=ANSWER_PARTY.empty)
    members: pl.DataFrame = field(default_factory=ANSWER_MEMBER.empty)
    findings: pl.DataFrame = field(default_factory=ANSWER_FINDING.empty)
    states: pl.DataFrame = field(default_factory=ANSWER_STATE.empty)


_TABLES = (
    ("incidents", ANSWER),
    ("parties", ANSWER_PARTY),
    ("members", ANSWER_MEMBER),
    ("findings", ANSWER_FINDING),
    ("states", ANSWER_STATE),
)


def read_answers(folder: Path) -> Answers:
    """Return the answers in a folder of Parquet or CSV files named as their schemas."""
    return Answers(
        **{
            name: read_table(folder / schema.name, schema, optional=name != "incidents")
            for name, schema in _TABLES
        }
    )


def write_answers(answers: Answers, folder: Path) -> None:
    """Write answers as one Parquet file a table."""
    for name, schema in _TABLES:
        write_part(schema.conform(getattr(answers, name)), folder / f"{schema.name}.parquet")
