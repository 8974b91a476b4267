"""The plan's commands: they read tables, answer, and explain what is wrong with them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from truceline.cli.main import app

FORCES = (
    "unit,lon,lat,people,ready_h,vehicles,vehicle_seats,helicopters,helicopter_seats,may_go\n"
    "reserve,37.0,48.0,100,1.0,30,4,0,12,east\n"
)
SECTORS = "sector,lon,lat\neast,38.0,48.0\n"
LADDER = (
    "step,who,deadline_h,work_h,work_cv,staff,staff_each,on_duty,vehicles,vehicles_each,travels\n"
    "warn,mission,24,4,0.5,30,2,0.33,0,0,false\n"
    "go and see,force,72,6,0.5,40,4,0.5,{vehicles},1,true\n"
)
BASES = (
    "base,lon,lat,type,aircraft,refuellings,backstop,source\n"
    "home,37.0,48.0,patrol,6,0,false,by hand\n"
    "abroad,36.0,48.0,patrol,20,0,true,by hand\n"
)
TYPES = (
    "type,speed_kmh,endurance_h,turnaround_h,upkeep_h,upkeep_per_h,availability,per_station,"
    "refuel_h,most_h,alert_h,source\npatrol,800,5,2,1,0.5,0.8,2,,7,0.25,by hand\n"
)
STATIONS = "station,lon,lat,type\na,37.0,48.0,patrol\nb,37.5,48.0,patrol\nc,38.0,48.0,patrol\n"
TASKS = (
    "task,lon,lat,sector,kind,p,age_h,visit_h\ni1,37.2,48.0,east,damage,0.5,3,1\n"
    "i2,37.3,48.0,west,damage,0.5,3,1\n"
)
TEAMS = "team,lon,lat,shift_h,road_kmh,may_go\nt1,37.0,48.0,8,50,east\n"


@pytest.fixture
def run(tmp_path):
    def invoke(command, *tables, options=()):
        paths = []
        for i, text in enumerate(tables):
            path = tmp_path / f"{i}.csv"
            path.write_text(text)
            paths.append(str(path))
        return CliRunner().invoke(app, ["plan", command, *paths, *options])

    return invoke


def test_the_game_says_its_value_and_draws_its_inspections(run):
    result = run("game", options=("3", "5"))
    assert result.exit_code == 0, result.output
    assert "-0.153846" in result.output
    assert result.output.count("true") == 3


def test_a_game_that_cannot_be_played_is_explained(run):
    assert run("game", options=("1", "0")).exit_code == 3


def test_the_guarantor_adds_stations(run):
    kept = [
        json.loads(run("air", BASES, TYPES, STATIONS, options=("--json", flag)).stdout)
        for flag in ("--no-backstop", "--backstop")
    ]
    without, backed = (sum(row["kept"] for row in table) for table in kept)
    assert (without, backed) == (1, 3)


def test_hours_to_be_there(run):
    rows = json.loads(run("response", FORCES, SECTORS, options=("--json",)).stdout)
    assert rows[0]["hours"] == pytest.approx(1 + 74.6 * 1.3 / 50, abs=0.01)
    more = json.loads(
        run("response", FORCES, SECTORS, options=("--people", "101", "--json")).stdout
    )
    assert (more[0]["hours"], more[0]["most"]) == (None, 100)


@pytest.mark.parametrize(("vehicles", "state"), [(8, "kept up"), (1, "saturated")])
def test_a_saturated_ladder_is_said(run, tmp_path, vehicles, state):
    ladder = tmp_path / "ladder.csv"
    ladder.write_text(LADDER.format(vehicles=vehicles))
    options = ("--ladder", str(ladder), "--breaches", "6", "--json")
    rows = json.loads(run("response", FORCES, SECTORS, options=options).stdout)
    assert [row["state"] for row in rows] == ["kept up", state]
    assert (rows[1]["late_share"] is None) == (state == "saturated")


def test_a_sector_nobody_reaches_stops_the_ladder(run, tmp_path):
    ladder = tmp_path / "ladder.csv"
    ladder.write_text(LADDER.format(vehicles=8))
    other = SECTORS + "west,36.0,48.0\n"
    result = run("response", FORCES, other, options=("--ladder", str(ladder)))
    assert result.exit_code == 4
    assert "west" in result.output


def test_a_team_goes_where_it_may_and_the_rest_is_explained(run):
    result = run("tasking", TASKS, TEAMS)
    assert result.exit_code == 0, result.output
    assert "t1,1,i1" in result.output
    assert "no team may go there" in result.output


def test_a_table_without_its_columns_is_explained(run):
    result = run("tasking", "task\nx\n", TEAMS)
    assert result.exit_code == 5
    assert "lacks" in result.output


def test_a_table_that_is_not_there_is_explained():
    result = CliRunner().invoke(app, ["plan", "tasking", "no.csv", "no.csv"])
    assert result.exit_code == 3
