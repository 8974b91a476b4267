"""Scores of trials are those of one process, wherever they are worked out and whoever dies."""

import functools
import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from truceline.core.engines.jobs import map_jobs
from truceline.core.engines.local import LocalEngine
from truceline.rehearsal.challenge import Trial, score_trial, score_trials

SMALL = {"days": 2, "line": {"km": 30}}
TRIALS = [Trial("creeping-erosion", seed, SMALL) for seed in (5, 6)]


@pytest.fixture(scope="module")
def alone():
    """The scores, trial by trial in this process."""
    jobs = [{"scenario": t.scenario, "seed": t.seed, "changes": t.changes} for t in TRIALS]
    return [score_trial(json.dumps(job)) for job in jobs]


def die_once(job: str, *, mark: Path) -> str:
    """Score a trial, but kill the process before the first."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return score_trial(job)


def test_an_engine_scores_the_same_and_a_worker_that_dies_changes_nothing(alone, tmp_path):
    told = score_trials(TRIALS[:1], engine=LocalEngine(1), folder=tmp_path / "one")
    assert [json.dumps(scores, sort_keys=True) for scores in told] == alone[:1]
    programs = [score["program"] for score in told[0]]
    assert programs[0] == "truceline"
    assert len(programs) > 1
    jobs = [json.dumps({"scenario": t.scenario, "seed": t.seed, "changes": SMALL}) for t in TRIALS]
    dying = functools.partial(die_once, mark=tmp_path / "died")
    assert map_jobs(LocalEngine(2), jobs, dying, tmp_path / "two") == alone
    assert (tmp_path / "died").exists()


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime")
def test_spark_scores_the_same(alone, tmp_path):
    pytest.importorskip("pyspark")
    from truceline.core.engines.spark import SparkEngine, spark_session

    with spark_session() as session:
        told = score_trials(TRIALS[:1], engine=SparkEngine(session), folder=tmp_path / "spark")
    assert [json.dumps(scores, sort_keys=True) for scores in told] == alone[:1]
