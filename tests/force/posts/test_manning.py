"""Headcount arithmetic, by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import TermsError
from truceline.force.posts.factors import TASKS, Task, factors_table
from truceline.force.posts.manning import Factors, people_for, what_a_force_mans

HALVES = Factors(0.5, 0.2, 8, 4, (Task("post", 4), Task("patrol", 8, 8)))


def test_by_hand() -> None:
    # A post: 4 people x 3 shifts = 12; with a fifth on leave 15; with half in support 30.
    assert people_for(HALVES.tasks[0], HALVES) == pytest.approx(30)
    assert people_for(HALVES.tasks[1], HALVES) == pytest.approx(20)
    assert what_a_force_mans(30_000, HALVES)["how_many"].to_list() == [1000, 1500]
    assert what_a_force_mans(30_000, HALVES, pledged=True)["how_many"].to_list() == [250, 375]


def test_unknown_people_man_an_unknown_number() -> None:
    assert what_a_force_mans(None, HALVES)["how_many"].to_list() == [None, None]
    assert what_a_force_mans(0, HALVES)["how_many"].to_list() == [0, 0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200_000), st.integers(0, 1000))
def test_more_people_never_man_less_and_none_is_counted_twice(persons: int, more: int) -> None:
    few, many = (what_a_force_mans(n, Factors()) for n in (persons, persons + more))
    assert (many["how_many"] >= few["how_many"]).all()
    assert (few["how_many"] * few["people_each"] <= persons + 1e-3).all()


def test_every_factor_says_where_it_comes_from() -> None:
    table = factors_table()
    assert table.height == 5 + 2 * len(TASKS)
    assert table["source"].str.len_chars().min() > 5
    assert table.filter(basis="sourced")["factor"].to_list() == ["rate_usd", "rotation"]


@pytest.mark.parametrize("wrong", [{"support_share": 1.0}, {"rotation": 0.5}, {"shift_hours": 0}])
def test_impossible_factors_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(TermsError, match="out of range"):
        Factors(**wrong)
