"""The fit on worlds: none that keeps the score, and its numbers are those it judges with."""

import polars as pl
import pytest

from truceline.agreement.case import load_case
from truceline.core.types.errors import InputError
from truceline.judgement.assess import collect
from truceline.judgement.hostility.evidence import prior_of, weights_of
from truceline.judgement.parameters import load_parameters, shipped_parameters
from truceline.rehearsal.fitting import (
    FIRST_SEED,
    World,
    _fit,
    as_json,
    checked_across_scenarios,
    fitted_parameters,
    predicted,
    read_world,
    worlds_for_fit,
)
from truceline.rehearsal.runner import setting_of


@pytest.fixture(scope="module")
def world(rehearsed) -> World:
    return read_world(rehearsed, "small")


def test_seeds_that_keep_the_score_are_refused():
    with pytest.raises(InputError, match="kept for the score"):
        next(worlds_for_fit([FIRST_SEED, 1000]))


def test_a_world_gives_every_incident_once_with_its_truth(world):
    assert world.outcome["incident_id"].is_unique().all()
    assert set(world.terms["incident_id"]) <= set(world.outcome["incident_id"])
    assert 0.02 < world.outcome["is_hostile"].mean() < 0.98


def test_a_fit_beats_the_base_rate_and_its_file_reads_back(world, tmp_path):
    parameters = fitted_parameters([world], "made for tests", "0")
    path = tmp_path / "parameters.json"
    path.write_text(as_json(parameters), encoding="utf-8")
    assert load_parameters(path) == parameters
    p, y = predicted(_fit([world]), [world])
    assert ((p - y) ** 2).mean() < y.mean() * (1 - y.mean())


def test_the_fit_and_the_judgement_give_the_same_probability(rehearsed, world):
    """What was fitted, put into a parameter file, judges as the fit predicted."""
    found = _fit([world])
    parameters = fitted_parameters([world], "made for tests", "0")
    setting = setting_of(rehearsed, load_case(rehearsed.path), parameters)
    evidence = collect(rehearsed.observations(), rehearsed.effort(), setting, rehearsed.period)[3]
    spoken = weights_of(evidence, parameters).group_by("incident_id").agg(pl.col("bits").sum())
    odds = (
        prior_of(evidence, parameters)
        .join(spoken, on="incident_id", how="left")
        .with_columns(total=pl.col("prior_bits") + pl.col("bits").fill_null(0.0))
        .sort("incident_id")["total"]
    )
    said = (1.0 / (1.0 + 2.0 ** (-odds))).clip(0.001, 0.999)
    expected = pl.Series(predicted(found, [world])[0])
    assert (said - expected).abs().max() < 0.01


def test_what_rehearsals_cannot_show_is_kept(world):
    """No rehearsal has a coded data set: its bits stay assumed, and say so."""
    before = {row.kind: row for row in shipped_parameters().testimony}
    after = {row.kind: row for row in fitted_parameters([world], "made for tests", "0").testimony}
    assert after["dataset"] == before["dataset"]
    assert before["dataset"].basis.startswith("assumed")


def test_each_scenario_is_scored_by_a_fit_without_it(world):
    other = World(
        "other",
        world.terms.with_columns(pl.format("o{}", "incident_id").alias("incident_id")),
        world.outcome.with_columns(pl.format("o{}", "incident_id").alias("incident_id")),
    )
    table = checked_across_scenarios([world, other])
    assert table["scenario"].to_list() == sorted([world.scenario, "other"])
    # Each is the other's copy: what the one is scored by was fitted on the same incidents.
    assert table["brier"][0] == pytest.approx(table["brier"][1])
