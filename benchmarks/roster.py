"""The roster: 150 units of 20 nations over 36 months, at once and with a certified gap.

python benchmarks/roster.py [--seconds 60] [--seeds 3] [--workers 2]

Units whole in one place, and units divided among places; the time is the longest for each program.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import polars as pl

from truceline.force.roster.divided import divided_roster
from truceline.force.roster.exact import exact_roster
from truceline.force.roster.greedy import greedy_roster
from truceline.force.roster.model import SLOTS, UNITS, Question

KINDS = ("infantry", "recce", "engineers", "drones", "medical")


def instance(seed: int, units: int = 150, nations: int = 20, months: int = 36) -> Question:
    """Return a made-up coalition: sizes, tours, rest and caveats drawn."""
    rng = np.random.default_rng(seed)
    of = rng.integers(nations, size=units)
    tour = rng.choice([4, 6, 9], nations)[of]
    ratio = rng.choice([3, 4, 5], nations)[of]
    kind = rng.choice(KINDS, units, p=[0.4, 0.2, 0.15, 0.15, 0.1])
    persons = rng.choice([120, 250, 400, 600], units).astype(float)
    table = pl.DataFrame(
        {"unit_id": [f"u{i}" for i in range(units)], "nation": [f"n{i}" for i in of], "kind": kind,
         "persons": persons, "first_month": rng.integers(0, 7, units), "tour": tour,
         "cycle": tour * ratio}
    )  # fmt: skip
    sectors = [f"sector-{i}" for i in range(6)]
    steady = (persons / ratio)[:, None]
    slots = [
        {"slot": s, "kind": k, "persons": float(np.round(1.05 * steady[kind == k].sum() / 6, -1))}
        for s in sectors
        for k in KINDS
    ]
    # A third of the nations keep out of some sectors.
    shut = rng.random((nations, 6)) < np.where(rng.random(nations) < 1 / 3, 0.5, 0.0)[:, None]
    may = np.stack([(kind == s["kind"]) & ~shut[of, i // len(KINDS)]
                    for i, s in enumerate(slots)], axis=1)  # fmt: skip
    return Question(UNITS.conform(table), SLOTS.conform(pl.DataFrame(slots)), may, months)


def main() -> None:
    """Print a line for each seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    print(
        "| seed | greedy, ms | greedy below the bound | whole, s | met of needed | gap | "
        "divided, s | met of needed | gap |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for seed in range(args.seeds):
        asked = instance(seed)
        greedy_roster(asked)
        times = []
        for _ in range(5):
            began = time.perf_counter()
            quick = greedy_roster(asked)
            times.append(time.perf_counter() - began)
        began = time.perf_counter()
        best = exact_roster(
            asked, np.random.default_rng(seed), seconds=args.seconds, workers=args.workers
        )
        took = time.perf_counter() - began
        began = time.perf_counter()
        shared = divided_roster(asked, seconds=args.seconds, workers=args.workers)
        dividing = time.perf_counter() - began
        behind = 1.0 - quick.met / best.bound
        print(
            f"| {seed} | {1000 * float(np.median(times)):.0f} | {behind:.2%} | {took:.1f} | "
            f"{best.met / best.needed:.1%} | {best.gap:.2%} | "
            f"{dividing:.1f} | {shared.met / shared.needed:.1%} | {shared.gap:.2%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
