"""`truceline lint`, on examples, files, cases and what is none."""

import json
import shutil

import pytest
import typer
from typer.testing import CliRunner

from truceline.agreement.examples import example_path
from truceline.cli.lint import lint

app = typer.Typer()
app.command()(lint)


def run(*words, expect=0):
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == expect, result.output
    return result.output


@pytest.fixture
def folder(tmp_path):
    """A copy of the example with a line that nobody has drawn."""
    return shutil.copytree(example_path("easter-2025").parent, tmp_path / "mine")


def test_warnings_alone_are_exit_code_0_and_tell_why_and_what_instead():
    told = run("sinai")
    assert "WARNING no-ladder" in told
    assert "why      The monitors of 2014 to 2022" in told
    assert "wording  After a confirmed violation" in told
    assert told.rstrip().endswith("0 errors, 3 warnings, 0 notes")


def test_an_error_is_exit_code_4(folder):
    for path in (folder, folder / "agreement.yaml"):
        assert "ERROR undefined-line" in run(str(path), expect=4)


def test_json_has_the_documented_keys(folder):
    told = json.loads(run(str(folder), "--json", expect=4))
    assert set(told) == {"agreement", "sources", "counts", "findings"}
    assert set(told["counts"]) == {"error", "warning", "note"}
    assert sum(told["counts"].values()) == len(told["findings"])
    keys = {"rule", "severity", "file", "row", "field", "message", "why", "wording"}
    assert all(set(finding) == keys for finding in told["findings"])


def test_what_can_be_seen_is_what_the_case_lists(folder):
    (folder / "sources.yaml").write_text("feeds: [{source: launches, files: [a.csv]}]")
    told = json.loads(run(str(folder), "--json", expect=4))
    assert told["sources"] == ["launches"]
    unseen = [f["field"] for f in told["findings"] if f["rule"] == "unobservable"]
    assert unseen == ["clauses.1.phenomena"]


def test_without_a_list_the_installed_sources_count_but_not_the_reader_of_any_table():
    told = json.loads(run("minsk-2", "--json"))
    assert "patrol_form" in told["sources"]
    assert "mapped" not in told["sources"]


def test_a_file_that_cannot_be_read_is_findings_and_exit_code_4(tmp_path):
    path = tmp_path / "agreement.yaml"
    path.write_bytes(b"\xff\xfe")
    assert "ERROR unreadable" in run(str(path), expect=4)


def test_a_folder_without_an_agreement_and_an_unknown_name_are_said(tmp_path):
    assert "ERROR unreadable" in run(str(tmp_path), expect=4)
    assert "there is no case at 'versailles'" in run("versailles", expect=3)
