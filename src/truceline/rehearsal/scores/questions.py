"""The same questions for every program: whether each happening that was seen was hostile."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scores.answers import Answers
from truceline.rehearsal.scores.episodes import seen_happenings
from truceline.rehearsal.scores.matching import FAR_M, candidates

#: What silence of a program about a happening is taken to mean, and how sure any may be.
SILENT, SUREST = 0.01, 0.999


def asked(folder: RehearsalFolder, answers: Answers) -> pl.DataFrame:
    """Return each happening that was seen, whether it was hostile, and what was said of it.

    A program that lists the observations of its incidents is asked about those; of another,
    the answers near each observation in place and time count. The highest probability said
    of a happening stands. Columns `happening`, `cause`, `is_hostile`, `p`.
    """
    seen = seen_happenings(folder)
    said = _by_member(answers) if len(answers.members) else _by_place(seen, answers)
    return (
        seen.join(said, on="obs_id", how="left", maintain_order="left")
        .group_by("happening", maintain_order=True)
        .agg(
            pl.col("cause").first(),
            pl.col("is_hostile").any(),
            p=pl.col("p").max().fill_null(SILENT).clip(1.0 - SUREST, SUREST),
        )
        .sort("happening")
    )


def _by_member(answers: Answers) -> pl.DataFrame:
    said = answers.incidents.select("answer_id", p="p_hostile")
    return answers.members.join(said, on="answer_id").group_by("obs_id").agg(pl.col("p").max())


def _by_place(seen: pl.DataFrame, answers: Answers) -> pl.DataFrame:
    error = answers.incidents["err_major_m"].fill_null(0.0).to_numpy()
    gate: FloatArray = np.clip(2.0 * error, 3_000.0, FAR_M)
    a, b, _, _ = candidates(answers.incidents, seen, gate)
    table = pl.DataFrame(
        {
            "obs_id": seen["obs_id"].gather(b),
            "p": answers.incidents["p_hostile"].gather(a),
        }
    )
    return table.group_by("obs_id").agg(pl.col("p").max())
