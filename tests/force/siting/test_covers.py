"""Covers: the search never loses, prices prove what brute force finds, and rows go rightly."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.force.siting.cheapest import cheapest_cover
from truceline.force.siting.cover_bound import cover_bound
from truceline.force.siting.coverage import coverage_of
from truceline.force.siting.covers import cheaper_cover, quick_cover


def question(seed, rows=9, points=14, looks=1, priced=False):
    rng = np.random.default_rng(seed)
    matrix = rng.random((rows, points)) < 0.45
    matrix = matrix[:, matrix.any(axis=0)]
    cost = rng.integers(1, 4, rows).astype(float) if priced else np.ones(rows)
    return matrix, np.minimum(matrix.sum(axis=0), looks), cost


def covers(matrix, need):
    rows = range(len(matrix))
    for size in range(len(matrix) + 1):
        for chosen in itertools.combinations(rows, size):
            if np.all(matrix[list(chosen)].sum(axis=0) >= need):
                yield list(chosen)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2]), st.booleans())
def test_the_search_keeps_the_need_and_ends_at_what_brute_force_finds(seed, looks, priced):
    matrix, need, cost = question(seed, looks=looks, priced=priced)
    coverage = coverage_of(matrix)
    start = quick_cover(coverage, need, cost)
    found = cheaper_cover(coverage, need, cost, start, steps=2000)
    assert np.all(matrix[found].sum(axis=0) >= need)
    assert cost[found].sum() <= cost[start].sum()
    best = min(cost[c].sum() for c in covers(matrix, need))
    assert best <= cost[found].sum() <= best + (1 if priced else 0)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2]), st.booleans())
def test_prices_prove_no_more_than_is_true(seed, looks, priced):
    matrix, need, cost = question(seed, looks=looks, priced=priced)
    every = [(cost[c].sum(), c) for c in covers(matrix, need)]
    prices = cover_bound(coverage_of(matrix), need, cost, min(every)[0])
    assert prices.cost <= min(every)[0] + 1e-9
    for cheap in (min(every)[0], min(every)[0] + 1.0):
        useless = prices.useless(cheap)
        for paid, chosen in every:
            if paid <= cheap:
                assert not useless[chosen].any()


def test_the_search_stops_at_what_is_enough_and_knows_what_is_not():
    matrix, need, cost = question(5, rows=20, points=80)
    coverage = coverage_of(matrix)
    best = cheapest_cover(coverage, need, cost, 20.0)
    assert best.bound == cost[best.rows].sum()
    kept = cheapest_cover(coverage, need, cost, 0.0, enough=best.bound + 2)
    assert cost[kept.rows].sum() <= best.bound + 2
    refused = cheapest_cover(coverage, need, cost, 20.0, enough=best.bound - 1)
    assert cost[refused.rows].sum() >= best.bound
    assert refused.bound > best.bound - 1


def test_a_search_betters_the_greedy_rule_on_a_plane_and_states_a_bound():
    rng = np.random.default_rng(2)
    apart = np.hypot(*(rng.random((200, 1, 2)) - rng.random((1, 900, 2))).transpose(2, 0, 1))
    matrix = apart <= 0.12
    matrix = matrix[:, matrix.any(axis=0)]
    coverage, need, cost = coverage_of(matrix), np.ones(matrix.shape[1], dtype=int), np.ones(200)
    greedy = quick_cover(coverage, need, cost)
    found = cheapest_cover(coverage, need, cost, 0.0)
    assert matrix[found.rows].any(axis=0).all()
    assert len(found.rows) < len(greedy)
    assert 0.8 * len(found.rows) <= found.bound <= len(found.rows)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_question_has_the_same_answer(seed):
    matrix, need, cost = question(seed, rows=30, points=120)
    coverage = coverage_of(matrix)
    start = quick_cover(coverage, need, cost)
    one, two = (cheaper_cover(coverage, need, cost, start, steps=500) for _ in range(2))
    assert one.tolist() == two.tolist()
