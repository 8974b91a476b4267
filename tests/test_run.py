"""The main job, end to end: a case's feeds in, its bulletin out; real truces come out right."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from truceline.cli.main import app
from truceline.core.store.case_store import CaseStore


def run_json(*arguments):
    result = CliRunner().invoke(app, ["run", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def states(told):
    return {row["indicator"]: row for row in told["states"]}


@pytest.fixture(scope="module")
def easter(shared_data, tmp_path_factory):
    return run_json(
        "easter-2025", "--data", str(shared_data), "--out", str(tmp_path_factory.mktemp("easter")),
        "--until", "2025-04-20T21:00:00Z",
    )  # fmt: skip


def test_the_shipped_case_needs_nothing_but_the_package(tmp_path):
    told = run_json("loc-2021", "--out", str(tmp_path))
    row = states(told)["violations reported"]
    assert row["state"] == "holding"
    assert row["ratio"] < 0.02
    assert told["rows"] == {"new": 42, "repeated": 0, "rejected": 0}
    page = (tmp_path / "bulletin" / "bulletin.en.html").read_text()
    assert "Line of Control" in page
    assert (tmp_path / "bulletin" / "bulletin.en.pdf").read_bytes().startswith(b"%PDF")


def test_running_again_takes_nothing_twice_and_says_the_same(tmp_path):
    first = run_json("loc-2021", "--out", str(tmp_path))
    again = run_json("loc-2021", "--out", str(tmp_path))
    assert again["rows"] == {"new": 0, "repeated": 0, "rejected": 0}
    assert again["states"] == first["states"]
    assert again["provenance"] == first["provenance"]
    assert CaseStore(tmp_path / "store").verify() == []


@pytest.mark.real_data
def test_easter_deep_strikes_held_and_the_ground_is_not_known(easter):
    found = states(easter)
    strikes = found["deep strikes launched"]
    assert strikes["state"] == "holding"
    assert strikes["count"] == 0
    assert strikes["ratio_high"] < 0.1
    assert "reported on" in strikes["why"]
    assert "air-raid alerts" in strikes["why"]
    assert found["air-raid alerts"]["count"] == 1
    assert found["air-raid alerts"]["state"] == "holding"
    ground = found["fighting on the ground, from news"]
    assert ground["count"] == 76
    assert ground["state"] == "not known"


@pytest.mark.real_data
def test_silence_of_2020_held_by_the_mission_though_heat_rose(shared_data, tmp_path):
    told = run_json("silence-2020", "--data", str(shared_data), "--out", str(tmp_path))
    found = states(told)
    assert found["violations counted by the mission"]["state"] == "holding"
    heat = found["heat seen from space"]
    assert heat["ratio"] > 1
    assert heat["state"] == "not known"
    # Harvest fires stay what they are: none of the thermal incidents is listed.
    assert told["incidents"].get("background", 0) > 500


def test_an_unknown_case_is_one_sentence_and_exit_code_3():
    result = CliRunner().invoke(app, ["run", "nowhere"])
    assert result.exit_code == 3
    assert "there is no case at 'nowhere'" in result.output


def test_missing_data_is_named_with_the_remedy(tmp_path):
    result = CliRunner().invoke(app, ["run", "easter-2025", "--out", str(tmp_path)])
    assert result.exit_code == 3
    assert "--data" in result.output


def test_a_case_can_be_made_to_edit_and_runs(tmp_path):
    made = tmp_path / "mine"
    assert CliRunner().invoke(app, ["init", str(made)]).exit_code == 0
    told = run_json(str(made), "--out", str(tmp_path / "out"))
    assert states(told)["violations reported"]["state"] == "holding"
    assert CliRunner().invoke(app, ["init", str(made)]).exit_code == 3


def test_sources_are_listed_described_and_checked(tmp_path):
    runner = CliRunner()
    assert "firms" in runner.invoke(app, ["sources", "list"]).output
    assert "attribution to NASA" in runner.invoke(app, ["sources", "describe", "firms"]).output
    good = tmp_path / "points.csv"
    good.write_text("LATITUDE,LONGITUDE,ACQ_DATE\n48.1,37.5,2020-07-01\n")
    assert runner.invoke(app, ["sources", "check", str(good)]).exit_code == 0
    bad = tmp_path / "bad.csv"
    bad.write_text("LATITUDE,LONGITUDE,ACQ_DATE\n148.1,37.5,2020-07-01\n48.1,37.5,2020-07-02\n")
    result = runner.invoke(app, ["sources", "check", str(bad)])
    assert result.exit_code == 3
    assert "1 good, 1 rejected" in result.output


@pytest.mark.parametrize(
    "arguments", [["run"], ["init"], ["sources", "check"], ["rehearse"], ["check"]]
)
def test_every_command_helps_with_an_example(arguments):
    result = CliRunner().invoke(app, [*arguments, "--help"])
    assert result.exit_code == 0
    assert Path("truceline").name in result.output
