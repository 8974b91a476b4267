"""Scores of probabilities: numbers by hand, parts that add up, maps that keep their word."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.judgement.calibration import (
    brier,
    brier_parts,
    calibration_error,
    calibration_error_by_chance,
    fit_isotonic,
    fit_logistic,
    log_score,
    reliability,
)

cases = st.lists(
    st.tuples(st.floats(0, 1, allow_subnormal=False), st.integers(0, 1)), min_size=1, max_size=80
)


def split(pairs):
    return np.array([p for p, _ in pairs]), np.array([y for _, y in pairs])


def test_brier_by_hand():
    # (0.2 - 0)^2 + (0.7 - 1)^2 + (0.9 - 0)^2 = 0.04 + 0.09 + 0.81 over 3
    assert brier([0.2, 0.7, 0.9], [0, 1, 0]) == pytest.approx(0.94 / 3)


def test_murphy_s_parts_by_hand():
    # Two bins: 0.25 said of four with one true, 0.75 said of four with two true.
    p, y = [0.25] * 4 + [0.75] * 4, [1, 0, 0, 0, 1, 1, 0, 0]
    parts = brier_parts(p, y)
    assert parts.reliability == pytest.approx(0.5 * 0 + 0.5 * 0.0625)
    assert parts.resolution == pytest.approx(0.5 * 0.125**2 + 0.5 * 0.125**2)
    assert parts.uncertainty == pytest.approx(0.375 * 0.625)
    assert parts.within == pytest.approx(0, abs=1e-12)
    assert parts.score == pytest.approx(brier(p, y))


def test_log_score_by_hand_in_bits():
    # -log2(0.5) = 1, -log2(0.25) = 2, -log2(1 - 0.75) = 2
    assert log_score([0.5, 0.25, 0.75], [1, 1, 0]) == pytest.approx(5 / 3)
    assert np.isfinite(log_score([0.0], [1]))


def test_calibration_error_by_hand():
    p, y = [0.25] * 4 + [0.75] * 4, [1, 0, 0, 0, 1, 1, 0, 0]
    assert calibration_error(p, y) == pytest.approx(0.5 * 0 + 0.5 * 0.25)


def test_the_reliability_curve_has_the_jeffreys_interval():
    curve = reliability([0.5, 0.5, 0.95], [1, 0, 1])
    assert curve.count.tolist() == [2, 1]
    assert (curve.said.tolist(), curve.happened.tolist()) == ([0.5, 0.95], [0.5, 1.0])
    assert curve.low[0] + curve.high[0] == pytest.approx(1)
    # One case, true: Beta(3/2, 1/2), whose distribution is 2/pi (asin sqrt x - sqrt(x - x^2)).
    for x, level in ((curve.low[1], 0.05), (curve.high[1], 0.95)):
        assert 2 / np.pi * (np.arcsin(x**0.5) - (x - x**2) ** 0.5) == pytest.approx(level)


@settings(max_examples=100, deadline=None)
@given(cases, st.integers(1, 20))
def test_the_parts_always_make_the_whole(pairs, bins):
    p, y = split(pairs)
    parts = brier_parts(p, y, bins=bins)
    assert parts.score == pytest.approx(brier(p, y))
    assert parts.reliability >= 0
    assert -1e-12 <= parts.resolution <= parts.uncertainty + 1e-9
    assert reliability(p, y, bins=bins).count.sum() == len(p)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_scores_do_not_know_which_side_is_called_true(pairs):
    p, y = split(pairs)
    assert brier(p, y) == pytest.approx(brier(1 - p, 1 - y))
    assert log_score(p, y) == pytest.approx(log_score(1 - p, 1 - y), rel=1e-6, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_an_isotonic_map_is_monotone_and_never_scores_worse_on_its_own_cases(pairs):
    p, y = split(pairs)
    fitted = fit_isotonic(p, y)
    grid = fitted.apply(np.linspace(0, 1, 101))
    assert (np.diff(grid) >= -1e-12).all()
    assert brier(np.clip(fitted.apply(p), 0, 1), y) <= brier(p, y) + 1e-9


@settings(max_examples=60, deadline=None)
@given(cases)
def test_a_logistic_map_keeps_the_order(pairs):
    p, y = split(pairs)
    fitted = fit_logistic(p, y)
    grid = fitted.apply(np.linspace(0.01, 0.99, 51))
    assert (np.diff(grid) >= -1e-12).all()
    assert ((grid > 0) & (grid < 1)).all()


def test_overconfident_probabilities_are_brought_back():
    rng = np.random.default_rng(7)
    truth = rng.uniform(0.05, 0.95, 4000)
    y = (rng.uniform(size=4000) < truth).astype(int)
    odds = truth / (1 - truth)
    boast = odds**3 / (1 + odds**3)
    half = slice(0, 2000), slice(2000, 4000)
    before = calibration_error(boast[half[1]], y[half[1]])
    for fit in (fit_logistic, fit_isotonic):
        fitted = fit(boast[half[0]], y[half[0]])
        after = calibration_error(fitted.apply(boast[half[1]]), y[half[1]])
        assert after < 0.035 < 0.1 < before
    assert fit_logistic(boast[half[0]], y[half[0]]).slope == pytest.approx(1 / 3, abs=0.04)


def test_honest_probabilities_are_left_alone():
    rng = np.random.default_rng(11)
    p = rng.uniform(0.02, 0.98, 5000)
    y = (rng.uniform(size=5000) < p).astype(int)
    fitted = fit_logistic(p, y)
    assert fitted.slope == pytest.approx(1, abs=0.1)
    assert fitted.shift == pytest.approx(0, abs=0.1)
    assert calibration_error(p, y) < 0.03


@pytest.mark.parametrize(
    ("p", "y"), [([], []), ([0.5], [1, 0]), ([1.5], [1]), ([0.5], [2]), ([float("nan")], [1])]
)
def test_what_cannot_be_scored_is_refused(p, y):
    with pytest.raises(InputError):
        brier(p, y)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(200, 2_000))
def test_honest_probabilities_show_the_error_of_chance(seed, n):
    """Mean of 200 draws, to a tenth: what the closed form says of them."""
    rng = np.random.default_rng(seed)
    p = rng.random(n)
    drawn = [calibration_error(p, rng.random(n) < p) for _ in range(200)]
    assert np.mean(drawn) == pytest.approx(calibration_error_by_chance(p), rel=0.1)
