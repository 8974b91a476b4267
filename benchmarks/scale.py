"""Growth of association in parts, from ten thousand to a hundred million observations.

    python benchmarks/scale.py [--largest 100000000] [--processes 2] [--engine local]

Points have the density of a real front (`benchmarks/association.py`), written a million to a
file. Each size runs in a process of its own. The floor is DuckDB reading the same files,
sorting them by time and writing them again, out of core, with as many threads and 4 GB.
Memory is the sum of the program's peak and that of its largest child times the processes,
which is more than was ever used at one time. Last comes the exponent fitted to the seconds.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

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


def peak_mb(processes: int) -> float:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + (processes * child if processes > 1 else 0)) / 1024


def one(n: int, processes: int) -> dict[str, float]:
    """Associate n points; return what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = make(folder, n)
        size = sum(f.stat().st_size for f in files)
        started = time.perf_counter()
        engine = LocalEngine(processes)
        tiling = Tiling(parts=max(processes, n // 2_000_000))
        tables = label_places(engine, files, folder / "steps", tiling)
        rows = incidents = 0
        for i, table in enumerate(tables):
            out = folder / f"labels-{i}.parquet"
            table.sink_parquet(out)
            counts = pl.scan_parquet(out).select(pl.len(), (pl.col("row") == pl.col("label")).sum())
            told = counts.collect(engine="streaming").row(0)
            rows, incidents = rows + told[0], incidents + told[1]
        seconds = time.perf_counter() - started
        between = sum(f.stat().st_size for f in (folder / "steps").glob("**/*.parquet"))
        if rows != n:
            raise SystemExit(f"{rows} of {n} observations were labelled")
        memory = peak_mb(processes)
        shutil.rmtree(folder / "steps")
        least = floor(files, folder, processes)
    return {
        "n": n, "seconds": seconds, "floor": least, "memory_mb": memory,
        "incidents": incidents, "bytes": size / n, "between": between / n,
    }  # fmt: skip


def main() -> None:
    """Print a table and the exponent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smallest", type=int, default=10_000)
    parser.add_argument("--largest", type=int, default=100_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--one", action="store_true")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.largest, options.processes)))
        return
    print("observations    seconds  us/obs  x floor  memory MB  B/obs in  between   incidents")
    sizes, times, n = [], [], options.smallest
    while n <= options.largest:
        told = subprocess.run(
            [sys.executable, __file__, "--one", "--largest", str(n),
             "--processes", str(options.processes)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        r = json.loads(told.splitlines()[-1])
        print(
            f"{n:<14} {r['seconds']:8.1f} {1e6 * r['seconds'] / n:7.2f}"
            f" {r['seconds'] / r['floor']:8.1f} {r['memory_mb']:10.0f} {r['bytes']:9.1f}"
            f" {r['between']:8.1f} {r['incidents']:11.0f}",
            flush=True,
        )
        sizes.append(n)
        times.append(r["seconds"])
        n *= 10
    if len(sizes) > 2:
        large = slice(-3, None)
        exponent = np.polyfit(np.log(sizes[large]), np.log(times[large]), 1)[0]
        print(f"exponent over the last three sizes: {exponent:.3f}")


if __name__ == "__main__":
    main()
