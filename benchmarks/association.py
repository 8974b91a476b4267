"""Association against the density clustering of libraries, in one run.

    python benchmarks/association.py [--smallest 100000] [--largest 10000000] [--repeats 1]
                                     [--programs linked scipy]

Points have the density of a real front: about 900 a day in small groups along 800 km, with
the error of a satellite pixel. Prints seconds, seconds of a processor (which other work on the
machine disturbs less), peak memory, and the ratio of each peer by processor; with repeats, the
programs in turn and the median of each. All of them run on one core. The peers solve an easier
task: one fixed radius, one fixed gap in time, no cut of long chains. `linked` is what they do
as well; `and cut` is what a run does.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time

import numpy as np

from truceline.judgement.incidents.cuts import cut
from truceline.judgement.incidents.links import link

EXTENT_M, GATE, GAP = 500.0, 3.0, 6 * 3600
RADIUS_M = GATE * (2 * 190.0**2 + EXTENT_M**2) ** 0.5


def front(n: int) -> tuple[np.ndarray, ...]:
    """Return longitude, latitude, sigma and time (s) of n points."""
    rng = np.random.default_rng(1)
    groups = max(1, n // 3)
    of = rng.integers(0, groups, n)
    lon = 32 + rng.random(groups) * 8
    lat = 46.5 + (lon - 32) * 0.4 + rng.normal(0, 0.15, groups)
    at = (rng.random(groups) * max(1.0, n / 900) * 86_400).astype(np.int64)
    return (
        lon[of] + rng.normal(0, 0.005, n),
        lat[of] + rng.normal(0, 0.004, n),
        np.full(n, 190.0),
        at[of] + rng.integers(0, 7_200, n),
    )


def now() -> tuple[float, float]:
    """Return seconds by the clock on the wall, and of a processor."""
    return time.perf_counter(), time.process_time()


def tell(started: tuple[float, float]) -> None:
    """Print what has passed since."""
    print("seconds", *(b - a for a, b in zip(started, now(), strict=True)))


def linked(n: int) -> int:
    """Link."""
    lon, lat, sigma, t = front(n)
    started = now()
    labels = link(lon, lat, sigma, t, t, extent_m=EXTENT_M, gate=GATE, gap=GAP)
    tell(started)
    return len(np.unique(labels))


def linked_and_cut(n: int) -> int:
    """Link, and cut what is too long or too wide."""
    lon, lat, sigma, t = front(n)
    rule = {"extent_m": EXTENT_M, "gate": GATE, "gap": GAP}
    started = now()
    labels = link(lon, lat, sigma, t, t, **rule)
    labels = cut(lon, lat, sigma, t, t, labels, **rule, longest=86_400, widest_m=10_000.0)
    tell(started)
    return len(np.unique(labels))


def sklearn_dbscan(n: int) -> int:
    """DBSCAN of scikit-learn on metres and scaled time, single links (min_samples 1)."""
    from sklearn.cluster import DBSCAN

    lon, lat, _, t = front(n)
    xyz = _scaled(lon, lat, t)
    started = now()
    labels = DBSCAN(eps=RADIUS_M, min_samples=1, algorithm="kd_tree").fit_predict(xyz)
    tell(started)
    return len(np.unique(labels))


def tree_components(n: int) -> int:
    """SciPy's k-d tree pairs and connected components: the fastest ready-made way found."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    lon, lat, _, t = front(n)
    xyz = _scaled(lon, lat, t)
    started = now()
    pairs = cKDTree(xyz).query_pairs(RADIUS_M, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    found, _ = connected_components(graph, directed=False)
    tell(started)
    return int(found)


def _scaled(lon: np.ndarray, lat: np.ndarray, t: np.ndarray) -> np.ndarray:
    metres = 111_195.0
    x = lon * metres * np.cos(np.radians(48.0))
    return np.column_stack([x, lat * metres, t * (RADIUS_M / GAP)])


PROGRAMS = {
    "linked": linked,
    "and cut": linked_and_cut,
    "scikit-learn": sklearn_dbscan,
    "scipy": tree_components,
}
OURS = ("linked", "and cut")


def measure(name: str, n: int) -> tuple[float, float, float, int]:
    """Run a program in a process of its own; return both seconds, peak MB and components."""
    told = subprocess.run(
        [sys.executable, __file__, "--one", name, "--largest", str(n)],
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    wall, processor = map(float, told[-2].split()[1:])
    _, peak, _, found = told[-1].split()
    return wall, processor, float(peak), int(found)


def one(name: str, n: int) -> None:
    """Run a program and print its figures."""
    if name in OURS:
        PROGRAMS[name](1_000)
    found = PROGRAMS[name](n)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("peak_mb", f"{peak:.0f}", "components", found)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smallest", type=int, default=100_000)
    parser.add_argument("--largest", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--programs", nargs="+", choices=PROGRAMS, default=list(PROGRAMS))
    parser.add_argument("--one", choices=PROGRAMS)
    options = parser.parse_args()
    if options.one:
        one(options.one, options.largest)
        return
    print("points      program         seconds  processor   peak MB   components   times the first")
    n = options.smallest
    while n <= options.largest:
        runs = [[measure(name, n) for name in options.programs] for _ in range(options.repeats)]
        base = statistics.median(run[0][1] for run in runs)
        for name, of in zip(options.programs, zip(*runs, strict=True), strict=True):
            wall, processor, peak, found = map(statistics.median, zip(*of, strict=True))
            print(
                f"{n:<11} {name:14} {wall:8.2f} {processor:10.2f} {peak:9.0f} {found:12.0f}"
                f" {processor / base:10.1f}",
                flush=True,
            )
        n *= 10


if __name__ == "__main__":
    main()
