"""Instructions that the compiled kernels take: a figure that no other work on a machine moves.

    python benchmarks/kernels.py                 # count, and compare with benchmarks/kernels.json
    python benchmarks/kernels.py --write         # count, and keep the counts there

Needs Valgrind. Callgrind counts the instructions of one process that forks for each kernel and
size; the difference between two sizes, divided by the difference in size, is what one more
observation, cell or case costs, without the start of the program or its compiler. Kernels are
compiled for a plain processor without wide vectors, which Callgrind knows and every machine
has, so counts compare between machines; they depend on the versions of numba and LLVM, which
are kept beside them. Ends with 1 where a kernel takes a tenth more than the counts kept.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from truceline.force.response.queue import completions
from truceline.force.terrain.viewshed import Lookout, Relief, viewshed
from truceline.judgement.incidents.cuts import cut
from truceline.judgement.incidents.links import link

KEPT = Path(__file__).with_suffix(".json")
RULE = {"extent_m": 500.0, "gate": 3.0, "gap": 6 * 3600}


def _front(n: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(1)
    groups = max(1, n // 3)
    of = rng.integers(0, groups, n)
    lon, lat = 36 + rng.random(groups), 47 + rng.random(groups)
    at = (rng.random(groups) * max(1.0, n / 100) * 86_400).astype(np.int64)
    t = at[of] + rng.integers(0, 7_200, n)
    lon, lat = lon[of] + rng.normal(0, 0.005, n), lat[of] + rng.normal(0, 0.004, n)
    return lon, lat, np.full(n, 190.0), t, t


def linking(n: int) -> Callable[[], object]:
    """Link observations in the density of a front."""
    points = _front(n)
    return lambda: link(*points, **RULE)


def cutting(n: int) -> Callable[[], object]:
    """Cut what is linked; every twentieth component is too long."""
    points = _front(n)
    labels = np.where(np.arange(n) % 20 < 1, np.arange(n) % 100, np.arange(n))
    return lambda: cut(*points, labels, **RULE, longest=86_400, widest_m=10_000.0)


def looking(n: int) -> Callable[[], object]:
    """See from the middle of a square of about n cells."""
    side = int(n**0.5)
    ground = np.random.default_rng(1).normal(0, 50.0, (side, side))
    relief, lookout = Relief(ground, 30.0), Lookout(side // 2, side // 2, 10.0, 2.0)
    return lambda: viewshed(relief, lookout)


def queueing(n: int) -> Callable[[], object]:
    """Pass n cases through three desks."""
    rng = np.random.default_rng(1)
    arrivals = np.cumsum(rng.exponential(1.0, n))
    work, hold = rng.gamma(4.0, 0.8, (n, 3)), rng.exponential(1.0, (n, 3))
    return lambda: completions(arrivals, work, hold, (4, 8, 6))


KERNELS = {
    "link, an observation": linking,
    "cut, an observation": cutting,
    "viewshed, a cell": looking,
    "queue, a case": queueing,
}
SIZES = (40_000, 160_000)


def work(folder: Path) -> None:
    """Under Callgrind: for each kernel and size a fork, which tells which file is its own."""
    for make in KERNELS.values():
        make(400)()
    for name, make in KERNELS.items():
        for size in SIZES:
            run = make(size)
            child = os.fork()
            if child == 0:
                run()
                os._exit(0)
            os.waitpid(child, 0)
            (folder / f"{child}.told").write_text(json.dumps([name, size]))


def count(folder: Path) -> dict[str, float]:
    """Return the instructions of each kernel for one more of what it works on."""
    settings = {
        **os.environ, "NUMBA_CPU_NAME": "generic", "NUMBA_CACHE_DIR": str(folder / "compiled"),
        "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1",
    }  # fmt: skip
    plain = [sys.executable, __file__, "--work", str(folder)]
    # Once without Callgrind, so that everything is compiled and only loaded under it.
    subprocess.run(plain, env=settings, check=True)
    for told in folder.glob("*.told"):
        told.unlink()
    watched = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={folder}/%p.out"]
    subprocess.run([*watched, *plain], env=settings, check=True, stderr=subprocess.DEVNULL)
    totals = {}
    for told in folder.glob("*.told"):
        name, size = json.loads(told.read_text())
        lines = told.with_suffix(".out").read_text().splitlines()
        totals[name, size] = int(next(s for s in lines if s.startswith("totals:")).split()[1])
    small, large = SIZES
    return {n: (totals[n, large] - totals[n, small]) / (large - small) for n in KERNELS}


def main() -> None:
    """Print a table; end with 1 where a kernel takes a tenth more than was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    if options.work:
        work(options.work)
        return
    if shutil.which("valgrind") is None:
        raise SystemExit("Valgrind is not installed; no instructions can be counted.")
    with tempfile.TemporaryDirectory() as folder:
        counts = count(Path(folder))
    import llvmlite
    import numba

    versions = {
        "numba": numba.__version__, "llvmlite": llvmlite.__version__,
        "numpy": np.__version__, "machine": platform.machine(),
    }  # fmt: skip
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    known = kept.get("instructions", {})
    print(f"{'kernel':24}{'instructions':>14}{'kept':>10}{'ratio':>8}")
    for name, found in counts.items():
        before = known.get(name)
        ratio = f"{before:10.0f}{found / before:8.2f}" if before else ""
        print(f"{name:24}{found:14.0f}{ratio}")
    if kept and kept["versions"] != versions:
        print("counts were kept with other versions:", kept["versions"])
    if options.write:
        rounded = {name: round(found, 1) for name, found in counts.items()}
        KEPT.write_text(
            json.dumps({"versions": versions, "instructions": rounded}, indent=2) + "\n"
        )
    elif any(found > 1.1 * known[name] for name, found in counts.items() if name in known):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
