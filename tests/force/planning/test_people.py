"""People: the arithmetic by hand, and teams within what the right kinds have."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.force.planning.conftest import DAY, asked, unit

from truceline.core.types.errors import InputError
from truceline.force.contributions.caveats import Conditions, OnlyZones
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.crews import CrewClass, crews_of
from truceline.force.planning.people import man, shared_out
from truceline.force.presence import Mix, teams

SITES = asked().ground.sites
NOW = Conditions(DAY)


def test_teams_are_those_of_the_sweep_when_nothing_is_forbidden():
    units = (unit("foot", "Aland", 9_000), unit("fly", "Aland", 1_000, "drones"))
    manned = man(units, SITES, NOW, Assumed())
    for task, number in teams(Mix("the same", 10_000)).items():
        assert manned.number(task) == int(number + 1e-9)


def test_people_kept_away_can_take_over_support_as_far_as_there_are_some():
    def duty(behind: int, lent: float) -> float:
        units = [unit("foot", "Aland", 1_000)]
        units += [unit("back", "Beland", behind, "infantry", OnlyZones(("hubs",)))]
        return man(units, SITES, NOW, Assumed({"support_behind": lent})).duty

    assert duty(1_000, 0.0) == pytest.approx(600)
    assert duty(1_000, 1.0) == pytest.approx(1_000)
    # 100 people behind can support only so many: (1000 + 100) x 0.6.
    assert duty(100, 1.0) == pytest.approx(660)


def test_posts_do_not_take_more_people_than_the_right_kinds_have():
    units = (unit("few", "Aland", 100), unit("fly", "Aland", 5_000, "drones"))
    manned = man(units, SITES, NOW, Assumed())
    on_tasks = sum(
        row["number"] * row["people_each"] * 0.6
        for row in manned.teams.to_dicts()
        if row["task"] != "drone_orbit"
    )
    assert 0 < on_tasks <= 100


@settings(max_examples=50)
@given(
    number=st.integers(0, 500),
    size=st.lists(st.integers(0, 5_000).map(float), min_size=1, max_size=8),
)
def test_sharing_out_loses_nobody(number, size):
    share = shared_out(number, np.array(size))
    assert share.min() >= 0
    assert share.sum() == (number if sum(size) else 0)
    exact = number * np.array(size) / (sum(size) or 1)
    assert np.all(np.abs(share - exact) < 1.0 + 1e-9) or not sum(size)


def test_each_nation_mans_a_run_of_neighbours():
    one = CrewClass("post", "post", 6, np.ones(9, dtype=bool),
                    (("a", "Aland", 2), ("b", "Beland", 4)))  # fmt: skip
    assert [nation for _, nation in crews_of(one, 6)] == ["Aland"] * 2 + ["Beland"] * 4
    assert [nation for _, nation in crews_of(one, 3)] == ["Aland"] + ["Beland"] * 2
    assert crews_of(CrewClass("camera", "camera", 2, np.ones(9, dtype=bool)), 2) == [
        (None, None), (None, None),
    ]  # fmt: skip


def test_a_larger_share_of_one_task_takes_from_the_others():
    allotted = Assumed({"post_share": 0.35}).allotment()
    assert allotted["post"] == 0.35
    assert sum(allotted.values()) == pytest.approx(1.0)
    with pytest.raises(InputError, match="take"):
        Assumed({"post_share": 0.7, "patrol_share": 0.5}).allotment()


def test_every_assumption_has_a_source_and_an_order():
    table = Assumed().table()
    assert table["source"].str.len_chars().min() > 5
    ranged = table.drop_nulls(["low", "high"])
    assert ranged.height > 12
    assert (ranged["low"] <= ranged["value"]).all()
    assert (ranged["value"] <= ranged["high"]).all()
    with pytest.raises(InputError, match="no assumption called"):
        Assumed({"wishes": 1.0})
