"""`truceline plan siting`: nations, zones and ground hold from the command line too."""

from __future__ import annotations

import io
import json

import numpy as np
import polars as pl
import pytest
import rasterio
from typer.testing import CliRunner

from truceline.cli.main import app


def ask(folder, *more):
    command = ["plan", "siting", str(folder / "case"), "--cameras", "6", "--posts", "6"]
    return CliRunner().invoke(app, [*command, "--spacing-m", "4000", *more])


def placed(answer):
    assert answer.exit_code == 0, answer.output
    lines = answer.stdout.splitlines()
    return pl.read_csv(io.StringIO("\n".join(lines[[x[:5] for x in lines].index("unit,") :])))


def share(answer):
    return float(answer.stdout.split("points: ")[1].split("%")[0])


FORCE = ("--on", "2030-01-01", "--coalition")


def test_each_post_has_a_nation_and_none_stands_where_its_nation_forbids(made):
    force = (made / "force.yaml").read_text()
    (made / "force.yaml").write_text(force.replace("only_zones: [hubs]", "keep_off_line_km: 2"))
    answer = ask(made, *FORCE, str(made / "force.yaml"), "--prices", "--cameras", "1")
    units = placed(answer)
    posts = units.filter(kind="post")
    assert sorted(posts["nation"].to_list()) == ["Aland"] * 4 + ["Beland"] * 2
    assert units.filter(kind="camera")["nation"].null_count() == 1
    # Sites stand 1, 3 and 6 km from the line, and a degree of latitude is 111 km.
    line = np.interp(posts["lon"], [30.0, 30.6, 31.2], [48.0, 48.1, 48.0])
    away = np.abs(posts["lat"] - line) * 111.0
    assert away.filter(posts["nation"] == "Beland").min() > 2.9
    assert "caveats of Beland" in answer.stdout


def test_a_force_that_may_man_no_post_is_told_why(made):
    force = (made / "force.yaml").read_text().split("  - nation: Beland")
    (made / "force.yaml").write_text(
        force[0].split("  - nation")[0] + "  - nation: Beland" + force[1]
    )
    answer = ask(made, *FORCE, str(made / "force.yaml"))
    assert answer.exit_code == 4
    assert "Beland: foot may serve only in hubs" in " ".join(answer.output.split())


def test_nobody_stands_in_a_zone_that_is_closed(made):
    units = placed(ask(made, "--forbid", "NORTH", "--prices"))
    assert set(units["side"]) == {"beta"}


def test_a_ridge_on_the_line_hides_what_lies_behind_it(made):
    lon, lat = np.meshgrid(np.arange(29.8, 31.4, 0.001), np.arange(48.3, 47.8, -0.001))
    line = np.interp(lon, [30.0, 30.6, 31.2], [48.0, 48.1, 48.0])
    for name, height in (("flat", 0.0), ("ridge", 400.0)):
        ground = height * (np.abs(lat - line - 0.006) < 0.002)
        with rasterio.open(
            made / f"{name}.tif", "w", driver="GTiff", width=lon.shape[1], height=lon.shape[0],
            count=1, dtype="float32", crs="EPSG:4326",
            transform=rasterio.Affine(0.001, 0.0, 29.7995, 0.0, -0.001, 48.3005),
        ) as file:  # fmt: skip
            file.write(ground.astype("float32"), 1)
    north = ("--forbid", "SOUTH")
    bare = ask(made, *north)
    flat, ridge = (ask(made, *north, "--dem", str(made / f"{n}.tif")) for n in ("flat", "ridge"))
    assert share(flat) == pytest.approx(share(bare), abs=1.0)
    assert share(ridge) < 0.8 * share(flat)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--coalition", "coalition"), "need a day"),
        (("--forbid", "nowhere"), "no zone or feature 'nowhere'"),
        (("--dem", "nowhere.tif"), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_plainly(made, more, said):
    answer = ask(made, *more)
    assert answer.exit_code in (3, 4)
    assert said in " ".join(answer.output.split())
    assert "Traceback" not in answer.output


def test_swapping_the_parties_moves_no_unit(made):
    one = placed(ask(made, "--equal-sides"))
    case = made / "case" / "case.yaml"
    text = case.read_text().replace("NORTH", "X").replace("SOUTH", "NORTH").replace("X", "SOUTH")
    case.write_text(text)
    other = placed(ask(made, "--equal-sides"))
    assert one.drop("side").equals(other.drop("side"))
    assert other["side"].to_list() == [
        {"alpha": "beta", "beta": "alpha"}[side] for side in one["side"]
    ]


def test_it_prints_json(made):
    answer = ask(made, "--json")
    assert len(json.loads(answer.stdout)) == 12
