"""Presence: what a force puts on a kilometre, by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.force.presence import ALLOTMENT, Mix, presence_per_100km, presets, teams


def test_thirty_thousand_on_1200_km_by_hand():
    """A patrol of 8 on one shift takes 8 / 0.9 / 0.6 people, 14.8; 42 % of 30,000 are 12,600."""
    there = teams(Mix("plan", 30_000))
    assert there["patrol"] == pytest.approx(12_600 / (8 / 0.9 / 0.6))
    assert there["post"] == pytest.approx(6_300 / (4 * 3 / 0.9 / 0.6))
    per_100 = presence_per_100km(Mix("plan", 30_000, cameras=60), 1_200.0)
    assert per_100["camera"] == pytest.approx((60 + there["post"]) / 12)
    assert per_100["patrol"] == pytest.approx(there["patrol"] / 12)


def test_the_whole_force_is_given_a_task_and_no_one_two():
    assert sum(share for share, _, _ in ALLOTMENT.values()) == pytest.approx(1.0)
    assert all(low <= share <= high for share, low, high in ALLOTMENT.values())


@settings(max_examples=50, deadline=None)
@given(people=st.floats(0, 3e5), more=st.floats(0, 3e5), km=st.floats(10, 3_000))
def test_more_people_put_no_less_anywhere_and_a_longer_line_no_more(people, more, km):
    few, many = (presence_per_100km(Mix("x", n), km) for n in (people, people + more))
    longer = presence_per_100km(Mix("x", people), 2 * km)
    assert all(many[kind] >= few[kind] for kind in few)
    assert all(longer[kind] == pytest.approx(few[kind] / 2) for kind in few)


def test_what_is_lost_is_lost_and_nothing_else():
    whole = presence_per_100km(Mix("x", 9_000, cameras=50), 500)
    banned = presence_per_100km(Mix("x", 9_000, cameras=50, left={"drone_orbit": 0.0}), 500)
    assert banned["uav"] == 0.0 < whole["uav"]
    assert {**banned, "uav": 0.0} == {**whole, "uav": 0.0}
    half = presence_per_100km(Mix("x", 9_000, cameras=50, left={"post": 0.5, "camera": 0.5}), 500)
    assert half["camera"] == pytest.approx(whole["camera"] / 2)


@pytest.mark.parametrize("shares", [{"patrol": 0.8, "post": 0.3}, {"patrol": -0.1}])
def test_shares_that_cannot_be_are_refused(shares):
    with pytest.raises(InputError, match="of its people"):
        Mix("x", 100, allotment=shares)


def test_presets_say_where_they_are_from_and_are_as_thin_as_they_were():
    made = presets(2_000.0)
    assert len(made) == 20
    assert len({preset.name for preset in made}) == len(made)
    by = {preset.name: preset for preset in made}
    for name, per_km in (("OSCE SMM, 2021", 1.2), ("UNMEE, 2000", 4.2), ("UNFICYP, 2018", 4.48),
                         ("IFOR, 1996", 55.6), ("UNIFIL, November 2006", 87.5)):  # fmt: skip
        assert by[name].people / 2_000 == pytest.approx(per_km, rel=0.01)
        assert "km" in by[name].source
    assert by["reported plan of 30,000, 2025"].people == 30_000
    assert {preset.people for preset in made} >= {1_000.0, 200_000.0}


def test_a_station_in_the_air_watches_as_a_drone_kept_up_until_it_is_lost():
    kept = presence_per_100km(Mix("x", 0, stations=5), 500)
    assert kept["uav"] == pytest.approx(5 * 6 / 5)
    assert presence_per_100km(Mix("x", 0, stations=5, left={"station": 0.4}), 500)["uav"] == 2.4
