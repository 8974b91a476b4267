"""The commands `rehearse` and `score`."""

import json

import pytest
from typer.testing import CliRunner

from truceline.cli.rehearse import app
from truceline.rehearsal.scenarios.scenario import scenario_names

RUN = CliRunner()

SMALL = """
name: small
title: Small
about: A short and small rehearsal for a test, with a little of everything in it.
seed: 11
days: 4
before_days: 1
background_days: 7
line: {km: 40}
dynamics: {acts_per_day: 100}
"""


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    (folder / "small.yaml").write_text(SMALL)
    out = folder / "out"
    result = RUN.invoke(app, ["rehearse", str(folder / "small.yaml"), "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out, result.output


def test_it_rehearses_judges_and_names_the_result(rehearsal) -> None:
    out, said = rehearsal
    assert "Brier" in said
    assert str(out / "score" / "score.html") in said
    scores = json.loads((out / "score" / "score.json").read_text())
    assert scores[0]["program"] == "truceline"
    assert scores[0]["incidents"]["true"] > 10


def test_answers_of_another_program_are_scored(rehearsal, tmp_path) -> None:
    out, _ = rehearsal
    args = ["score", str(out), str(out / "answers"), "--name", "other", "--out", str(tmp_path)]
    result = RUN.invoke(app, [*args, "--baselines"])
    assert result.exit_code == 0, result.output
    own = json.loads((out / "score" / "score.json").read_text())[0]
    again = json.loads((tmp_path / "score.json").read_text())
    assert again[0]["happenings"] == own["happenings"]
    assert len(again) == 7


def test_the_challenge_set_is_listed() -> None:
    result = RUN.invoke(app, ["rehearse", "list"])
    assert result.output.split() == scenario_names()


def test_faults_are_told_in_a_sentence(tmp_path) -> None:
    unknown = RUN.invoke(app, ["rehearse", "no-such", "--out", str(tmp_path)])
    assert unknown.exit_code == 3
    assert "no scenario" in unknown.output
    empty = RUN.invoke(app, ["score", str(tmp_path), str(tmp_path)])
    assert empty.exit_code == 3
    assert "manifest" in empty.output
