"""The Spark engine: the same steps on an Apache Spark session, local or a cluster's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from truceline.core.engines.engine import PART, Kernel, Types, conform

_NAMES = {pl.Int64: "bigint", pl.Float64: "double", pl.String: "string", pl.Boolean: "boolean"}


@dataclass(frozen=True)
class SparkEngine:
    """Run kernels on a Spark session; open one with `spark_session`.

    Attributes
    ----------
    session : pyspark.sql.SparkSession
        The session. Its workers must see the folders of the steps and import this package.
    """

    session: Any

    @property
    def name(self) -> str:
        """Short name."""
        return "spark"

    def map_batches(
        self, files: Sequence[Path], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        """Apply a kernel to the rows, some at a time; return the files of the result."""

        def batches(rows: Iterator[Any]) -> Iterator[Any]:
            for batch in rows:
                yield from _arrow(kernel(_polars(batch)), types).to_batches()

        if not files:
            return []
        rows = self.session.read.parquet(*map(str, files))
        return _write(rows.mapInArrow(batches, _ddl(types)), folder)

    def map_parts(
        self, files: Sequence[Path], kernel: Kernel, types: Types, folder: Path
    ) -> list[Path]:
        """Apply a kernel to each part, all its rows together; return the result's files."""

        def part(rows: Any) -> Any:
            return _arrow(kernel(_polars(rows)), types)

        if not files:
            return []
        rows = self.session.read.parquet(*map(str, files))
        return _write(rows.groupBy(PART).applyInArrow(part, _ddl(types)), folder)


@contextmanager
def spark_session(master: str = "local[2]", **settings: str) -> Iterator[Any]:
    """Open a Spark session with this interpreter as its workers', and close it.

    Parameters
    ----------
    master : str
        Where: `local[2]`, `spark://host:7077`, `yarn`, `k8s://...`. With `local[2,4]` a worker
        that dies on this machine is replaced, up to three times; on a cluster it always is.
    settings : str
        More of Spark's settings, with `__` for the dots in their names.
    """
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(master).appName("truceline")
    chosen = {
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "8",
        # A part is one task's worth already; it is not to be joined with others.
        "spark.sql.adaptive.coalescePartitions.enabled": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "200000",
        **{name.replace("__", "."): value for name, value in settings.items()},
    }
    for name, value in chosen.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def _write(rows: Any, folder: Path) -> list[Path]:
    rows.write.parquet(str(folder))
    return sorted(folder.glob("*.parquet"))


def _ddl(types: Types) -> str:
    return ", ".join(f"`{name}` {_NAMES[type(dtype)]}" for name, dtype in types.items())


def _polars(rows: Any) -> pl.DataFrame:
    table = pl.from_arrow(rows)
    return table if isinstance(table, pl.DataFrame) else table.to_frame()


def _arrow(table: pl.DataFrame, types: Types) -> Any:
    import pyarrow as pa

    names = {pl.Int64: pa.int64(), pl.Float64: pa.float64(),
             pl.String: pa.string(), pl.Boolean: pa.bool_()}  # fmt: skip
    schema = pa.schema([(name, names[type(dtype)]) for name, dtype in types.items()])
    return conform(table, types).to_arrow().cast(schema)
