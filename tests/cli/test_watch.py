"""`truceline watch` on a case: events as lines, once, and again without repeating itself."""

import json

from typer.testing import CliRunner

from truceline.cli.main import app


def test_a_case_is_watched_once_and_again(tmp_path):
    made = tmp_path / "mine"
    assert CliRunner().invoke(app, ["init", str(made)]).exit_code == 0
    arguments = ["watch", str(made), "--once", "--settle", "0", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines
    assert {line["what"] for line in lines} == {"appeared"}
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 0
    assert again.stdout == ""


def test_watching_no_case_is_one_sentence(tmp_path):
    result = CliRunner().invoke(app, ["watch", str(tmp_path / "nowhere"), "--once"])
    assert result.exit_code == 3
    assert "there is no case" in result.output
