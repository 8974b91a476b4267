"""Space-time DBSCAN with thresholds on the number of reports in a cluster."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.types.errors import InputError
from truceline.core.types.time import HOUR
from truceline.rehearsal.scores.answers import ANSWER, ANSWER_MEMBER, Answers
from truceline.rehearsal.scores.matching import on_sphere

#: Neighbours are this near in place, metres, or this long apart, hours, or a bit of both.
EPS_M, EPS_HOURS = 2_000.0, 3.0

#: Reports in a cluster from which on it has this probability.
THRESHOLDS: tuple[tuple[int, float], ...] = ((5, 0.95), (3, 0.8), (2, 0.5), (1, 0.2))


def dbscan_clusters(observations: pl.DataFrame) -> Answers:
    """Return an answer for each cluster of placed reports, and for each report left alone.

    Needs scikit-learn, which comes with the extra `fit`.
    """
    try:
        from sklearn.cluster import DBSCAN
    except ImportError as cause:
        raise InputError(
            "the baseline of clusters needs scikit-learn.", hint="Install truceline[fit]."
        ) from cause
    placed = observations.filter(pl.col("lon").is_not_null()).sort("obs_id")
    if placed.is_empty():
        return Answers(ANSWER.empty())
    middle = (placed["t_start"] + placed["t_end"]).to_numpy() / 2.0
    space = on_sphere(placed["lon"].to_numpy(), placed["lat"].to_numpy()) / EPS_M
    points = np.column_stack([space, (middle - middle.min()) / HOUR / EPS_HOURS])
    label = DBSCAN(eps=1.0, min_samples=2).fit_predict(points)
    alone = label < 0
    label[alone] = label.max() + 1 + np.arange(int(alone.sum()))
    members = placed.with_columns(answer_id=pl.format("c{}", pl.Series(label)))
    table = members.group_by("answer_id").agg(
        pl.col("t_start").min(),
        pl.col("t_end").max(),
        pl.col("lon", "lat").mean(),
        known_at=pl.col("received_at").min(),
        err_major_m=pl.col("sigma_m").min(),
        n=pl.len(),
    )
    p = pl.lit(0.0)
    for least, probability in reversed(THRESHOLDS):
        p = pl.when(pl.col("n") >= least).then(probability).otherwise(p)
    answers = table.with_columns(p_hostile=p, err_minor_m="err_major_m", err_azimuth_deg=0.0)
    return Answers(
        ANSWER.conform(answers).sort("answer_id"), members=ANSWER_MEMBER.conform(members)
    )
