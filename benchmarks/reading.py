"""Reading the recorded CSV files as observations, against merely reading them into typed tables.

    python benchmarks/reading.py [FOLDER]

Prints the seconds of both, the best of three in one run, and their ratio. The folder is the
recorded data; by default TRUCELINE_DATA, else ../shared/data.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import UnknownFormatError
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.source import Source, installed_sources, recognise


def known_files(folder: Path) -> list[tuple[Path, Source]]:
    """Return the CSV files under a folder that an installed source knows."""
    sources = installed_sources()
    found = []
    for path in sorted(folder.rglob("*.csv")):
        try:
            found.append((path, recognise(path, sources)))
        except UnknownFormatError:
            continue
    return found


def best_of(times: int, work: Callable[[], None]) -> float:
    """Return the shortest of several runs, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main(folder: Path) -> None:
    files = known_files(folder)
    size = sum(path.stat().st_size for path, _ in files) / 1e6
    rows = 0

    def typed() -> None:
        for path, _ in files:
            pl.read_csv(path, infer_schema_length=1000, try_parse_dates=True, ignore_errors=True,
                        encoding="utf8-lossy", truncate_ragged_lines=True)  # fmt: skip

    def observed() -> None:
        nonlocal rows
        rows = sum(batch.rows for path, source in files for batch in source.read(path, {}))

    def stored() -> None:
        with tempfile.TemporaryDirectory() as place:
            ingest(CaseStore(Path(place)), [Entry(path, source) for path, source in files])

    seconds = {work.__name__: best_of(3, work) for work in (typed, observed, stored)}
    print(f"{len(files)} files, {size:.1f} MB, {rows:,} rows")
    for name, taken in seconds.items():
        print(f"{name:>9}: {taken:6.2f} s, {taken / seconds['typed']:5.2f} times typed reading")


if __name__ == "__main__":
    default = os.environ.get("TRUCELINE_DATA", "../shared/data")
    main(Path(sys.argv[1] if len(sys.argv) > 1 else default))
