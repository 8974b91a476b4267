"""The challenge set: scenarios and seeds, every program scored on each, over any engine."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from truceline.core.engines.engine import Engine
from truceline.core.engines.jobs import map_jobs
from truceline.rehearsal.baselines.contest import baseline_answers
from truceline.rehearsal.generation import generate
from truceline.rehearsal.runner import answers_of, judge
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.rehearsal.scores.score import score


@dataclass(frozen=True)
class Trial:
    """One truce on which all programs are scored.

    Attributes
    ----------
    scenario : str
        Its name.
    seed : int
        The dice.
    changes : mapping
        What is otherwise in it than the scenario says.
    """

    scenario: str
    seed: int
    changes: Mapping[str, object] = field(default_factory=dict)


def score_trials(
    trials: Sequence[Trial], *, engine: Engine, folder: Path
) -> list[list[dict[str, object]]]:
    """Return for each trial the scores of all programs, the pipeline's first.

    Parameters
    ----------
    trials : sequence of Trial
        The truces.
    engine : Engine
        Where to work; a trial is done again where its worker dies. It changes no figure.
    folder : Path
        Folder for what is between; must not exist.

    Returns
    -------
    list of list of dict
        `Score.as_dict` of each program.
    """
    jobs = [json.dumps(asdict(trial)) for trial in trials]
    return [json.loads(told) for told in map_jobs(engine, jobs, score_trial, folder)]


def score_trial(job: str) -> str:
    """Do one job: simulate, judge and score a trial; tell the scores as JSON."""
    trial = Trial(**json.loads(job))
    with tempfile.TemporaryDirectory() as place:
        made = generate(
            load_scenario(trial.scenario, {"seed": trial.seed, **trial.changes}), Path(place)
        )
        answers = [("truceline", answers_of(judge(made, with_states=False)))]
        answers += baseline_answers(made, np.random.default_rng(trial.seed))
        scores = [score(made, given, program).as_dict() for program, given in answers]
    return json.dumps(scores, sort_keys=True)
