"""The score of a program's answers to one rehearsal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from truceline.agreement.case import load_case
from truceline.core.types.errors import TermsError
from truceline.core.types.vocabulary import UNATTRIBUTABLE
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scores.answers import ANSWER, Answers
from truceline.rehearsal.scores.episodes import episodes
from truceline.rehearsal.scores.figures import (
    attribution_figures,
    clause_figures,
    incident_figures,
    probability_figures,
)
from truceline.rehearsal.scores.matching import match
from truceline.rehearsal.scores.naming import naming_figures
from truceline.rehearsal.scores.questions import SUREST, asked
from truceline.rehearsal.scores.truce import breakdown_figures, state_figures
from truceline.rehearsal.scores.watching import watching_figures

#: From this probability on an answer says that something hostile happened.
LISTED = 0.5

Figures = Mapping[str, object]


@dataclass(frozen=True)
class Score:
    """How good answers are.

    Attributes
    ----------
    scenario, program : str
        What was asked, and who answered.
    seed : int
        Seed of the scenario.
    happenings : mapping
        The same questions for every program: was each seen happening hostile?
    own : mapping
        Do the program's own probabilities keep their word, incident by incident?
    incidents, attribution, clauses, states, breakdown, unseen, watching : mapping
        See the functions that make them.
    """

    scenario: str
    program: str
    seed: int
    happenings: Figures
    own: Figures
    incidents: Figures
    attribution: Figures
    clauses: Figures
    states: Figures
    breakdown: Figures
    unseen: Figures
    watching: Figures

    def as_dict(self) -> dict[str, object]:
        """Return the score as plain data for JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def score(folder: RehearsalFolder, answers: Answers, program: str = "answers") -> Score:
    """Return the score of answers to a rehearsal, from the truth beside it."""
    start, end = folder.period
    incidents = ANSWER.conform(answers.incidents).filter(
        (pl.col("t_end") >= start) & (pl.col("t_start") < end)
    )
    incidents = _with_best_party(incidents, answers)
    truth = episodes(folder)
    listed = (incidents["p_hostile"] >= LISTED).to_numpy()
    said = incidents.filter(listed)
    everything, matched = np.ones(len(said), np.bool_), match(said, truth)
    of_all = match(incidents, truth)
    questions = asked(folder, answers)
    states = folder.truth("true_state")
    return Score(
        scenario=str(folder.manifest.get("scenario", folder.path.name)),
        program=program,
        seed=int(str(folder.manifest.get("seed", 0))),
        happenings=probability_figures(
            questions["p"].to_numpy(), questions["is_hostile"].to_numpy()
        ),
        own=probability_figures(
            incidents["p_hostile"].clip(1.0 - SUREST, SUREST).to_numpy(),
            _outcome(folder, answers, incidents, of_all.near),
        ),
        incidents=incident_figures(said, truth, matched, everything),
        attribution={
            **attribution_figures(said, truth, matched, everything),
            **naming_figures(folder, answers, said),
        },
        clauses=clause_figures(answers.findings, incidents, truth, of_all),
        states=state_figures(answers, states),
        breakdown=breakdown_figures(incidents, states, _sectors(folder, incidents)),
        unseen=unseen_figures(truth),
        watching=watching_figures(folder),
    )


def _outcome(
    folder: RehearsalFolder,
    answers: Answers,
    incidents: pl.DataFrame,
    near: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return whether a hostile act is in each answer: by its members, else by place and time."""
    if answers.members.is_empty():
        return near
    hostile = (
        answers.members.join(folder.truth("truth_link"), on="obs_id")
        .group_by("answer_id")
        .agg(so=(pl.col("cause") == "hostile").any())
    )
    table = incidents.select("answer_id").join(
        hostile, on="answer_id", how="left", maintain_order="left"
    )
    return table["so"].fill_null(False).to_numpy()


def _with_best_party(incidents: pl.DataFrame, answers: Answers) -> pl.DataFrame:
    """Add the party most likely; between parties that are as likely there is none."""
    p = pl.col("p")
    best = (
        answers.parties.filter(pl.col("party") != UNATTRIBUTABLE)
        .group_by("answer_id")
        .agg(
            best_party=pl.when((p == p.max()).sum() == 1).then(pl.col("party").get(p.arg_max())),
            p_party=p.max(),
        )
    )
    table = incidents.join(best, on="answer_id", how="left", maintain_order="left")
    return table.with_columns(
        best_party=pl.coalesce("best_party", "party"),
        p_party=pl.coalesce("p_party", pl.col("party").is_not_null().cast(pl.Float64)),
    )


def _sectors(folder: RehearsalFolder, incidents: pl.DataFrame) -> dict[str, str | None]:
    """Return the sector of each answer, from its place where it names none."""
    try:
        sectors = load_case(folder.path).sectors()
    except TermsError:
        return dict(incidents.select("answer_id", "sector").rows())
    lon, lat = (
        incidents["lon"].fill_null(0.0).to_numpy(),
        incidents["lat"].fill_null(0.0).to_numpy(),
    )
    placed = sectors.of(lon, lat)
    return {
        answer: given or found
        for (answer, given), found in zip(
            incidents.select("answer_id", "sector").rows(), placed, strict=True
        )
    }


def unseen_figures(truth: pl.DataFrame) -> dict[str, object]:
    """Return what nobody saw: episodes without any observation, in all and by sector."""
    if truth.is_empty():
        return {"true": 0}
    by_sector = (
        truth.group_by("sector").agg(n=pl.len(), seen=pl.col("is_seen").mean()).sort("sector")
    )
    return {
        "true": len(truth),
        "share_unseen": 1.0 - float(truth["is_seen"].mean()),  # type: ignore[arg-type]
        "seen_by_sector": {s: round(share, 3) for s, _, share in by_sector.rows()},
    }


def over_seeds(values: Sequence[float], level: float = 0.9) -> tuple[float, float, float]:
    """Return mean and interval of a figure over seeds (Student's t; one seed has no width).

    Examples
    --------
    >>> mean, low, high = over_seeds([0.1, 0.2, 0.3])
    >>> low < mean < high
    True
    """
    array = np.asarray(values, dtype=np.float64)
    mean = float(array.mean())
    if len(array) < 2:
        return mean, float("nan"), float("nan")
    half = float(stats.t.ppf(0.5 + level / 2, len(array) - 1) * stats.sem(array))
    return mean, mean - half, mean + half
