"""Points per feed: the scheme of a public ceasefire watch, with its flaw kept.

A fire of at least 50 MW gives 3 points, one of 15 to 50 MW gives 2. Whatever else is seen
within 25 km and 6 hours adds points; 8 and more are called confirmed. Signals that name no
place count for every fire of those hours, and signals with one cause count as if they had
several: during one outage of a country's network any fire of 15 MW is confirmed.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from truceline.core.types.time import HOUR
from truceline.rehearsal.baselines.answering import answer_rows
from truceline.rehearsal.scores.answers import Answers
from truceline.rehearsal.scores.matching import on_sphere

#: Points of a fire by its power, MW, from the highest.
ANCHORS: tuple[tuple[float, int], ...] = ((50.0, 3), (15.0, 2))

#: Points of what else is seen: column, value, points. A feed counts once a fire.
POINTS: tuple[tuple[str, str, int], ...] = (
    ("source", "internet-outage", 3),
    ("source", "bgp-drop", 2),
    ("source", "reachability", 2),
    ("phenomenon", "alert", 2),
    ("phenomenon", "aircraft", 2),
    ("phenomenon", "obstruction", 2),
    ("instrument", "seismic", 2),
)

#: Words of the scheme as probabilities: points from, word, probability.
FACES: tuple[tuple[int, str, float], ...] = (
    (8, "confirmed", 0.95),
    (5, "high", 0.8),
    (3, "moderate", 0.5),
    (1, "possible", 0.2),
)

RADIUS_M, HOURS = 25_000.0, 6


def points_scheme(observations: pl.DataFrame) -> Answers:
    """Return an answer for each fire that anchors points."""
    points = fire_points(observations)
    p = np.select(
        [points["points"].to_numpy() >= low for low, _, _ in FACES], [p for _, _, p in FACES], 0.0
    )
    return Answers(answer_rows(points, pl.Series(p)))


def fire_points(observations: pl.DataFrame) -> pl.DataFrame:
    """Return the fires of 15 MW and more with their `points`."""
    power = pl.col("attributes").str.json_path_match("$.frp").cast(pl.Float64)
    fires = (
        observations.filter(
            (pl.col("phenomenon") == "fire") & (pl.col("instrument") == "satellite_thermal")
        )
        .with_columns(frp=power)
        .filter(pl.col("frp") >= ANCHORS[-1][0])
        .sort("obs_id")
    )
    total = np.zeros(len(fires), np.int64)
    for low, worth in reversed(ANCHORS):
        total[(fires["frp"] >= low).to_numpy()] = worth
    for column, value, worth in POINTS:
        signals = observations.filter(pl.col(column).cast(pl.String) == value)
        total += worth * _is_near(fires, signals)
    return fires.with_columns(points=pl.Series(total))


def _is_near(
    fires: pl.DataFrame, signals: pl.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    near = np.zeros(len(fires), np.bool_)
    if fires.is_empty() or signals.is_empty():
        return near
    when = fires["t_start"].to_numpy()
    placed = signals.filter(pl.col("lon").is_not_null())
    # A signal without a place is near everything.
    times = np.sort(signals.filter(pl.col("lon").is_null())["t_start"].to_numpy())
    near |= np.searchsorted(times, when - HOURS * HOUR) < np.searchsorted(
        times, when + HOURS * HOUR, side="right"
    )
    if len(placed):
        tree = cKDTree(on_sphere(placed["lon"].to_numpy(), placed["lat"].to_numpy()))
        found = tree.query_ball_point(
            on_sphere(fires["lon"].to_numpy(), fires["lat"].to_numpy()), RADIUS_M
        )
        then = placed["t_start"].to_numpy()
        near |= [
            bool((np.abs(then[f] - t) <= HOURS * HOUR).any())
            for f, t in zip(found, when, strict=True)
        ]
    return near
