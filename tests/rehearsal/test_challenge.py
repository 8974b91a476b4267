"""Scores of a trial are those of one process, wherever they are worked out and whoever dies."""

import functools
import json
import os
import signal
from dataclasses import asdict
from pathlib import Path

from truceline.core.engines.jobs import map_jobs
from truceline.core.engines.local import LocalEngine
from truceline.rehearsal.challenge import Trial, score_trial, score_trials

TRIAL = Trial("creeping-erosion", 5, {"days": 2, "line": {"km": 30}})


def die_once(job: str, *, mark: Path) -> str:
    """Score a trial, but kill the process at the first try."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return score_trial(job)


def test_an_engine_scores_the_same_and_a_worker_that_dies_changes_nothing(tmp_path):
    ((first, *others),) = told = score_trials(
        [TRIAL], engine=LocalEngine(1), folder=tmp_path / "one"
    )
    assert first["program"] == "truceline"
    assert len(others) > 0
    dying = functools.partial(die_once, mark=tmp_path / "died")
    again = map_jobs(LocalEngine(2), [json.dumps(asdict(TRIAL))], dying, tmp_path / "two")
    assert (tmp_path / "died").exists()
    assert again == [json.dumps(scores, sort_keys=True) for scores in told]
