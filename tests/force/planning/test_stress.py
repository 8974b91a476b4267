"""A force put to the test: one thing changes at a time, and losses never add."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.force.contributions.caveats import After, DependsOn
from truceline.force.contributions.model import Unit
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.stress import OF_PRESENCE, ends, losses, shares_leaving
from truceline.force.presence import Mix, presence_per_100km

PLAN = Mix("30,000", 30_000, cameras=100, arrays=20)


@settings(max_examples=40, deadline=None)
@given(
    people=st.floats(0, 2e5), cameras=st.floats(0, 500), arrays=st.floats(0, 50),
    share=st.floats(0, 1),
)  # fmt: skip
def test_a_loss_never_puts_more_anywhere(people, cameras, arrays, share):
    mix = Mix("x", people, cameras=cameras, arrays=arrays)
    whole = presence_per_100km(mix, 1_000)
    for change in losses(mix, {"withdrawn: A": share}):
        left = presence_per_100km(change.mix, 1_000)
        assert all(left[kind] <= whole[kind] + 1e-9 for kind in whole), change.what


def test_names_are_apart_and_each_change_changes_something():
    changes = (*losses(PLAN, {"withdrawn: A": 0.25}), *ends(PLAN))
    names = [change.mix.name for change in changes]
    assert len({*names, PLAN.name}) == len(names) + 1
    whole = presence_per_100km(PLAN, 1_000)
    assert all(presence_per_100km(change.mix, 1_000) != whole for change in changes)


def test_the_plan_that_ends_are_tried_from_is_that_of_the_assumptions():
    """The sweep's own shares and factors are the assumed ones, so that an end is one change."""
    assert PLAN.allotment == pytest.approx(Assumed().allotment())
    assert PLAN.factors == Assumed().factors()
    tried = {change.what for change in ends(PLAN)}
    words = Assumed().table().rows_by_key("name", named=True, unique=True)
    assert {words[name]["words"] for name in OF_PRESENCE} < tried


def test_what_is_not_there_is_not_lost():
    bare = Mix("x", 1_000)
    assert not any("dark" in change.what for change in losses(bare, {}))
    assert not any("cameras" in change.what for change in ends(bare))


def test_a_loss_comes_on_top_of_what_is_lost_already():
    grounded = Mix("x", 1_000, left={"drone_orbit": 0.0})
    assert all(presence_per_100km(c.mix, 100)["uav"] == 0.0 for c in losses(grounded, {}))


def unit(nation, persons, *caveats):
    return Unit(
        f"{nation}-1", nation, "infantry", "infantry", persons,
        available_on=dt.date(2026, 1, 1), caveats=caveats,
    )  # fmt: skip


def test_who_leaves_takes_a_share_of_the_people_of_known_size():
    units = [
        unit("A", 600, DependsOn("the guarantor")), unit("B", 300), unit("C", 90),
        unit("D", 10), unit("E", None),
    ]  # fmt: skip
    assert shares_leaving(units) == pytest.approx(
        {"absent: the guarantor": 0.6, "withdrawn: A": 0.6, "withdrawn: B": 0.3,
         "withdrawn: C": 0.09}
    )  # fmt: skip
    assert shares_leaving([unit("E", None)]) == {}


def test_an_event_that_fails_takes_those_who_wait_for_it_but_a_loss_of_all_is_none():
    vote, truce = After("a vote"), After("ceasefire")
    units = [unit("A", 100, vote, truce), unit("B", 300, truce)]
    shares = shares_leaving(units)
    assert shares["no a vote"] == pytest.approx(0.25)
    assert "no ceasefire" not in shares


def test_the_guarantors_stations_are_lost_alone():
    mix = Mix("x", 1_000, stations=5)
    (gone,) = [c for c in losses(mix, {}, backed=3) if "guarantor" in c.what]
    whole, left = (presence_per_100km(m, 100) for m in (mix, gone.mix))
    assert whole["uav"] - left["uav"] == pytest.approx(3 * 6)
    assert {**left, "uav": 0} == {**whole, "uav": 0}
    assert not any("guarantor" in c.what for c in losses(mix, {}))
