"""The field of hours is what the table of arrivals says, place by place."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.force.response.field import hours_over
from truceline.force.response.travel import (
    REACTION_FORCES,
    Conditions,
    arrivals,
    hours_to,
)

unit = st.fixed_dictionaries(
    {
        "lon": st.floats(30, 33), "lat": st.floats(47, 49), "people": st.integers(0, 120),
        "ready_h": st.floats(0, 3), "vehicles": st.integers(0, 8),
        "vehicle_seats": st.integers(1, 12), "helicopters": st.integers(0, 5),
        "helicopter_seats": st.integers(1, 14),
    }
)  # fmt: skip


def forces(units: list[dict[str, float]]) -> pl.DataFrame:
    rows = [{"unit": f"u{n}", "may_go": None, **one} for n, one in enumerate(units)]
    return REACTION_FORCES.conform(pl.DataFrame(rows, schema=REACTION_FORCES.dtypes()))


@settings(max_examples=40, deadline=None)
@given(
    units=st.lists(unit, min_size=0, max_size=4),
    lon=st.floats(29, 36), lat=st.floats(46, 50), people=st.integers(1, 200),
    share=st.floats(0, 1),
)  # fmt: skip
def test_the_field_is_the_table_of_arrivals(units, lon, lat, people, share):
    now = Conditions(helicopter_share=share)
    there = forces(units)
    place = pl.DataFrame({"sector": ["x"], "lon": [lon], "lat": [lat]})
    told = hours_to(arrivals(there, place, now, within_h=24.0), place, people)["hours"].item()
    (found,) = hours_over(there, np.array([lon]), np.array([lat]), people, now, within_h=24.0)
    if told is None:
        assert found == np.inf
    else:
        assert found == pytest.approx(told, abs=1e-9)


def test_a_place_beyond_the_helicopters_is_reached_by_road_alone():
    (one,) = hours_over(
        forces([{"lon": 30.0, "lat": 48.0, "people": 10, "ready_h": 1.0, "vehicles": 0,
                 "vehicle_seats": 8, "helicopters": 2, "helicopter_seats": 12}]),
        np.array([36.0]), np.array([48.0]), 5, Conditions(),
    )  # fmt: skip
    assert one == np.inf
