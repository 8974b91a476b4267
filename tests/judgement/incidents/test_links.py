"""Links: equal to brute force, whatever the order; a table of hand-made cases."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.judgement.incidents import links
from truceline.judgement.incidents.links import link

EARTH_RADIUS_M = 6_371_008.8


def brute_force(lon, lat, sigma, start, end, *, extent_m, gate, gap):
    """Compare every pair, and take components by repeated relabelling."""
    rad = np.pi / 180
    mid, half = (start + end) // 2, (end - start) // 2
    dlon = np.abs(lon[:, None] - lon[None, :])
    dlon = np.where(dlon > 180, 360 - dlon, dlon)
    x = dlon * rad * np.cos(0.5 * (lat[:, None] + lat[None, :]) * rad)
    y = (lat[:, None] - lat[None, :]) * rad
    near = (x**2 + y**2) * EARTH_RADIUS_M**2 <= gate**2 * (
        sigma[:, None] ** 2 + sigma[None, :] ** 2 + extent_m**2
    )
    together = np.abs(mid[:, None] - mid[None, :]) <= gap + np.maximum(half[:, None], half[None, :])
    linked = near & together
    labels = np.arange(len(lon))
    while True:
        smaller = np.where(linked, labels[None, :], len(lon)).min(axis=1)
        smaller = np.minimum(labels, smaller)
        if (smaller == labels).all():
            return labels
        labels = smaller


points = st.lists(
    st.tuples(
        st.floats(-0.25, 0.25),
        st.floats(-0.15, 0.15),
        st.sampled_from([0.0, 150.0, 400.0, 1000.0]),
        st.integers(0, 200_000),
        st.sampled_from([0, 0, 0, 3600, 86_400]),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(
    points,
    st.sampled_from([(37.5, 48.0), (-179.95, -16.0), (0.0, 0.05), (25.0, 69.0), (80.0, 89.7)]),
    st.sampled_from([0.0, 0.5, 8.0]),
    st.randoms(),
)
def test_equals_brute_force_in_any_order_and_any_blocks(rows, centre, crowd, random):
    random.shuffle(rows)
    lon = np.array([(centre[0] + r[0] + 180) % 360 - 180 for r in rows])
    lat = np.array([centre[1] + r[1] for r in rows])
    sigma = np.array([r[2] for r in rows])
    start = np.array([r[3] for r in rows], np.int64)
    end = start + np.array([r[4] for r in rows], np.int64)
    rule = {"extent_m": 500.0, "gate": 3.0, "gap": 6 * 3600}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "CROWD", max(crowd, 1e-9))
        found = link(lon, lat, sigma, start, end, **rule)
    assert found.tolist() == brute_force(lon, lat, sigma, start, end, **rule).tolist()


@pytest.mark.parametrize("crowd", [1e-9, 1.0, 1e9])
def test_around_the_globe_blocks_do_not_matter(crowd, monkeypatch):
    """Wide links, from one observation to the next around the whole globe and over the poles."""
    monkeypatch.setattr(links, "CROWD", crowd)
    rng = np.random.default_rng(3)
    n = 400
    lon, lat = rng.uniform(-180, 180, n), rng.uniform(-90, 90, n)
    sigma, start = rng.uniform(0, 900_000, n), rng.integers(0, 86_400, n)
    rule = {"extent_m": 200_000.0, "gate": 1.0, "gap": 6 * 3600}
    found = link(lon, lat, sigma, start, start, **rule)
    assert found.tolist() == brute_force(lon, lat, sigma, start, start, **rule).tolist()


@pytest.mark.parametrize("n", [3000])
def test_equals_brute_force_on_a_dense_front(n):
    rng = np.random.default_rng(7)
    lon = 37.5 + rng.normal(0, 0.3, n)
    lat = 48.0 + rng.normal(0, 0.2, n)
    sigma = rng.uniform(100, 900, n)
    start = rng.integers(0, 30 * 86400, n)
    end = start + np.where(rng.random(n) < 0.3, 86400, 0)
    rule = {"extent_m": 500.0, "gate": 3.0, "gap": 6 * 3600}
    found = link(lon, lat, sigma, start, end, **rule)
    assert found.tolist() == brute_force(lon, lat, sigma, start, end, **rule).tolist()
    assert 10 < len(np.unique(found)) < n


def test_a_crowd_in_one_place_costs_no_more_than_as_many_apart():
    """A hundred thousand reports of one town on one day are not compared pair by pair."""
    n = 100_000
    rng = np.random.default_rng(1)
    at = rng.normal(0, 0.003, n)
    start = rng.integers(0, 86_400, n)
    rule = {"extent_m": 500.0, "gate": 3.0, "gap": 6 * 3600}
    link(at[:9], at[:9], np.zeros(9), start[:9], start[:9], **rule)
    began = time.process_time()
    found = link(37.0 + at, 48.0 + at, np.zeros(n), start, start, **rule)
    assert not found.any()
    # All pairs would take minutes; this took 0.03 s.
    assert time.process_time() - began < 3.0


def test_two_successive_days_known_only_by_date_are_two():
    day = 86_400
    start = np.array([0, day], np.int64)
    place = np.array([37.0, 37.0]), np.array([48.0, 48.0])
    labels = link(*place, np.zeros(2), start, start + day, extent_m=500, gate=3, gap=6 * 3600)
    assert labels.tolist() == [0, 1]


def test_an_hour_within_a_day_known_only_by_date_joins_it():
    start = np.array([0, 80_000], np.int64)
    end = np.array([86_400, 80_000], np.int64)
    place = np.array([37.0, 37.0]), np.array([48.0, 48.0])
    labels = link(*place, np.zeros(2), start, end, extent_m=500, gate=3, gap=6 * 3600)
    assert labels.tolist() == [0, 0]


def test_nothing_gives_nothing():
    none = np.empty(0)
    assert (
        link(none, none, none, none.astype(int), none.astype(int), extent_m=1, gate=1, gap=1).size
        == 0
    )
