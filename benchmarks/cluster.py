"""A standalone Spark cluster on loopback: a master and some workers, each a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark

_HOME = Path(pyspark.__file__).parent
_DEPLOY = "org.apache.spark.deploy"


@dataclass(frozen=True)
class Cluster:
    """A running cluster.

    Attributes
    ----------
    url : str
        What to give Spark as master.
    workers : list of subprocess.Popen
        The workers; each leads a process group with all that it started.
    """

    url: str
    workers: list[subprocess.Popen[bytes]]

    def kill(self, number: int) -> None:
        """Kill a worker and its executors at once, as a machine that goes dark would."""
        _kill(self.workers[number])
        self.workers[number].wait()


@contextmanager
def cluster(folder: Path, workers: int = 2, memory: str = "3g") -> Iterator[Cluster]:
    """Start a master and workers of one core each, and end them.

    Parameters
    ----------
    folder : Path
        Where the workers keep their files and all of them their logs.
    workers : int
        How many.
    memory : str
        What a worker may give to executors.
    """
    port = _free_port()
    url = f"spark://127.0.0.1:{port}"
    here = ("--host", "127.0.0.1", "--webui-port", "0")
    master = _start(folder, "master", f"{_DEPLOY}.master.Master", *here, "--port", str(port))
    started = []
    try:
        _wait_for(folder / "master.log", "new state: ALIVE")
        for number in range(workers):
            name = f"worker-{number}"
            limits = ("--cores", "1", "--memory", memory, "--work-dir", str(folder / name))
            started.append(_start(folder, name, f"{_DEPLOY}.worker.Worker", *here, *limits, url))
        for number in range(workers):
            _wait_for(folder / f"worker-{number}.log", "registered with master")
        yield Cluster(url, started)
    finally:
        for process in [*started, master]:
            _kill(process)
            process.wait()


def _start(folder: Path, name: str, *command: str) -> subprocess.Popen[bytes]:
    settings = {
        **os.environ,
        "SPARK_HOME": str(_HOME), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
        "SPARK_DAEMON_MEMORY": "512m", "SPARK_LOCAL_DIRS": str(folder / "shuffled"),
    }  # fmt: skip
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(_HOME / "bin" / "spark-class"), *command],
            env=settings, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def _wait_for(log: Path, words: str, seconds: float = 120.0) -> None:
    """Wait until a log holds the words which tell that the process is ready."""
    until = time.monotonic() + seconds
    while words.lower() not in log.read_text(errors="replace").lower():
        if time.monotonic() > until:
            raise SystemExit(f"the cluster did not start: {log.read_text(errors='replace')[-500:]}")
        time.sleep(0.2)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
