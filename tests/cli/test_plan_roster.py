"""`truceline plan roster` on a planner's own tables."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from truceline.cli.main import app

UNITS = """unit_id,nation,kind,persons,first_month,tour,cycle
a1,Aland,infantry,300,0,4,12
a2,Aland,infantry,300,0,4,12
b1,Borduria,infantry,300,0,4,12
b2,Borduria,medical,50,2,6,12
"""
PLACES = """slot,kind,persons
north,infantry,100
south,infantry,100
hub,infantry,100
hub,medical,40
"""


@pytest.fixture
def ask(tmp_path):
    def run(*more, units=UNITS, places=PLACES, caveats="nation,slot\nBorduria,south\n"):
        for name, text in (("units", units), ("places", places), ("caveats", caveats)):
            (tmp_path / f"{name}.csv").write_text(text)
        paths = [str(tmp_path / f"{name}.csv") for name in ("units", "places")]
        command = ["plan", "roster", *paths, "--caveats", str(tmp_path / "caveats.csv")]
        return CliRunner().invoke(app, [*command, "--months", "12", *more])

    return run


def test_it_says_what_is_met_and_writes_who_serves(ask, tmp_path):
    done = ask("-o", str(tmp_path / "out"), "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    # Infantry: Borduria's turn leaves the south empty four months; medics come in month 2 to 7.
    assert said["person_months_needed"] == 4080.0
    assert said["met"] == pytest.approx(3600 - 400 + 240)
    assert said["gap"] == pytest.approx(0.0, abs=1e-6)
    tours = pl.read_csv(tmp_path / "out" / "tours.csv")
    assert tours.filter(nation="Borduria", slot="south").is_empty()
    page = (tmp_path / "out" / "roster.html").read_text()
    assert "What no roster can meet" in page
    assert "<table" in page


def test_whole_units_meet_less(ask):
    whole, divided = (json.loads(ask("--json", *more).output) for more in (["--whole"], []))
    assert whole["met"] < divided["met"]


@pytest.mark.parametrize(
    ("change", "said", "code"),
    [
        ({"units": UNITS + "a1,Aland,infantry,9,0,4,12\n"}, "row 6", 3),
        ({"units": "unit_id\nx\n"}, "lacks nation", 5),
        ({"units": UNITS.replace("300,0", "many,0")}, "another type", 5),
        ({"places": PLACES.replace("100", "-5")}, "places.csv", 5),
        ({"caveats": "nation,slot\nSyldavia,south\n"}, "'Syldavia'", 3),
        ({"caveats": "nation,slot\nBorduria,west\n"}, "'west'", 3),
        ({"caveats": ""}, "cannot be read", 3),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_exit_code(ask, change, said, code):
    done = ask(**change)
    assert done.exit_code == code, done.output
    assert said in done.output
    assert "Traceback" not in done.output
