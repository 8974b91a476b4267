"""The whole run on all recorded feeds, against merely reading the same files into tables.

    python benchmarks/whole_run.py [FOLDER] [--first-run]

Takes every file that a source knows into a store, fits the background, judges all of it as
one window, and composes and writes nothing; then reads the same files with `pl.read_csv` into
typed tables. Prints the seconds of each step and the ratio. The first, unfitted run of the
kernels compiles them; it is not counted unless asked for.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from truceline.agreement.case import load_case
from truceline.cli.case import find_case
from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import UnknownFormatError
from truceline.evidence.background.permanent_heat import mark_permanent, permanent_heat
from truceline.evidence.background.rates import fit_background
from truceline.evidence.front import read_ground
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.source import installed_sources, recognise
from truceline.judgement.assess import Setting, assess
from truceline.judgement.parameters import shipped_parameters


def known(folder: Path) -> list[Entry]:
    """Return the CSV files that a source knows."""
    sources = installed_sources()
    entries = []
    for path in sorted(folder.rglob("*.csv")):
        try:
            source = recognise(path, sources)
        except UnknownFormatError:
            continue
        if source.info.name != "cloud":
            entries.append(Entry(path, source))
    return entries


def read_typed(entries: list[Entry]) -> int:
    """Read the same files into typed tables."""
    rows = 0
    for entry in entries:
        rows += pl.read_csv(
            entry.path, try_parse_dates=True, encoding="utf8-lossy", ignore_errors=True,
            infer_schema_length=1000, truncate_ragged_lines=True,
        ).height  # fmt: skip
    return rows


def main() -> None:
    """Print the table."""
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    default = os.environ.get("TRUCELINE_DATA", "../shared/data")
    folder = Path(arguments[0] if arguments else default)
    entries = known(folder)
    started = time.perf_counter()
    rows = read_typed(entries)
    floor = time.perf_counter() - started
    print(f"{len(entries)} files, {rows} rows, read into typed tables in {floor:.2f} s")
    case = load_case(find_case("easter-2025"))
    steps: list[tuple[str, float]] = []
    for turn in range(1 if "--first-run" in sys.argv else 2):
        steps = run(case, entries, folder)
        if turn == 0 and "--first-run" not in sys.argv:
            continue
    for name, seconds in steps:
        print(f"{name:28} {seconds:7.2f} s {seconds / floor:6.1f} times")
    total = sum(seconds for _, seconds in steps)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'whole run':28} {total:7.2f} s {total / floor:6.1f} times; peak {peak:.0f} MB")


def run(case: object, entries: list[Entry], folder: Path) -> list[tuple[str, float]]:
    """Run every step, and return what each took."""
    steps = []

    def lap(name: str) -> None:
        nonlocal started
        steps.append((name, time.perf_counter() - started))
        started = time.perf_counter()

    with tempfile.TemporaryDirectory() as place:
        started = time.perf_counter()
        store = CaseStore(Path(place))
        ingest(store, entries)
        lap("into the store")
        observations = store.scan_observations().collect()
        effort = store.scan_effort().collect()
        lap("out of the store")
        thermal = observations.filter(pl.col("instrument") == "satellite_thermal")
        heat = permanent_heat(thermal)
        quiet = mark_permanent(thermal, heat).filter(~pl.col("permanent"))
        start, end = int(thermal["t_start"].min()), int(thermal["t_end"].max())  # type: ignore[arg-type]
        background = fit_background(quiet, start=start, end=end)
        lap("background")
        setting = Setting(
            terms=case.terms,  # type: ignore[attr-defined]
            parameters=shipped_parameters(),
            territory=read_ground(case, folder).territory,  # type: ignore[arg-type]
            background=background,
            permanent=heat,
        )
        period = (int(observations["t_start"].min()), int(observations["t_end"].max()) + 1)  # type: ignore[arg-type]
        judgement = assess(observations, effort, setting, period)
        lap(f"judged ({len(judgement.incidents)} incidents)")
    return steps


if __name__ == "__main__":
    main()
