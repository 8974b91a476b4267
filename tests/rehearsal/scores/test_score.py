"""Perfect answers score perfectly, empty ones nothing, and repeats do not help."""

import numpy as np
import polars as pl
import pytest

from truceline.rehearsal.rehearsal_folder import open_folder
from truceline.rehearsal.runner import answers_of, judge
from truceline.rehearsal.scores.answers import (
    ANSWER,
    ANSWER_FINDING,
    ANSWER_PARTY,
    ANSWER_STATE,
    Answers,
    read_answers,
    write_answers,
)
from truceline.rehearsal.scores.episodes import episodes, seen_happenings
from truceline.rehearsal.scores.figures import ellipse_coverage, risk_coverage
from truceline.rehearsal.scores.listing import score_text
from truceline.rehearsal.scores.score import over_seeds, score


def oracle(folder) -> Answers:
    """Answers by one who was there."""
    truth = episodes(folder).with_columns(answer_id="episode_id")
    incidents = truth.with_columns(
        p_hostile=pl.lit(1.0), err_major_m=pl.lit(50.0), err_minor_m=pl.lit(50.0),
        err_azimuth_deg=pl.lit(0.0), known_at=pl.col("t_start") + 3_600_000_000,
    )  # fmt: skip
    findings = truth.select("answer_id", clause="clauses").explode("clause", empty_as_null=True)
    states = folder.truth("true_state").with_columns(alarm=pl.lit(False))
    return Answers(
        ANSWER.conform(incidents),
        parties=ANSWER_PARTY.conform(truth.with_columns(p=pl.lit(1.0))),
        findings=ANSWER_FINDING.conform(
            findings.drop_nulls().with_columns(p_violation=pl.lit(1.0))
        ),
        states=ANSWER_STATE.conform(states),
    )


@pytest.fixture(scope="module")
def perfect(rehearsed):
    return score(rehearsed, oracle(rehearsed), "oracle")


def test_one_who_was_there_finds_all_and_blames_rightly(perfect) -> None:
    assert perfect.incidents["precision"] == 1.0
    assert perfect.incidents["recall"] == 1.0
    assert perfect.incidents["recall_of_seen"] == 1.0
    assert perfect.attribution["share_named"] == 1.0
    # Neighbouring episodes may exchange partners within the gates, and with them parties.
    assert perfect.attribution["right_when_named"] > 0.97
    assert perfect.clauses["recall"] > 0.97
    assert perfect.states["right_when_told"] == 1.0
    assert perfect.incidents["latency_hours"]["median"] == pytest.approx(1.0)


def test_silence_finds_nothing_and_accuses_no_one(rehearsed) -> None:
    nothing = score(rehearsed, Answers(ANSWER.empty()))
    assert nothing.incidents["recall"] == 0.0
    assert nothing.incidents["precision"] is None
    assert nothing.attribution["false_accusation"] is None
    # Silence on a happening counts as one in a hundred, so it pays for what was hostile.
    asked = nothing.happenings
    assert asked["brier"] == pytest.approx(asked["share_true"] * 0.99**2, rel=0.02)


def test_saying_it_twice_costs_precision_and_brings_no_recall(rehearsed, perfect) -> None:
    once = oracle(rehearsed)
    again = once.incidents.with_columns(answer_id=pl.col("answer_id") + "-again")
    twice = score(rehearsed, Answers(pl.concat([once.incidents, again])))
    assert twice.incidents["recall"] == perfect.incidents["recall"]
    assert twice.incidents["precision"] == pytest.approx(0.5)
    assert twice.incidents["precision_with_repeats"] == 1.0


def test_naming_the_wrong_party_is_a_false_accusation(rehearsed) -> None:
    wrong = oracle(rehearsed).incidents.with_columns(
        party=pl.when(pl.col("party") == "north").then(pl.lit("south")).otherwise(pl.lit("north"))
    )
    figures = score(rehearsed, Answers(wrong)).attribution
    assert figures["right_when_named"] < 0.03
    # Where both sides fire within an hour or two the wrong one did something as well.
    assert figures["false_accusation"] > 0.6
    assert figures["accused_without_act"] == 0.0


def test_saying_it_twice_is_no_false_accusation(rehearsed, perfect) -> None:
    once = oracle(rehearsed)
    again = once.incidents.with_columns(answer_id=pl.col("answer_id") + "-again")
    twice = score(rehearsed, Answers(pl.concat([once.incidents, again])))
    assert twice.attribution["false_accusation"] == 0.0
    assert perfect.attribution["false_accusation"] == 0.0


def test_accusing_where_nothing_happened_is_false(rehearsed) -> None:
    away = oracle(rehearsed).incidents.with_columns(lat=pl.col("lat") + 5.0)
    figures = score(rehearsed, Answers(away)).attribution
    assert figures["false_accusation"] == figures["accused_without_act"] == 1.0


def test_all_programs_are_asked_the_same(rehearsed, perfect) -> None:
    empty = score(rehearsed, Answers(ANSWER.empty()))
    happenings = seen_happenings(rehearsed)["happening"].n_unique()
    assert empty.happenings["n"] == perfect.happenings["n"] == happenings


def test_the_pipeline_runs_on_a_rehearsal_without_its_truth(rehearsed, tmp_path) -> None:
    """Taking the truth away changes nothing of what is judged."""
    blind = tmp_path / "blind"
    blind.mkdir()
    for name in ("manifest.json", "case.yaml", "agreement.yaml", "geometry", "observation",
                 "effort", "background"):  # fmt: skip
        (blind / name).symlink_to(rehearsed.path / name)
    assert not (blind / "truth").exists()
    with_truth, without = answers_of(judge(rehearsed)), answers_of(judge(open_folder(blind)))
    for name in ("incidents", "parties", "members", "findings"):
        assert getattr(with_truth, name).equals(getattr(without, name))
    assert len(with_truth.incidents) > 50


def test_a_judgement_made_again_is_the_same_to_the_last_digit(rehearsed) -> None:
    """Threads finish in another order each time; no sum may hang on it."""
    first = judge(rehearsed)
    tables = [n for n, held in vars(first).items() if isinstance(held, pl.DataFrame)]
    for _ in range(8):
        again = judge(rehearsed)
        assert [n for n in tables if not getattr(first, n).equals(getattr(again, n))] == []


def test_answers_survive_the_disk(rehearsed, tmp_path) -> None:
    answers = answers_of(judge(rehearsed))
    write_answers(answers, tmp_path)
    back = read_answers(tmp_path)
    assert back.incidents.equals(answers.incidents)
    assert score(rehearsed, back).as_dict() == score(rehearsed, answers).as_dict()


def test_answers_may_come_as_csv(rehearsed, tmp_path) -> None:
    answers = oracle(rehearsed)
    answers.incidents.write_csv(tmp_path / "answer.csv")
    again = score(rehearsed, read_answers(tmp_path))
    assert again.incidents["recall"] == 1.0


def test_figures_by_hand() -> None:
    curve = risk_coverage(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, True]))
    assert curve["coverage"] == [0.25, 0.5, 0.75, 1.0]
    assert curve["risk"] == [0.0, 0.5, 1 / 3, 0.25]
    mean, low, high = over_seeds([0.1, 0.1, 0.1])
    assert (mean, low, high) == pytest.approx((0.1, 0.1, 0.1))
    assert np.isnan(over_seeds([0.1])[1])


def test_ellipses_hold_what_they_say() -> None:
    rng = np.random.default_rng(3)
    n, metre = 4000, 1.0 / 111_195.0
    truth = pl.DataFrame({
        "lon": 500 * metre * rng.standard_normal(n), "lat": 500 * metre * rng.standard_normal(n),
        "origin_lon": np.full(n, 50.0), "origin_lat": np.full(n, 50.0),
    })  # fmt: skip
    said = pl.DataFrame({
        "lon": np.zeros(n), "lat": np.zeros(n), "err_major_m": np.full(n, 500.0),
        "err_minor_m": np.full(n, 500.0),
    })  # fmt: skip
    coverage = ellipse_coverage(said, truth)
    assert coverage["ellipse_50"] == pytest.approx(0.5, abs=0.03)
    assert coverage["ellipse_90"] == pytest.approx(0.9, abs=0.02)


def test_the_text_names_every_program(perfect) -> None:
    assert "oracle" in score_text([perfect])
