"""Who found what: one-to-one matching of answers to true episodes in space and time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.time import HOUR

IntArray = npt.NDArray[np.int64]

#: An answer may be this far from an episode, or twice its own error up to the second.
NEAR_M, FAR_M = 3_000.0, 10_000.0

#: ... and this long before or after it.
NEAR_HOURS = 3.0

_EARTH_M = 6_371_008.8


@dataclass(frozen=True)
class Matches:
    """Pairs of answers and true episodes.

    Attributes
    ----------
    answer, episode : arrays of int
        Rows of the pair, each at most once.
    metres : array
        Distance to where it landed or where it was fired from, whichever is nearer.
    near : array of bool, one an answer
        Whether any episode is within the gate, matched to it or not.
    candidates : tuple of arrays of int
        Answer and episode of all pairs within the gates.
    """

    answer: IntArray
    episode: IntArray
    metres: FloatArray
    near: npt.NDArray[np.bool_]
    candidates: tuple[IntArray, IntArray]


def on_sphere(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return places as points in space, metres, n x 3: chords are distances when short."""
    a, b = np.radians(lon), np.radians(lat)
    return _EARTH_M * np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])


def candidates(
    answers: pl.DataFrame, truth: pl.DataFrame, gate_m: FloatArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return pairs within the gates: answer, row of the truth, metres, hours apart.

    Parameters
    ----------
    answers, truth : polars.DataFrame
        Columns `t_start`, `t_end`, `lon`, `lat`; the truth may have `origin_lon`,
        `origin_lat` as a second place.
    gate_m : array
        Gate of each answer.
    """
    parts = [_near(answers, truth, gate_m, "lon", "lat")]
    if "origin_lon" in truth.columns:
        parts.append(_near(answers, truth, gate_m, "origin_lon", "origin_lat"))
    a, b, d = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    starts, ends = truth["t_start"].to_numpy(), truth["t_end"].to_numpy()
    a_starts, a_ends = answers["t_start"].to_numpy(), answers["t_end"].to_numpy()
    gap = np.maximum(np.maximum(a_starts[a] - ends[b], starts[b] - a_ends[a]), 0) / HOUR
    keep = gap <= NEAR_HOURS
    return a[keep], b[keep], d[keep], gap[keep]


def _near(
    answers: pl.DataFrame, truth: pl.DataFrame, gate_m: FloatArray, lon: str, lat: str
) -> tuple[IntArray, IntArray, FloatArray]:
    known = np.flatnonzero(answers["lon"].is_not_null().to_numpy())
    there = np.flatnonzero(truth[lon].is_not_null().to_numpy())
    nothing = np.zeros(0, np.int64)
    if not len(known) or not len(there):
        return nothing, nothing, np.zeros(0)
    ours = on_sphere(answers["lon"].to_numpy()[known], answers["lat"].to_numpy()[known])
    theirs = on_sphere(truth[lon].to_numpy()[there], truth[lat].to_numpy()[there])
    found = cKDTree(theirs).query_ball_point(ours, gate_m[known])
    sizes = np.array([len(f) for f in found])
    a = np.repeat(np.arange(len(known)), sizes)
    b = np.concatenate([np.asarray(f, dtype=np.int64) for f in found])
    distance = np.linalg.norm(ours[a] - theirs[b], axis=1)
    return known[a], there[b], distance


def match(answers: pl.DataFrame, truth: pl.DataFrame) -> Matches:
    """Return the one-to-one matching with the most pairs and, among those, the closest.

    Within each connected group of candidates it is the exact optimum (Kuhn & Munkres).
    """
    error = answers["err_major_m"].fill_null(0.0).to_numpy()
    gate = np.clip(2.0 * error, NEAR_M, FAR_M)
    a, b, metres, hours = candidates(answers, truth, gate)
    near = np.zeros(len(answers), np.bool_)
    near[a] = True
    cost = (metres / gate[a]) ** 2 + (hours / NEAR_HOURS) ** 2
    pairs = _assigned(a, b, cost, len(answers), len(truth))
    return Matches(a[pairs], b[pairs], metres[pairs], near, (a, b))


def _assigned(a: IntArray, b: IntArray, cost: FloatArray, n: int, m: int) -> IntArray:
    """Return which candidate pairs are chosen."""
    if not len(a):
        return np.zeros(0, np.int64)
    links = coo_array((np.ones(len(a)), (a, n + b)), shape=(n + m, n + m))
    group = connected_components(links, directed=False)[1][a]
    order = np.lexsort((cost, group))
    bounds = np.flatnonzero(np.diff(group[order])) + 1
    chosen = [_assign_group(rows, a, b, cost) for rows in np.split(order, bounds)]
    return np.sort(np.concatenate(chosen))


def _assign_group(rows: IntArray, a: IntArray, b: IntArray, cost: FloatArray) -> IntArray:
    if len(rows) == 1:
        return rows
    left, i = np.unique(a[rows], return_inverse=True)
    right, j = np.unique(b[rows], return_inverse=True)
    # No pair is worth more than any sum of costs, so that as many as can be are made.
    missing = 10.0 * (len(left) + len(right))
    matrix = np.full((len(left), len(right)), missing)
    best = np.full((len(left), len(right)), -1)
    for row, x, y in zip(rows, i, j, strict=True):
        if cost[row] < matrix[x, y]:
            matrix[x, y], best[x, y] = cost[row], row
    x, y = linear_sum_assignment(matrix)
    found = best[x, y]
    return np.asarray(found[found >= 0], dtype=np.int64)
