"""Association against the density clustering of libraries, in one run.

    python benchmarks/association.py [--largest 10000000] [--peers-to 10000000]

Points have the density of a real front: about 900 a day in small groups along 800 km, with
the error of a satellite pixel. Prints seconds, peak memory and the ratio of each peer. The
peers solve an easier task: one fixed radius, one fixed gap in time, no cut of long chains.
`linked` is what they do as well, and what ratios are taken to; `and cut` is what a run does.
"""

from __future__ import annotations

import argparse
import resource
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


def linked(n: int) -> int:
    """Link."""
    lon, lat, sigma, t = front(n)
    started = time.perf_counter()
    labels = link(lon, lat, sigma, t, t, extent_m=EXTENT_M, gate=GATE, gap=GAP)
    print("seconds", time.perf_counter() - started)
    return len(np.unique(labels))


def linked_and_cut(n: int) -> int:
    """Link, and cut what is too long or too wide."""
    lon, lat, sigma, t = front(n)
    rule = {"extent_m": EXTENT_M, "gate": GATE, "gap": GAP}
    started = time.perf_counter()
    labels = link(lon, lat, sigma, t, t, **rule)
    labels = cut(lon, lat, sigma, t, t, labels, **rule, longest=86_400, widest_m=10_000.0)
    print("seconds", time.perf_counter() - started)
    return len(np.unique(labels))


def sklearn_dbscan(n: int) -> int:
    """DBSCAN of scikit-learn on metres and scaled time, single links (min_samples 1)."""
    from sklearn.cluster import DBSCAN

    lon, lat, _, t = front(n)
    xyz = _scaled(lon, lat, t)
    started = time.perf_counter()
    labels = DBSCAN(eps=RADIUS_M, min_samples=1, algorithm="kd_tree").fit_predict(xyz)
    print("seconds", time.perf_counter() - started)
    return len(np.unique(labels))


def tree_components(n: int) -> int:
    """SciPy's k-d tree pairs and connected components: the fastest ready-made way found."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    lon, lat, _, t = front(n)
    xyz = _scaled(lon, lat, t)
    started = time.perf_counter()
    pairs = cKDTree(xyz).query_pairs(RADIUS_M, output_type="ndarray")
    graph = coo_matrix((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    found, _ = connected_components(graph, directed=False)
    print("seconds", time.perf_counter() - started)
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


def measure(name: str, n: int) -> tuple[float, float, int]:
    """Run a program in a process of its own; return seconds, peak MB and components."""
    told = subprocess.run(
        [sys.executable, __file__, "--one", name, "--largest", str(n)],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return float(told[-5]), float(told[-3]), int(told[-1])


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=10_000_000)
    parser.add_argument("--peers-to", type=int, default=10_000_000)
    parser.add_argument("--one", choices=PROGRAMS)
    options = parser.parse_args()
    if options.one:
        PROGRAMS[options.one](1_000) if options.one in OURS else None
        found = PROGRAMS[options.one](options.largest)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print("peak_mb", f"{peak:.0f}", "components", found)
        return
    print("points      program         seconds   peak MB   components   times linked")
    n = 100_000
    while n <= options.largest:
        base = None
        for name in PROGRAMS:
            if name not in OURS and n > options.peers_to:
                continue
            seconds, peak, found = measure(name, n)
            base = base or seconds
            print(f"{n:<11} {name:14} {seconds:8.2f} {peak:9.0f} {found:12} {seconds / base:10.1f}")
        n *= 10


if __name__ == "__main__":
    main()
