"""A rehearsal on disk: the same with any number of workers, and honest about itself."""

import json

import polars as pl
import pytest
from pyproj import Geod

from truceline.agreement.case import load_case
from truceline.agreement.mission import own_places
from truceline.core.types.errors import InputError
from truceline.core.types.tables import EFFORT, OBSERVATION
from truceline.record.claims import load_claims
from truceline.rehearsal.generation import generate
from truceline.rehearsal.rehearsal_folder import TRUTH_TABLES, open_folder, read_table
from truceline.rehearsal.scenarios.scenario import load_scenario, scenario_names

SMALL = {
    "days": 5,
    "before_days": 1,
    "background_days": 7,
    "line": {"km": 60, "sectors_per_province": 1},
    "dynamics": {"acts_per_day": 60},
}


def contents(folder):
    return {
        str(p.relative_to(folder.path)): p.read_bytes()
        for p in sorted(folder.path.rglob("*"))
        if p.is_file()
    }


def test_workers_change_nothing(tmp_path) -> None:
    scenario = load_scenario("spoiler", SMALL)
    one = generate(scenario, tmp_path / "one", workers=1)
    two = generate(scenario, tmp_path / "two", workers=2)
    assert len(one.observations()) > 100
    assert contents(one) == contents(two)


def test_another_seed_is_another_world(tmp_path) -> None:
    folders = [
        generate(load_scenario("spoiler", {**SMALL, "seed": seed}), tmp_path / str(seed))
        for seed in (1, 2)
    ]
    ids = [set(f.observations()["obs_id"]) for f in folders]
    assert not ids[0] & ids[1]


def test_tables_are_of_their_schemas_and_the_case_loads(rehearsed) -> None:
    OBSERVATION.conform(rehearsed.observations())
    EFFORT.conform(rehearsed.effort())
    for name, schema in TRUTH_TABLES.items():
        schema.conform(rehearsed.truth(name))
    case = load_case(rehearsed.path)
    assert case.settings.publication.exercise
    events = rehearsed.truth("true_event")
    side = case.territory().side_probability(
        events["origin_lon"].to_numpy(), events["origin_lat"].to_numpy(), [0.0] * len(events)
    )
    parties = [p.id for p in case.terms.agreement.parties]
    held = [parties[row.argmax()] for row in side]
    # Fire comes from the ground of the party that answers for it.
    assert (pl.Series(held) == events["party"]).mean() > 0.97
    placed = case.sectors().of(events["lon"].to_numpy(), events["lat"].to_numpy())
    assert (pl.Series(placed) == events["sector"]).mean() > 0.85


def test_every_observation_has_one_truth(rehearsed) -> None:
    seen, links = rehearsed.observations(), rehearsed.truth("truth_link")
    assert links["obs_id"].n_unique() == len(links) == len(seen)
    assert set(links["obs_id"]) == set(seen["obs_id"])
    events = pl.concat(
        [rehearsed.truth(n).select("event_id") for n in ("true_event", "benign_event")]
    )
    assert set(links["event_id"].drop_nulls()) <= set(events["event_id"])
    assert (links["cause"].str.len_chars() > 0).all()
    hostile = links.filter(pl.col("cause") == "hostile")
    assert set(hostile["event_id"]) <= set(rehearsed.truth("true_event")["event_id"])


def test_nothing_in_the_evidence_tells_the_truth(rehearsed) -> None:
    """Identities, witnesses and attributes of true and false reports look alike."""
    seen = rehearsed.observations().join(rehearsed.truth("truth_link"), on="obs_id")
    claims = seen.filter(pl.col("instrument") == "party_claim")
    for column in ("witness", "sigma_m", "reliability", "credibility", "attributes", "handling"):
        by_truth = claims.group_by(pl.col("cause") == "hostile").agg(pl.col(column).unique().sort())
        assert by_truth[column].n_unique() == 1, column


def test_claims_can_be_read_and_some_do_not_add_up(rehearsed) -> None:
    claims = load_claims(rehearsed.path / "claims.yaml")
    assert len(claims) == 2 * 20
    wrong = [
        c for c in claims
        if c.total is not None
        and not any(i.unit for i in c.items)
        and c.total.value != sum(i.number.value for i in c.items)
    ]  # fmt: skip
    assert 0 < len(wrong) < len(claims)


def test_the_mission_lists_every_post_that_saw_something_where_it_stands(rehearsed) -> None:
    own = {place.heard_as: place for place in own_places(rehearsed.path)}
    standing = rehearsed.observations().filter(
        pl.col("instrument").is_in(["camera", "acoustic", "seismic"])
    )
    assert set(standing["witness"]) <= set(own)
    assert {own[w].source for w in standing["witness"]} == set(standing["source"])
    seen = standing.filter(pl.col("instrument") == "camera")
    reach = rehearsed.manifest["parameters"]["sensors"]["camera"]["reach_m"]
    for witness, lon, lat, sigma in seen.select("witness", "lon", "lat", "sigma_m").iter_rows():
        place = own[witness]
        _, _, metres = Geod(ellps="WGS84").inv(place.lon, place.lat, lon, lat)
        assert metres < reach + 6 * sigma


def test_quiet_season_holds_no_hostile_fire(rehearsed) -> None:
    quiet, effort = rehearsed.background()
    assert len(quiet) > 20
    assert set(quiet["source"]) == {"thermal"} == set(effort["source"])
    assert quiet["t_end"].max() < rehearsed.before[0]


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_loads_and_states_its_assumptions(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert len(scenario.about) > 30
    assert scenario.dynamics.follow + scenario.dynamics.retaliate < 1
    assert scenario.dynamics.response == 0.0, "a response to being documented is off by default"
    assert sum(a.share for a in scenario.acts.values()) == pytest.approx(1.0)
    assert any("Lebanon" in s for s in scenario.sources)


def test_seeds_of_the_challenge_set_differ() -> None:
    seeds = [load_scenario(n).seed for n in scenario_names()]
    assert len(set(seeds)) == len(seeds) >= 10


def test_a_wrong_scenario_says_what_is_wrong() -> None:
    with pytest.raises(InputError, match="no scenario"):
        load_scenario("no-such")
    with pytest.raises(InputError, match="not well formed"):
        load_scenario("spoiler", {"days": -1})


def test_a_folder_that_is_none_says_so(tmp_path) -> None:
    with pytest.raises(InputError, match="manifest"):
        open_folder(tmp_path)
    (tmp_path / "manifest.json").write_text("{nonsense")
    with pytest.raises(InputError, match="JSON"):
        open_folder(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": "other"}))
    with pytest.raises(InputError, match="another format"):
        open_folder(tmp_path)
    with pytest.raises(InputError, match="missing"):
        read_table(tmp_path / "observation", OBSERVATION)
