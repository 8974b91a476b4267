"""Siting: time, objective and certified gap, against PySAL spopt on the same instances.

    python benchmarks/siting.py --small      # a minute
    python benchmarks/siting.py              # spopt takes many minutes on the large instance
    python benchmarks/siting.py --alone      # without spopt

Places are drawn at random, in a square or in a band along a line, with whole weights. Both
sides start from the same matrix of distances; spopt's time includes building its model, ours
includes building the coverage. The set covering is solved for the band.
"""

from __future__ import annotations

import argparse
import importlib.util
import time

import numpy as np

from truceline.force.siting.coverage import coverage_of
from truceline.force.siting.covering import Covering, greedy_covering, maximal_covering
from truceline.force.siting.medians import median_bases
from truceline.force.siting.standard import keep_standard

LARGE = (
    ("square", 2_000, 20_000, 0.030, 200),
    ("square", 2_000, 20_000, 0.050, 60),
    ("square", 2_000, 20_000, 0.050, 100),
    ("band", 2_000, 20_000, 0.004, 60),
)
SMALL = (("square", 200, 2_000, 0.090, 20), ("band", 300, 3_000, 0.020, 15))


def instance(shape, sites, points, seed=0):
    rng = np.random.default_rng(seed)
    wide = np.array([1.0, 1.0]) if shape == "square" else np.array([1.0, 0.004])
    stand, see = rng.random((sites, 2)) * wide, rng.random((points, 2)) * wide
    apart = np.sqrt((stand[:, :1] - see[:, 0]) ** 2 + (stand[:, 1:] - see[:, 1]) ** 2)
    return apart, rng.integers(1, 100, points).astype(float)


def spopt(apart, weight, radius, units):
    import pulp
    from spopt.locate import MCLP

    began = time.perf_counter()
    model = MCLP.from_cost_matrix(apart.T, weight, service_radius=radius, p_facilities=units)
    model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=1800))
    took = time.perf_counter() - began
    return pulp.value(model.problem.objective), took, pulp.LpStatus[model.problem.status]


def ours(apart, weight, radius, units):
    began = time.perf_counter()
    asked = Covering(
        coverage_of(apart <= radius), weight, np.zeros(len(apart), int), np.array([units])
    )
    built = time.perf_counter()
    quick = greedy_covering(asked)
    swift = time.perf_counter()
    plan = maximal_covering(asked, np.random.default_rng(0))
    took = time.perf_counter() - swift
    return plan, quick, built - began, swift - built, took


def maximal(instances, alone):
    for shape, sites, points, radius, units in instances:
        apart, weight = instance(shape, sites, points)
        plan, quick, built, swift, took = ours(apart, weight, radius, units)
        print(
            f"maximal covering, {shape} {sites:,} x {points:,}, {units} units: coverage "
            f"{built:.2f} s, greedy {1000 * swift:.1f} ms ({quick.objective / plan.objective:.4f} "
            f"of the plan), plan {took:.2f} s, {plan.share:.1%} seen, gap {plan.gap:.3%}",
            flush=True,
        )
        if not alone:
            best, their, status = spopt(apart, weight, radius, units)
            print(
                f"    spopt {their:.1f} s ({status}); objective {plan.objective / best:.5f} of "
                f"theirs, {their / (built + took):.0f} times as fast, coverage included",
                flush=True,
            )


def standards(instances):
    for shape, sites, points, radius, _ in instances:
        if shape != "band":
            continue
        apart, _ = instance(shape, sites, points)
        for looks in (1, 2):
            began = time.perf_counter()
            plan = keep_standard(
                coverage_of(apart <= radius), looks, seconds=120, where_possible=True
            )
            print(
                f"set covering, {shape} {sites:,} x {points:,}, seen by {looks}: {plan.cost:.0f} "
                f"units, bound {plan.bound:.0f}, gap {plan.gap:.2%}, {plan.left[0]} x "
                f"{plan.left[1]} left by dominance, {time.perf_counter() - began:.2f} s",
                flush=True,
            )


def medians(small):
    apart, weight = instance("square", *((100, 500) if small else (600, 3_000)))
    began = time.perf_counter()
    plan = median_bases(apart, weight, 10 if small else 30)
    took = time.perf_counter() - began
    print(f"p-median, {apart.shape[0]} x {apart.shape[1]}: gap {plan.gap:.3%}, {took:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--alone", action="store_true", help="without spopt")
    chosen = parser.parse_args()
    if not chosen.alone and importlib.util.find_spec("spopt") is None:
        parser.error("spopt is not installed; install it, or run with --alone")
    apart, weight = instance("square", 30, 60)
    ours(apart, weight, 0.2, 3)
    median_bases(apart, weight, 2)

    maximal(SMALL if chosen.small else LARGE, chosen.alone)
    standards(SMALL if chosen.small else LARGE)
    medians(chosen.small)


if __name__ == "__main__":
    main()
