"""Travel: worked by hand; more vehicles never later; sides mirror; a force too small says so."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.space.geodesy import distance_m
from truceline.core.types.errors import InputError
from truceline.force.response.travel import (
    REACTION_FORCES,
    SECTORS,
    Conditions,
    arrivals,
    hours_to,
)

NOW = Conditions(50.0, 1.2, 200.0, 1.0, 200.0, 0.5)


def force(**changes):
    row = {
        "unit": "reserve",
        "lon": 37.0,
        "lat": 48.0,
        "people": 100,
        "ready_h": 1.0,
        "vehicles": 10,
        "vehicle_seats": 4,
        "helicopters": 0,
        "helicopter_seats": 12,
        "may_go": None,
    }
    return row | changes


def forces(*rows):
    return pl.DataFrame(list(rows), schema=REACTION_FORCES.dtypes())


def sectors(*places):
    rows = [{"sector": name, "lon": lon, "lat": lat} for name, lon, lat in places]
    return pl.DataFrame(rows, schema=SECTORS.dtypes())


EAST = sectors(("east", 38.0, 48.0))
KM = distance_m(37, 48, 38, 48) / 1000


def test_three_trips_by_hand():
    table = arrivals(forces(force()), EAST, NOW)
    way = KM * 1.2 / 50
    assert table["people"].to_list() == [40, 40, 20]
    assert table["hours"].to_list() == pytest.approx(
        [1 + way, 1 + way + 2 * (way + 0.5), 1 + way + 4 * (way + 0.5)]
    )


def test_helicopters_come_first_and_share_the_people():
    table = arrivals(forces(force(helicopters=2)), EAST, NOW)
    assert table["mode"][0] == "helicopter"
    assert table["hours"][0] == pytest.approx(1 + KM / 200)
    assert table["people"].sum() == 100


def test_at_night_half_of_three_helicopters_are_one():
    night = replace(NOW, helicopter_share=0.5)
    table = arrivals(forces(force(helicopters=3, vehicles=0)), EAST, night)
    assert table["people"][0] == 12


def test_beyond_the_radius_no_helicopter():
    table = arrivals(forces(force(helicopters=2)), EAST, replace(NOW, helicopter_radius_km=10))
    assert set(table["mode"]) == {"road"}


def test_a_force_too_small_never_arrives_and_says_how_many_could():
    table = arrivals(forces(force()), EAST, NOW)
    assert hours_to(table, EAST, 101).row(0) == ("east", 101, None, 100)
    assert hours_to(table, EAST, 41)["hours"][0] == pytest.approx(table["hours"][1])


def test_a_caveat_keeps_a_unit_at_home():
    table = arrivals(forces(force(may_go=["west"])), EAST, NOW)
    assert table.is_empty()
    assert hours_to(table, EAST, 1).row(0) == ("east", 1, None, 0)


def test_after_the_limit_nobody_arrives():
    table = arrivals(forces(force()), EAST, NOW, within_h=3.0)
    assert table["people"].to_list() == [40]


@settings(max_examples=80, deadline=None)
@given(
    vehicles=st.integers(0, 8),
    helicopters=st.integers(0, 5),
    more=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    people=st.integers(1, 100),
)
def test_more_vehicles_are_never_later(vehicles, helicopters, more, people):
    few = forces(force(vehicles=vehicles, helicopters=helicopters))
    many = forces(force(vehicles=vehicles + more[0], helicopters=helicopters + more[1]))
    a = hours_to(arrivals(few, EAST, NOW), EAST, people)["hours"][0]
    b = hours_to(arrivals(many, EAST, NOW), EAST, people)["hours"][0]
    assert a is None or (b is not None and b <= a + 1e-9)


@settings(max_examples=50, deadline=None)
@given(
    offsets=st.lists(st.floats(-2, 2), min_size=1, max_size=4),
    helicopters=st.integers(0, 3),
    people=st.integers(1, 200),
)
def test_swapping_the_sides_mirrors_the_hours(offsets, helicopters, people):
    def hours(sign):
        units = forces(
            *(
                force(unit=f"u{i}", lon=37 + sign * d, helicopters=helicopters)
                for i, d in enumerate(offsets)
            )
        )
        line = sectors(("a", 37.0 + sign, 48.0), ("b", 37.0 - sign, 48.0))
        return hours_to(arrivals(units, line, NOW), line, people)["hours"].to_list()

    assert hours(1) == pytest.approx(hours(-1), nan_ok=True)


@pytest.mark.parametrize(
    "bad", [{"road_kmh": 0.0}, {"detour": 0.9}, {"helicopter_share": 1.2}, {"turn_h": -1.0}]
)
def test_conditions_that_cannot_be_are_explained(bad):
    with pytest.raises(InputError):
        arrivals(forces(force()), EAST, replace(NOW, **bad))


def test_nobody_wanted_is_no_question():
    with pytest.raises(InputError):
        hours_to(arrivals(forces(force()), EAST, NOW), EAST, 0)
