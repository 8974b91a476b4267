"""The whole run against merely reading the same files into tables, in one go on the same cores.

    python benchmarks/whole_run.py [FOLDER]
    python benchmarks/whole_run.py --observations 10000000 [--keep FOLDER]

Takes every file that a source knows into a store, fits the background, judges all of it as
one window with clauses and attribution, and tells the state of the truce; then reads the same
files with `pl.read_csv` into typed tables, one after the other. Either on the recorded data, by
default TRUCELINE_DATA, else ../shared/data; or on feeds made for it (`made_feeds.py`).

Each side runs in a process of its own, after a run on a few made rows that compiles the kernels
and is not counted. Prints the seconds of each step by the clock, those of a processor (which
other work on the machine disturbs less), their ratio to reading, and the greatest memory, both
of the side's process and of all that it starts.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from family import MemoryWatch, processor_seconds
from made_case import make_case
from made_feeds import make_feeds
from truceline.agreement.case import Case, load_case
from truceline.case_judgement import AT_ONCE
from truceline.cli.case import find_case
from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import UnknownFormatError
from truceline.core.types.time import DAY
from truceline.evidence.background.permanent_heat import mark_permanent, permanent_heat
from truceline.evidence.background.rates import HISTORY, Background, fit_background
from truceline.evidence.front import read_ground
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.source import installed_sources, recognise
from truceline.judgement.assess import Setting, assess
from truceline.judgement.judgement import UNWATCHED
from truceline.judgement.parameters import shipped_parameters
from truceline.judgement.parted.keeping import look_in_parts
from truceline.judgement.truce_state.indicator import state_settings
from truceline.judgement.truce_state.state import COUNTED, truce_states

#: Rows of the run that compiles.
_FEW = 10_000


class Laps:
    """Prints what each step took, by the clock and of a processor."""

    def __init__(self) -> None:
        self._since = _now()

    def end(self, name: str) -> None:
        """End a step."""
        now = _now()
        clock, processor = (b - a for a, b in zip(self._since, now, strict=True))
        print(f"{name}\t{clock}\t{processor}", flush=True)
        self._since = _now()


def _now() -> tuple[float, float]:
    return time.perf_counter(), processor_seconds()


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


def read_typed(folder: Path) -> None:
    """Read the files into typed tables."""
    entries, rows = known(folder), 0
    laps = Laps()
    for entry in entries:
        rows += pl.read_csv(
            entry.path, try_parse_dates=True, encoding="utf8-lossy", ignore_errors=True,
            infer_schema_length=1000, truncate_ragged_lines=True,
        ).height  # fmt: skip
    laps.end(f"read {len(entries)} files, {rows:,} rows")


def run(folder: Path) -> None:
    """Run every step."""
    case = load_case(folder / "case" if (folder / "case").is_dir() else find_case("easter-2025"))
    entries = known(folder)
    with tempfile.TemporaryDirectory() as place:
        laps = Laps()
        store = CaseStore(Path(place))
        ingest(store, entries)
        laps.end("into the store")
        judge(case, store, folder, laps)


def judge(case: Case, store: CaseStore, folder: Path, laps: Laps) -> None:
    """Judge all that is in the store."""
    told = store.scan_observations()
    rows, first, last = told.select(
        pl.len(), pl.col("t_start").min(), pl.col("t_end").max()
    ).collect().row(0)  # fmt: skip
    heat, background = learned(store)
    laps.end("background")
    setting = Setting(
        terms=case.terms,
        parameters=shipped_parameters(),
        territory=read_ground(case, folder).territory,
        background=background,
        permanent=heat,
    )
    laps.end("ground")
    before = case.settings.before.micros()
    states = truce_states(
        told.select(COUNTED).collect(), store.scan_effort().collect(),
        (before[0], before[1] or before[0] + DAY),
        (case.settings.window.micros()[0], last + 1), state_settings(case.settings),
    )  # fmt: skip
    laps.end("truce states")
    if rows <= AT_ONCE:
        judgement = assess(
            told.collect(), store.scan_effort().collect(), setting, (first, last + 1)
        )
    else:
        judgement = look_in_parts(
            store, setting, (first, last + 1), store.folder / "judged",
            states=states, unwatched=UNWATCHED.empty(), provenance={},
        )  # fmt: skip
    laps.end(f"judged: {len(judgement.incidents):,} incidents")


def learned(store: CaseStore) -> tuple[pl.DataFrame, Background]:
    """Return the permanent heat, and the background without it, of all heat in the store."""
    hot = store.scan_observations().filter(pl.col("instrument") == "satellite_thermal")
    thermal = hot.select(HISTORY).collect()
    heat = permanent_heat(thermal)
    quiet = mark_permanent(thermal, heat).filter(~pl.col("permanent"))
    start, end = int(thermal["t_start"].min()), int(thermal["t_start"].max())  # type: ignore[arg-type]
    return heat, fit_background(quiet, start=start, end=end)


def one(side: str, folder: Path) -> None:
    """Do one side on a few rows unseen, and then in earnest."""
    work = {"read": read_typed, "run": run}[side]
    with tempfile.TemporaryDirectory() as few, contextlib.redirect_stdout(io.StringIO()):
        make_case(Path(few) / "case", _FEW)
        make_feeds(Path(few), _FEW)
        work(Path(few))
    with MemoryWatch() as memory:
        work(folder)
    print(f"peak\t{memory.peak_mb}")


def measured(side: str, folder: Path) -> tuple[list[tuple[str, float, float]], float]:
    """Do one side in a process of its own; return its steps and its greatest memory, MB."""
    command = [sys.executable, __file__, str(folder), "--one", side]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    *steps, (_, peak) = [line.split("\t") for line in told.splitlines() if "\t" in line]
    return [(name, float(clock), float(used)) for name, clock, used in steps], float(peak)


def compare(folder: Path) -> None:
    """Print the table."""
    floor, floor_peak = measured("read", folder)
    steps, peak = measured("run", folder)
    whole = ("whole run", sum(s[1] for s in steps), sum(s[2] for s in steps))
    least = floor[0]
    print("| step | seconds | of a processor | times reading, by processor | by the clock |")
    print("| --- | --- | --- | --- | --- |")
    for name, clock, used in [*floor, *steps, whole]:
        ratios = f"{used / least[2]:.1f} | {clock / least[1]:.1f}"
        print(f"| {name} | {clock:.2f} | {used:.2f} | {ratios} |")
    print(f"greatest memory: reading {floor_peak:.0f} MB, whole run {peak:.0f} MB")


def main() -> None:
    """Compare on recorded or on made feeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("TRUCELINE_DATA", "../shared/data")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(default))
    parser.add_argument("--observations", type=int)
    parser.add_argument("--keep", type=Path, help="folder for the made feeds, kept for again")
    parser.add_argument("--one", choices=("read", "run"))
    options = parser.parse_args()
    if options.one:
        one(options.one, options.folder)
    elif options.observations is None:
        compare(options.folder)
    else:
        with tempfile.TemporaryDirectory() as place:
            folder = options.keep or Path(place)
            if not (folder / "case").is_dir():
                make_case(folder / "case", options.observations)
                make_feeds(folder, options.observations)
            compare(folder)


if __name__ == "__main__":
    main()
