"""Figures of a score, as plain numbers from arrays that can be checked by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.judgement.calibration import (
    brier,
    brier_parts,
    calibration_error,
    calibration_error_by_chance,
    log_score,
    reliability,
)
from truceline.rehearsal.scores.matching import Matches, on_sphere

BoolArray = npt.NDArray[np.bool_]

#: Radius that holds half of, and nine tenths of, a circular normal error, in sigmas.
_HALF, _NINE_TENTHS = 1.1774, 2.1460


def probability_figures(p: FloatArray, y: BoolArray) -> dict[str, object]:
    """Return Brier score with its parts, log score, calibration error and the curve."""
    if not len(p):
        return {"n": 0}
    outcome = y.astype(np.float64)
    parts, curve = brier_parts(p, outcome), reliability(p, outcome)
    return {
        "n": len(p),
        "share_true": float(outcome.mean()),
        "brier": brier(p, outcome),
        "brier_reliability": parts.reliability,
        "brier_resolution": parts.resolution,
        "brier_uncertainty": parts.uncertainty,
        "log_score_bits": log_score(p, outcome),
        "ece": calibration_error(p, outcome),
        "ece_by_chance": calibration_error_by_chance(p),
        "curve": {
            "n": curve.count.tolist(),
            "said": curve.said.tolist(),
            "happened": curve.happened.tolist(),
            "low": curve.low.tolist(),
            "high": curve.high.tolist(),
        },
    }


def incident_figures(
    answers: pl.DataFrame, truth: pl.DataFrame, matches: Matches, listed: BoolArray
) -> dict[str, object]:
    """Return precision, recall, errors of place and time, and latency.

    Parameters
    ----------
    listed : array of bool
        Answers that the program holds to be hostile; the matching is among those.
    """
    n_listed, n_true, n_seen = int(listed.sum()), len(truth), int(truth["is_seen"].sum())
    found = len(matches.answer)
    pair = answers[matches.answer], truth[matches.episode]
    hours = (_middle(pair[0]) - _middle(pair[1])) / 3.6e9
    delay = (pair[0]["known_at"] - pair[1]["t_start"]).drop_nulls().to_numpy() / 3.6e9
    seen = pair[1]["is_seen"].to_numpy()
    return {
        "listed": n_listed,
        "true": n_true,
        "true_and_seen": n_seen,
        "matched": found,
        "precision": _share(found, n_listed),
        "precision_with_repeats": _share(int((matches.near & listed).sum()), n_listed),
        "recall": _share(found, n_true),
        "recall_of_seen": _share(int(seen.sum()), n_seen),
        "place_error_m": _quantiles(matches.metres),
        "time_error_hours": _quantiles(np.abs(hours)),
        "latency_hours": _quantiles(delay),
        **ellipse_coverage(*pair),
    }


def ellipse_coverage(answers: pl.DataFrame, truth: pl.DataFrame) -> dict[str, object]:
    """Return how often the ellipses that should hold 50 % and 90 % of places do hold them."""
    drawn = answers["err_major_m"].is_not_null().to_numpy()
    if not drawn.any():
        return {"ellipse_50": None, "ellipse_90": None}
    a, t = answers.filter(drawn), truth.filter(drawn)
    lon, lat = a["lon"].to_numpy(), a["lat"].to_numpy()
    sigma = np.sqrt(
        (a["err_major_m"].to_numpy() ** 2 + a["err_minor_m"].fill_null(0.0).to_numpy() ** 2) / 2
    )
    ours = on_sphere(lon, lat)
    gaps = [
        np.linalg.norm(ours - on_sphere(t[x].to_numpy(), t[y].to_numpy()), axis=1)
        for x, y in (("lon", "lat"), ("origin_lon", "origin_lat"))
    ]
    ratio = np.fmin(*gaps) / np.maximum(sigma, 1.0)
    return {
        "ellipse_50": float((ratio <= _HALF).mean()),
        "ellipse_90": float((ratio <= _NINE_TENTHS).mean()),
    }


def attribution_figures(
    answers: pl.DataFrame, truth: pl.DataFrame, matches: Matches, listed: BoolArray
) -> dict[str, object]:
    """Return how often a named party is the right one, and how often one is accused falsely.

    A named party is right when the episode matched to the answer is its own. It is accused
    falsely when it did nothing at all within the gates of place and time; saying the same
    thing twice is no false accusation.

    Parameters
    ----------
    answers : polars.DataFrame
        With `party` and `p_party`.
    """
    named_all = listed & answers["party"].is_not_null().to_numpy()
    founded = _founded(answers, truth, matches)
    said, so = answers[matches.answer], truth[matches.episode]
    is_named = said["party"].is_not_null().to_numpy()
    right = (said["party"] == so["party"]).fill_null(False).to_numpy()
    n_right = int((right & is_named).sum())
    spoiled = so["is_spoiled"].to_numpy()
    return {
        "named": int(named_all.sum()),
        "share_named": _share(int(is_named.sum()), len(said)),
        "right_when_named": _share(n_right, int(is_named.sum())),
        "false_accusation": _share(int((named_all & ~founded).sum()), int(named_all.sum())),
        "accused_without_act": _share(int((named_all & ~matches.near).sum()), int(named_all.sum())),
        "right_when_named_spoiled": _share(
            int((right & is_named & spoiled).sum()), int((is_named & spoiled).sum())
        ),
        "confusion": _confusion(said, so),
        "risk_coverage": risk_coverage(
            said["p_party"].fill_null(0.0).to_numpy(),
            (said["best_party"] == so["party"]).fill_null(False).to_numpy(),
        ),
    }


def _confusion(said: pl.DataFrame, so: pl.DataFrame) -> list[dict[str, object]]:
    pairs = pl.DataFrame({"true": so["party"], "named": said["party"].fill_null("none")})
    return pairs.group_by("true", "named").len("n").sort("true", "named").to_dicts()


def _founded(answers: pl.DataFrame, truth: pl.DataFrame, matches: Matches) -> BoolArray:
    """Return whether the party that an answer names did anything near that place and time."""
    a, b = matches.candidates
    same = (answers["party"].gather(a) == truth["party"].gather(b)).fill_null(False).to_numpy()
    founded = np.zeros(len(answers), np.bool_)
    founded[a[same]] = True
    return founded


def risk_coverage(p: FloatArray, right: BoolArray) -> dict[str, list[float]]:
    """Return the share wrong among the surest answers, for each share of answers given.

    Examples
    --------
    >>> risk_coverage(np.array([0.9, 0.6]), np.array([True, False]))
    {'coverage': [0.5, 1.0], 'risk': [0.0, 0.5], 'threshold': [0.9, 0.6]}
    """
    order = np.argsort(-p, kind="stable")
    n = len(p)
    wrong = np.cumsum(~right[order])
    steps = np.unique(np.linspace(1, n, min(n, 50)).astype(np.int64)) if n else np.zeros(0, int)
    return {
        "coverage": (steps / max(n, 1)).tolist(),
        "risk": (wrong[steps - 1] / np.maximum(steps, 1)).tolist() if n else [],
        "threshold": p[order][steps - 1].tolist() if n else [],
    }


def clause_figures(
    findings: pl.DataFrame, answers: pl.DataFrame, truth: pl.DataFrame, matches: Matches
) -> dict[str, object]:
    """Return how good the decisions on clauses are, over all answers and clauses."""
    if findings.is_empty():
        return {"n": 0}
    broken = pl.DataFrame(
        {
            "answer_id": answers["answer_id"].gather(matches.answer),
            "clause": truth["clauses"].gather(matches.episode),
        }
    ).explode("clause", empty_as_null=True)
    broken = broken.drop_nulls().with_columns(so=True)
    table = findings.join(broken, on=["answer_id", "clause"], how="left").with_columns(
        pl.col("so").fill_null(False)
    )
    p, y = table["p_violation"].to_numpy(), table["so"].to_numpy()
    decided = p >= 0.5
    return {
        **probability_figures(np.clip(p, 0.001, 0.999), y),
        "precision": _share(int((decided & y).sum()), int(decided.sum())),
        "recall": _share(int((decided & y).sum()), int(y.sum())),
    }


def _middle(table: pl.DataFrame) -> FloatArray:
    return np.asarray((table["t_start"] + table["t_end"]).to_numpy() / 2.0)


def _share(part: int, whole: int) -> float | None:
    return None if whole == 0 else part / whole


def _quantiles(values: FloatArray) -> dict[str, float] | None:
    if not len(values):
        return None
    half, most = np.quantile(values, [0.5, 0.9])
    return {"median": float(half), "p90": float(most)}
