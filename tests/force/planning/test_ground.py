"""The ground of a plan: kilometres along lines of any shape, whoever drew them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from truceline.core.space.lines import Territory
from truceline.force.planning.ground import along, plan_ground

TURN = np.linspace(0.0, 2.0 * np.pi, 37)
RING = np.column_stack([30.0 + 0.4 * np.cos(TURN), 48.0 + 0.27 * np.sin(TURN)])
RING[-1] = RING[0]
AROUND = shapely.box(28, 46, 32, 50)


def ground_of(line, inside):
    sides = Territory({"alpha": inside, "beta": shapely.difference(AROUND, inside)}, 300.0)
    return plan_ground(line, sides, point_m=2_000.0)


@pytest.mark.parametrize("start", [0, 9, 20])
@pytest.mark.parametrize("step", [1, -1])
def test_a_closed_line_has_its_kilometres_from_the_west_however_it_was_drawn(start, step):
    corners = np.roll(RING[:-1], -start, axis=0)[::step]
    line = shapely.LineString([*corners, corners[0]])
    ground = ground_of(line, shapely.Polygon(RING))
    west, south, east = along(ground, np.array([29.6, 30.0, 30.4]), np.array([48.0, 47.73, 48.0]))
    assert ground.line_km == pytest.approx(188, abs=1)
    assert west == pytest.approx(0.0, abs=0.1)
    assert south == pytest.approx(ground.line_km / 4, rel=0.05)
    assert east == pytest.approx(ground.line_km / 2, rel=0.01)
    assert set(ground.sites["side"]) == {"alpha", "beta"}


def test_a_line_of_five_kilometres_is_one_sector_and_one_in_pieces_loses_none():
    short = shapely.LineString([(30.0, 48.0), (30.067, 48.0)])
    north = shapely.box(28, 48, 32, 50)
    assert ground_of(short, north).stretches["stretch"].unique().to_list() == ["km 0 to 5"]
    pieces = shapely.MultiLineString([[(30.0, 48.0), (30.4, 48.0)], [(30.8, 48.0), (30.6, 48.0)]])
    ground = ground_of(pieces, north)
    assert ground.stretches["length_km"].sum() == pytest.approx(ground.line_km, rel=1e-3)
