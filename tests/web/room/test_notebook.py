"""The notebook runs to its last cell beside a real server, and says what the room says."""

import base64
import io
import json
from pathlib import Path

import nbformat
import numpy as np
import polars as pl
import pytest
from nbclient import NotebookClient
from PIL import Image

from truceline.core.types.time import DAY

from .conftest import PASSWORD

NOTEBOOK = Path(__file__).parents[3] / "docs" / "notebooks" / "week-in-a-sector.ipynb"

#: What is read out of the kernel when the last cell has run.
READ = """
import json
from matplotlib.patches import Ellipse
print(json.dumps({
    "sector": sector, "state": state, "ids": happened["id"].to_list(),
    "p": happened["p_hostile"].to_list(), "p_inside": inside["p_hostile"].to_list(),
    "interval": [low, high], "names": named["party"].to_list(), "why": named["why"].to_list(),
    "watched": days["watched"].to_list(), "p_blind": days["p_seen_if_not_watched"].to_list(),
    "ellipses": sum(isinstance(patch, Ellipse) for patch in above.patches),
    "opacity": [line.get_alpha() for line in below.lines],
}))
"""


@pytest.fixture
def address(tmp_path):
    """What a program is answered is the same whatever the database."""
    return str(tmp_path / "room.sqlite")


def executed():
    """Return the notebook with what its cells gave, and what the kernel holds at the end."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(READ))
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return notebook, json.loads(notebook.cells.pop()["outputs"][0]["text"])


def outputs(notebook, kind):
    """Return what the cells gave in one form."""
    return [
        out["data"][kind]
        for cell in notebook.cells
        if cell["cell_type"] == "code"
        for out in cell["outputs"]
        if kind in out.get("data", {})
    ]


def check_incidents(told, room):
    """The sector with most on its lists, and on them what the room has on them."""
    seen = room.working()
    judged = seen.incidents.join(seen.assessments, on="incident_id")
    lists = judged.filter(pl.col("listed") != "background")
    most = lists.drop_nulls("sector")["sector"].value_counts()
    assert told["sector"] in most.filter(pl.col("count") == pl.col("count").max())["sector"]
    own = lists.filter(sector=told["sector"]).sort("t_best", "incident_id")
    assert told["ids"] == own["incident_id"].to_list() != []
    assert told["p"] == own["p_hostile"].to_list()
    assert told["names"] == [room.parties.get(party, "no name") for party in own["party"]]
    reached = (own["p_hostile"] * own["p_party"] >= 0.93).to_list()
    assert [why == "the evidence passes the limit" for why in told["why"]] == reached
    assert 0 < sum(reached) < len(reached)
    everything = judged.filter(sector=told["sector"])["p_hostile"].to_list()
    assert sorted(told["p_inside"]) == sorted(everything)


def check_interval(told):
    """By throwing dice, not more than one in twenty lies under the interval or above it."""
    chances = np.array(told["p_inside"])
    dice = np.random.default_rng(1).random((20_000, chances.size)) < chances
    low, high = told["interval"]
    assert (dice.sum(axis=1) < low).mean() <= 0.055
    assert (dice.sum(axis=1) > high).mean() <= 0.055


def check_days(told, room):
    """Each day that was not watched is the room's own, with its probability."""
    own = room.working().unwatched.filter(sector=told["sector"])
    gaps = {row["t_start"] // DAY: row["p_detect"] for row in own.iter_rows(named=True)}
    assert gaps, "the rehearsal has a day that was not watched"
    start, end = room.period()
    expected = range(start // DAY, -(-end // DAY))
    assert told["p_blind"] == [gaps.get(day) for day in expected]
    assert told["watched"] == [day not in gaps for day in expected]


def check_picture(told, picture):
    """Every incident stands on it with its ellipse and its probability, and it is not blank."""
    assert told["ellipses"] == len(told["ids"])
    assert told["opacity"] == pytest.approx([0.25 + 0.75 * p for p in told["p"]])
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB"))
    assert min(pixels.shape[:2]) > 400
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 50


def test_it_runs_and_says_what_the_room_says(served, room, monkeypatch, tmp_path):
    monkeypatch.setenv("TRUCELINE_ROOM", served)
    monkeypatch.setenv("TRUCELINE_NAME", "anna")
    monkeypatch.setenv("TRUCELINE_PASSWORD", PASSWORD)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook, told = executed()
    check_incidents(told, room)
    check_interval(told)
    check_days(told, room)
    tables = outputs(notebook, "text/html")
    assert len(tables) == 5
    assert all("<td>" in table for table in tables)
    (picture,) = outputs(notebook, "image/png")
    check_picture(told, picture)


def test_the_file_holds_no_output_and_no_account():
    cells = [c for c in nbformat.read(NOTEBOOK, as_version=4).cells if c["cell_type"] == "code"]
    assert 6 <= len(cells) <= 9
    assert all(not c["outputs"] and c["execution_count"] is None for c in cells)
