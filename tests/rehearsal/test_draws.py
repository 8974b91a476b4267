"""Draws that belong to a unit and an event: numpy's own generator, and nobody else's business."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.rehearsal.draws import What, draws, number_of, philox
from truceline.rehearsal.seeds import Role

N = 20_000
KEY = st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
NUMBER = st.integers(0, 2**63 - 1)


@settings(max_examples=100, deadline=None)
@given(key=KEY, unit=NUMBER, event=st.integers(1, 2**63 - 1), what=st.integers(0, 2**16))
def test_the_word_is_the_one_numpy_gives_at_that_counter(key, unit, event, what):
    """Philox 4x64 of Salmon et al. (2011); numpy steps its counter before each block."""
    before = np.array([event - 1, unit, what, 0], dtype=np.uint64)
    theirs = np.random.Philox(counter=before, key=np.array(key, dtype=np.uint64))
    assert philox(key, np.array([unit]), np.array([event]), what)[0] == theirs.random_raw()


@settings(max_examples=30, deadline=None)
@given(units=st.lists(st.integers(0, 2**40), min_size=1, max_size=30), seed=st.integers(0, 9))
def test_who_else_is_there_moves_no_draw(units, seed):
    event = np.arange(len(units)) % 3
    among = draws(seed, Role.PATROLS, 4, 0, unit=units, event=event)
    for what in (What.SEEN, What.X):
        together = among.uniform(what)
        for k, unit in enumerate(units):
            alone = draws(seed, Role.PATROLS, 4, 0, unit=unit, event=event[k])
            assert alone.uniform(what)[0] == together[k]


@pytest.mark.parametrize("along", ["unit", "event"])
def test_neighbouring_counters_are_as_good_as_independent(along):
    """Evenly spread by Kolmogorov's distance, and without correlation to the next."""
    numbers = np.arange(N)
    u = draws(1, Role.UAVS, **{"unit": 3, "event": 3, along: numbers}).uniform(What.SEEN)
    assert np.abs(np.sort(u) - (numbers + 0.5) / N).max() < 1.95 / np.sqrt(N)
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 4 / np.sqrt(N)


def test_no_two_quantities_are_drawn_alike():
    of = draws(1, Role.UAVS, unit=5)
    assert len({of.uniform(what)[0] for what in What}) == len(What)


def test_each_distribution_has_its_mean_and_variance():
    of = draws(2, Role.NEWS, unit=np.arange(N))
    for drawn, mean, variance in (
        (of.between(What.TIME, 2.0, 5.0), 3.5, 0.75),
        (of.normal(What.X), 0.0, 1.0),
        (of.exponential(What.DELAY, 2.0), 2.0, 4.0),
        (of.gamma(What.DELAY, 2.0, 3.0), 6.0, 18.0),
        (of.geometric(What.MENDED, 0.25), 4.0, 12.0),
        (of.poisson(What.NUMBER, 2.5), 2.5, 2.5),
        (of.binomial(What.COUNT, np.full(N, 8.0), 0.7), 5.6, 1.68),
        (of.below(What.ELSEWHERE, 5), 2.0, 2.0),
    ):
        assert drawn.mean() == pytest.approx(mean, abs=4.5 * np.sqrt(variance / N))
        assert drawn.var() == pytest.approx(variance, rel=0.1)


@settings(max_examples=50, deadline=None)
@given(mean=st.floats(0, 400), more=st.floats(0, 50))
def test_a_larger_mean_never_gives_fewer(mean, more):
    of = draws(3, Role.UAVS, unit=np.arange(200))
    assert (of.poisson(What.NUMBER, mean) <= of.poisson(What.NUMBER, mean + more)).all()


def test_a_name_has_its_number_whatever_else_is_named():
    """The check value that the CRC-32 of every catalogue is known by."""
    assert number_of("123456789") == 0xCBF43926
