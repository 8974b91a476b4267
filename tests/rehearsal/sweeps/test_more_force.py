"""More force never lowers detection, truce by truce: what the smaller saw the larger sees."""

from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.force.planning.stress import losses
from truceline.force.presence import Mix
from truceline.rehearsal.provinces import ProvinceTables, simulate_province
from truceline.rehearsal.scenarios.scenario import ScaleSpec, load_scenario
from truceline.rehearsal.scores.watching import chance_of_being_seen
from truceline.rehearsal.sweeps.outcome import OWN
from truceline.rehearsal.sweeps.running import Sweep, scenario_of
from truceline.rehearsal.worlds.geography import geography

LINE_KM = 1_000.0
TRUTH = ("true_event", "benign_event", "true_violation")


def rehearsed(force: Mix, seed: int) -> ProvinceTables:
    sweep = Sweep((force,), LINE_KM, scenario="spoiler", stretch_km=60, days=4)
    scenario = scenario_of(sweep, force, seed)
    return simulate_province(scenario, geography(scenario), 0)


def seen_by_own(tables: ProvinceTables) -> set[str]:
    own = tables.observation.filter(pl.col("instrument").cast(pl.String).is_in(OWN))
    return set(tables.truth_link.join(own, on="obs_id", how="semi")["event_id"].drop_nulls())


def left_out(few: pl.DataFrame, many: pl.DataFrame) -> int:
    return few.join(many, on=few.columns, how="anti", nulls_equal=True).height


def assert_within(few: ProvinceTables, many: ProvinceTables) -> None:
    """Every report and hour of watching of the smaller force is the larger's too, to the digit."""
    for name in TRUTH:
        assert getattr(few, name).equals(getattr(many, name))
    reports = [tables.observation.drop("raw_row") for tables in (few, many)]
    assert left_out(*reports) == 0
    assert left_out(few.effort, many.effort) == 0
    assert left_out(few.truth_link, many.truth_link) == 0
    assert seen_by_own(few) <= seen_by_own(many)
    chances = [chance_of_being_seen(few.true_event, tables.effort) for tables in (few, many)]
    both = chances[0].join(chances[1], on="event_id", how="left", suffix="_many")
    assert (both["p_many"] >= both["p"] - 1e-12).all()


MORE = {"people": 60_000.0, "cameras": 300.0, "arrays": 80.0, "stations": 6.0}


@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(7_000, 7_999),
    base=st.fixed_dictionaries({what: st.floats(0, most) for what, most in MORE.items()}),
    added=st.fixed_dictionaries({}, optional={w: st.floats(0, most) for w, most in MORE.items()}),
)
def test_whatever_is_added_nothing_that_was_seen_is_missed(seed, base, added):
    more = {what: base[what] + added.get(what, 0.0) for what in base}
    assert_within(rehearsed(Mix("few", **base), seed), rehearsed(Mix("many", **more), seed))


@pytest.mark.parametrize("seed", [7_000, 7_001])
def test_a_hundred_cameras_and_a_battalion_find_what_was_not_found(seed):
    """The property is no empty one: the larger force does see more."""
    few = rehearsed(Mix("few", 2_500), seed)
    for larger in (Mix("cameras", 2_500, cameras=100), Mix("people", 30_000)):
        many = rehearsed(larger, seed)
        assert_within(few, many)
        assert seen_by_own(few) < seen_by_own(many)


def test_no_loss_shows_what_the_whole_force_did_not_see():
    plan = Mix("plan", 30_000, cameras=60, arrays=20, stations=3)
    whole = rehearsed(plan, 7_002)
    tried = losses(plan, {"withdrawn: A": 0.2})
    assert len(tried) > 5
    for change in tried:
        assert_within(rehearsed(change.mix, 7_002), whole)


def test_a_liaison_cell_more_takes_calls_that_went_unanswered():
    """One desk on 100 km takes every call, half a desk one in two, and no call is lost by more."""
    whole = Mix("whole", 10_000)
    forces = [replace(whole, left={"liaison_cell": share}) for share in (0.0, 0.1, 0.3)]
    each = [rehearsed(force, 7_004) for force in (*forces, whole, Mix("twice", 20_000))]
    for few, many in pairwise(each):
        assert_within(few, many)
    called = [t.observation.filter(pl.col("instrument") == "hotline").height for t in each]
    assert called[0] == 0
    assert called[0] < called[1] < called[2] < called[3]
    assert called[3] == called[4]


def varied(**changes: object) -> tuple[ProvinceTables, ProvinceTables]:
    """Return a truce under a force, with some of its scenario changed and as it is."""
    force = Mix("plan", 20_000, cameras=60, arrays=20)
    scenario = scenario_of(Sweep((force,), LINE_KM, stretch_km=60, days=6), force, 7_003)
    worlds = (scenario.model_copy(update=changes), scenario)
    country = geography(scenario)
    return simulate_province(worlds[0], country, 0), simulate_province(worlds[1], country, 0)


def test_a_surer_sensor_sees_all_that_the_same_sensor_saw():
    dull, sharp = varied(scale=ScaleSpec(detection=0.6))
    assert seen_by_own(dull) < seen_by_own(sharp)


@pytest.mark.parametrize("kept", [1, 2])
def test_a_satellite_less_takes_its_own_reports_and_moves_no_other(kept):
    satellites = load_scenario("creeping-erosion").satellites
    assert len(satellites) > kept
    assert_within(*varied(satellites=satellites[-kept:]))
