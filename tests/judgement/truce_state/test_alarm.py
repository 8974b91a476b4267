"""An alarm rings by chance as seldom as it says, and soon when things get worse."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from truceline.core.types.errors import TermsError
from truceline.judgement.truce_state.alarm import calibrated_cusum, run_length

INFINITE = float("inf")


def simulated(alarm, mean, shape, rng, runs=1500, horizon=4000):
    """Return the mean time to the first alarm, by running the statistic itself."""
    times = np.full(runs, horizon)
    level = np.zeros(runs)
    waiting = np.ones(runs, dtype=bool)
    for t in range(horizon):
        bursts = np.ones(runs) if np.isinf(shape) else rng.gamma(shape, 1 / shape, runs)
        level = np.maximum(0, level + rng.poisson(mean * bursts) - alarm.reference)
        ringing = waiting & (level >= alarm.threshold - 1e-9)
        times[ringing] = t + 1
        waiting &= ~ringing
        if not waiting.any():
            break
    return times.mean()


@pytest.mark.parametrize(
    ("mean", "shape"), [(0.2, INFINITE), (2, INFINITE), (30, INFINITE), (0.5, 1.0), (30, 5.0)]
)
def test_false_alarms_are_as_seldom_as_stated(mean, shape):
    alarm = calibrated_cusum(mean, 2 * mean, false_alarm_periods=200, shape=shape)
    assert alarm.periods_between_false_alarms >= 200
    found = simulated(alarm, mean, shape, np.random.default_rng(1))
    assert found == pytest.approx(alarm.periods_between_false_alarms, rel=0.1)


def test_large_counts_are_followed_to_a_tenth_too():
    alarm = calibrated_cusum(3000, 6000, false_alarm_periods=100, shape=4.0)
    found = simulated(alarm, 3000, 4.0, np.random.default_rng(2))
    assert found == pytest.approx(alarm.periods_between_false_alarms, rel=0.1)


def test_a_doubling_is_caught_soon():
    alarm = calibrated_cusum(5, 10, false_alarm_periods=365)
    computed = run_length(alarm, 10)
    assert computed < 5
    found = simulated(alarm, 10, INFINITE, np.random.default_rng(3))
    assert found == pytest.approx(computed, rel=0.1)


def test_the_reference_of_poisson_is_the_limit_of_the_negative_binomial():
    poisson = calibrated_cusum(4, 8, false_alarm_periods=100)
    nearly = calibrated_cusum(4, 8, false_alarm_periods=100, shape=1e7)
    # (8 - 4) / log 2 = 5.77, to a step of a tenth.
    assert poisson.reference == pytest.approx(4 / np.log(2), abs=0.06)
    assert nearly.reference == pytest.approx(poisson.reference)
    assert nearly.threshold == pytest.approx(poisson.threshold)


def test_the_statistic_by_hand():
    alarm = calibrated_cusum(4, 8, false_alarm_periods=100)
    k = alarm.reference
    path = alarm.path([0, 10, 3, 0])
    assert path.tolist() == pytest.approx([0, 10 - k, max(0, 13 - 2 * k), max(0, 13 - 3 * k)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_the_statistic_is_page_s_recursion(counts):
    alarm = calibrated_cusum(4, 8, false_alarm_periods=100)
    level, expected = 0.0, []
    for y in counts:
        level = max(0.0, level + y - alarm.reference)
        expected.append(level)
    assert alarm.path(counts) == pytest.approx(expected, abs=1e-9)


def test_a_day_not_watched_changes_nothing():
    alarm = calibrated_cusum(4, 8, false_alarm_periods=100)
    path = alarm.path([9, 0, 9], [1, 0, 1])
    assert path[0] == path[1]
    assert path[2] == pytest.approx(alarm.path([9, 9])[1])


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 50), st.floats(20, 400))
def test_a_rarer_false_alarm_needs_a_higher_threshold(mean, periods):
    lower = calibrated_cusum(mean, 2 * mean, false_alarm_periods=periods)
    higher = calibrated_cusum(mean, 2 * mean, false_alarm_periods=2 * periods)
    assert higher.threshold >= lower.threshold


@pytest.mark.parametrize(("accepted", "feared"), [(0, 1), (2, 2), (3, 1)])
def test_an_alarm_without_a_worse_level_is_refused(accepted, feared):
    with pytest.raises(TermsError, match="feared"):
        calibrated_cusum(accepted, feared, false_alarm_periods=100)


@given(
    st.floats(0.05, 150.0), st.floats(1.2, 4.0), st.sampled_from([0.5, 1.0, 3.0, float("inf")]),
    st.integers(20, 1_000),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_the_run_length_is_that_of_the_chain_written_out(accepted, ratio, shape, periods):
    """Brook and Evans (1972): the mean time to absorption solves (I - Q) t = 1."""
    alarm = calibrated_cusum(accepted, accepted * ratio, false_alarm_periods=periods, shape=shape)
    assume(alarm.periods_between_false_alarms < 1e6)
    deviation = np.sqrt(accepted + accepted**2 / shape)
    wanted = deviation / 20
    step = 1.0 / np.ceil(1.0 / wanted) if wanted < 1.0 else np.floor(wanted)
    states = round(alarm.threshold / step)
    law = stats.poisson(accepted) if np.isinf(shape) else stats.nbinom(
        shape, shape / (shape + accepted)
    )  # fmt: skip
    half = 0.5 if step > 1.0 else 0.0
    reach = np.arange(states)[None, :] - np.arange(states)[:, None] + half
    upto = law.cdf(np.floor(reach * step + alarm.reference + 1e-9))
    moves = np.diff(upto, axis=1, prepend=0.0)
    times = np.linalg.solve(np.eye(states) - moves, np.ones(states))
    assert alarm.periods_between_false_alarms == pytest.approx(times[0], rel=1e-7)


def test_an_alarm_that_chance_never_rings_is_one():
    """Counts near 150 a period do not reach 460 by chance, in no time that can be computed."""
    alarm = calibrated_cusum(147.0, 459.0, false_alarm_periods=365)
    assert alarm.periods_between_false_alarms == INFINITE
    assert alarm.alarms([147, 150, 460]).tolist() == [False, False, True]
