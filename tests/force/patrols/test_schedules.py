"""Schedules: the counts are kept, the split is the best one, the dice decide alone."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.force.patrols.game import inspect_probability, value
from truceline.force.patrols.schedules import patrol_schedule, patrol_shares


@settings(max_examples=60, deadline=None)
@given(
    weights=st.lists(st.floats(0, 5), min_size=1, max_size=3),
    inspections=st.integers(0, 8),
    periods=st.integers(1, 5),
)
def test_no_other_split_leaves_the_worst_sector_better(weights, inspections, periods):
    names = {f"s{i}": w for i, w in enumerate(weights)}
    shares = patrol_shares(names, inspections, periods)
    assert shares["inspections"].max() <= periods
    best = max(
        min(w * value(n, periods) for w, n in zip(weights, split, strict=True))
        for split in product(range(periods + 1), repeat=len(weights))
        if sum(split) <= inspections
    )
    assert shares["inspections"].sum() == min(inspections, periods * len(weights))
    assert shares["value"].min() == pytest.approx(best, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 9999), counts=st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_every_sector_gets_exactly_its_patrols(seed, counts):
    shares = patrol_shares({f"s{i}": 1.0 for i in range(len(counts))}, 0, 6).with_columns(
        pl.Series("inspections", counts)
    )
    table = patrol_schedule(shares, 6, np.random.default_rng(seed))
    drawn = table.group_by("sector", maintain_order=True).agg(pl.col("patrol").sum())
    assert drawn["patrol"].to_list() == counts


def test_the_same_dice_give_the_same_schedule_and_others_another():
    shares = patrol_shares({"north": 1.0, "south": 1.0}, 20, 30)
    draw = [patrol_schedule(shares, 30, np.random.default_rng(s)) for s in (1, 1, 2)]
    assert draw[0].equals(draw[1])
    assert not draw[0].equals(draw[2])


def test_first_periods_are_inspected_as_often_as_the_strategy_says():
    shares = patrol_shares({"only": 1.0}, 2, 5)
    rng = np.random.default_rng(7)
    first = [patrol_schedule(shares, 5, rng)["patrol"][0] for _ in range(2000)]
    assert np.mean(first) == pytest.approx(inspect_probability(2, 5), abs=0.04)


def test_a_heavier_sector_gets_more_and_a_weightless_one_nothing():
    shares = patrol_shares({"heavy": 4.0, "light": 1.0, "none": 0.0}, 6, 10)
    heavy, light, none = shares["inspections"].to_list()
    assert heavy > light
    assert none == 0


def test_what_is_left_over_goes_where_nothing_is_at_stake():
    assert patrol_shares({"a": 1.0, "b": 0.0}, 8, 5)["inspections"].to_list() == [5, 3]


def test_swapping_the_sectors_swaps_the_shares():
    one = patrol_shares({"a": 3.0, "b": 1.0}, 5, 8)["inspections"].to_list()
    two = patrol_shares({"b": 1.0, "a": 3.0}, 5, 8)["inspections"].to_list()
    assert one == two[::-1]


def test_more_patrols_than_periods_is_explained():
    shares = patrol_shares({"a": 1.0}, 3, 3)
    with pytest.raises(InputError, match="'a' has more patrols than the 2 periods"):
        patrol_schedule(shares, 2, np.random.default_rng(1))


@pytest.mark.parametrize(
    "bad", [({}, 1, 3), ({"a": -1.0}, 1, 3), ({"a": float("nan")}, 1, 3), ({"a": 1.0}, -1, 3)]
)
def test_a_split_that_cannot_be_is_refused(bad):
    with pytest.raises(InputError):
        patrol_shares(*bad)
