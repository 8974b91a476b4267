"""Change points after the fact and as the days come in."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from truceline.judgement.truce_state.change_points import change_point, change_points, change_scan
from truceline.judgement.truce_state.online_changes import run_lengths

#: Monthly violations along the Line of Control as reported by one side, January 2018 to
#: June 2021 (parliamentary answers reprinted by the press; yearly totals 2,140, 3,479, 5,133).
LINE_OF_CONTROL = [
    408, 225, 203, 177, 351, 58, 13, 44, 112, 183, 188, 178,
    216, 251, 275, 240, 238, 190, 314, 323, 308, 398, 333, 393,
    394, 389, 454, 412, 398, 423, 482, 434, 436, 459, 437, 415,
    380, 278, 0, 1, 3, 2,
]  # fmt: skip

series = st.lists(st.integers(0, 60), min_size=2, max_size=30)


def test_the_published_series_sums_to_its_years():
    y = LINE_OF_CONTROL
    assert [sum(y[:12]), sum(y[12:24]), sum(y[24:36]), sum(y[36:])] == [2140, 3479, 5133, 664]


def test_one_change_between_february_and_march_2021():
    found = change_point(LINE_OF_CONTROL)
    assert found.index == 38
    assert round(found.before, 1) == 300.3
    assert found.after == 1.5
    assert round(found.log_ratio, 1) == 1104.8


def test_splitting_again_finds_the_changes_of_2018_and_2019():
    months = {c.index for c in change_points(LINE_OF_CONTROL)}
    june_2018, september_2018, july_2019, march_2021 = 5, 8, 18, 38
    assert {june_2018, september_2018, july_2019, march_2021} <= months


def test_a_scan_by_hand():
    # 4, 0 in equal exposure: 4 log 4 + 0 - 4 log 2 = 4 log 2.
    assert change_scan([4, 0]).tolist() == pytest.approx([4 * np.log(2)])
    # Twice the exposure and twice the count is no change at all.
    assert change_scan([4, 8], [1, 2]).tolist() == pytest.approx([0])


@settings(max_examples=80, deadline=None)
@given(series)
def test_the_scan_is_the_difference_of_poisson_likelihoods(y):
    y = np.array(y)
    scan = change_scan(y)
    t = int(np.argmax(scan)) + 1
    one = stats.poisson.logpmf(y, max(y.mean(), 1e-300)).sum()
    two = sum(stats.poisson.logpmf(p, max(p.mean(), 1e-300)).sum() for p in (y[:t], y[t:]))
    if y.sum() > 0:
        assert scan.max() == pytest.approx(two - one, abs=1e-6)
    assert (scan >= -1e-9).all()


@settings(max_examples=80, deadline=None)
@given(series)
def test_time_run_backwards_has_the_same_changes(y):
    assert change_scan(y)[::-1] == pytest.approx(change_scan(y[::-1]), abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(series, st.integers(1, 20))
def test_what_was_not_watched_moves_no_change(y, at):
    at = min(at, len(y))
    padded = [*y[:at], 0, 0, *y[at:]]
    exposure = [1] * at + [0, 0] + [1] * (len(y) - at)
    assert change_scan(padded, exposure).max() == pytest.approx(change_scan(y).max(), abs=1e-9)


def test_a_short_series_has_no_change():
    assert change_point([5]) is None
    assert change_points([]) == ()


def test_steady_counts_are_rarely_split():
    rng = np.random.default_rng(2)
    split = sum(bool(change_points(rng.poisson(20, 60))) for _ in range(200))
    assert split <= 4


def test_bursts_that_are_usual_are_not_changes_once_inflation_says_so():
    rng = np.random.default_rng(4)
    bursty = rng.poisson(30 * rng.gamma(2, 1 / 2, 60))
    inflation = bursty.var() / bursty.mean()
    assert len(change_points(bursty)) > 3
    assert len(change_points(bursty, inflation=inflation)) <= 1


# Online.


def _by_enumeration(y, hazard, shape, rate):
    """Return P(run length | y) by summing over every set of changes."""
    n = len(y)
    total = np.zeros(n)

    def stretch(values):
        a, b, logp = shape, rate, 0.0
        for value in values:
            logp += stats.nbinom.logpmf(value, a, b / (b + 1))
            a, b = a + value, b + 1
        return logp

    for mask in range(2 ** (n - 1)):
        cuts = [0, *(i + 1 for i in range(n - 1) if mask >> i & 1), n]
        logp = sum(stretch(y[a:b]) for a, b in itertools.pairwise(cuts))
        changes = len(cuts) - 2
        logp += changes * np.log(hazard) + (n - 1 - changes) * np.log(1 - hazard)
        total[n - 1 - cuts[-2]] += np.exp(logp)
    return total / total.sum()


@pytest.mark.parametrize("y", [[3, 4, 2, 9, 8], [0, 0, 5, 6, 0, 1], [20, 1, 0]])
def test_run_lengths_are_the_sum_over_every_history(y):
    found = run_lengths(y, hazard=0.1, shape=0.7, rate=0.3)
    assert found.probability[-1] == pytest.approx(_by_enumeration(y, 0.1, 0.7, 0.3))


@settings(max_examples=60, deadline=None)
@given(series, st.floats(0.001, 0.5))
def test_run_lengths_are_a_distribution_after_every_period(y, hazard):
    found = run_lengths(y, hazard=hazard)
    assert found.probability.sum(axis=1) == pytest.approx(np.ones(len(y)))
    assert (np.triu(found.probability, 1) == 0).all()
    within = found.changed_within(3)
    assert ((within >= 0) & (within <= 1 + 1e-9)).all()


def test_the_truce_of_2021_is_seen_within_a_month_or_two():
    online = run_lengths(LINE_OF_CONTROL, hazard=1 / 60, inflation=20.0)
    assert online.likeliest_start[-1] == 38
    assert online.changed_within(2)[39] > 0.9


def test_periods_not_watched_tell_nothing_of_the_level():
    y = [20] * 10 + [0] * 5
    blind = run_lengths(y, [1.0] * 10 + [0.0] * 5)
    assert blind.likeliest_start[-1] == 0
    seen = run_lengths(y)
    assert seen.likeliest_start[-1] == 10


def test_a_thousand_days_are_quick_enough_and_steady_counts_do_not_change():
    rng = np.random.default_rng(9)
    online = run_lengths(rng.poisson(12, 1000), hazard=1 / 1000)
    assert online.likeliest_start[-1] < 10
