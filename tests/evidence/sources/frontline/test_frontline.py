"""Areas of control are mended or refused, and the line is what lies between the sides."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping, shape

from truceline.core.space.geodesy import length_km, local_plane, to_plane
from truceline.core.types.errors import InputError, TrucelineError
from truceline.evidence.sources.frontline import (
    SOURCE,
    LineRules,
    derive_line,
    line_collection,
    read_control,
)
from truceline.evidence.sources.source import Sample
from truceline.testing.sources import Sampled, check_source

SQUARE = [[37, 48], [38, 48], [38, 49], [37, 49], [37, 48]]


def collection(*geometries: object, **properties: object) -> bytes:
    features = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for geometry in geometries
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def multi(*rings: object) -> dict[str, object]:
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}


def control(folder: Path, *geometries: object, name: str = "control_20250419.geojson"):
    path = folder / name
    path.write_bytes(collection(*geometries))
    return read_control(path)


def test_the_source_passes_the_battery(tmp_path: Path) -> None:
    sample = Sampled("control_20250419.geojson", collection(multi(SQUARE)), rows=0)
    check_source(SOURCE, sample, tmp_path)


def test_an_update_shows_the_day_before(tmp_path: Path) -> None:
    area = control(tmp_path, multi(SQUARE))
    assert area.date == date(2025, 4, 19)
    assert area.as_of == date(2025, 4, 18)
    assert area.repairs == ()


def test_the_day_may_stand_in_a_property(tmp_path: Path) -> None:
    path = tmp_path / "latest.geojson"
    path.write_bytes(collection(multi(SQUARE), day="2025-04-20"))
    assert read_control(path, date_property="day").date == date(2025, 4, 20)
    with pytest.raises(InputError, match="name of the file"):
        read_control(path)
    with pytest.raises(InputError, match="'when'"):
        read_control(path, date_property="when")


def test_an_unclosed_ring_is_closed_and_told(tmp_path: Path) -> None:
    area = control(tmp_path, multi(SQUARE[:-1]))
    assert any("closed" in sentence for sentence in area.repairs)
    assert area.area_km2 == pytest.approx(control(tmp_path, multi(SQUARE)).area_km2)


def test_a_crossing_polygon_is_mended_and_told(tmp_path: Path) -> None:
    bow = [[37, 48], [38, 49], [38, 48], [37, 49], [37, 48]]
    area = control(tmp_path, multi(bow))
    assert area.geometry.is_valid
    assert any("crosses" in sentence for sentence in area.repairs)
    assert area.area_km2 == pytest.approx(control(tmp_path, multi(SQUARE)).area_km2 / 2, rel=0.01)


def test_overlapping_polygons_are_joined_and_told(tmp_path: Path) -> None:
    shifted = [[x + 0.5, y] for x, y in SQUARE]
    area = control(tmp_path, multi(SQUARE), multi(shifted))
    assert any("overlapped by" in sentence for sentence in area.repairs)
    assert area.area_km2 == pytest.approx(1.5 * control(tmp_path, multi(SQUARE)).area_km2, rel=1e-3)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no whole JSON"),
        (b'{"type": "FeatureCollection", "features": [', "no whole JSON"),
        (b"[1, 2]", "no GeoJSON"),
        (collection(), "no polygon"),
        (collection({"type": "Point", "coordinates": [37, 48]}), "no polygon"),
        (collection(None), "no geometry"),
        (collection(multi([[48, 137], [49, 137], [49, 138], [48, 137]])), "beyond|swapped"),
        (collection(multi([[48.0, 97.0], [49, 97], [49, 98], [48, 97]])), "swapped"),
        (collection(multi([[4e6, 5e6], [4.1e6, 5e6], [4.1e6, 5.1e6], [4e6, 5e6]])), "degrees"),
        (collection({"type": "Polygon", "coordinates": "north"}), "no list of rings"),
        (collection({"type": "Polygon", "coordinates": [["a", "b", "c", "a"]]}), "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "control_20250419.geojson"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said) as refused:
        read_control(path)
    assert refused.value.where is not None
    assert refused.value.hint


def test_the_line_of_a_square_without_a_border_is_its_outline(tmp_path: Path) -> None:
    line = derive_line(control(tmp_path, multi(SQUARE)))
    around = length_km(shapely.LineString(SQUARE))
    assert line.length_km == pytest.approx(around, rel=1e-4)
    assert line.sigma_m == LineRules().precision_m
    assert line.as_of == date(2025, 4, 18)


def test_what_runs_along_the_border_is_no_line(tmp_path: Path) -> None:
    country = shapely.box(30, 44, 38, 49)
    line = derive_line(control(tmp_path, multi(SQUARE)), country)
    # West and south sides are left, each short of 4 km at its end. Long straight edges on
    # the plane are no parallels, hence the tolerance.
    west, south = 111.2 - 4, 74.6 - 4
    assert line.length_km == pytest.approx(west + south, abs=4.0)
    along = derive_line(control(tmp_path, multi(SQUARE)), country.exterior)
    assert along.length_km == pytest.approx(line.length_km, abs=0.1)


def test_ground_at_sea_has_no_line(tmp_path: Path) -> None:
    land = shapely.box(30, 48.5, 45, 55)
    line = derive_line(control(tmp_path, multi(SQUARE)), land)
    assert line.geometry.bounds[1] > 48.5


def test_small_parts_and_holes_are_left_out(tmp_path: Path) -> None:
    islet = [[36, 48], [36.01, 48], [36.01, 48.01], [36, 48.01], [36, 48]]
    whole = derive_line(control(tmp_path, multi(SQUARE)))
    assert derive_line(control(tmp_path, multi(SQUARE, islet))).length_km == pytest.approx(
        whole.length_km
    )
    hole = [[37.4, 48.4], [37.4, 48.6], [37.6, 48.6], [37.6, 48.4], [37.4, 48.4]]
    pierced = {"type": "Polygon", "coordinates": [SQUARE, hole]}
    assert derive_line(control(tmp_path, pierced)).length_km > whole.length_km + 50


def test_movement_between_updates_adds_to_the_error(tmp_path: Path) -> None:
    before = control(tmp_path, multi(SQUARE), name="control_20250418.geojson")
    east = [[x if x < 38 else x + 0.02, y] for x, y in SQUARE]
    line = derive_line(control(tmp_path, multi(east)), previous=before)
    assert line.movement is not None
    assert line.movement.days == 1
    # The eastern side moved by 0.02 degrees at 48.5 N: 1,477 m; it is a third of the line.
    assert line.movement.median_m == pytest.approx(1477, rel=0.05)
    assert 0.2 < line.movement.moved_share < 0.45
    assert line.sigma_m == pytest.approx(np.hypot(500, line.movement.median_m))
    assert f"{line.movement.median_m:,.0f} m" in line.sigma_reason
    still = derive_line(control(tmp_path, multi(SQUARE)), previous=before)
    assert still.sigma_m == 500.0


def test_a_line_that_is_all_border_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing is left"):
        derive_line(control(tmp_path, multi(SQUARE)), shapely.box(37, 48, 38, 49))


def test_a_line_goes_out_as_geojson(tmp_path: Path) -> None:
    line = derive_line(control(tmp_path, multi(SQUARE)))
    (feature,) = json.loads(line_collection([line]))["features"]
    assert feature["properties"]["as_of"] == "2025-04-18"
    assert length_km(shape(feature["geometry"])) == pytest.approx(line.length_km, rel=1e-6)


@settings(max_examples=60, deadline=None)
@example(ring=[(30.0, 48.125), (37.0, 50.0), (32.75, 48.875)], close=False)
@given(
    ring=st.lists(
        st.tuples(st.floats(30, 40), st.floats(44, 52)), min_size=0, max_size=9, unique=True
    ),
    close=st.booleans(),
)
def test_any_ring_is_mended_to_a_valid_area_or_refused(
    tmp_path_factory: pytest.TempPathFactory, ring: list[tuple[float, float]], close: bool
) -> None:
    folder = tmp_path_factory.mktemp("ring")
    drawn = [*ring, ring[0]] if close and ring else ring
    try:
        area = control(folder, multi(drawn))
    except TrucelineError as refused:
        assert refused.where is not None
        return
    assert area.geometry.is_valid
    assert area.area_km2 >= 0
    hull = shapely.MultiPoint(ring).convex_hull
    assert shapely.difference(area.geometry, hull.buffer(1e-6)).area < 1e-6


@settings(max_examples=60, deadline=None)
@given(where=st.floats(0, 1), removed=st.integers(0, 9), junk=st.binary(max_size=5))
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, where: float, removed: int, junk: bytes
) -> None:
    data = collection(multi(SQUARE))
    at = int(where * len(data))
    path = tmp_path_factory.mktemp("damaged") / "control_20250419.geojson"
    path.write_bytes(data[:at] + junk + data[at + removed :])
    SOURCE.recognises(Sample.of(path))
    try:
        read_control(path)
    except TrucelineError as refused:
        assert refused.where is not None


def test_a_line_mirrors_with_its_area(tmp_path: Path) -> None:
    east = derive_line(control(tmp_path, multi(SQUARE)), shapely.box(30, 44, 38, 49))
    mirrored = [[-x, y] for x, y in SQUARE]
    west = derive_line(control(tmp_path, multi(mirrored)), shapely.box(-38, 44, -30, 49))
    assert west.length_km == pytest.approx(east.length_km, rel=1e-9)


def path_of(shared_data: Path, day: str) -> Path:
    return shared_data / f"frontline/deepstatemap_data_{day}.geojson"


@pytest.mark.real_data
def test_the_recorded_areas_have_their_published_size(shared_data: Path) -> None:
    for day, published in (("20240708", 109_361), ("20250419", 112_645), ("20250420", 112_658)):
        area = read_control(path_of(shared_data, day))
        assert area.repairs == ()
        assert area.area_km2 == pytest.approx(published, abs=2)
        assert SOURCE.recognises(Sample.of(path_of(shared_data, day)))


@pytest.mark.real_data
def test_the_derived_line_against_one_derived_by_others(shared_data: Path) -> None:
    """No coastline is recorded, so land stands in for it as cells of 10 km: too short a line."""
    places = json.loads((shared_data / "geography/ukraine_oblasts.geojson").read_text())
    country = shapely.union_all([shape(f["geometry"]).buffer(0) for f in places["features"]])
    grid = pl.read_csv(
        shared_data / "geography/ukr_land_use__ukr_land_use_2022_10km.csv", infer_schema_length=0
    ).filter(pl.col("LAND_USE_CLASS_0").cast(pl.Float64) < 0.5)
    x, y = (grid[c].cast(pl.Float64).to_numpy() for c in ("LONGITUDE", "LATITUDE"))
    half = 0.05 + 1e-6
    cells = shapely.union_all(shapely.box(x - half, y - half, x + half, y + half))
    mainland = max(shapely.get_parts(cells), key=lambda part: part.area)
    boundary = country.intersection(shapely.Polygon(mainland.exterior))
    others = {
        feature["properties"]["date"]: shape(feature["geometry"])
        for feature in json.loads(
            (shared_data / "frontline/front_lines_selected_days.geojson").read_text()
        )["features"]
    }
    plane = local_plane(36.0, 48.0)
    for day, before in (("20250419", "20250418"), ("20250420", "20250419")):
        line = derive_line(
            read_control(path_of(shared_data, day)),
            boundary,
            previous=read_control(path_of(shared_data, before)),
        )
        other = others[f"{day[:4]}-{day[4:6]}-{day[6:]}"]
        ours, theirs = to_plane(line.geometry, plane), to_plane(other, plane)
        agreed = ours.intersection(theirs.buffer(500)).length / ours.length
        back = theirs.intersection(ours.buffer(500)).length / theirs.length
        coast = derive_line(read_control(path_of(shared_data, day)), country).length_km
        print(  # noqa: T201 - the figures of docs/methods/frontline.md
            f"{day}: {line.length_km:.0f} km, {length_km(other):.0f} km by others; ours within "
            f"500 m {agreed:.3f}, theirs {back:.3f}; with all of the coast {coast:.0f} km; "
            f"{line.sigma_reason}"
        )
        assert coast > 2 * line.length_km
        assert 0.85 < line.length_km / length_km(other) < 1.0
        assert agreed > 0.95
        assert line.movement is not None
        assert line.movement.moved_share < 0.05
        assert mapping(line.geometry)["type"] == "MultiLineString"
