"""Siting: time, objective and certified gap, against PySAL spopt on the same instances.

    python benchmarks/siting.py --small      # a minute
    python benchmarks/siting.py              # spopt takes many minutes on the large instance
    python benchmarks/siting.py --alone      # without spopt

Places are drawn at random, in a square or in a band along a line, with whole weights. Both
sides start from the same matrix of distances; spopt's time includes building its model, ours
includes building the coverage. Times are processor seconds of this process and of those it
starts, which other work on the machine changes least.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import time

import numpy as np

from truceline.force.siting.centres import centre_bases
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

#: Clock seconds after which spopt's solver gives the best it has met.
SPOPT_SECONDS = 600


def instance(shape, sites, points, seed=0):
    rng = np.random.default_rng(seed)
    wide = np.array([1.0, 1.0]) if shape == "square" else np.array([1.0, 0.004])
    stand, see = rng.random((sites, 2)) * wide, rng.random((points, 2)) * wide
    apart = np.sqrt((stand[:, :1] - see[:, 0]) ** 2 + (stand[:, 1:] - see[:, 1]) ** 2)
    return apart, rng.integers(1, 100, points).astype(float)


def spent():
    """Return the processor seconds of this process and of those it has waited for."""
    waited = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + waited.ru_utime + waited.ru_stime


def spopt(apart, weight, radius, units):
    import pulp
    from spopt.locate import MCLP

    began = spent()
    model = MCLP.from_cost_matrix(apart.T, weight, service_radius=radius, p_facilities=units)
    clock = time.perf_counter()
    try:
        model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=SPOPT_SECONDS))
    except RuntimeError:
        return np.nan, spent() - began, "nothing"
    stopped = time.perf_counter() - clock > SPOPT_SECONDS
    return pulp.value(model.problem.objective), spent() - began, "stopped" if stopped else "proven"


def ours(apart, weight, radius, units):
    began = spent()
    asked = Covering(
        coverage_of(apart <= radius), weight, np.zeros(len(apart), int), np.array([units])
    )
    built = spent()
    quick = greedy_covering(asked)
    swift = spent()
    plan = maximal_covering(asked, np.random.default_rng(0))
    took = spent() - swift
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
                f"    spopt, {shape} {sites:,} x {points:,}, {units} units: {their:.1f} s "
                f"({status}); objective {plan.objective / best:.5f} of theirs, "
                f"{their / (built + took):.0f} times as fast, coverage included",
                flush=True,
            )


def standards(instances):
    for shape, sites, points, radius in dict.fromkeys(each[:4] for each in instances):
        apart, _ = instance(shape, sites, points)
        for looks in (1, 2) if shape == "band" else (1,):
            began = spent()
            plan = keep_standard(
                coverage_of(apart <= radius), looks, seconds=60, where_possible=True
            )
            print(
                f"set covering, {shape} {sites:,} x {points:,}, radius {radius}, seen by {looks}: "
                f"{plan.cost:.0f} units, bound {plan.bound:.0f}, gap {plan.gap:.2%}, "
                f"{plan.left[0]} x {plan.left[1]} left by dominance, {spent() - began:.2f} s",
                flush=True,
            )


def medians(small):
    apart, weight = instance("square", *((100, 500) if small else (600, 3_000)))
    began = spent()
    plan = median_bases(apart, weight, 10 if small else 30)
    took = spent() - began
    print(f"p-median, {apart.shape[0]} x {apart.shape[1]}: gap {plan.gap:.3%}, {took:.2f} s")


def centres(small):
    apart, _ = instance("square", *((100, 500) if small else (600, 3_000)))
    began = spent()
    plan = centre_bases(apart, 10 if small else 30)
    took = spent() - began
    print(f"p-centre, {apart.shape[0]} x {apart.shape[1]}: gap {plan.gap:.3%}, {took:.2f} s")


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
    centre_bases(apart, 2)
    keep_standard(coverage_of(apart <= 0.3), where_possible=True)

    maximal(SMALL if chosen.small else LARGE, chosen.alone)
    standards(SMALL if chosen.small else LARGE)
    medians(chosen.small)
    centres(chosen.small)


if __name__ == "__main__":
    main()
