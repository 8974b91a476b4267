"""The laydown: every unit of the plan, and the same table back from each format."""

from __future__ import annotations

import json

import numpy as np
import openpyxl
import polars as pl
import pytest
import shapely
from polars.testing import assert_frame_equal
from pyogrio import raw
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


def test_excel_gives_back_every_row_and_column(planned, tmp_path):
    table = _with_crews(laydown(*planned))
    write_laydown(table, tmp_path / "l.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx", read_only=True)["laydown"]
    heads, *rows = sheet.values
    assert list(heads) == list(LAYDOWN.dtypes())
    back = LAYDOWN.conform(pl.DataFrame(rows, LAYDOWN.dtypes(), orient="row"))
    # A sheet keeps numbers to 16 digits.
    assert_frame_equal(back, table, rel_tol=1e-14)
    shown = {cell.value: below.number_format for cell, below in zip(*sheet["1:2"], strict=True)}
    assert shown["lon"] == shown["lat"] == "0.00000"


def test_a_geopackage_gives_back_every_row_and_column(planned, tmp_path):
    table = _with_crews(laydown(*planned))
    write_laydown(table, tmp_path / "l.gpkg")
    meta, _, shapes, values = raw.read(tmp_path / "l.gpkg", layer="laydown")
    assert meta["crs"] == "EPSG:4326"
    assert meta["geometry_type"] == "Point"
    points = shapely.from_wkb(shapes)
    fields = dict(zip(meta["fields"], (list(v) for v in values), strict=True))
    back = pl.DataFrame({**fields, "lon": shapely.get_x(points), "lat": shapely.get_y(points)})
    assert LAYDOWN.conform(back.cast({"nation": pl.String, "sidc": pl.String})).equals(table)


def _with_crews(table):
    """Return a laydown in which posts have a nation and a symbol, and cameras have neither."""
    post = pl.when(pl.col("kind") == "post")
    return LAYDOWN.conform(
        table.with_columns(nation=post.then(pl.lit("Åland")), sidc=post.then(pl.lit("1" * 20)))
    )


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
