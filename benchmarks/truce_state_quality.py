"""How often a truce state is wrong by chance: simulated days on which nothing changed.

Run: python benchmarks/truce_state_quality.py
"""

import time

import numpy as np

from truceline.judgement.truce_state.alarm import calibrated_cusum
from truceline.judgement.truce_state.dispersion import placebo_spread
from truceline.judgement.truce_state.ratio import Ratio

TRIALS = 600
POISSON = float("inf")


def bursts(rng: np.random.Generator, mean: float, shape: float, size: tuple) -> np.ndarray:
    factor = 1.0 if np.isinf(shape) else rng.gamma(shape, 1 / shape, size)
    return rng.poisson(np.broadcast_to(mean * factor, size))


def ratios(mean: float, shape: float) -> tuple[float, float, float]:
    """Return coverage of 1, and the shares wrongly holding and rightly broken."""
    rng = np.random.default_rng(5)
    inside = holding = broken = 0
    for row in bursts(rng, mean, shape, (TRIALS, 31)):
        spread = placebo_spread(row[:30], np.ones(30), default_log_sd=0.7, default_windows=2)
        below = Ratio(float(row[30]), 1, float(row[:30].sum()), 30, spread).below([0.25, 0.5, 1.0])
        inside += 0.05 <= below[2] <= 0.95
        holding += below[0] >= 0.9
        broken += below[1] <= 0.1
    return inside / TRIALS, holding / TRIALS, broken / TRIALS


def alarm(mean: float, shape: float) -> tuple[float, float]:
    """Return the computed and the simulated mean periods between false alarms."""
    rng = np.random.default_rng(1)
    made = calibrated_cusum(mean, 2 * mean, false_alarm_periods=200, shape=shape)
    counts = bursts(rng, mean, shape, (1500, 4000))
    times = [np.argmax(rings) + 1 for rings in map(made.alarms, counts) if rings.any()]
    return made.periods_between_false_alarms, float(np.mean(times))


def main() -> None:
    print("one day against 30 like it; share of 600 trials")
    print("mean shape | interval holds 1 | wrongly holding | called broken")
    for mean, shape in ((3, 2.0), (10, 2.0), (20, 3.0), (100, 1.0), (40, POISSON)):
        print(f"{mean:4g} {shape:5g} | %.3f | %.3f | %.3f" % ratios(mean, shape))
    print("alarm, one false in 200 periods: computed | simulated")
    for mean, shape in ((0.2, POISSON), (2, POISSON), (30, POISSON), (0.5, 1.0), (30, 5.0)):
        print(f"{mean:4g} {shape:5g} | %.1f | %.1f" % alarm(mean, shape))
    start = time.perf_counter()
    for i in range(200):
        Ratio(i, 1, 3000, 30, placebo_spread([90 + i, 110], [1, 1], default_log_sd=0.7,
                                            default_windows=2)).interval()  # fmt: skip
    print(f"one interval of a ratio: {(time.perf_counter() - start) / 200 * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
