"""Viewshed: worked by hand; agrees with exact sightlines; turns with the ground."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.force.terrain.viewshed import (
    EARTH_M,
    Lookout,
    Relief,
    agreement,
    sightlines,
    viewshed,
)


def hills(size, seed, slope=2.0):
    """Make hilly ground: noise whose spectrum falls with that power of frequency."""
    rng = np.random.default_rng(seed)
    step = np.fft.fftfreq(size)
    away = np.hypot(*np.meshgrid(step, step))
    away[0, 0] = 1.0
    noise = np.fft.ifft2(np.fft.fft2(rng.standard_normal((size, size))) * away**-slope).real
    return (noise - noise.mean()) / noise.std() * 120.0


@pytest.mark.parametrize("look", [viewshed, sightlines])
def test_behind_a_wall_nothing_is_seen(look):
    ground = np.zeros((21, 21))
    ground[:, 14] = 30.0
    seen = look(Relief(ground, 50.0), Lookout(10, 10, 2.0))
    assert seen[:, :15].all()
    assert not seen[:, 15:].any()


@pytest.mark.parametrize("look", [viewshed, sightlines])
def test_a_plain_is_seen_to_the_horizon(look):
    seen = look(Relief(np.zeros((1, 401)), 50.0), Lookout(0, 0, 10.0, refraction=0.0))
    horizon = np.sqrt(2.0 * EARTH_M * 10.0)
    assert seen[0].sum() == pytest.approx(horizon / 50.0, abs=2)
    bent = look(Relief(np.zeros((1, 401)), 50.0), Lookout(0, 0, 10.0, refraction=0.25))
    assert bent.sum() == pytest.approx(horizon / np.sqrt(0.75) / 50.0, abs=2)


@pytest.mark.parametrize("look", [viewshed, sightlines])
def test_range_is_a_circle(look):
    seen = look(Relief(np.zeros((61, 61)), 10.0), Lookout(30, 30, 5.0, range_m=200.0))
    row, column = np.indices(seen.shape) - 30
    assert np.array_equal(seen, np.hypot(row, column) <= 20.0)


@pytest.mark.parametrize(("fineness", "mean", "least"), [(2, 0.98, 0.97), (4, 0.985, 0.98)])
def test_on_hills_it_agrees_with_exact_sightlines(fineness, mean, least):
    found = []
    for seed in range(6):
        relief, lookout = Relief(hills(301, seed), 30.0), Lookout(150, 150, 10.0, 2.0)
        exact = sightlines(relief, lookout)
        assert 0.005 < exact.mean() < 0.9
        found.append(agreement(viewshed(relief, lookout, fineness=fineness), exact))
    assert np.mean(found) >= mean
    assert min(found) >= least


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999), st.integers(0, 40), st.integers(0, 30))
def test_it_turns_with_the_ground(seed, row, column):
    ground = np.random.default_rng(seed).random((41, 31)) * 40.0
    seen = viewshed(Relief(ground, 25.0), Lookout(row, column, 8.0))
    turned = viewshed(Relief(ground.T, 25.0), Lookout(column, row, 8.0))
    mirrored = viewshed(Relief(ground[::-1], 25.0), Lookout(40 - row, column, 8.0))
    assert np.array_equal(turned.T, seen)
    assert np.array_equal(mirrored[::-1], seen)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 999))
def test_a_higher_eye_or_target_never_sees_less(seed):
    relief = Relief(hills(61, seed), 30.0)
    low = sightlines(relief, Lookout(30, 30, 2.0))
    for better in (Lookout(30, 30, 2.0, target_m=10.0), Lookout(30, 30, 2.0, refraction=0.5)):
        assert not np.any(low & ~sightlines(relief, better))
        assert not np.any(viewshed(relief, Lookout(30, 30, 2.0)) & ~viewshed(relief, better))


def test_the_lookout_sees_where_it_stands_and_its_neighbours():
    seen = viewshed(Relief(hills(31, 1), 30.0), Lookout(0, 30, 3.0))
    assert seen[0, 30]
    assert seen[:2, 29:].all()
    assert viewshed(Relief(np.zeros((1, 1)), 1.0), Lookout(0, 0, 1.0)).tolist() == [[True]]


def test_senseless_ground_and_lookouts_are_refused():
    flat = Relief(np.zeros((3, 3)), 10.0)
    with pytest.raises(InputError, match="does not stand"):
        viewshed(flat, Lookout(3, 0, 1.0))
    with pytest.raises(InputError, match="refraction below 1"):
        viewshed(flat, Lookout(0, 0, 1.0, refraction=1.0))
    with pytest.raises(InputError, match="at least one ray"):
        viewshed(flat, Lookout(0, 0, 1.0), fineness=0)
    with pytest.raises(InputError, match="not known"):
        Relief(np.array([[np.nan]]), 10.0)
    with pytest.raises(InputError, match="larger than 0"):
        Relief(np.zeros((2, 2)), 0.0)
