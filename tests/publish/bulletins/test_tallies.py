"""How many of several uncertain events are true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from truceline.publish.bulletins.tallies import expected_number

CHANCES = st.lists(st.floats(0, 1), max_size=40)


def test_equal_chances_give_the_binomial():
    interval = expected_number([0.3] * 20)
    assert interval.value == pytest.approx(6)
    assert (interval.low, interval.high) == tuple(stats.binom(20, 0.3).ppf([0.05, 0.95]))


def test_the_normal_limit_meets_the_exact_at_the_switch():
    rng = np.random.default_rng(1)
    chances = rng.uniform(size=401)
    exact, limit = expected_number(chances[:400]), expected_number(chances)
    assert limit.low - exact.low == pytest.approx(0, abs=2)
    assert limit.high - exact.high == pytest.approx(0, abs=2)


@given(CHANCES)
@settings(max_examples=80)
def test_the_interval_holds_the_value_and_stays_in_range(chances):
    interval = expected_number(chances)
    assert 0 <= interval.low <= interval.value <= interval.high <= len(chances) + 1e-9


@given(CHANCES, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_order_does_not_matter(chances, random):
    shuffled = random.sample(chances, len(chances))
    one, two = expected_number(chances), expected_number(shuffled)
    assert one.value == pytest.approx(two.value)
    assert (one.low, one.high) == pytest.approx((two.low, two.high))


def test_nothing_is_nothing():
    assert (expected_number([]).value, expected_number([]).high) == (0, 0)
