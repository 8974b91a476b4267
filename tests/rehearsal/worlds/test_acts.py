"""Acts come as often, breed as much, and lie where the scenario says."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.rehearsal.worlds.acts import simulate_acts
from truceline.rehearsal.worlds.calendar import truce_calendar
from truceline.rehearsal.worlds.geography import geography, places


def acts_of(changes, province=0, name="quiet-truce"):
    scenario = load_scenario(name, changes)
    country = geography(scenario)
    around = places(scenario, country, province)
    calendar = truce_calendar(scenario)
    return scenario, country, calendar, simulate_acts(scenario, country, around, province, calendar)


def test_mean_number_of_acts_is_that_of_the_scenario() -> None:
    """28 a day on 400 km are 7 a day on 100 km, clusters included."""
    changes = {"days": 60, "before_days": 0, "line": {"km": 100}, "dynamics": {"acts_per_day": 28}}
    counts = [len(acts_of({**changes, "seed": seed})[3]) for seed in range(100, 180)]
    assert np.mean(counts) == pytest.approx(60 * 7, rel=0.05)
    # Clusters: the variance is far above a Poisson's.
    assert np.var(counts) > 1.5 * np.mean(counts)


def test_share_that_follows_and_answers() -> None:
    _, _, _, acts = acts_of({"days": 60, "line": {"km": 100}, "dynamics": {"acts_per_day": 200}})
    followers = np.sum(acts.root != np.arange(len(acts)))
    # An act breeds 0.35 followers on average; those past the end are cut off.
    assert followers / len(acts) == pytest.approx(0.35, abs=0.03)


def test_fire_crosses_the_line_unless_a_spoiler_fires() -> None:
    _, _, _, acts = acts_of({"dynamics": {"acts_per_day": 200}}, name="spoiler")
    kinds_own = np.array([6, 8])
    crossing = ~np.isin(acts.kind, kinds_own)
    towards = np.where(acts.side == 0, 1.0, -1.0)
    lands_across = np.sign(acts.depth) == towards
    assert lands_across[crossing & ~acts.is_spoiler].all()
    assert acts.is_spoiler.sum() > 50
    assert not lands_across[acts.is_spoiler].any()
    assert (np.sign(acts.origin_depth) == -towards).all()


def test_what_follows_stays_with_its_party_and_place() -> None:
    _, _, _, acts = acts_of({"dynamics": {"acts_per_day": 200}}, name="three-parties")
    roots = acts.root
    assert (acts.party == acts.party[roots]).all()
    assert (acts.side == acts.side[roots]).all()
    assert np.quantile(np.abs(acts.s - acts.s[roots]), 0.99) < 5_000.0
    assert (acts.t >= acts.t[roots]).all()


@pytest.mark.parametrize("response", [0.0, 0.8])
def test_response_to_being_documented_is_off_unless_assumed(response: float) -> None:
    changes = {
        "days": 60,
        "line": {"km": 100},
        "dynamics": {"acts_per_day": 200, "documented": 1.0, "response": response},
    }
    _, _, _, acts = acts_of(changes)
    followers = np.mean(acts.root != np.arange(len(acts)))
    assert followers == pytest.approx(0.35 if response == 0 else 0.07, abs=0.03)


def test_a_breakdown_starts_in_its_hour() -> None:
    scenario, _, calendar, acts = acts_of(
        {"seed": 5, "dynamics": {"acts_per_day": 60}}, name="breakdown-under-cloud"
    )
    phase = scenario.phases[0]
    day = acts.t / 86_400.0 - calendar.truce_day
    before = np.sum((day > phase.day - 5) & (day <= phase.day)) / 5
    after = np.sum((day > phase.day) & (day <= phase.day + 5)) / 5
    assert after / max(before, 1) > 7.0
    assert calendar.is_night(np.array([(calendar.truce_day + phase.day) * 86_400.0]))[0]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), rough=st.floats(0.0, 0.5), km=st.floats(50, 300))
def test_places_lie_on_the_side_and_about_as_deep_as_asked(seed, rough, km) -> None:
    scenario = load_scenario("quiet-truce", {"seed": seed, "line": {"km": km, "roughness": rough}})
    front = geography(scenario).front
    rng = np.random.default_rng(seed)
    s = rng.uniform(0.1 * front.length_m, 0.9 * front.length_m, 200)
    depth = rng.uniform(300, 12_000, 200) * rng.choice([-1, 1], 200)
    x, y = front.place(s, depth)
    found = front.depth(x, y, s)
    # In a pocket narrower than the depth the place cannot be so deep.
    assert (np.sign(found) == np.sign(depth)).mean() > 0.97
    assert np.median(np.abs(found - depth)) < 50.0


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), km=st.sampled_from([60, 400, 1500]))
def test_a_line_is_as_long_as_asked_and_its_sectors_share_it(seed, km) -> None:
    country = geography(load_scenario("quiet-truce", {"seed": seed, "line": {"km": km}}))
    assert country.front.length_m == pytest.approx(1000.0 * km)
    assert country.n_sectors == km / 20
    assert [i for p in country.provinces for i in p] == list(range(country.n_sectors))


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 1000), km=st.sampled_from([60, 200, 600, 1200]))
def test_sectors_and_sides_tile_the_country(seed, km) -> None:
    country = geography(load_scenario("quiet-truce", {"seed": seed, "line": {"km": km}}))
    first, second = country.sides
    whole = first.area + second.area
    assert first.intersection(second).area < 1.0
    assert whole == pytest.approx(country.corridor.area, rel=1e-9)
    assert country.corridor.buffer(1.0).covers(country.front.shape())
    shapes = country.sector_shapes
    assert sum(s.area for s in shapes) == pytest.approx(whole, rel=1e-5)
    assert shapely.union_all(shapes).area == pytest.approx(whole, rel=1e-5)
    middles = (country.edges[1:] + country.edges[:-1]) / 2
    at = shapely.line_interpolate_point(country.front.shape(), middles)
    assert shapely.contains(shapes, at).all()
    assert shapely.is_valid([country.frame.ground_to_degrees(s) for s in shapes]).all()
