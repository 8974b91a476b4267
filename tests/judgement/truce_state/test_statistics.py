"""Rates, ratios and spreads: closed forms, numbers by hand, and coverage on simulated truces."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from truceline.judgement.truce_state.dispersion import (
    Spread,
    excess_variance,
    placebo_spread,
    together,
    widened,
)
from truceline.judgement.truce_state.rates import factors, rate_below, rate_quantiles
from truceline.judgement.truce_state.ratio import Ratio, ratio_below

counts = st.integers(0, 500)
exposures = st.floats(0.1, 400)
spreads = st.builds(Spread, st.floats(0, 1.5), st.sampled_from([3.0, 10.0, float("inf")]))


def test_an_exact_rate_is_the_gamma_posterior():
    posterior = stats.gamma(0.5 + 12, scale=1 / 4)
    assert rate_quantiles([0.05, 0.5, 0.95], 12, 4) == pytest.approx(
        posterior.ppf([0.05, 0.5, 0.95]), rel=1e-6
    )
    assert float(rate_below(3.0, 12, 4)) == pytest.approx(posterior.cdf(3.0))


def test_a_gamma_prior_is_worth_its_own_events():
    prior = rate_quantiles(0.5, 3, 2, shape=2.5, prior_exposure=4)
    assert float(prior) == pytest.approx(stats.gamma(5.5, scale=1 / 6).median(), rel=1e-6)


def test_an_exact_ratio_is_the_f_distribution():
    # R = (G1 / E1) / (G0 / E0), and (G1 / 10.5) / (G0 / 40.5) is F with 21 and 81 degrees.
    f = stats.f(21, 81)
    for limit in (0.05, 0.2, 0.5, 1.0):
        exact = f.cdf(limit * (2 / 10.5) / (8 / 40.5))
        assert float(ratio_below(limit, 10, 2, 40, 8)) == pytest.approx(exact)
    found = Ratio(10, 2, 40, 8).interval()
    scale = (10.5 / 2) / (40.5 / 8)
    assert found.low == pytest.approx(scale * f.ppf(0.05), rel=1e-5)
    assert found.high == pytest.approx(scale * f.ppf(0.95), rel=1e-5)


def test_nothing_seen_in_a_day_is_no_better_known_than_a_day():
    # No count: Gamma(1/2) is half of chi-squared with one degree; 95 % of it lies below 1.92.
    assert float(rate_quantiles(0.95, 0, 1)) == pytest.approx(3.8415 / 2, abs=1e-4)


def test_spread_by_hand():
    # Mean 10; squares 100 + 100 + 0, less counting (1 - 1/3) 10 each: 180; over 300 (1 - 1/3).
    assert excess_variance([0, 20, 10], [1, 1, 1]) == pytest.approx(180 / 200)
    assert excess_variance([], []) == 0
    assert excess_variance([5], [1]) == 0
    assert excess_variance([0, 0], [1, 1]) == 0


def test_few_windows_are_drawn_to_the_default():
    own = np.log1p(180 / 200)
    found = placebo_spread([0, 20, 10], [1, 1, 1], default_log_sd=0.7, default_windows=2)
    assert found.log_sd == pytest.approx(((3 * own + 2 * 0.49) / 5) ** 0.5)
    assert (found.dof, found.windows) == (4, 3)
    lone = placebo_spread([7], [1], default_log_sd=0.7, default_windows=2)
    assert (lone.log_sd, lone.windows) == (pytest.approx(0.7), 0)


def test_windows_not_watched_are_no_windows():
    a = placebo_spread([0, 20, 10, 0], [1, 1, 1, 0], default_log_sd=0.7, default_windows=2)
    b = placebo_spread([0, 20, 10], [1, 1, 1], default_log_sd=0.7, default_windows=2)
    assert a == b


def test_spreads_add_in_quadrature():
    assert widened(Spread(0.3, 9.0, 4), 0.4) == Spread(pytest.approx(0.5), 9.0, 4)
    both = together(Spread(0.3, 4.0), Spread(0.3, float("inf")))
    assert both.log_sd == pytest.approx(0.3 * 2**0.5)
    assert both.dof == pytest.approx(16)


def test_the_moments_find_the_spread_of_a_negative_binomial():
    rng = np.random.default_rng(3)
    exposure = rng.uniform(0.5, 2, 4000)
    y = rng.poisson(30 * exposure * rng.gamma(4, 1 / 4, 4000))
    assert excess_variance(y, exposure) == pytest.approx(1 / 4, rel=0.1)
    assert excess_variance(rng.poisson(30 * exposure), exposure) < 0.01


def test_factors_are_those_of_the_negative_binomial():
    # Variance 1/4 is a Gamma of shape 4; its factors over the median are one over the found.
    found = 1 / factors(Spread(float(np.sqrt(np.log1p(1 / 4)))))
    gamma = stats.gamma(4)
    assert np.median(found) == pytest.approx(1)
    for level in (0.05, 0.25, 0.75, 0.95):
        exact = gamma.ppf(level) / gamma.median()
        assert np.quantile(found, level) == pytest.approx(exact, rel=0.03)


def test_a_spread_known_from_few_windows_reaches_further():
    few, many = factors(Spread(0.5, 2.0)), factors(Spread(0.5))
    assert few[-1] > many[-1]
    assert few[0] < many[0]


@settings(max_examples=80, deadline=None)
@given(counts, exposures, counts, exposures, spreads)
def test_a_ratio_s_interval_holds_its_probability(y1, e1, y0, e0, spread):
    ratio = Ratio(y1, e1, y0, e0, spread)
    found = ratio.interval()
    assert found.low <= found.value <= found.high
    assert ratio.below([found.low, found.high]) == pytest.approx([0.05, 0.95], abs=1e-3)


@settings(max_examples=80, deadline=None)
@given(counts, exposures, counts, exposures)
def test_swapping_before_and_during_turns_the_exact_ratio_over(y1, e1, y0, e0):
    there, back = ratio_below(0.4, y1, e1, y0, e0), ratio_below(2.5, y0, e0, y1, e1)
    assert float(there) == pytest.approx(1 - float(back), abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(counts, exposures, counts, exposures, spreads, st.floats(0.05, 1))
def test_less_effort_never_makes_a_ratio_look_lower(y1, e1, y0, e0, spread, share):
    full = ratio_below(0.25, y1, e1, y0, e0, spread)
    blind = ratio_below(0.25, y1, e1 * share, y0, e0, spread)
    assert float(blind) <= float(full) + 1e-12


@settings(max_examples=60, deadline=None)
@given(counts, exposures, counts, exposures, st.floats(0, 1), st.floats(0, 1))
def test_more_spread_is_never_a_narrower_interval(y1, e1, y0, e0, one, other):
    low, high = sorted((one, other))
    narrow = Ratio(y1, e1, y0, e0, Spread(low)).interval()
    wide = Ratio(y1, e1, y0, e0, Spread(high)).interval()
    assert np.log(wide.high / wide.low) >= np.log(narrow.high / narrow.low) * (1 - 1e-3)


@pytest.mark.parametrize(("mean", "shape"), [(20, 3.0), (3, 2.0), (10, 2.0), (40, 1e9), (100, 1.0)])
def test_where_nothing_changed_the_interval_holds_one_and_holding_is_rare(mean, shape):
    rng = np.random.default_rng(5)
    trials = 300
    y = rng.poisson(mean * rng.gamma(shape, 1 / shape, (trials, 31)))
    inside, holding = 0, 0
    for row in y:
        spread = placebo_spread(row[:30], np.ones(30), default_log_sd=0.7, default_windows=2)
        ratio = Ratio(float(row[30]), 1, float(row[:30].sum()), 30, spread)
        inside += bool(0.05 <= ratio.below(1.0) <= 0.95)
        holding += bool(ratio.below(0.25) >= 0.9)
    # Nine in ten, less two standard errors; the pull to the default may make it more.
    assert inside / trials >= 0.9 - 2 * (0.09 / trials) ** 0.5
    # A quiet day is called holding by chance at most as often as the certainty leaves.
    assert holding / trials <= 0.1
