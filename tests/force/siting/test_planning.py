"""Plans on a line: rules bite, sides mirror, clashes are named, prices hold."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.space.geodesy import distance_m, length_km
from truceline.core.space.lines import Territory
from truceline.core.types.errors import InputError, SchemaError, TermsError
from truceline.force.siting.coverage import coverage_by_range
from truceline.force.siting.covering import greedy_covering
from truceline.force.siting.planning import plan_siting, rule_prices, siting_question
from truceline.force.siting.rules import (
    KINDS,
    Rules,
    access_for_all,
    clashing,
    distance_rule,
    forbidden_zones,
)
from truceline.force.siting.sites import candidate_sites, line_points, sides_of

LINE = shapely.LineString([(37.0, 48.0), (37.2, 48.05), (37.35, 48.0), (37.6, 48.1)])
WEST = shapely.Polygon([*LINE.coords, (37.6, 49.0), (37.0, 49.0)])
EAST = shapely.Polygon([*LINE.coords, (37.6, 47.0), (37.0, 47.0)])


def ground(first="north", second="south"):
    return Territory({first: WEST, second: EAST}, 100.0)


def kinds(cameras=4, posts=2, **changes):
    return KINDS.conform(
        pl.DataFrame(
            {
                "kind": ["camera", "post"],
                "units": [cameras, posts],
                "range_m": [4000.0, 6000.0],
                "persons": [2.0, 40.0],
                "line_m_low": [None, 2000.0],
                "line_m_high": [2500.0, None],
            }
            | changes,
            schema=KINDS.dtypes(),
        )
    )


def sites(territory=None):
    return candidate_sites(LINE, territory or ground(), (1000.0, 3000.0), 3000.0)


def dice():
    return np.random.default_rng(3)


def asked(rules=None, territory=None, **more):
    places = sites(territory)
    return siting_question(kinds(), places, line_points(LINE, 300.0), rules, **more)


def test_points_stand_for_the_whole_length_of_the_line():
    points = line_points(LINE, 250.0)
    assert points["weight"].sum() == pytest.approx(length_km(LINE), rel=1e-3)
    assert points["weight"].max() == pytest.approx(0.25, rel=0.05)


def test_sites_stand_at_the_distances_asked_for_on_both_sides():
    places = sites()
    assert set(places["side"]) == {"north", "south"}
    assert set(np.round(places["line_m"].to_numpy(), -2)) == {1000.0, 3000.0}
    for row in places.filter(pl.col("lat") > 48.1).iter_rows(named=True):
        assert row["side"] == "north"


def test_coverage_by_range_is_the_distance_on_the_ellipsoid():
    places = sites().select("lon", "lat").to_numpy()
    points = line_points(LINE, 900.0).select("lon", "lat").to_numpy()
    seen = coverage_by_range(places, points, np.full(len(places), 4000.0)).matrix().toarray()
    for at, place in enumerate(places[::7]):
        away = np.array([distance_m(*place, *point) for point in points])
        assert np.array_equal(seen[at * 7] > 0, away <= 4000.0)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_no_unit_ever_stands_where_a_rule_forbids_it(seed, equal):
    caveats = np.random.default_rng(seed).random((2, sites().height)) < 0.4
    rules = Rules({"caveats": caveats}, equal_sides=equal)
    question = asked(rules)
    plan = plan_siting(question, dice())
    assert len(plan.chosen) > 0
    assert caveats[question.kind[plan.chosen], question.site[plan.chosen]].all()


@settings(max_examples=10, deadline=None)
@given(st.booleans(), st.sampled_from([0.0, 0.4]))
def test_swapping_the_sides_mirrors_the_plan(equal, second):
    one = asked(Rules(equal_sides=equal), second=second)
    two = asked(Rules(equal_sides=equal), ground("south", "north"), second=second)
    first, other = plan_siting(one, dice()), plan_siting(two, dice())
    assert one.site[first.chosen].tolist() == two.site[other.chosen].tolist()
    assert (first.objective, first.bound) == (other.objective, other.bound)
    swapped = {"north": "south", "south": "north"}
    sides = [swapped[side] for side in one.sites["side"].to_list()]
    assert two.sites["side"].to_list() == sides


def test_equal_effort_stands_as_often_on_each_side_and_its_price_is_an_interval():
    question = asked(Rules(equal_sides=True))
    plan = plan_siting(question, dice())
    for kind, each in ((0, 2), (1, 1)):
        rows = plan.chosen[question.kind[plan.chosen] == kind]
        sides = question.sites["side"].gather(question.site[rows]).to_list()
        assert sorted(sides) == ["north"] * each + ["south"] * each
    price = rule_prices(question, plan, dice()).row(0, named=True)
    assert price["rule"] == "equal effort on both sides"
    assert 0.0 <= price["price_low"] <= price["price_high"]
    assert price["share_without"] >= price["share_with"] - 1e-12


def test_an_odd_unit_stays_home_when_sides_are_equal():
    rules = Rules(equal_sides=True)
    question = siting_question(kinds(5, 3), sites(), line_points(LINE, 300.0), rules)
    assert question.covering.budget.tolist() == [2, 2, 1, 1]


def test_a_rule_that_forbids_much_has_a_price_and_one_that_forbids_nothing_has_none():
    places = sites()
    width = places["lon"].to_numpy() < 37.15
    rules = Rules(
        {"zone": np.stack([width, width]), "idle": np.ones((2, places.height), dtype=bool)}
    )
    question = asked(rules)
    prices = rule_prices(question, plan_siting(question, dice()), dice())
    by_rule = {row["rule"]: row for row in prices.iter_rows(named=True)}
    assert by_rule["zone"]["price_low"] > 0.1
    assert by_rule["idle"]["price_low"] == 0.0


def test_hidden_ground_is_not_seen():
    places, points = sites(), line_points(LINE, 300.0)
    visible = np.zeros((places.height, points.height), dtype=bool)
    visible[:, :20] = True
    plan = plan_siting(asked(visible={"camera": visible, "post": visible}), dice())
    assert np.flatnonzero(plan.counts).max() < 20
    assert plan.objective <= points["weight"][:20].sum() + 1e-9


def test_ground_hides_only_from_the_kinds_that_look():
    blind = np.zeros((sites().height, line_points(LINE, 300.0).height), dtype=bool)
    question = asked(visible={"camera": blind})
    seen = np.diff(question.covering.coverage.start)
    assert seen[question.kind == 0].sum() == 0
    free = np.diff(asked().covering.coverage.start)
    assert seen[question.kind == 1].tolist() == free[asked().kind == 1].tolist()


def test_zones_access_and_distance_say_where():
    places = sites()
    north = forbidden_zones(WEST, 2, places)
    inside = shapely.contains_xy(WEST, places["lon"].to_numpy(), places["lat"].to_numpy())
    assert np.array_equal(north, np.stack([~inside, ~inside]))
    assert 0 < inside.sum() < places.height
    access = np.ones((2, places.height), dtype=bool)
    access[1, :5] = False
    assert access_for_all(access, 2)[0].tolist() == access[1].tolist()
    near = distance_rule(kinds(), places)
    assert places.filter(pl.Series(near[0]))["line_m"].max() <= 2500.0
    assert places.filter(pl.Series(near[1]))["line_m"].min() >= 2000.0


def test_a_clash_names_the_fewest_rules_that_make_it():
    places = sites()
    side = places["side"].to_numpy() == "north"
    rules = Rules(
        {
            "caveats": np.stack([side, side]),
            "forbidden zones": np.stack([~side, ~side]),
            "access": np.ones((2, places.height), dtype=bool),
        }
    )
    everywhere = np.ones(places.height, dtype=bool)
    assert clashing(0, rules, 2, everywhere) == ["caveats", "forbidden zones"]
    assert clashing(0, rules.without("caveats"), 2, everywhere) is None
    with pytest.raises(TermsError, match="'caveats' and 'forbidden zones' clash"):
        asked(rules)


def test_equal_sides_clash_with_a_caveat_for_one_side():
    side = sites()["side"].to_numpy() == "north"
    rules = Rules({"caveats": np.stack([side, side])}, equal_sides=True)
    with pytest.raises(TermsError, match="on the side of 'south': 'caveats' clash with equal"):
        asked(rules)


def test_too_few_people_are_named():
    with pytest.raises(TermsError, match="need 88 people and there are 80"):
        asked(Rules(persons=80))
    assert greedy_covering(asked(Rules(persons=88)).covering).objective > 0


def test_senseless_input_is_refused():
    with pytest.raises(InputError, match="not of 2 kinds"):
        asked(Rules({"caveats": np.ones((1, 2), dtype=bool)}))
    with pytest.raises(InputError, match="above 0"):
        candidate_sites(LINE, ground(), (), 100.0)
    with pytest.raises(InputError, match="spacing"):
        line_points(LINE, 0.0)
    with pytest.raises(InputError, match="empty"):
        line_points(shapely.LineString(), 10.0)
    with pytest.raises(SchemaError):
        kinds(-1)


def test_past_the_ends_of_a_line_no_name_decides_the_side():
    lon, lat = np.array([36.9, 36.95, 37.7]), np.array([48.02, 47.97, 48.3])
    sides = sides_of(ground("a", "b"), lon, lat)
    assert sides == [{"a": "b", "b": "a"}[side] for side in sides_of(ground("b", "a"), lon, lat)]
    assert sides[:2] == ["a", "b"]
