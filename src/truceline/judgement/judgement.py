"""A judgement: all that one run concluded, as tables, and what it stood on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import EFFORT_REASON, PHENOMENON

UNWATCHED = Schema(
    "unwatched",
    (
        Column("sector", pl.String(), "Sector of the line, or the whole line."),
        Column("phenomenon", PHENOMENON, "What could not have been seen."),
        Column("t_start", pl.Int64(), "Start of the period, UTC microseconds."),
        Column("t_end", pl.Int64(), "End of the period, UTC microseconds."),
        Column(
            "p_detect", pl.Float64(), "Probability that it would have been seen.", low=0, high=1
        ),
        Column("reason", EFFORT_REASON, "The leading reason."),
    ),
)


@dataclass(frozen=True)
class Judgement:
    """What happened in a period, who answers for it, and whether the truce held.

    Attributes
    ----------
    observations, effort : polars.DataFrame
        What the judgement stood on, of the schemas `OBSERVATION` and `EFFORT`.
    incidents, members, assessments, weights, attributions, findings : polars.DataFrame
        Tables of the schemas of those names.
    states : polars.DataFrame
        Truce states, schema `STATE`.
    unwatched : polars.DataFrame
        Where and when too little could have been seen, schema `UNWATCHED`.
    period : tuple of int
        First and last microsecond judged, UTC.
    provenance : mapping
        Hashes and versions of the agreement, the parameters and the code.
    """

    observations: pl.DataFrame
    effort: pl.DataFrame
    incidents: pl.DataFrame
    members: pl.DataFrame
    assessments: pl.DataFrame
    weights: pl.DataFrame
    attributions: pl.DataFrame
    findings: pl.DataFrame
    states: pl.DataFrame
    unwatched: pl.DataFrame
    period: tuple[int, int]
    provenance: Mapping[str, str]
