"""Posts: filled in one order, so that the smaller force stands among the larger, and honest."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from truceline.rehearsal.provinces import simulate_province
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.rehearsal.sensors.standing import acoustic_arrays, cameras, filled
from truceline.rehearsal.sensors.stretch import Stretch
from truceline.rehearsal.worlds.calendar import truce_calendar
from truceline.rehearsal.worlds.geography import geography

CASES = [("camera", "cameras", cameras), ("acoustic", "acoustics", acoustic_arrays)]


def stretch_of(scenario) -> Stretch:
    return Stretch(scenario, geography(scenario), 0, truce_calendar(scenario))


def test_places_are_filled_in_one_order_and_no_gap_is_wider_than_the_best_order_leaves():
    whole = filled(600, first=0.3)
    for n in range(1, 600):
        places = filled(n, first=0.3)
        assert (places == whole[:n]).all()
        around = np.sort(places)
        gaps = np.diff(np.append(around, around[0] + 1.0))
        assert n * gaps.max() < 1 / np.log(2) + 1e-9


@pytest.mark.parametrize(("kind", "stand"), [(kind, stand) for kind, _, stand in CASES])
def test_posts_of_a_smaller_force_stand_where_they_stand_in_a_larger(kind, stand):
    forces = [
        stand(stretch_of(load_scenario("blind-sector", {"sensors": {kind: {"per_100km": n}}})))
        for n in (0, 2, 5, 5.5, 40)
    ]
    assert len(forces[0].unit) == 0 < len(forces[1].unit)
    for few, many in pairwise(forces):
        kept = np.searchsorted(many.unit, few.unit)
        assert (many.unit[kept] == few.unit).all()
        assert (many.x[kept] == few.x).all()
        assert (many.y[kept] == few.y).all()
        assert (many.up[kept] == few.up).all()


@pytest.mark.parametrize(("kind", "source", "stand"), CASES)
def test_a_post_that_is_down_reports_nothing(kind, source, stand):
    changes = {
        "days": 10, "line": {"km": 60}, "dynamics": {"acts_per_day": 500},
        "sensors": {kind: {"per_100km": 20, "up": 0.6}},
    }  # fmt: skip
    stretch = stretch_of(load_scenario("quiet-truce", changes))
    posts = stand(stretch)
    assert 0.3 < posts.up.mean() < 0.9
    tables = simulate_province(stretch.scenario, stretch.country, 0)
    told = tables.observation.filter(pl.col("source") == source)
    row = {name: k for k, name in enumerate(posts.named(np.arange(len(posts.unit))))}
    t = (told["t_start"].to_numpy() - stretch.calendar.origin) / 1e6
    assert len(told) > 300
    assert posts.works(np.array([row[name] for name in told["witness"]]), t).all()


def test_posts_are_up_for_the_share_of_days_that_is_stated():
    changes = {"days": 300, "sensors": {"camera": {"per_100km": 60, "up": 0.9}}}
    up = cameras(stretch_of(load_scenario("quiet-truce", changes))).up
    assert up.mean() == pytest.approx(0.9, abs=0.02)
