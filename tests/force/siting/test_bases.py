"""Bases for response: as good as brute force and spopt; bounds hold; clashes are said."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError, TermsError
from truceline.force.siting.centres import centre_bases
from truceline.force.siting.medians import median_bases


def hours(seed, sites=8, points=15):
    rng = np.random.default_rng(seed)
    away = np.hypot(*(rng.random((sites, 1, 2)) - rng.random((1, points, 2))).transpose(2, 0, 1))
    return away, rng.integers(1, 9, points).astype(float)


def choices(sites, bases):
    return [list(chosen) for chosen in itertools.combinations(range(sites), bases)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_the_mean_wait_is_as_short_as_brute_force_finds(seed, bases):
    travel, weight = hours(seed)
    best = min(np.average(travel[c].min(axis=0), weights=weight) for c in choices(8, bases))
    plan = median_bases(travel, weight, bases)
    assert plan.bound <= best + 1e-9
    assert best - 1e-9 <= plan.objective <= 1.03 * best
    assert len(set(plan.chosen.tolist())) == bases
    nearest = travel[plan.base_of, np.arange(15)]
    assert np.array_equal(nearest, travel[plan.chosen].min(axis=0))
    assert plan.objective == pytest.approx(np.average(nearest, weights=weight))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_the_longest_wait_is_as_short_as_brute_force_finds(seed, bases):
    travel, _ = hours(seed)
    best = min(travel[c].min(axis=0).max() for c in choices(8, bases))
    plan = centre_bases(travel, bases)
    assert plan.objective == pytest.approx(best)
    assert plan.bound == pytest.approx(best)
    assert len(set(plan.chosen.tolist())) == bases


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_caveats_are_kept_as_long_as_there_is_a_way(seed):
    travel, _ = hours(seed, points=12)
    rng = np.random.default_rng(seed)
    travel[rng.random(travel.shape) < 0.4] = np.inf
    reachable = [c for c in choices(8, 4) if np.isfinite(travel[c].min(axis=0)).all()]
    if not reachable:
        with pytest.raises(TermsError):
            centre_bases(travel, 4)
        return
    longest = min(travel[c].min(axis=0).max() for c in reachable)
    assert centre_bases(travel, 4).objective == pytest.approx(longest)


def test_a_point_nobody_can_reach_is_said():
    travel, weight = hours(1)
    travel[:, 3] = np.inf
    for ask in (lambda: median_bases(travel, weight, 2), lambda: centre_bases(travel, 2)):
        with pytest.raises(TermsError, match="1 of 15 points cannot be reached"):
            ask()


def test_too_few_bases_for_who_may_go_where_are_a_clash():
    travel = np.array([[1.0, np.inf], [np.inf, 1.0]])
    with pytest.raises(TermsError, match="clashes with where they may go"):
        median_bases(travel, np.ones(2), 1)
    with pytest.raises(TermsError, match="no 1 bases"):
        centre_bases(travel, 1)
    assert median_bases(travel, np.ones(2), 2).objective == 1.0
    assert centre_bases(travel, 2).objective == 1.0


def test_senseless_questions_are_refused():
    travel, weight = hours(1)
    with pytest.raises(InputError, match="9 bases"):
        median_bases(travel, weight, 9)
    with pytest.raises(InputError, match="0 or more"):
        centre_bases(-travel, 1)
    with pytest.raises(InputError, match="some above 0"):
        median_bases(travel, 0 * weight, 1)


def test_a_larger_question_has_a_gap_below_one_per_cent():
    travel, weight = hours(4, sites=150, points=400)
    plan = median_bases(travel, weight, 10)
    assert plan.gap <= 0.01


@pytest.mark.parametrize("seed", range(3))
def test_spopt_finds_no_shorter_wait(seed):
    locate = pytest.importorskip("spopt.locate", reason="spopt is an oracle for developers")
    pulp = pytest.importorskip("pulp")
    travel, weight = hours(seed, sites=20, points=40)
    median = locate.PMedian.from_cost_matrix(travel.T, weight, p_facilities=4)
    median.solve(pulp.PULP_CBC_CMD(msg=False))
    mine = median_bases(travel, weight, 4)
    assert mine.objective == pytest.approx(pulp.value(median.problem.objective) / weight.sum())
    centre = locate.PCenter.from_cost_matrix(travel.T, p_facilities=4)
    centre.solve(pulp.PULP_CBC_CMD(msg=False))
    assert centre_bases(travel, 4).objective == pytest.approx(pulp.value(centre.problem.objective))
