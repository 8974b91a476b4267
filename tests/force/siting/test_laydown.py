"""The laydown: every unit of the plan, and the same table back from each format."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
import shapely
from typer.testing import CliRunner

from truceline.cli.main import app
from truceline.core.space.lines import Territory
from truceline.core.types.errors import InputError
from truceline.force.siting.laydown import LAYDOWN, as_geojson, laydown, write_laydown
from truceline.force.siting.planning import plan_siting, siting_question
from truceline.force.siting.rules import KINDS
from truceline.force.siting.sites import candidate_sites, line_points

LINE = shapely.LineString([(37.0, 48.0), (37.5, 48.0)])
NORTH = shapely.box(37.0, 48.0, 37.5, 48.5)
SOUTH = shapely.box(37.0, 47.5, 37.5, 48.0)


@pytest.fixture(scope="module")
def planned():
    units = KINDS.conform(
        pl.DataFrame(
            {
                "kind": ["camera", "post"],
                "units": [2, 1],
                "range_m": [4000.0, 6000.0],
                "persons": [2.0, 40.0],
            }
        ).with_columns(line_m_low=None, line_m_high=None)
    )
    territory = Territory({"one": NORTH, "two": SOUTH}, 100.0)
    places = candidate_sites(LINE, territory, (1000.0,), 2000.0)
    question = siting_question(units, places, line_points(LINE, 500.0), second=0.3)
    return question, plan_siting(question, np.random.default_rng(1))


def test_each_unit_of_the_plan_is_named_once_with_what_it_covers(planned):
    question, plan = planned
    table = laydown(question, plan)
    assert table["unit"].to_list() == ["camera 1", "camera 2", "post 1"]
    assert table["persons"].sum() == 44.0
    assert (table["covers_alone"] <= table["covers"] + 1e-12).all()
    once = question.covering.weight[plan.counts == 1].sum()
    assert table["covers_alone"].sum() == pytest.approx(once)
    where = question.sites.select("site_id", "lon", "lat", "side")
    same = table.join(where, on=["site_id", "lon", "lat", "side"], how="inner")
    assert same.height == table.height


def test_every_format_gives_the_same_places(planned, tmp_path):
    table = laydown(*planned)
    write_laydown(table, tmp_path / "l.csv")
    assert LAYDOWN.conform(pl.read_csv(tmp_path / "l.csv")).equals(table)
    write_laydown(table, tmp_path / "l.geojson")
    features = json.loads((tmp_path / "l.geojson").read_text())["features"]
    assert [f["id"] for f in features] == table["unit"].to_list()
    assert features[0]["geometry"]["coordinates"] == pytest.approx(
        [table["lon"][0], table["lat"][0]], abs=1e-6
    )
    assert as_geojson(LAYDOWN.empty()) == '{"type": "FeatureCollection", "features": []}'


def test_excel_holds_the_table(planned, tmp_path):
    pytest.importorskip("xlsxwriter", reason="needs the optional extra gis")
    table = laydown(*planned)
    write_laydown(table, tmp_path / "l.xlsx")
    back = LAYDOWN.conform(pl.read_excel(tmp_path / "l.xlsx"))
    assert back["unit"].to_list() == table["unit"].to_list()
    assert np.allclose(back["lon"], table["lon"])


def test_geopackage_holds_the_table(planned, tmp_path):
    raw = pytest.importorskip("pyogrio.raw", reason="needs the optional extra gis")
    table = laydown(*planned)
    write_laydown(table, tmp_path / "l.gpkg")
    meta, _, shapes, fields = raw.read(tmp_path / "l.gpkg", layer="laydown")
    assert meta["crs"] == "EPSG:4326"
    assert np.allclose(shapely.get_x(shapely.from_wkb(shapes)), table["lon"])
    assert list(fields[list(meta["fields"]).index("kind")]) == table["kind"].to_list()


def test_another_ending_is_refused(planned, tmp_path):
    with pytest.raises(InputError, match=r"\.shp"):
        write_laydown(LAYDOWN.empty(), tmp_path / "l.shp")


def run(*arguments):
    return CliRunner().invoke(app, ["plan", "siting", *map(str, arguments)])


@pytest.mark.real_data
def test_the_april_line_is_planned_from_the_command_line(shared_data, tmp_path):
    out = tmp_path / "plan.geojson"
    found = run(
        "easter-2025", "--data", shared_data, "--cameras", 20, "--posts", 6,
        "--equal-sides", "--prices", "--spacing-m", 6000, "--out", out,
    )  # fmt: skip
    assert found.exit_code == 0, found.output
    assert "certified gap 0." in found.output
    assert "equal effort on both sides" in found.output
    units = [f["properties"] for f in json.loads(out.read_text())["features"]]
    sides = {unit["side"] for unit in units}
    assert len(units) == 26
    for side in sides:
        assert sum(unit["side"] == side for unit in units) == 13


@pytest.mark.real_data
def test_a_clash_is_said_on_the_command_line(shared_data):
    found = run("easter-2025", "--data", shared_data, "--keep-away-m", 9000, "--spacing-m", 9000)
    assert found.exit_code == 4
    assert "distance to the line" in found.output


def test_a_case_without_a_line_says_so(tmp_path):
    found = run(tmp_path / "nowhere")
    assert found.exit_code != 0
    assert "Traceback" not in found.output
