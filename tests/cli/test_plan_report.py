"""`truceline plan report` from the command line: on a drawn line, and on the line of April 2025."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from truceline.cli.main import app


def plan(folder: Path, *more: str):
    return CliRunner().invoke(
        app,
        ["plan", "report", str(folder / "case"), "--force", str(folder / "force.yaml"),
         "--on", "2030-01-01", "-o", str(folder / "out"), "--cameras", "5", "--quick", *more],
    )  # fmt: skip


def test_a_report_is_written_for_a_drawn_line(made):
    answer = plan(made)
    assert answer.exit_code == 0, answer.output
    record = json.loads((made / "out" / "plan.json").read_text(encoding="utf-8"))
    assert record["people_in_theatre"] == 2500
    assert record["people_along_the_line"] == 1600
    assert record["line_km"] == pytest.approx(91.8, abs=1.0)
    assert (made / "out" / "plan.html").stat().st_size > 50_000
    assert (made / "out" / "plan.pdf").read_bytes().startswith(b"%PDF")
    assert "2,500 people on 92 km of line" in answer.output


def test_a_line_that_closes_on_itself_is_planned_too(made):
    turn = np.linspace(0.0, 2.0 * np.pi, 37)
    ring = [[30 + 0.4 * x, 48 + 0.27 * y] for x, y in zip(np.cos(turn), np.sin(turn), strict=True)]
    ring[-1] = ring[0]
    path = made / "case" / "geometry" / "ground.geojson"
    ground = json.loads(path.read_text(encoding="utf-8"))
    box = [[28, 46], [32, 46], [32, 50], [28, 50], [28, 46]]
    for feature, drawn in zip(ground["features"], (ring, [ring], [box, ring]), strict=True):
        feature["geometry"]["coordinates"] = drawn
    path.write_text(json.dumps(ground), encoding="utf-8")
    answer = plan(made)
    assert answer.exit_code == 0, answer.output
    assert "2,500 people on 188 km of line" in answer.output


def test_other_values_can_be_assumed(made):
    answer = plan(made, "--assume", "support_share=0.5", "--assume", "band_km=2.5")
    assert answer.exit_code == 0, answer.output
    record = json.loads((made / "out" / "plan.json").read_text(encoding="utf-8"))
    values = {row["name"]: row["value"] for row in record["assumptions"]}
    assert values["support_share"] == 0.5
    assert record["band_km_each_side"] == 2.5


@pytest.mark.parametrize(
    ("more", "said"),
    [(("--assume", "road_kmh"), "is no assumption"),
     (("--assume", "wishes=1"), "no assumption called"),
     (("--sweep", "nowhere"), "no sweep in this folder"),
     (("--air", "nowhere"), "aircraft cannot be read")],
)  # fmt: skip
def test_what_is_wrong_is_said_plainly(made, more, said):
    answer = plan(made, *more)
    assert answer.exit_code != 0
    assert said in " ".join(answer.output.split())
    assert "Traceback" not in answer.output


@pytest.mark.real_data
def test_thirty_thousand_on_the_line_of_april_2025(shared_data, tmp_path):
    answer = CliRunner().invoke(
        app,
        ["plan", "report", "easter-2025", "--data", str(shared_data), "--force",
         "april-2025-30000", "--on", "2026-01-06", "-o", str(tmp_path), "--quick"],
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    record = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert record["people_in_theatre"] == 30_000
    assert record["line_km"] == pytest.approx(1_243, abs=2)
    assert record["people_along_the_line"] == 16_500
    assert record["people_away_from_the_line"] == 13_500
    assert record["certified_gap"] <= 0.005
    nations = {row["nation"] for row in record["units"]}
    assert nations.isdisjoint({"France", "Germany"})
    away = {r["nation"] for r in record["serving"] if r["serves"] == "away from the line"}
    assert away == {"France", "Germany", "United Kingdom"}
    stuck = {row["breaches"] for row in record["ladder"] if row["state"] == "saturated"}
    assert stuck
    assert min(stuck) > 5
