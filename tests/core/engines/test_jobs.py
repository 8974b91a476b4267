"""Jobs: told in their order; every engine's battery checks them, here what is about jobs alone."""

import json
import os
import signal
from functools import partial

from truceline.core.engines.jobs import map_jobs
from truceline.core.engines.local import LocalEngine


def doubled(job: str) -> str:
    return json.dumps(2 * json.loads(job))


def doubled_at_the_second_try(job: str, *, mark) -> str:
    if job == "7" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return doubled(job)


JOBS = [json.dumps(n) for n in range(23)]
TOLD = [json.dumps(2 * n) for n in range(23)]


def test_what_jobs_told_comes_in_their_order(tmp_path):
    assert map_jobs(LocalEngine(), JOBS, doubled, tmp_path / "steps") == TOLD


def test_no_jobs_tell_nothing(tmp_path):
    assert map_jobs(LocalEngine(), [], doubled, tmp_path / "steps") == []


def test_a_job_whose_worker_died_is_done_again(tmp_path):
    work = partial(doubled_at_the_second_try, mark=tmp_path / "died")
    assert map_jobs(LocalEngine(2), JOBS, work, tmp_path / "steps") == TOLD
    assert (tmp_path / "died").exists()
