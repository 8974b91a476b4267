"""The command `fit`: no world that keeps the score, and the file that ships says who made it."""

from typer.testing import CliRunner

from truceline.cli.main import app
from truceline.judgement.parameters import shipped_parameters

RUN = CliRunner()


def test_a_seed_of_the_challenge_set_is_refused_in_one_sentence(tmp_path):
    out = tmp_path / "parameters.json"
    result = RUN.invoke(app, ["fit", "--out", str(out), "--first", "1000", "--seeds", "1"])
    assert result.exit_code == 3
    assert "kept for the score" in result.output
    assert "Traceback" not in result.output
    assert not out.exists()


def test_the_file_that_ships_was_made_by_this_command():
    command, *options = shipped_parameters().made_by.removeprefix("truceline ").split()
    assert command == "fit"
    said = RUN.invoke(app, ["fit", "--help"]).output
    assert all(name in said for name in options if name.startswith("--"))
    first = int(options[options.index("--first") + 1])
    assert first >= 3000
