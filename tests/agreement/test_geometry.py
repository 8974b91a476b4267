"""Geometry of the terms: GeoJSON read with care, widths true on the ground, probabilities."""

import json

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from truceline.agreement.geometry import (
    find_feature,
    probability_inside,
    read_features,
    zone_polygon,
)
from truceline.agreement.reading import load_agreement
from truceline.agreement.terms import Geometry
from truceline.core.space.geodesy import distance_m
from truceline.core.types.errors import TermsError, TrucelineError


def feature(kind, coordinates, **properties):
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def written_to(path, *features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


SQUARE = [[36, 47], [37, 47], [37, 48], [36, 48], [36, 47]]
BAD = [
    (feature("Polygon", [SQUARE[:-1]]), "a ring is not closed"),
    (feature("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]), "crosses or touches itself"),
    (feature("LineString", [[0, 0], [2, 2], [2, 0], [0, 2]]), "the line crosses itself"),
    (feature("LineString", [[48.0, 137.5], [48.5, 137.6]]), "a latitude exceeds|swapped"),
    (feature("LineString", [[48.0, 97.5], [48.5, 97.6]]), "seem to be swapped"),
    (feature("LineString", [[181, 10], [182, 11]]), "a longitude exceeds 180"),
    (feature("LineString", []), "is empty or has no numbers"),
    (feature("Blob", [[1, 2]]), "the geometry cannot be read"),
    (feature("Point", ["a", "b"]), "the geometry cannot be read"),
    ({"type": "Feature", "properties": {}}, "the feature has no geometry"),
    (7, "the feature has no geometry"),
    ({**feature("Point", [1, 2]), "properties": [1]}, "properties of the feature are no object"),
    (feature("Point", [10**400, 1]), "the geometry cannot be read"),
    (feature("MultiPolygon", [[]]), "the geometry cannot be read|is empty"),
]


def test_a_line_across_the_meridian_of_180_degrees_is_told_not_drawn_round_the_world(tmp_path):
    halves = [[[179.5, 10.0], [180.0, 10.1]], [[-180.0, 10.1], [-179.5, 10.0]]]
    written_to(tmp_path / "a.geojson", feature("MultiLineString", halves))
    with pytest.raises(TermsError, match="spans 360 degrees of longitude"):
        find_feature(tmp_path, Geometry(file="a.geojson"))


@pytest.mark.parametrize(("bad", "words"), BAD)
def test_bad_shapes_are_named_with_the_number_of_the_feature(tmp_path, bad, words):
    path = written_to(tmp_path / "a.geojson", feature("Polygon", [SQUARE]), bad)
    with pytest.raises(TermsError, match=words) as caught:
        read_features(path)
    assert (caught.value.where.file, caught.value.where.row) == (str(path), 2)


@pytest.mark.parametrize(
    "text", ["", "{", "null", "[]", "{}", '{"features": []}', '{"features": 3}', "[" * 100_000]
)
def test_what_is_no_collection_is_said_to_be_none(tmp_path, text):
    path = tmp_path / "a.geojson"
    path.write_text(text)
    with pytest.raises(TermsError, match="this is n"):
        read_features(path)


def test_a_missing_file_says_where_to_put_it(tmp_path):
    with pytest.raises(TermsError, match="does not exist") as caught:
        read_features(tmp_path / "none.geojson")
    assert "geometry" in caught.value.hint


def test_a_feature_is_found_by_its_id_and_only_if_it_is_one(tmp_path):
    square = feature("Polygon", [SQUARE], id="a")
    written_to(tmp_path / "one.geojson", square)
    written_to(tmp_path / "two.geojson", square, square)
    assert find_feature(tmp_path, Geometry(file="one.geojson")).area == 1
    assert find_feature(tmp_path, Geometry(file="one.geojson", feature="a")).area == 1
    for geometry, words in (
        (Geometry(file="two.geojson"), "2 features and the term names none"),
        (Geometry(file="two.geojson", feature="a"), "2 features have the id 'a'"),
        (Geometry(file="one.geojson", feature="b"), "0 features have the id 'b'"),
    ):
        with pytest.raises(TermsError, match=words):
            find_feature(tmp_path, geometry)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries", "x"]), inner)
    ),
    max_leaves=10,
)
NUMBERS = st.integers(-200, 200) | st.floats() | st.just(10**400) | st.text(max_size=2)
PLACES = st.lists(NUMBERS, max_size=4)
SHAPES = PLACES | st.lists(PLACES, max_size=5) | st.lists(st.lists(PLACES, max_size=5), max_size=3)
KINDS = st.sampled_from(
    ["Point", "LineString", "Polygon", "MultiPolygon", "MultiLineString", "GeometryCollection"]
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(kind=KINDS | st.text(max_size=4), inner=JSON | SHAPES, properties=JSON)
def test_no_geojson_raises_anything_but_our_own(tmp_path, kind, inner, properties):
    geometry = {"type": kind, "coordinates": inner, "geometries": inner}
    bad = {"type": "Feature", "properties": properties, "geometry": geometry}
    path = written_to(tmp_path / "a.geojson", bad)
    try:
        ((_, shape),) = read_features(path)
    except TrucelineError:
        return
    assert shape.is_valid


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=100))
def test_no_bytes_raise_anything_but_our_own(tmp_path, content):
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    with pytest.raises(TrucelineError):
        read_features(path)


@pytest.mark.parametrize(
    ("width_m", "width_is", "across_km"),
    [
        (50_000, "total", 50),
        (70_000, "total", 70),
        (140_000, "total", 140),
        (15_000, "per_side", 30),
    ],
)
def test_a_zone_is_as_wide_on_the_ground_as_agreed(terms, written, width_m, width_is, across_km):
    terms["zones"][0] |= {"width_m": width_m, "width_is": width_is}
    file = load_agreement(written(terms))
    ground = zone_polygon(file.agreement, file.agreement.zones[0], file.geometry)
    meridian = shapely.LineString([(37.0, 45), (37.0, 51)]).intersection(ground)
    (_, south), (_, north) = meridian.coords
    across = distance_m(37, south, 37, north) / 1000
    assert across == pytest.approx(across_km, rel=0.01)
    for edge in (south, north):
        side = distance_m(37, 48, 37, edge) / 1000
        assert side == pytest.approx(across_km / 2, rel=0.01)


def test_a_zone_without_line_drawn_or_width_said_has_no_ground(terms, written):
    zone = terms["zones"][0]
    zone["width_is"] = None
    file = load_agreement(written(terms))
    assert zone_polygon(file.agreement, file.agreement.zones[0], file.geometry) is None
    zone["width_is"], terms["lines"][0]["geometry"] = "total", None
    file = load_agreement(written(terms))
    assert zone_polygon(file.agreement, file.agreement.zones[0], file.geometry) is None


#: Its north edge runs along the equator, so that distances to it are plain.
HALF = shapely.box(-0.5, -0.5, 0.5, 0)
METRES_A_DEGREE = distance_m(0, 0, 0, 0.1) / 0.1


def test_probability_near_a_straight_edge_is_that_of_the_closed_form():
    sigmas = np.linspace(-4.5, 4.5, 181)
    for sigma_m in (100.0, 1_000.0, 3_000.0):
        p = probability_inside(
            HALF, np.zeros(181), -sigmas * sigma_m / METRES_A_DEGREE, np.full(181, sigma_m)
        )
        off = np.abs(p - norm.cdf(sigmas))
        assert off.max() < 0.065
        assert off.mean() < 0.01
        assert (np.diff(p) >= 0).all()


@settings(max_examples=50, deadline=None)
@given(st.floats(-4, 4), st.floats(100, 3_000), st.floats(1.0, 5.0))
def test_probability_comes_nearer_to_a_half_as_the_error_grows(sigmas, sigma, times):
    lat = np.array([-sigmas * sigma / METRES_A_DEGREE])
    sharp = probability_inside(HALF, np.zeros(1), lat, np.array([sigma]))[0]
    blurred = probability_inside(HALF, np.zeros(1), lat, np.array([sigma * times]))[0]
    assert 0 <= blurred <= 1
    assert abs(blurred - 0.5) <= abs(sharp - 0.5) + 0.13
    assert abs(blurred - norm.cdf(sigmas / times)) < 0.065


def test_far_from_the_edge_a_place_is_in_or_out_for_certain():
    lat = np.array([-0.2, 0.2])
    p = probability_inside(HALF, np.zeros(2), lat, np.array([100.0, 100.0]))
    assert p.tolist() == [1.0, 0.0]


def test_places_in_any_order_have_the_same_probability():
    lat = np.linspace(-0.2, 0.2, 30)
    sigma = np.linspace(100, 20_000, 30)
    p = probability_inside(HALF, np.zeros(30), lat, sigma)
    turned = probability_inside(HALF, np.zeros(30), lat[::-1], sigma[::-1])
    assert (p[::-1] == turned).all()
