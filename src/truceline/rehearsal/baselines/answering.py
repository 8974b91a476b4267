"""Observations as answers, for rules that speak of one observation at a time."""

from __future__ import annotations

import polars as pl

from truceline.rehearsal.scores.answers import ANSWER


def answer_rows(observations: pl.DataFrame, p: pl.Series) -> pl.DataFrame:
    """Return each observation as an answer with a probability, schema `ANSWER`.

    Columns `party` and `sector` are taken where the observations have them.
    """
    table = observations.with_columns(
        answer_id="obs_id",
        kind="phenomenon",
        known_at="received_at",
        err_major_m="sigma_m",
        err_minor_m="sigma_m",
        err_azimuth_deg=pl.when(pl.col("sigma_m").is_not_null()).then(0.0),
        p_hostile=p.clip(0.0, 1.0),
    )
    return ANSWER.conform(table)
