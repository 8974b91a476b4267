"""The ladder: saturation is said, never averaged; more people and vehicles help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import TermsError
from truceline.force.response.ladder import (
    LadderStep,
    Load,
    Pool,
    ladder_report,
    late_interval,
    utilisation,
)

DESK = LadderStep("warn", "the mission", 24.0, 4.0, 0.5, Pool(30, 2, 1 / 3))
TEAM = LadderStep("go and see", "the force", 72.0, 6.0, 0.5, Pool(40, 4, 0.5, 5, 1), travels=True)
LOAD = Load(6.0, 60.0, (1.0, 2.0, 3.0))


def report(steps, load, seed=1, runs=6):
    return ladder_report(steps, load, np.random.default_rng(seed), runs=runs)


def test_servers_are_the_scarcer_of_people_and_vehicles():
    assert DESK.pool.servers() == 5
    assert TEAM.pool.servers() == 5
    assert replace(TEAM.pool, vehicles=3).servers() == 3
    assert replace(TEAM.pool, staff=8).servers() == 1


def test_utilisation_by_hand():
    # 6 a day = 0.25 an hour; 4 h of work, 5 teams: 0.2. With travel: 6 + 2 x 2 = 10 h: 0.5
    assert utilisation(DESK, LOAD) == pytest.approx(0.2)
    assert utilisation(TEAM, LOAD) == pytest.approx(0.5)


def test_a_quiet_ladder_is_kept():
    table = report((DESK, TEAM), LOAD)
    assert table["state"].to_list() == ["kept up", "kept up"]
    assert table["late_share"][1] < 0.01
    assert table["late_low"][1] <= table["late_share"][1] <= table["late_high"][1]
    assert 4 < table["median_h"][1] < 24
    assert table["cases"][0] == pytest.approx(6 * 60 * 6, rel=0.1)


def test_a_saturated_step_has_no_average_and_neither_has_what_follows():
    table = report((DESK, replace(TEAM, pool=Pool(40, 4, 0.5, 2, 1)), DESK), LOAD)
    assert table["state"].to_list() == ["kept up", "saturated", "behind"]
    assert table["utilisation"][1] == pytest.approx(1.25)
    assert table["late_share"].to_list()[1:] == [None, None]
    assert table["median_h"].to_list()[1:] == [None, None]
    assert table["median_h"][0] is not None


def test_a_step_without_people_says_so():
    table = report((replace(DESK, pool=Pool(1, 2)), TEAM), LOAD)
    assert table["state"].to_list() == ["no people", "behind"]
    assert table["utilisation"][0] is None
    assert table["servers"][0] == 0


def test_no_breach_no_number():
    table = report((DESK,), replace(LOAD, breaches_per_day=0.0))
    assert table["state"].to_list() == ["kept up"]
    assert table["late_share"].to_list() == [None]


def test_without_a_deadline_nothing_is_late():
    table = report((replace(DESK, deadline_h=None),), LOAD)
    assert table["late_share"].to_list() == [None]
    assert table["median_h"][0] > 0


def test_work_without_spread_and_without_a_queue_takes_its_hours():
    table = report((replace(DESK, work_cv=0.0, pool=Pool(600, 2)),), LOAD)
    assert table["median_h"][0] == pytest.approx(4.0)
    assert table["p90_h"][0] == pytest.approx(4.0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), vehicles=st.integers(4, 7), more=st.integers(1, 4))
def test_more_vehicles_never_make_the_ladder_slower(seed, vehicles, more):
    few = replace(TEAM, pool=Pool(80, 4, 1.0, vehicles, 1))
    many = replace(TEAM, pool=Pool(80, 4, 1.0, vehicles + more, 1))
    a = report((DESK, few), LOAD, seed, runs=2)
    b = report((DESK, many), LOAD, seed, runs=2)
    assert b["utilisation"][1] < a["utilisation"][1]
    # the same draws; only overtaking can move the median up, and by very little
    assert b["median_h"][1] <= a["median_h"][1] + 0.05


def test_the_interval_holds_the_true_share_as_often_as_it_says():
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(400):
        late = rng.binomial(200, 0.1, 10).astype(float)
        low, high = late_interval(late, np.full(10, 200.0))
        inside += low <= 0.1 <= high
    assert inside / 400 > 0.93


def test_bunches_widen_the_interval():
    even = late_interval(np.full(10, 20.0), np.full(10, 200.0))
    bunched = late_interval(np.array([100.0, 100.0] + [0.0] * 8), np.full(10, 200.0))
    assert bunched[1] - bunched[0] > 3 * (even[1] - even[0])


def test_nothing_late_is_not_never_late():
    low, high = late_interval(np.zeros(5), np.full(5, 20.0))
    assert low == pytest.approx(0.0, abs=1e-12)
    assert 0.02 < high < 0.06


@pytest.mark.parametrize(
    ("step", "load"),
    [
        (replace(DESK, work_h=0.0), LOAD),
        (DESK, replace(LOAD, days=0.0)),
        (DESK, replace(LOAD, travel_h=(-1.0,))),
        (replace(DESK, pool=Pool(3, 0)), LOAD),
    ],
)
def test_a_ladder_that_cannot_be_is_explained(step, load):
    with pytest.raises(TermsError):
        report((step,), load)
