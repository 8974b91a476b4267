"""Distance to a boundary: the digits of GEOS, for any lines and places."""

import itertools

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.space.nearest import boundary_distance

metres = st.integers(-50, 50).map(lambda n: n * 137.3)
place = st.tuples(metres, metres)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(place, min_size=2, max_size=40), min_size=1, max_size=4),
    st.lists(place, min_size=1, max_size=20),
)
def test_equals_geos_on_any_lines(lines, places):
    boundary = shapely.MultiLineString(lines)
    x, y = np.array(places).T
    pieces = [shapely.LineString(pair) for line in lines for pair in itertools.pairwise(line)]
    expected = [min(shapely.distance(shapely.points(*p), pieces)) for p in places]
    assert boundary_distance(boundary, x, y).tolist() == expected


def test_equals_geos_on_a_long_winding_line():
    rng = np.random.default_rng(5)
    line = shapely.LineString(np.cumsum(rng.normal(0, 300, (3_000, 2)), axis=0))
    x, y = rng.normal(0, 20_000, (2, 2_000))
    expected = shapely.distance(line, shapely.points(x, y))
    assert boundary_distance(line, x, y).tolist() == expected.tolist()
