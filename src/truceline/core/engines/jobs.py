"""Jobs: pieces of work that need nothing of each other, each a text that gives a text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import Engine, Types, read

_TOLD: Types = {"number": pl.Int64(), "told": pl.String()}

#: Does one job; it must be importable by name, so that it can be sent.
Work = Callable[[str], str]


def map_jobs(engine: Engine, jobs: Sequence[str], work: Work, folder: Path) -> list[str]:
    """Do each job on an engine, and return what each told, in the order of the jobs.

    Parameters
    ----------
    engine : Engine
        Where to work.
    jobs : sequence of str
        One text each, such as JSON.
    work : callable
        From a job to what it tells. A job whose worker died is done again.
    folder : Path
        Folder for what is between; must not exist.
    """
    waiting = folder / "jobs"
    waiting.mkdir(parents=True)
    files = []
    for number, job in enumerate(jobs):
        # A file each, so that an engine may give each to another worker.
        files.append(waiting / f"{number:06d}.parquet")
        pl.DataFrame({"number": [number], "job": [job]}).write_parquet(files[-1])
    done = engine.map_batches(files, functools.partial(_do, work=work), _TOLD, folder / "told")
    return read(done, _TOLD).sort("number").collect()["told"].to_list()


def _do(jobs: pl.DataFrame, *, work: Work) -> pl.DataFrame:
    return pl.DataFrame(
        {"number": jobs["number"], "told": [work(job) for job in jobs["job"]]},
        schema=dict(_TOLD),
    )
