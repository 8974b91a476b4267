"""The local engine against a Spark cluster at equal cores, and how evenly detections are dealt.

    python benchmarks/engines.py [--points 100000 1000000] [--data ../shared/data]

Points are associated in two processes of this machine and on a standalone Spark cluster of a
master and two workers of one core each, on loopback. The start of the cluster and the session
is told apart; second rounds find both warm. In the last round one worker with its executor is
killed half way. All rounds must put the same observations together. With `--data` a table
deals the thermal detections of a folder out to parts as association does, and tells the
largest part over the mean part, how many copies the borders cost, and which share of the
detections is of components over borders, which are joined in the last step.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

import polars as pl

from cluster import Cluster, cluster
from scale import make
from truceline.core.engines.engine import Engine
from truceline.core.engines.local import LocalEngine
from truceline.core.engines.spark import SparkEngine, spark_session
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.incidents.kinds import KINDS, TICK
from truceline.judgement.incidents.links import link
from truceline.judgement.incidents.parted import label_places
from truceline.judgement.incidents.tiles import Tiling

CORES = 2


def associate(
    engine: Engine, files: list[Path], folder: Path, parts: int
) -> tuple[float, pl.DataFrame]:
    """Return seconds, and each observation's row with the least row put together with it."""
    started = time.perf_counter()
    table = pl.concat(label_places(engine, files, folder, Tiling(parts=parts))).collect()
    seconds = time.perf_counter() - started
    # A part names a component after any of its members; the least is the same everywhere.
    return seconds, table.select("row", first=pl.col("row").min().over("label")).sort("row")


def tell(name: str, points: int, seconds: float, found: pl.DataFrame, alike: pl.DataFrame) -> None:
    incidents = found["first"].n_unique()
    same = "the same" if found.equals(alike) else "NOT THE SAME"
    told = f"{incidents:>10} incidents, {same}; load {os.getloadavg()[0]:.1f}"
    print(f"{name:22} {points:>10} {seconds:8.1f} s {told}", flush=True)
    if not found.equals(alike):
        raise SystemExit(1)


def compare(sizes: list[int]) -> None:
    """Run all sizes on both engines; at the last size a worker is killed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        with cluster(folder) as running:
            print(f"cluster started in {time.perf_counter() - started:.1f} s")
            settings = {"spark__executor__memory": "2g", "spark__driver__memory": "2g"}
            started = time.perf_counter()
            with spark_session(running.url, **settings) as session:
                print(f"session opened in {time.perf_counter() - started:.1f} s", flush=True)
                for points in sizes:
                    last = running if points == sizes[-1] else None
                    rounds(SparkEngine(session), points, folder / str(points), last)


def rounds(spark: SparkEngine, points: int, folder: Path, killed: Cluster | None) -> None:
    folder.mkdir()
    files = make(folder, points)
    parts = max(2 * CORES, points // 1_000_000)
    seconds, alike = associate(LocalEngine(CORES), files, folder / "local", parts)
    tell("local", points, seconds, alike, alike)
    for name in ("local again", "Spark", "Spark again"):
        engine = LocalEngine(CORES) if name == "local again" else spark
        seconds, found = associate(engine, files, folder / name, parts)
        tell(name, points, seconds, found, alike)
    if killed is not None:
        timer = threading.Timer(seconds / 2, killed.kill, [0])
        timer.start()
        seconds, found = associate(spark, files, folder / "one less", parts)
        timer.join()
        tell("Spark, worker killed", points, seconds, found, alike)


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
    labels = link(
        *(points[name].to_numpy() for name in ("lon", "lat", "sigma", "start", "end")),
        extent_m=KINDS[0].extent_m, gate=KINDS[0].gate, gap=KINDS[0].gap // TICK,
    )  # fmt: skip
    component = points.select("row", label=pl.Series(labels))
    print(f"{len(points)} detections\nparts  block days  cells  largest/mean  copies  across")
    for parts in (4, 16, 64, 256):
        for days, cells in ((30, 180), (7, 180), (7, 720)):
            sent = Tiling(parts=parts, cells=cells, block=days * 86_400).send(points)
            sizes = sent.group_by("part").len()["len"]
            even = sizes.max() / (len(sent) / parts)
            split = component.join(sent.filter("shared").select("row").unique(), on="row")
            across = component.join(split.select("label").unique(), on="label", how="semi")
            print(
                f"{parts:5} {days:11} {cells:6} {even:13.2f} {len(sent) / len(points):7.2f}"
                f" {len(across) / len(points):7.1%}"
            )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    if options.data is not None:
        skew(options.data)
    if options.points:
        compare(options.points)


if __name__ == "__main__":
    main()
