"""The same incidents from every way of working, on all thermal detections on record.

    python benchmarks/same.py [--data ../shared/data] [--files 60] [--ways parts stream Spark]

The detections are associated at once; then in 1, 3 and 16 parts; on a Spark session; and as a
stream: dealt at random into files that come in one by one, with a new watch after every tenth.
Members and names must be the same to the last. Prints a line each; ends with 1 where not.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import Engine
from truceline.core.engines.local import LocalEngine
from truceline.core.engines.spark import SparkEngine, spark_session
from truceline.evidence.ingest import Entry
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.incidents.association import associate, associate_in_parts
from truceline.judgement.incidents.history import History
from truceline.judgement.incidents.tiles import Tiling
from truceline.watch import watch

WAYS = ("parts", "rounds", "Spark", "stream")


def detections(data: Path) -> pl.DataFrame:
    """Return all thermal detections of a folder, each identity once."""
    source = installed_sources()["firms"]
    files = sorted((data / "firms").glob("**/*.csv*"))
    return pl.concat([b.observations for f in files for b in source.read(f, {})]).unique("obs_id")


def in_parts(table: pl.DataFrame, engine: Engine, tiling: Tiling) -> pl.DataFrame:
    """Return the members found in parts."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        return associate_in_parts(table, engine=engine, folder=work, tiling=tiling)[1]


def on_spark(table: pl.DataFrame) -> pl.DataFrame:
    """Return the members found on a Spark session of two cores."""
    with spark_session(spark__driver__memory="3g") as session:
        return in_parts(table, SparkEngine(session), Tiling(parts=8))


def streamed(table: pl.DataFrame, files: int) -> pl.DataFrame:
    """Return the members that stand after files in random order, with restarts."""
    source = installed_sources()["tables"]
    dealt = table.sample(fraction=1.0, shuffle=True, seed=7)
    with tempfile.TemporaryDirectory() as name:
        folder, there = Path(name), []
        waiting = [folder / f"{number}.parquet" for number in range(files)]
        for number, path in enumerate(waiting):
            dealt.gather_every(files, number).write_parquet(path)
        random.Random(7).shuffle(waiting)

        def look() -> list[Entry]:
            there.append(waiting.pop(0))
            return [Entry(path, source, {}) for path in there]

        while waiting:
            for _ in watch(
                look, folder / "out", clock=lambda: time.time_ns() // 1000,
                rest=lambda: bool(waiting) and len(waiting) % 10 != 0,
            ):  # fmt: skip
                pass
        return History(folder / "out" / "incidents.sqlite").members()


def tell(way: str, work: Callable[[], pl.DataFrame], alike: pl.DataFrame) -> None:
    started = time.perf_counter()
    members = work()
    same = "the same" if members.equals(alike) else "NOT THE SAME"
    seconds = time.perf_counter() - started
    print(
        f"{way:24} {len(members):>10} {members['incident_id'].n_unique():>10} {same} "
        f"{seconds:8.1f} s",
        flush=True,
    )
    if same != "the same":
        raise SystemExit(1)


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("TRUCELINE_DATA", "../shared/data"))
    )
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    options = parser.parse_args()
    table = detections(options.data)
    alike = associate(table)[1]
    tell("at once", lambda: associate(table)[1], alike)
    if "parts" in options.ways:
        for parts in (1, 3, 16):
            engine, tiling = LocalEngine(2), Tiling(parts=parts)
            tell(f"parts: {parts}", lambda e=engine, t=tiling: in_parts(table, e, t), alike)
    if "rounds" in options.ways:
        tiling = Tiling(parts=16, gathered=0)
        tell("16 parts, in rounds", lambda: in_parts(table, LocalEngine(2), tiling), alike)
    if "Spark" in options.ways:
        tell("Spark, 8 parts", lambda: on_spark(table), alike)
    if "stream" in options.ways:
        tell(f"stream of {options.files} files", lambda: streamed(table, options.files), alike)


if __name__ == "__main__":
    main()
