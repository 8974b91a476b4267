"""Exchange the parties and mirror the map: every table is mirrored, nothing else moves."""

import numpy as np
import polars as pl
import pytest

from truceline.rehearsal.provinces import simulate_province
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.rehearsal.worlds.geography import geography
from truceline.rehearsal.worlds.terms import ground_shapes

CHANGES = {
    "days": 8,
    "before_days": 2,
    "line": {"km": 60},
    "dynamics": {"acts_per_day": 120},
}
CENTRE = -30.0


def swapped(scenario):
    """Exchange names, and all that names a party; keep what each side does."""
    names = {"north": "south", "south": "north"}
    parties = tuple(p.model_copy(update={"id": names[p.id]}) for p in scenario.parties)
    outlets = tuple(
        o.model_copy(update={"party": names.get(o.party)}) if o.party else o
        for o in scenario.outlets
    )
    line = scenario.line.model_copy(update={"mirrored": True})
    return scenario.model_copy(update={"parties": parties, "outlets": outlets, "line": line})


@pytest.fixture(scope="module", params=["spoiler", "claims-flood"])
def worlds(request):
    scenario = load_scenario(request.param, CHANGES)
    other = swapped(scenario)
    one = simulate_province(scenario, geography(scenario), 0)
    two = simulate_province(other, geography(other), 0)
    return one, two


def names_back(column: str) -> pl.Expr:
    text = pl.col(column).cast(pl.String)
    return (
        text.str.replace("north$", "NORTH")
        .str.replace("south$", "north")
        .str.replace("NORTH$", "south")
        .alias(column)
    )


def test_observations_are_mirrored_with_the_names_exchanged(worlds) -> None:
    one, two = worlds[0].observation, worlds[1].observation
    assert len(one) > 500
    back = two.with_columns(names_back(c) for c in ("source", "witness", "party_claimed"))
    same = [c for c in one.columns if c not in ("lon", "lat", "bearing_deg", "witness", "raw_file")]
    assert back.select(same).equals(one.with_columns(source=pl.col("source")).select(same))
    claims = pl.col("instrument") == "party_claim"
    assert back.filter(claims)["witness"].equals(one.filter(claims)["witness"])
    placed = one["lon"].is_not_null().to_numpy()
    lon_1, lon_2 = (t["lon"].to_numpy()[placed] for t in (one, two))
    lat_1, lat_2 = (t["lat"].to_numpy()[placed] for t in (one, two))
    assert np.abs((lon_1 - CENTRE) + (lon_2 - CENTRE)).max() < 1e-9
    assert np.abs(lat_1 - lat_2).max() < 1e-9


def test_bearings_turn_with_the_map(worlds) -> None:
    one, two = (t.observation["bearing_deg"].drop_nulls().to_numpy() for t in worlds)
    assert len(one) > 3
    assert np.abs((one + two) % 360.0).max() < 1e-6 or np.allclose(
        (one + two) % 360.0, 0, atol=1e-6
    )


def test_truth_is_mirrored(worlds) -> None:
    one, two = worlds[0].true_event, worlds[1].true_event
    back = two.with_columns(names_back(c) for c in ("party", "blamed"))
    same = [c for c in one.columns if "lon" not in c and "lat" not in c]
    assert back.select(same).equals(one.select(same))
    assert worlds[0].truth_link.equals(worlds[1].truth_link)
    assert worlds[0].true_violation.equals(worlds[1].true_violation)


def test_effort_of_people_and_sky_stays_the_same_in_sum(worlds) -> None:
    """Cells cannot be mirrored, so that sums of effort may differ by the cells at the edge."""
    one, two = (
        t.effort.group_by("source", "reason").agg(n=pl.len(), p=pl.col("p_detect").mean())
        for t in worlds
    )
    both = one.join(two, on=["source", "reason"], suffix="_2")
    assert len(both) == len(one) == len(two)
    # Small groups hang on a few cells.
    both = both.filter(pl.col("n") > 300)
    assert ((both["n_2"] / both["n"] - 1.0).abs() < 0.15).all()
    assert ((both["p_2"] - both["p"]).abs() < 0.1).all()


def test_ground_is_mirrored() -> None:
    scenario = load_scenario("three-parties", {"line": {"km": 60}})
    mirrored = scenario.model_copy(
        update={"line": scenario.line.model_copy(update={"mirrored": True})}
    )
    for party, shape in ground_shapes(scenario, geography(scenario)).items():
        other = geography(mirrored)
        twin = other.frame.shape_to_degrees(ground_shapes(mirrored, other)[party])
        own = geography(scenario).frame.shape_to_degrees(shape)
        assert own.bounds[0] - CENTRE == pytest.approx(CENTRE - twin.bounds[2], abs=1e-9)
        assert own.bounds[1] == pytest.approx(twin.bounds[1], abs=1e-9)
