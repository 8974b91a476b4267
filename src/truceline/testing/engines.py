"""A battery of checks that every engine must pass.

Each check raises `AssertionError` with a sentence. The test of an engine needs no more than::

    def test_my_engine(tmp_path):
        check_engine(MyEngine(), tmp_path)
"""

from __future__ import annotations

import functools
import hashlib
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import PART, Engine, Kernel, Types, read
from truceline.core.engines.jobs import map_jobs

_TYPES: Types = {"number": pl.Int64(), "name": pl.String(), PART: pl.Int64()}
_SUMS: Types = {PART: pl.Int64(), "total": pl.Int64(), "rows": pl.Int64()}


@dataclass(frozen=True)
class Mortal:
    """Another engine, in each of whose steps one worker is killed in the middle.

    What is worked out over it must be what it is over the other one.

    Attributes
    ----------
    engine : Engine
        Where the work is done; its workers must be processes of their own.
    marks : Path
        An empty folder that the workers see, in which deaths are noted.
    """

    engine: Engine
    marks: Path

    @property
    def name(self) -> str:
        """Short name."""
        return f"mortal {self.engine.name}"

    def map_batches(
        self, files: Sequence[Path], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        """Apply a kernel to the rows, some at a time, and kill a worker once."""
        return self.engine.map_batches(files, self._dying(kernel, folder), types, folder)

    def map_parts(
        self, files: Sequence[Path], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        """Apply a kernel to each part, and kill a worker once."""
        return self.engine.map_parts(files, self._dying(kernel, folder), types, folder)

    @property
    def deaths(self) -> int:
        """How many steps lost a worker."""
        return len(list(self.marks.iterdir()))

    def _dying(self, kernel: Kernel, folder: Path) -> Kernel:
        step = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        return functools.partial(_die_once, kernel=kernel, mark=self.marks / step)


def _die_once(rows: pl.DataFrame, *, kernel: Kernel, mark: Path) -> pl.DataFrame:
    done = kernel(rows)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return done


def check_engine(engine: Engine, folder: Path, rows: int = 1_000, parts: int = 5) -> None:
    """Run all checks.

    Parameters
    ----------
    engine : Engine
        The engine.
    folder : Path
        An empty folder that the engine's workers can read and write.
    rows, parts : int
        Size of the work.
    """
    _demand(bool(engine.name), "an engine has a name.")
    files = _put(folder / "in", rows)
    spread = check_batches(engine, files, folder / "spread", rows, parts)
    check_parts(engine, spread, folder / "parts", rows, parts)
    check_nothing(engine, files, folder)
    check_jobs(engine, folder / "jobs")


def check_batches(
    engine: Engine, files: list[Path], folder: Path, rows: int, parts: int
) -> list[Path]:
    """Check that every row passes the kernel once, and that a kernel may add rows."""
    kernel = _Spread(parts)
    spread = engine.map_batches(files, kernel, _TYPES, folder)
    result = read(spread, _TYPES).collect()
    _demand(dict(result.schema) == dict(_TYPES), "the columns are those the step declared.")
    _demand(len(result) == 2 * rows, "a batch's rows are all there, each as often as it was sent.")
    _demand(result["number"].n_unique() == rows, "no row is lost.")
    return spread


def check_parts(engine: Engine, spread: list[Path], folder: Path, rows: int, parts: int) -> None:
    """Check that all rows of a part come together, once, whatever wrote them."""
    sums = read(engine.map_parts(spread, add_up, _SUMS, folder), _SUMS).collect()
    _demand(sums[PART].is_unique().all(), "all rows of a part come together.")
    _demand(sums["rows"].sum() == 2 * rows, "no row is lost between steps.")
    _demand(sums["total"].sum() == rows * (rows - 1), "no value is changed between steps.")
    _demand(set(sums[PART]) == set(range(parts)), "every part is worked on.")


def check_nothing(engine: Engine, files: list[Path], folder: Path) -> None:
    """Check that a step without rows, or after one that gave none, gives none."""
    none = engine.map_batches(files, drop_all, _TYPES, folder / "none")
    _demand(read(none, _TYPES).collect().is_empty(), "no rows in the result are no rows.")
    after = engine.map_parts(none, add_up, _SUMS, folder / "after")
    _demand(read(after, _SUMS).collect().is_empty(), "a step after nothing gives nothing.")


def check_jobs(engine: Engine, folder: Path) -> None:
    """Check that every job is done, and that what they told comes in their order."""
    jobs = [f"job {number}" for number in range(11)]
    told = map_jobs(engine, jobs, shout, folder)
    _demand(told == [job.upper() for job in jobs], "what jobs tell comes in their order.")


def shout(job: str) -> str:
    """Work of a check: tell the job in capitals."""
    return job.upper()


class _Spread:
    """Send each row to two parts."""

    def __init__(self, parts: int) -> None:
        self.parts = parts

    def __call__(self, rows: pl.DataFrame) -> pl.DataFrame:
        first = pl.col("number") % self.parts
        second = (pl.col("number") + 1) % self.parts
        copies = [rows.with_columns(part.alias(PART)) for part in (first, second)]
        return pl.concat(copies)


def add_up(rows: pl.DataFrame) -> pl.DataFrame:
    """Add up the numbers of a part."""
    return rows.group_by(PART).agg(total=pl.col("number").sum(), rows=pl.len())


def drop_all(rows: pl.DataFrame) -> pl.DataFrame:
    """Drop every row."""
    return rows.clear().with_columns(pl.lit(0).alias(PART))


def _demand(holds: bool, sentence: str) -> None:
    if not holds:
        raise AssertionError(sentence)


def _put(folder: Path, rows: int) -> list[Path]:
    folder.mkdir(parents=True)
    table = pl.DataFrame({"number": range(rows)}).with_columns(name=pl.format("row {}", "number"))
    half = rows // 2
    files = [folder / "a.parquet", folder / "b.parquet"]
    for file, part in zip(files, (table[:half], table[half:]), strict=True):
        part.write_parquet(file)
    return files
