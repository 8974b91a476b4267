"""The standard: as cheap as brute force; dominance changes no answer; clashes are said."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError, TermsError
from truceline.force.siting.coverage import coverage_of
from truceline.force.siting.covers import quick_cover
from truceline.force.siting.dominance import idle_rows, implied_points, reduced
from truceline.force.siting.standard import keep_standard, seen_enough


def seen(seed, rows=9, points=14, share=0.45):
    return np.random.default_rng(seed).random((rows, points)) < share


def cheapest(matrix, need, cost):
    best = np.inf
    for size in range(len(matrix) + 1):
        for chosen in itertools.combinations(range(len(matrix)), size):
            if np.all(matrix[list(chosen)].sum(axis=0) >= need):
                best = min(best, cost[list(chosen)].sum())
    return best


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2]), st.booleans())
def test_the_standard_is_kept_at_the_cost_brute_force_finds(seed, looks, priced):
    matrix = seen(seed)
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, 4, 9).astype(float) if priced else np.ones(9)
    need = np.minimum(matrix.sum(axis=0), looks)
    plan = keep_standard(coverage_of(matrix), looks, cost=cost, where_possible=True)
    assert np.all(matrix[plan.chosen].sum(axis=0) >= need)
    assert plan.cost == pytest.approx(cheapest(matrix, need, cost))
    assert plan.bound == pytest.approx(plan.cost)
    assert plan.unseen.tolist() == np.flatnonzero(matrix.sum(axis=0) < looks).tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2]))
def test_dominance_leaves_the_cost_as_it_was(seed, looks):
    matrix = seen(seed, share=0.5)
    need = np.minimum(matrix.sum(axis=0), looks)
    cost = np.random.default_rng(seed).integers(1, 3, 9).astype(float)
    rows, points, core = reduced(coverage_of(matrix), need, cost)
    kept = matrix[np.ix_(rows, points)]
    assert np.array_equal(core.matrix().toarray() > 0, kept)
    assert cheapest(kept, need[points], cost[rows]) == cheapest(matrix, need, cost)


def test_a_point_is_implied_by_one_that_fewer_see():
    matrix = np.array([[1, 1, 1], [0, 1, 1]], dtype=bool)
    need = np.array([1, 1, 1])
    assert implied_points(coverage_of(matrix), need).tolist() == [False, True, True]


def test_of_equal_points_one_stays():
    matrix = np.ones((2, 3), dtype=bool)
    assert implied_points(coverage_of(matrix), np.ones(3, dtype=int)).sum() == 2
    needier = implied_points(coverage_of(matrix), np.array([1, 2, 1]))
    assert needier.tolist() == [True, False, True]


def test_a_row_is_idle_only_when_enough_others_do_its_work_for_no_more():
    matrix = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
    one = np.ones(4)
    assert idle_rows(coverage_of(matrix), one, 1).tolist() == [False, True, True, True]
    assert idle_rows(coverage_of(matrix), one, 2).tolist() == [False, False, True, True]
    cheap = np.array([2.0, 2.0, 1.0, 1.0])
    assert idle_rows(coverage_of(matrix), cheap, 1).tolist() == [False, True, False, True]


def test_a_higher_standard_never_costs_less():
    matrix = seen(3, rows=20, points=60)
    costs = [
        keep_standard(coverage_of(matrix), looks, where_possible=True).cost for looks in (1, 2, 3)
    ]
    assert costs == sorted(costs)


def test_points_that_cannot_be_seen_are_a_clash_or_are_listed():
    coverage = coverage_of(np.array([[1, 1, 0], [1, 0, 0]], dtype=bool))
    with pytest.raises(TermsError, match="2 of 3 points cannot be seen by 2"):
        keep_standard(coverage, 2)
    plan = keep_standard(coverage, 2, where_possible=True)
    assert plan.unseen.tolist() == [1, 2]
    assert plan.chosen.tolist() == [0, 1]
    assert seen_enough(coverage, plan.chosen, 2).tolist() == [True, False, False]


def test_with_no_time_the_greedy_answer_comes_with_a_bound_that_holds():
    matrix = seen(8, rows=60, points=200, share=0.1)
    hasty = keep_standard(coverage_of(matrix), seconds=1e-6, where_possible=True)
    proven = keep_standard(coverage_of(matrix), where_possible=True)
    assert hasty.bound <= proven.cost <= hasty.cost
    assert proven.gap == 0.0
    need = np.minimum(matrix.sum(axis=0), 1)
    assert np.all(matrix[hasty.chosen].sum(axis=0) >= need)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_a_quick_cover_covers_and_holds_no_spare_row(seed):
    matrix = seen(seed)
    need = np.minimum(matrix.sum(axis=0), 1)
    chosen = quick_cover(coverage_of(matrix), need, np.ones(9))
    assert np.all(matrix[chosen].sum(axis=0) >= need)
    for row in chosen:
        others = [other for other in chosen if other != row]
        assert np.any(matrix[others].sum(axis=0) < need)


def test_senseless_standards_are_refused():
    coverage = coverage_of(seen(1))
    with pytest.raises(InputError, match="at least one look"):
        keep_standard(coverage, 0)
    with pytest.raises(InputError, match="above 0"):
        keep_standard(coverage, cost=np.zeros(9))
    with pytest.raises(TermsError, match="no choice"):
        quick_cover(coverage_of(np.zeros((2, 1), dtype=bool)), np.array([1]), np.ones(2))


@pytest.mark.parametrize("seed", range(4))
def test_spopt_needs_as_many(seed):
    locate = pytest.importorskip("spopt.locate", reason="spopt is an oracle for developers")
    pulp = pytest.importorskip("pulp")
    rng = np.random.default_rng(seed)
    apart = np.hypot(*(rng.random((40, 1, 2)) - rng.random((1, 100, 2))).transpose(2, 0, 1))
    oracle = locate.LSCP.from_cost_matrix(apart.T, service_radius=0.35)
    oracle.solve(pulp.PULP_CBC_CMD(msg=False))
    plan = keep_standard(coverage_of(apart <= 0.35))
    assert plan.cost == pytest.approx(pulp.value(oracle.problem.objective))
