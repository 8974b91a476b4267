"""Covering: equal to brute force, spopt and HiGHS; its bound holds; more never sees less."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.force.siting.coverage import coverage_of, merged
from truceline.force.siting.covering import (
    Covering,
    covering_curve,
    greedy_covering,
    maximal_covering,
    worth_of,
)
from truceline.force.siting.programs import exact_covering


def question(seed, rows=9, points=25, groups=2, budget=2, second=0.0):
    rng = np.random.default_rng(seed)
    return Covering(
        coverage_of(rng.random((rows, points)) < 0.25),
        rng.integers(0, 20, points).astype(float),
        rng.integers(0, groups, rows),
        np.full(groups, budget),
        second,
    )


def every_choice(asked):
    rows = range(asked.coverage.n_rows)
    for size in range(int(asked.budget.sum()) + 1):
        for chosen in itertools.combinations(rows, size):
            used = np.bincount(asked.group[list(chosen)], minlength=len(asked.budget))
            if np.all(used <= asked.budget):
                yield np.array(chosen, dtype=np.int64)


def dice():
    return np.random.default_rng(7)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.3, 0.5]))
def test_a_small_question_is_answered_as_by_brute_force(seed, second):
    asked = question(seed, second=second)
    best = max(worth_of(asked, chosen) for chosen in every_choice(asked))
    plan = maximal_covering(asked, dice(), tries=300)
    assert plan.bound >= best - 1e-9
    assert plan.objective <= best + 1e-9
    exact = exact_covering(asked, plan)
    assert exact.objective == pytest.approx(best)
    assert exact.bound == pytest.approx(best)
    assert plan.objective >= 0.97 * best


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.4]))
def test_a_plan_keeps_its_budget_and_states_what_it_covers(seed, second):
    asked = question(seed, rows=30, points=80, groups=3, budget=3, second=second)
    for plan in (greedy_covering(asked), maximal_covering(asked, dice(), tries=200)):
        used = np.bincount(asked.group[plan.chosen], minlength=3)
        assert np.all(used <= asked.budget)
        assert len(set(plan.chosen.tolist())) == len(plan.chosen)
        assert plan.objective == pytest.approx(worth_of(asked, plan.chosen))
        assert plan.bound >= plan.objective
        assert plan.counts.tolist() == asked.coverage.counts(plan.chosen).tolist()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_bounds_hold_against_the_exact_answer(seed):
    asked = question(seed, rows=25, points=60, budget=3)
    greedy, plan = greedy_covering(asked), maximal_covering(asked, dice(), tries=200)
    exact = exact_covering(asked, plan)
    assert exact.gap == pytest.approx(0.0, abs=1e-9)
    assert greedy.bound >= exact.objective - 1e-9
    assert plan.bound >= exact.objective - 1e-9
    assert exact.objective >= plan.objective >= greedy.objective - 1e-9


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_along_a_curve_neither_objective_nor_bound_falls(seed):
    asked = question(seed, rows=30, points=90)
    budgets = np.array([[0, 0], [1, 0], [1, 1], [2, 3], [4, 4]])
    plans = covering_curve(asked, budgets, dice())
    assert plans[0].objective == 0.0
    assert all(a.objective <= b.objective + 1e-9 for a, b in itertools.pairwise(plans))
    assert all(a.bound <= b.bound + 1e-9 for a, b in itertools.pairwise(plans))
    assert all(plan.bound >= plan.objective for plan in plans)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 6))
def test_one_more_unit_never_lowers_what_the_greedy_rule_covers(seed, budget):
    asked = question(seed, rows=20, points=50, groups=1)
    fewer = greedy_covering(replace(asked, budget=np.array([budget])))
    more = greedy_covering(replace(asked, budget=np.array([budget + 1])))
    assert more.objective >= fewer.objective - 1e-9
    assert set(fewer.chosen.tolist()) <= set(more.chosen.tolist())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_renaming_the_groups_changes_nothing(seed):
    asked = question(seed, rows=24, points=70)
    other = replace(asked, group=1 - asked.group, budget=asked.budget[::-1].copy())
    one, two = (maximal_covering(each, dice(), tries=200) for each in (asked, other))
    assert one.chosen.tolist() == two.chosen.tolist()
    assert one.objective == two.objective


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_merging_equal_points_changes_no_worth(seed):
    asked = question(seed, rows=5, points=60)
    whole = merged(asked.coverage, asked.weight)
    small = replace(asked, coverage=whole.coverage, weight=whole.weight)
    assert whole.coverage.n_points <= 31
    columns = whole.coverage.matrix().toarray().T
    assert len(np.unique(columns, axis=0)) == len(columns)
    for chosen in every_choice(asked):
        assert worth_of(small, chosen) == pytest.approx(worth_of(asked, chosen))


def test_a_second_look_is_worth_its_share():
    asked = Covering(
        coverage_of(np.array([[1, 1, 0], [1, 0, 0]], dtype=bool)),
        np.array([10.0, 4.0, 100.0]),
        np.zeros(2, dtype=np.int64),
        np.array([2]),
        0.25,
    )
    plan = maximal_covering(asked, dice())
    assert plan.objective == pytest.approx(0.75 * 14 + 0.25 * 10)
    assert plan.counts.tolist() == [2, 1, 0]
    assert plan.gap == 0.0


def test_nothing_to_see_or_nobody_to_send_is_an_empty_plan():
    blind = Covering(
        coverage_of(np.zeros((3, 4), dtype=bool)), np.ones(4), np.zeros(3, int), np.array([2])
    )
    plan = maximal_covering(blind, dice())
    assert (plan.chosen.tolist(), plan.objective, plan.gap) == ([], 0.0, 0.0)
    nobody = maximal_covering(question(1, budget=0), dice())
    assert (nobody.objective, nobody.bound, nobody.gap) == (0.0, 0.0, 0.0)


def test_the_same_dice_give_the_same_plan():
    asked = question(5, rows=60, points=300, budget=6)
    one, two = maximal_covering(asked, dice()), maximal_covering(asked, dice())
    assert one.chosen.tolist() == two.chosen.tolist()
    assert one.bound == two.bound


def test_senseless_questions_are_refused():
    asked = question(1)
    with pytest.raises(InputError, match=r"0 to 0\.5"):
        replace(asked, second=0.6)
    with pytest.raises(InputError, match="0 or more"):
        replace(asked, weight=-asked.weight - 1)
    with pytest.raises(InputError, match="a weight for each point"):
        replace(asked, weight=asked.weight[1:])
    with pytest.raises(InputError, match="must not fall"):
        covering_curve(asked, np.array([[2, 2], [1, 2]]), dice())


@pytest.mark.parametrize("seed", range(4))
def test_spopt_finds_no_better_plan(seed):
    locate = pytest.importorskip("spopt.locate", reason="spopt is an oracle for developers")
    pulp = pytest.importorskip("pulp")
    rng = np.random.default_rng(seed)
    apart = np.hypot(*(rng.random((40, 1, 2)) - rng.random((1, 150, 2))).transpose(2, 0, 1))
    weight = rng.integers(1, 50, 150).astype(float)
    oracle = locate.MCLP.from_cost_matrix(apart.T, weight, service_radius=0.2, p_facilities=6)
    oracle.solve(pulp.PULP_CBC_CMD(msg=False))
    best = pulp.value(oracle.problem.objective)
    asked = Covering(coverage_of(apart <= 0.2), weight, np.zeros(40, int), np.array([6]))
    plan = maximal_covering(asked, dice())
    assert plan.objective == pytest.approx(best)
    assert plan.bound >= best - 1e-6
