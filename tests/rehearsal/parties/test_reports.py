"""Parties report on each other with bias, the same way whoever they are."""

import polars as pl
import pytest

from truceline.rehearsal.provinces import simulate_province
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.rehearsal.worlds.geography import geography

SMALL = {"line": {"km": 100}, "before_days": 2}


def tables(name, **changes):
    scenario = load_scenario(name, {**SMALL, **changes})
    return scenario, simulate_province(scenario, geography(scenario), 0)


def reports(made) -> pl.DataFrame:
    claims = made.observation.filter(pl.col("instrument") == "party_claim")
    return claims.join(made.truth_link, on="obs_id").join(
        made.true_event.select("event_id", "party", "blamed", rounds="count", of="t_start"),
        on="event_id",
        how="left",
    )


@pytest.fixture(scope="module")
def spoiled():
    return tables("spoiler", dynamics={"acts_per_day": 200}, days=15)[1]


def test_a_party_names_the_other_and_never_itself(spoiled) -> None:
    said = reports(spoiled)
    assert (said["party_claimed"] != said["witness"]).all()
    plain = said.filter(pl.col("blamed").is_null() & pl.col("party").is_not_null())
    assert (plain["party_claimed"] == plain["party"]).all()


def test_what_a_spoiler_fires_is_always_reported_and_wrongly_blamed(spoiled) -> None:
    said = reports(spoiled).filter(pl.col("blamed").is_not_null())
    done = spoiled.true_event.filter(pl.col("blamed").is_not_null())
    assert len(done) > 50
    assert said["event_id"].n_unique() == len(done)
    assert (said["party_claimed"] == said["blamed"]).all()
    assert (said["witness"] == said["party"]).all()


def test_counts_are_exaggerated_as_stated(spoiled) -> None:
    said = reports(spoiled).drop_nulls("rounds").filter(pl.col("rounds") >= 8)
    ratio = said.group_by("witness").agg(r=(pl.col("count") / pl.col("rounds")).median())
    found = dict(ratio.rows())
    assert found["north"] == pytest.approx(1.6, rel=0.15)
    assert found["south"] == pytest.approx(2.0, rel=0.15)


def test_a_flood_comes_on_its_days_from_one_side_alone() -> None:
    scenario, made = tables("claims-flood", days=20)
    start = scenario.t0
    invented = reports(made).filter(pl.col("cause") == "fabricated_report")
    day = (pl.col("t_start") - start) / 86_400e6
    flood = invented.filter((day >= 8) & (day < 18))
    by_party = dict(flood.group_by("witness").len().rows())
    # Sixty a day on the whole line of 100 km, all in this one province.
    assert by_party["north"] == pytest.approx(600, rel=0.15)
    assert by_party["north"] > 10 * by_party.get("south", 1)
    quiet = invented.filter((day >= 0) & (day < 8) & (pl.col("witness") == "north"))
    assert len(quiet) < 0.1 * by_party["north"]


def test_reports_come_late(spoiled) -> None:
    said = reports(spoiled).drop_nulls("of")
    hours = ((said["received_at"] - said["of"]) / 3.6e9).to_numpy()
    assert (hours > 0).all()
    assert 5 < hours.mean() < 16


def test_bodies_are_counted_once_the_fighting_ends() -> None:
    scenario, made = tables("quiet-truce", days=30, before_days=10, benign={"late_bodies": 20.0})
    found = made.benign_event.filter(pl.col("cause") == "late_bodies")
    day = ((found["t_start"] - scenario.t0) / 86_400e6).to_numpy()
    assert len(day) > 100
    assert (day >= 0).all()
    assert (day < 10).sum() > 1.8 * ((day >= 10) & (day < 20)).sum()
