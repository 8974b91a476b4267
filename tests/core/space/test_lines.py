"""Sides of a line that is known with an error, and the sectors along it."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from truceline.core.space.geodesy import distance_m
from truceline.core.space.lines import Sectors, Territory, signed_distance

#: Two areas that meet along the equator.
SOUTH, NORTH = shapely.box(-0.5, -0.5, 0.5, 0), shapely.box(-0.5, 0, 0.5, 0.5)
METRES_A_DEGREE = distance_m(0, 0, 0, 0.1) / 0.1
PLACES = st.lists(
    st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.floats(10, 20_000)),
    min_size=1,
    max_size=8,
).map(lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True)))


def test_depth_is_metres_inside_and_negative_outside():
    lat = np.array([-0.1, -0.01, 0.01, 0.1])
    depth = signed_distance(SOUTH, np.zeros(4), lat)
    assert depth == pytest.approx(-lat * METRES_A_DEGREE, rel=1e-3, abs=2)


def test_depth_in_a_hole_is_outside():
    ring = shapely.box(-0.4, -0.4, 0.4, 0.4).difference(shapely.box(-0.1, -0.1, 0.1, 0.1))
    depth = signed_distance(ring, np.array([0.0, 0.25]), np.zeros(2))
    assert depth[0] == pytest.approx(-distance_m(0, 0, 0, 0.1), rel=0.01)
    assert depth[1] == pytest.approx(distance_m(0, 0, 0.15, 0), rel=0.01)


@pytest.mark.parametrize("line_sigma", [0.0, 500.0, 3_000.0])
@pytest.mark.parametrize("sigma", [100.0, 2_000.0])
def test_side_probability_is_the_closed_form_of_a_half_plane(line_sigma, sigma):
    depth = np.linspace(-12_000, 12_000, 25)
    territory = Territory({"a": SOUTH, "b": None}, line_sigma)
    p = territory.side_probability(np.zeros(25), -depth / METRES_A_DEGREE, np.full(25, sigma))
    expected = norm.cdf(depth / np.hypot(sigma, max(line_sigma, 1.0)))
    assert p[:, 0] == pytest.approx(expected, abs=0.005)
    assert p[:, 1] == pytest.approx(1 - expected, abs=0.005)
    assert (np.diff(p[:, 0]) >= 0).all()


def test_on_the_line_each_side_is_as_likely():
    p = Territory({"a": SOUTH, "b": NORTH}, 1_000).side_probability(
        np.zeros(1), np.zeros(1), np.array([500.0])
    )
    assert p[0] == pytest.approx([0.5, 0.5], abs=0.001)


@settings(max_examples=60, deadline=None)
@given(PLACES, st.floats(0, 5_000), st.sampled_from(["both drawn", "one is the rest"]))
def test_the_order_of_the_parties_only_orders_the_columns(places, sigma_m, drawn):
    areas = {"a": SOUTH, "b": NORTH if drawn == "both drawn" else None}
    one = Territory(areas, sigma_m)
    other = Territory(dict(reversed(areas.items())), sigma_m)
    assert one.parties == ("a", "b")
    assert other.parties == ("b", "a")
    assert (one.side_probability(*places) == other.side_probability(*places)[:, ::-1]).all()
    assert (one.distance_m(*places[:2]) == other.distance_m(*places[:2])[:, ::-1]).all()
    assert (one.line_distance_m(*places[:2]) == other.line_distance_m(*places[:2])).all()


@settings(max_examples=60, deadline=None)
@given(PLACES, st.floats(0, 5_000))
def test_mirroring_the_line_swaps_the_parties_and_nothing_else(places, sigma_m):
    lon, lat, sigma = places
    territory = Territory({"a": SOUTH, "b": NORTH}, sigma_m)
    p = territory.side_probability(lon, lat, sigma)
    mirrored = territory.side_probability(lon, -lat, sigma)
    assert p == pytest.approx(mirrored[:, ::-1], abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(PLACES, st.floats(0, 5_000))
def test_probabilities_of_touching_sides_are_a_distribution(places, sigma_m):
    lon, lat, sigma = places
    places = (lon, lat, np.clip(sigma, 100.0, 4_000.0))
    for areas in ({"a": SOUTH, "b": NORTH}, {"a": SOUTH, "b": None}):
        p = Territory(areas, sigma_m).side_probability(*places)
        assert ((p >= 0) & (p <= 1)).all()
        assert p.sum(axis=1) == pytest.approx(1.0, abs=0.01)


def test_distances_are_to_the_ground_of_each_and_to_the_nearest_edge():
    territory = Territory({"a": SOUTH, "b": NORTH}, 0)
    lat = np.array([-0.1, 0.1])
    apart = territory.distance_m(np.zeros(2), lat)
    edge = 0.1 * METRES_A_DEGREE
    assert apart == pytest.approx(np.array([[0, edge], [edge, 0]]), rel=1e-3)
    assert territory.line_distance_m(np.zeros(2), lat) == pytest.approx([edge, edge], rel=1e-3)


def test_three_parties_and_no_places_keep_their_shape():
    areas = {"a": SOUTH, "b": NORTH, "c": None}
    none = Territory(areas, 100).side_probability(np.empty(0), np.empty(0), np.empty(0))
    assert none.shape == (0, 3)
    far = Territory(areas, 100).side_probability(np.array([3.0]), np.array([0.2]), np.array([50.0]))
    assert far[0] == pytest.approx([0, 0, 1])


def test_nobody_s_area_drawn_is_no_knowledge_of_the_side():
    p = Territory({"a": None, "b": None}, 10).side_probability(
        np.zeros(1), np.zeros(1), np.array([9.0])
    )
    assert p[0] == pytest.approx([0.5, 0.5])


def test_a_sector_holds_its_places_and_a_shared_edge_goes_to_the_first_name():
    sectors = Sectors({"west": shapely.box(0, 0, 1, 1), "east": shapely.box(1, 0, 2, 1)})
    lon = np.array([0.5, 1.5, 1.0, 3.0])
    assert sectors.of(lon, np.full(4, 0.5)) == ["west", "east", "east", None]
    assert Sectors({}).of(lon, lon) == [None] * 4
    assert sectors.of(np.empty(0), np.empty(0)) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1)), max_size=10), st.randoms())
def test_sectors_depend_on_no_order(places, rng):
    polygons = [(name, shapely.box(i, 0, i + 1, 1)) for i, name in enumerate("cab")]
    turned = rng.sample(polygons, 3)
    lon, lat = (np.array([row[i] for row in places], dtype=float) for i in (0, 1))
    assert Sectors(dict(polygons)).of(lon, lat) == Sectors(dict(turned)).of(lon, lat)
    assert None not in Sectors(dict(polygons)).of(lon, lat)


def test_the_area_of_a_sector_is_that_on_the_ground():
    sector = Sectors({"a": shapely.box(37, 48, 37.5, 48.5)})
    # Half a degree of latitude is 55.6 km, of longitude at 48.25 N 37.1 km.
    assert sector.area_km2()["a"] == pytest.approx(55.6 * 37.1, rel=0.005)
