"""Memory of reading and of taking in files of growing size.

    python benchmarks/ingest_memory.py [MEGABYTES ...]

Writes synthetic thermal files (default 30 and 300 MB), works through each in a process of its
own, and prints the largest resident memory, the seconds and the rows. Memory should stay flat.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from truceline.core.store.case_store import CaseStore
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.firms import SOURCE

_HEADER = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight\n"
)
_BLOCK = 20_000


def write_file(path: Path, megabytes: int) -> None:
    """Write a file of detections in order of time, from a fixed seed."""
    rng = np.random.default_rng(20_250_420)
    minute = np.datetime64("2012-01-01T00:00")
    with path.open("w") as out:
        out.write(_HEADER)
        while out.tell() < megabytes * 1e6:
            lat = rng.uniform(44, 53, _BLOCK).round(5)
            lon = rng.uniform(22, 41, _BLOCK).round(5)
            frp = rng.gamma(1.5, 6, _BLOCK).round(2)
            for i in range(_BLOCK):
                stamp = str(minute + i // 15)
                clock = stamp[11:13] + stamp[14:16]
                out.write(f"{lat[i]},{lon[i]},330.1,0.4,0.4,{stamp[:10]},{clock},N,VIIRS,n,2.0,")
                out.write(f"290.1,{frp[i]},D\n")
            minute += _BLOCK // 15


def work(how: str, path: Path) -> None:
    """Do the work in this process and print its memory, time and rows."""
    start = time.perf_counter()
    if how == "read":
        rows = sum(batch.rows for batch in SOURCE.read(path, {}))
    else:
        with tempfile.TemporaryDirectory(dir=path.parent) as place:
            rows = ingest(CaseStore(Path(place)), [Entry(path, SOURCE)]).tally.rows
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{how:>7} {path.stat().st_size / 1e6:7.0f} MB {peak:7.0f} MB resident "
          f"{taken:7.1f} s {rows:>11,} rows", flush=True)  # fmt: skip


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for megabytes in sizes:
            path = Path(folder) / f"detections-{megabytes}.csv"
            write_file(path, megabytes)
            for how in ("read", "ingest"):
                subprocess.run([sys.executable, __file__, f"--{how}", str(path)], check=True)
            path.unlink()


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] in ("--read", "--ingest"):
        work(sys.argv[1].removeprefix("--"), Path(sys.argv[2]))
    else:
        main([int(text) for text in sys.argv[1:]] or [30, 300])
