"""The local engine: processes of this machine over Parquet, out of core.

Each task reads its rows, applies the kernel and writes its result aside before renaming it
into place. A process that is killed leaves nothing that counts; its task is done again.
"""

from __future__ import annotations

import functools
import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import PART, Kernel, Types, conform
from truceline.core.types.errors import StoreError, Where

#: A step is given up when processes died in so many rounds without any task done.
_ROUNDS = 4


@dataclass(frozen=True)
class _Task:
    """Files, which of their rows (offset and length; all where null), and the result's name."""

    name: str
    files: tuple[Path, ...]
    rows: tuple[int, int] | None = None


@dataclass(frozen=True)
class LocalEngine:
    """Run kernels in processes of this machine.

    Attributes
    ----------
    processes : int
        How many at a time; with one, the work is done in the calling process.
    batch_rows : int
        Rows that a batch has at most.
    """

    processes: int = 1
    batch_rows: int = 1_000_000

    @property
    def name(self) -> str:
        """Short name."""
        return "local"

    def map_batches(
        self, files: Sequence[Path], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        """Apply a kernel to the rows, some at a time; return the files of the result."""
        tasks = [
            _Task(f"{i:05d}-{offset:010d}", (file,), (offset, self.batch_rows))
            for i, file in enumerate(files)
            for offset in range(0, _rows(file), self.batch_rows)
        ]
        return self._run(tasks, kernel, types, folder)

    def map_parts(
        self, files: Sequence[Path], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        """Apply a kernel to each part, all its rows together; return the result's files."""
        parts: dict[str, list[Path]] = {}
        for file in sorted(files):
            parts.setdefault(file.parent.name, []).append(file)
        tasks = [_Task(name, tuple(found)) for name, found in sorted(parts.items())]
        return self._run(tasks, kernel, types, folder)

    def _run(
        self, tasks: Iterable[_Task], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        folder.mkdir(parents=True)
        one = functools.partial(_apply, kernel=kernel, types=dict(types), folder=folder)
        waiting = list(tasks)
        for _ in range(_ROUNDS):
            if self.processes == 1:
                for task in waiting:
                    one(task)
            else:
                _in_processes(one, waiting, self.processes)
            left = [task for task in waiting if not _mark(folder, task).exists()]
            if not left:
                return sorted(folder.glob("*/*.parquet"))
            waiting = left
        raise StoreError(
            "the processes of a step died again and again.",
            where=Where(str(folder)),
            hint="Give it fewer processes or more parts, so that each needs less memory.",
        )


def _in_processes(one: functools.partial[None], tasks: list[_Task], processes: int) -> None:
    # A fork of a process with threads may hang, and a fresh interpreter for each process of
    # each step must import all anew. So one process that runs no threads imports the libraries
    # once, and those that work are forks of it. They import the kernel's own modules
    # themselves: one that makes a table when it is imported starts the threads of Polars.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["numba", "polars", "pyproj", "scipy.stats", "shapely"])
    with ProcessPoolExecutor(min(processes, max(len(tasks), 1)), mp_context=context) as pool:
        waiting = [pool.submit(one, task) for task in tasks]
        for future in waiting:
            try:
                future.result()
            except BrokenProcessPool:
                return


def _rows(file: Path) -> int:
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())


def _mark(folder: Path, task: _Task) -> Path:
    return folder / f".{task.name}.done"


def _apply(task: _Task, *, kernel: Kernel, types: Types, folder: Path) -> None:
    rows = pl.scan_parquet(list(task.files))
    if task.rows is not None:
        rows = rows.slice(*task.rows)
    result = conform(kernel(rows.collect()), types)
    if PART in types:
        for (part,), own in result.partition_by(PART, as_dict=True).items():
            _put(own, folder / f"part={part}", task.name)
    elif len(result):
        _put(result, folder / "all", task.name)
    _mark(folder, task).touch()


def _put(rows: pl.DataFrame, folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    aside = folder / f".{name}.aside"
    rows.write_parquet(aside, compression="lz4", statistics=False)
    aside.rename(folder / f"{name}.parquet")
