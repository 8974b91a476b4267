"""The local engine against Spark at equal cores, and how evenly real detections are dealt.

    python benchmarks/engines.py [--points 1000000] [--cores 2] [--data ../shared/data]

Both run the same kernels on the same files and must give the same number of incidents. The
time to open the Spark session is told apart. The second table deals the thermal detections of
a folder out to parts as association does, and tells the largest part over the mean part, and
how many copies the borders cost.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import polars as pl

from scale import make
from truceline.core.engines.engine import Engine
from truceline.core.engines.local import LocalEngine
from truceline.core.engines.spark import SparkEngine, spark_session
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.incidents.parted import label_places
from truceline.judgement.incidents.tiles import Tiling


def associate(engine: Engine, files: list[Path], folder: Path, parts: int) -> tuple[float, int]:
    """Return seconds and the number of incidents."""
    started = time.perf_counter()
    tables = label_places(engine, files, folder, Tiling(parts=parts))
    found = pl.concat(tables).select((pl.col("row") == pl.col("label")).sum())
    incidents = found.collect().item()
    return time.perf_counter() - started, incidents


def compare(points: int, cores: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = make(folder, points)
        parts = max(2 * cores, points // 1_000_000)
        seconds, incidents = associate(LocalEngine(cores), files, folder / "local", parts)
        print(f"local   {points:>11} {seconds:8.1f} s {incidents:>10} incidents")
        started = time.perf_counter()
        with spark_session(f"local[{cores}]", spark__driver__memory="4g") as session:
            print(f"session {time.perf_counter() - started:20.1f} s")
            seconds, incidents = associate(SparkEngine(session), files, folder / "spark", parts)
        print(f"spark   {points:>11} {seconds:8.1f} s {incidents:>10} incidents")
    print("load", os.getloadavg()[0])


def skew(data: Path) -> None:
    """Deal real detections out and tell how even the parts are."""
    source = installed_sources()["firms"]
    tables = []
    for file in sorted((data / "firms").glob("*.csv")):
        tables += [batch.observations for batch in source.read(file, {})]
    seen = pl.concat(tables)
    points = seen.with_row_index("row").select(
        pl.col("row").cast(pl.Int64), "lon", "lat", kind=pl.lit(0, pl.Int64), sigma="sigma_m",
        start=pl.col("t_start") // 1_000_000, end=pl.col("t_end") // 1_000_000,
    )  # fmt: skip
    print(f"{len(points)} detections\nparts  block days  cells  largest/mean  copies")
    for parts in (4, 16, 64, 256):
        for days, cells in ((30, 180), (7, 180), (7, 720)):
            sent = Tiling(parts=parts, cells=cells, block=days * 86_400).send(points)
            sizes = sent.group_by("part").len()["len"]
            even = sizes.max() / (len(sent) / parts)
            print(f"{parts:5} {days:11} {cells:6} {even:13.2f} {len(sent) / len(points):7.2f}")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    if options.data is not None:
        skew(options.data)
    if options.points:
        compare(options.points, options.cores)


if __name__ == "__main__":
    main()
