"""Engines: both pass one battery, and a worker killed in the middle changes nothing."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from truceline.core.engines.engine import Engine, read
from truceline.core.engines.local import LocalEngine
from truceline.core.types.errors import StoreError
from truceline.testing.engines import check_engine

NUMBERS = {"number": pl.Int64()}


@pytest.mark.parametrize("engine", [LocalEngine(), LocalEngine(batch_rows=3), LocalEngine(2, 300)])
def test_the_local_engine_passes_the_battery(engine, tmp_path):
    assert isinstance(engine, Engine)
    check_engine(engine, tmp_path, rows=1_000 if engine.batch_rows > 3 else 60)


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime")
def test_spark_passes_the_battery(tmp_path):
    pytest.importorskip("pyspark")
    from truceline.core.engines.spark import SparkEngine, spark_session

    with spark_session() as session:
        check_engine(SparkEngine(session), tmp_path)


class DieOnce:
    """Kill the process the first time a batch comes by that holds a certain number."""

    def __init__(self, mark: Path, number: int, times: int = 1) -> None:
        self.mark, self.number, self.times = mark, number, times

    def __call__(self, rows: pl.DataFrame) -> pl.DataFrame:
        deaths = len(list(self.mark.iterdir()))
        if self.number in rows["number"] and deaths < self.times:
            (self.mark / str(deaths)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return rows


#: A kernel in a module that works on a table when it is imported.
THREADED = """
import polars as pl
LARGEST = pl.DataFrame({"number": range(100_000)}).sort("number").group_by("number").len()
def kernel(rows):
    return rows.join(LARGEST, on="number").select("number").sort("number")
"""

RUN = """
import sys
from pathlib import Path
import polars as pl
import threaded
from truceline.core.engines.engine import read
from truceline.core.engines.local import LocalEngine
if __name__ == "__main__":
    folder, types = Path(sys.argv[1]), {"number": pl.Int64()}
    pl.DataFrame({"number": range(100)}).write_parquet(folder / "in.parquet")
    done = LocalEngine(2, 10).map_batches(
        [folder / "in.parquet"], threaded.kernel, types, folder / "out"
    )
    print(len(read(done, types).collect()))
"""


def numbers(folder):
    pl.DataFrame({"number": range(100)}).write_parquet(folder / "in.parquet")
    (folder / "deaths").mkdir()
    return [folder / "in.parquet"]


def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path):
    files = numbers(tmp_path)
    kernel = DieOnce(tmp_path / "deaths", 55)
    done = LocalEngine(2, 10).map_batches(files, kernel, NUMBERS, tmp_path / "out")
    assert len(list((tmp_path / "deaths").iterdir())) == 1
    assert sorted(read(done, NUMBERS).collect()["number"]) == list(range(100))


def test_a_kernel_whose_module_starts_threads_when_imported_does_not_hang(tmp_path):
    """Polars runs threads from the first table on; a fork of them would wait for ever."""
    (tmp_path / "threaded.py").write_text(THREADED)
    script = [sys.executable, "-c", RUN, str(tmp_path)]
    found = subprocess.run(script, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert found.stdout == "100\n", found.stderr


def pool_of_parent(rows):
    """Return how many threads of Polars' pool the process runs that this one was forked from."""
    threads = Path(f"/proc/{os.getppid()}/task").glob("*/comm")
    pool = [name for name in (t.read_text() for t in threads) if re.match(r"polars-\d", name)]
    return pl.DataFrame({"number": [len(pool)]})


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are told by /proc")
def test_what_workers_are_forked_from_works_on_no_table(tmp_path):
    """Whatever ran in this process before: a fork of a process with that pool may hang."""
    done = LocalEngine(2, 10).map_batches(
        numbers(tmp_path), pool_of_parent, NUMBERS, tmp_path / "out"
    )
    assert set(read(done, NUMBERS).collect()["number"]) == {0}


def test_a_step_that_always_kills_its_worker_is_given_up_with_a_remedy(tmp_path):
    files = numbers(tmp_path)
    kernel = DieOnce(tmp_path / "deaths", 55, times=99)
    with pytest.raises(StoreError, match="fewer processes"):
        LocalEngine(2, 100).map_batches(files, kernel, NUMBERS, tmp_path / "out")


def test_an_error_of_a_kernel_is_told_and_not_tried_again(tmp_path):
    def wrong(rows):
        raise KeyError("no such column")

    with pytest.raises(KeyError, match="no such column"):
        LocalEngine().map_batches(numbers(tmp_path), wrong, NUMBERS, tmp_path / "out")
