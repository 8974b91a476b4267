"""Metres on the ground from degrees."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from truceline.core.space.geodesy import (
    centre_of,
    distance_m,
    length_km,
    local_plane,
    normal_cdf,
    to_degrees,
    to_plane,
)

KYIV, DONETSK = (30.5234, 50.4501), (37.8029, 48.0159)


def test_published_distances_hold():
    # One degree of the equator is 6,378,137 m x pi / 180; the quadrant 10,001,965.7 m (WGS 84).
    assert distance_m(0, 0, 1, 0) == pytest.approx(6_378_137 * np.pi / 180, abs=0.1)
    assert distance_m(0, 0, 0, 90) == pytest.approx(10_001_965.7, abs=0.5)
    assert distance_m(*KYIV, *DONETSK) == pytest.approx(distance_m(*DONETSK, *KYIV))


def test_a_length_has_no_direction_and_adds_up():
    there = shapely.LineString([KYIV, DONETSK])
    assert length_km(there) == pytest.approx(length_km(there.reverse()))
    assert length_km(there) == pytest.approx(distance_m(*KYIV, *DONETSK) / 1000)


@settings(max_examples=60, deadline=None)
@given(st.floats(-70, 70), st.floats(0, 360), st.floats(0, 360), st.floats(0, 2), st.floats(0, 2))
def test_plane_distances_are_true_within_300_km(lat, one, other, near, far):
    plane = local_plane(37.0, lat)
    places = [
        (37 + r * np.sin(np.radians(a)), lat + r * np.cos(np.radians(a)))
        for a, r in ((one, near), (other, far))
    ]
    xy = shapely.get_coordinates(to_plane(shapely.LineString(places), plane))
    flat = float(np.hypot(*(xy[0] - xy[1])))
    assert flat == pytest.approx(distance_m(*places[0], *places[1]), rel=5e-4, abs=0.01)


@settings(max_examples=40, deadline=None)
@given(st.floats(-2, 2), st.floats(-2, 2))
def test_there_and_back_is_the_same_place(dx, dy):
    plane = local_plane(37.0, 48.0)
    place = shapely.Point(37 + dx, 48 + dy)
    back = to_degrees(to_plane(place, plane), plane)
    assert (back.x, back.y) == pytest.approx((place.x, place.y), abs=1e-8)


def test_the_centre_is_the_middle_to_a_tenth():
    assert centre_of(shapely.box(36.02, 47.0, 38.0, 49.51)) == (37.0, 48.3)


def test_the_normal_distribution_function():
    z = np.array([-1.96, 0.0, 1.0, 40.0])
    assert normal_cdf(z) == pytest.approx(norm.cdf(z))
