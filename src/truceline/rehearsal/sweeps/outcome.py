"""What one rehearsal under one force shows: found, verified, attributed, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.core.types.time import HOUR
from truceline.judgement.judgement import Judgement
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.runner import answers_of
from truceline.rehearsal.scores.episodes import episodes
from truceline.rehearsal.scores.matching import match
from truceline.rehearsal.scores.watching import watching_figures

#: Who can verify: the mission's own people and sensors.
OWN: Final = ("patrol", "camera", "uav", "acoustic", "seismic")

#: An incident is found from this probability on, and verified from that, if one of the
#: mission's own saw it.
FOUND, VERIFIED = 0.5, 0.9

_F = pl.Float64()

OUTCOME = Schema(
    "sweep_outcome",
    (
        Column("force", pl.String(), "The force."),
        Column("people", _F, "People in the theatre."),
        Column("people_per_km", _F, "The same on a kilometre of the whole line."),
        Column("cameras", _F, "Fixed cameras along the whole line.", low=0),
        Column("arrays", _F, "Acoustic arrays along it.", low=0),
        Column("breaches_a_day", _F, "Found violations a day, on the whole line.", low=0),
        Column("seed", pl.Int64(), "Seed of the truce."),
        Column("violations", pl.Int64(), "True episodes in the rehearsed stretch."),
        Column("seen", _F, "Share that anyone saw.", low=0, high=1),
        Column("seen_by_own", _F, "Share that the mission itself saw.", low=0, high=1),
        Column("found", _F, "Share found by the judgement.", low=0, high=1),
        Column("verified", _F, "Share verified.", low=0, high=1),
        Column("attributed", _F, "Share attributed, rightly.", low=0, high=1),
        Column("hours_to_found", _F, "Median hours from act to first report.", nullable=True),
        Column("hours_to_verified", _F, "The same to the first of its own.", nullable=True),
        Column(
            "hours_to_attributed",
            _F,
            "The same to the last report the name rests on.",
            nullable=True,
        ),
        Column(
            "unwatched",
            _F,
            "Share of impacts where nobody had an even chance to see.",
            low=0,
            high=1,
        ),
    ),
)


def outcome(folder: RehearsalFolder, judgement: Judgement) -> dict[str, float | int | None]:
    """Return the figures of a rehearsal, from the truth beside it.

    Keys as in `OUTCOME`, without the force, its load and the seed. A name rests on all reports of
    its incident, so that the hours to it are the most it can have taken.
    """
    truth = episodes(folder)
    answers = answers_of(judgement).incidents.filter(pl.col("p_hostile") >= FOUND)
    pairs = match(answers, truth)
    own = _received(judgement, OWN).select("incident_id", own_at="first")
    last = _received(judgement).select("incident_id", last_at="last")
    table = pl.DataFrame(
        {
            "answer_id": answers["answer_id"].gather(pairs.answer),
            "p": answers["p_hostile"].gather(pairs.answer),
            "said": answers["party"].gather(pairs.answer),
            "known_at": answers["known_at"].gather(pairs.answer),
            "so": truth["party"].gather(pairs.episode),
            "t_start": truth["t_start"].gather(pairs.episode),
        }
    ).join(own, left_on="answer_id", right_on="incident_id", how="left")
    table = table.join(last, left_on="answer_id", right_on="incident_id", how="left")
    verified = table.filter((pl.col("p") >= VERIFIED) & pl.col("own_at").is_not_null())
    named = table.filter(pl.col("said") == pl.col("so"))
    n = max(len(truth), 1)
    return {
        "violations": len(truth),
        "seen": float(truth["is_seen"].sum()) / n,
        "seen_by_own": _seen_by_own(folder, judgement, truth) / n,
        "found": len(table) / n,
        "verified": len(verified) / n,
        "attributed": len(named) / n,
        "hours_to_found": _hours(table, "known_at"),
        "hours_to_verified": _hours(verified, "own_at"),
        "hours_to_attributed": _hours(named, "last_at"),
        "unwatched": 1.0 - float(watching_figures(folder).get("share_watched", 0.0)),  # type: ignore[arg-type]
    }


def _received(judgement: Judgement, instruments: Sequence[str] | None = None) -> pl.DataFrame:
    """Return when the first and the last report of each incident came in."""
    told = judgement.observations
    if instruments is not None:
        told = told.filter(pl.col("instrument").cast(pl.String).is_in(instruments))
    return (
        judgement.members.join(told.select("obs_id", "received_at"), on="obs_id")
        .group_by("incident_id")
        .agg(first=pl.col("received_at").min(), last=pl.col("received_at").max())
    )


def _seen_by_own(folder: RehearsalFolder, judgement: Judgement, truth: pl.DataFrame) -> int:
    own = judgement.observations.filter(pl.col("instrument").cast(pl.String).is_in(OWN))
    seen = (
        folder.truth("truth_link")
        .join(own.select("obs_id"), on="obs_id")
        .join(folder.truth("true_event").select("event_id", "episode_id"), on="event_id")
    )
    return truth.join(seen.select("episode_id").unique(), on="episode_id", how="semi").height


def _hours(table: pl.DataFrame, when: str) -> float | None:
    gaps = ((table[when] - table["t_start"]).drop_nulls() / HOUR).to_numpy()
    return float(np.median(np.maximum(gaps, 0.0))) if len(gaps) else None
