"""Growth of association in parts, from ten thousand to a hundred million observations.

    python benchmarks/scale.py [--largest 100000000] [--processes 2] [--plot docs/images/growth.svg]

Points have the density of a real front (`benchmarks/association.py`), written a million to a
file. Each size runs in a process of its own. The floor is DuckDB reading the same files,
sorting them by time and writing them again, out of core, with as many threads and 4 GB.
Processor seconds are those of the program and all its processes, which other work on the
machine moves less than the clock; memory is their greatest sum at one time. Prints a table for
the docs, the exponents from each size to the next and over the last three, by processor
seconds, and draws them where `--plot` names a file.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from family import MemoryWatch, processor_seconds
from truceline.core.engines.local import LocalEngine
from truceline.judgement.incidents.parted import label_places
from truceline.judgement.incidents.tiles import Tiling

CHUNK = 1_000_000


def chunk(number: int, n: int) -> pl.DataFrame:
    """Return n points of one stretch of time."""
    rng = np.random.default_rng([1, number])
    groups = max(1, n // 3)
    of = rng.integers(0, groups, n)
    lon = 32 + rng.random(groups) * 8
    lat = 46.5 + (lon - 32) * 0.4 + rng.normal(0, 0.15, groups)
    span = CHUNK / 900 * 86_400
    at = (number * span + rng.random(groups) * span * n / CHUNK).astype(np.int64)
    start = at[of] + rng.integers(0, 7_200, n)
    return pl.DataFrame(
        {
            "row": np.arange(n) + number * CHUNK,
            "kind": np.zeros(n, np.int64),
            "lon": lon[of] + rng.normal(0, 0.005, n),
            "lat": lat[of] + rng.normal(0, 0.004, n),
            "sigma": np.full(n, 190.0),
            "start": start,
            "end": start,
        }
    )


def make(folder: Path, n: int) -> list[Path]:
    """Write n points to files."""
    files = []
    for number in range(-(-n // CHUNK)):
        file = folder / f"{number:04d}.parquet"
        chunk(number, min(CHUNK, n - number * CHUNK)).write_parquet(file)
        files.append(file)
    return files


def floor(files: list[Path], folder: Path, threads: int) -> float:
    """Return the seconds to read the files, sort them by time and write them."""
    started = time.perf_counter()
    with duckdb.connect() as db:
        db.execute(f"SET threads = {threads}; SET memory_limit = '4GB'")
        db.execute(f"SET temp_directory = '{folder}/spill'")
        db.execute(
            f"COPY (SELECT * FROM read_parquet({[str(f) for f in files]}) ORDER BY start)"
            f" TO '{folder}/sorted.parquet'"
        )
    (folder / "sorted.parquet").unlink()
    return time.perf_counter() - started


def associate(
    files: list[Path], folder: Path, processes: int, n: int, gathered: int
) -> tuple[int, int]:
    """Associate all files; return how many observations were labelled, and incidents."""
    tiling = Tiling(parts=max(processes, n // 2_000_000), gathered=gathered)
    tables = label_places(LocalEngine(processes), files, folder / "steps", tiling)
    rows = incidents = 0
    for i, table in enumerate(tables):
        out = folder / f"labels-{i}.parquet"
        table.sink_parquet(out)
        counts = pl.scan_parquet(out).select(pl.len(), (pl.col("row") == pl.col("label")).sum())
        told = counts.collect(engine="streaming").row(0)
        rows, incidents = rows + told[0], incidents + told[1]
    return rows, incidents


def one(n: int, processes: int, gathered: int) -> dict[str, float]:
    """Associate n points; return what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = make(folder, n)
        size = sum(f.stat().st_size for f in files)
        started, used = time.perf_counter(), processor_seconds()
        with MemoryWatch() as memory:
            rows, incidents = associate(files, folder, processes, n, gathered)
        seconds, used = time.perf_counter() - started, processor_seconds() - used
        between = sum(f.stat().st_size for f in (folder / "steps").glob("**/*.parquet"))
        if rows != n:
            raise SystemExit(f"{rows} of {n} observations were labelled")
        shutil.rmtree(folder / "steps")
        least = floor(files, folder, processes)
    return {
        "n": n, "seconds": seconds, "processor": used, "floor": least, "memory": memory.peak_mb,
        "incidents": incidents, "bytes": size / n, "between": between / n,
    }  # fmt: skip


def told(n: int, processes: int, gathered: int) -> dict[str, float]:
    """Run one size in a process of its own, and print its line of the table."""
    command = [sys.executable, __file__, "--one", "--largest", str(n), "--gathered", str(gathered)]
    run = subprocess.run(
        [*command, "--processes", str(processes)], capture_output=True, text=True, check=True
    )
    r: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    print(
        f"| 10^{np.log10(n):.0f} | {r['seconds']:.1f} | {r['processor']:.1f}"
        f" | {1e6 * r['processor'] / n:.2f} | {r['seconds'] / r['floor']:.1f}"
        f" | {r['memory']:,.0f} | {r['bytes']:.1f}, {r['between']:.0f}"
        f" | {r['incidents']:.0f} | {os.getloadavg()[0]:.1f} |",
        flush=True,
    )
    return r


def draw(found: list[dict[str, float]], file: Path) -> None:
    """Draw seconds and memory over size, both on logarithmic axes."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "growth", "font.size": 9})
    import matplotlib.pyplot as plt

    sizes = [r["n"] for r in found]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.2), layout="constrained")
    for key, name in (("seconds", "clock"), ("processor", "processor"), ("floor", "floor, clock")):
        left.loglog(sizes, [r[key] for r in found], "o-", label=name)
    left.set(xlabel="observations", ylabel="seconds")
    left.legend(frameon=False)
    right.loglog(sizes, [r["memory"] for r in found], "o-", color="black")
    right.set(xlabel="observations", ylabel="greatest memory, MB", ylim=(100, 10_000))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    """Print a table and the exponents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smallest", type=int, default=10_000)
    parser.add_argument("--largest", type=int, default=100_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--gathered", type=int, default=Tiling().gathered, help="see Tiling; 0 joins in rounds"
    )
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--one", action="store_true")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.largest, options.processes, options.gathered)))
        return
    print(
        "| observations | seconds | processor seconds | µs of a processor each | times the floor"
        " | memory, MB | bytes each: in, between | incidents | load |\n|" + " --- |" * 9
    )
    found, n = [], options.smallest
    while n <= options.largest:
        found.append(told(n, options.processes, options.gathered))
        n *= 10
    size, used = (np.log10([r[key] for r in found]) for key in ("n", "processor"))
    for i, exponent in enumerate(np.diff(used)):
        print(f"exponent from 10^{size[i]:.0f} to 10^{size[i + 1]:.0f}: {exponent:.3f}")
    if len(found) > 2:
        print(f"exponent over the last three: {np.polyfit(size[-3:], used[-3:], 1)[0]:.3f}")
    if options.plot:
        draw(found, options.plot)


if __name__ == "__main__":
    main()
