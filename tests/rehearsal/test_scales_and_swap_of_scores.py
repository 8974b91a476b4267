"""Worlds can be moved away from what was fitted, and scores do not know a party."""

import polars as pl
import pytest

from truceline.rehearsal.generation import generate
from truceline.rehearsal.provinces import simulate_province
from truceline.rehearsal.runner import answers_of, judge
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.rehearsal.scores.answers import Answers
from truceline.rehearsal.scores.score import score
from truceline.rehearsal.worlds.geography import geography

SMALL = {
    "days": 8,
    "before_days": 2,
    "line": {"km": 80},
    "dynamics": {"acts_per_day": 150},
}


def province(**scale):
    scenario = load_scenario("quiet-truce", {**SMALL, "scale": scale})
    return simulate_province(scenario, geography(scenario), 0)


def spread(tables) -> float:
    """Mean of error over stated error of what acoustic arrays placed, in squares."""
    seen = tables.observation.filter(pl.col("phenomenon") == "explosion_impact").filter(
        pl.col("source") == "acoustics"
    )
    both = seen.join(tables.truth_link, on="obs_id").join(
        tables.true_event, on="event_id", suffix="_true"
    )
    north_m = (both["lat"] - both["lat_true"]) * 111_195.0
    return float(((north_m / both["sigma_m"]) ** 2).mean())


def test_rates_errors_detection_and_biases_move_what_they_say() -> None:
    plain = province()
    assert len(province(rates=1.5).true_event) > 1.25 * len(plain.true_event)
    assert spread(plain) == pytest.approx(1.0, abs=0.35)
    assert spread(province(errors=1.5)) == pytest.approx(2.25, abs=0.8)
    cameras = pl.col("source") == "cameras"
    weaker = province(detection=0.5).observation.filter(cameras)
    assert len(weaker) < 0.75 * len(plain.observation.filter(cameras))
    invented = [
        t.truth_link.filter(pl.col("cause") == "fabricated_report").height
        for t in (plain, province(biases=1.5))
    ]
    assert invented[1] > invented[0]


def test_stated_errors_stay_when_true_ones_change() -> None:
    one, two = province(), province(errors=1.5)
    assert one.observation["sigma_m"].equals(two.observation["sigma_m"])
    assert not one.observation["lon"].equals(two.observation["lon"])


def test_scores_swap_with_the_names(tmp_path) -> None:
    """Exchange the names in truth and answers: every figure stays, the confusion is exchanged."""
    folder = generate(load_scenario("spoiler", {**SMALL, "background_days": 0}), tmp_path / "a")
    answers = answers_of(judge(folder, with_states=False))
    plain = score(folder, answers)
    names = {"north": "south", "south": "north"}

    def exchanged(table: pl.DataFrame, *columns: str) -> pl.DataFrame:
        return table.with_columns(
            pl.col(c).replace_strict(names, default=pl.col(c), return_dtype=pl.String)
            for c in columns
        )

    events = folder.path / "truth" / "true_event"
    for path in events.glob("*.parquet"):
        exchanged(pl.read_parquet(path), "party", "blamed").write_parquet(path)
    turned = score(folder, Answers(
        exchanged(answers.incidents, "party"),
        parties=exchanged(answers.parties, "party"),
        members=answers.members,
        findings=answers.findings,
    ))  # fmt: skip
    before, after = plain.as_dict(), turned.as_dict()
    cells = {
        tuple(sorted((names.get(c["true"]), names.get(c["named"], "none"), c["n"]), key=str))
        for c in before["attribution"].pop("confusion")
    }
    again = {
        tuple(sorted((c["true"], c["named"], c["n"]), key=str))
        for c in after["attribution"].pop("confusion")
    }
    assert cells == again
    assert before == after
