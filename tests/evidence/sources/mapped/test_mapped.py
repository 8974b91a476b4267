"""Any table by a mapping: the same rows from every kind of file, and clear errors for the rest."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError, TrucelineError
from truceline.core.types.time import DAY, parse_time
from truceline.core.types.vocabulary import PHENOMENA
from truceline.evidence.sources import civilian_harm
from truceline.evidence.sources.mapped import SOURCE
from truceline.evidence.sources.mapped import features as features_module
from truceline.evidence.sources.mapped.features import stream_features
from truceline.evidence.sources.mapped.tables import kind_of
from truceline.testing.sources import (
    Sampled,
    check_bytes,
    check_idempotent,
    check_info,
    check_order,
    check_tables,
    check_truncated,
    read_all,
)

MAPPING: dict[str, object] = {
    "columns": {
        "time": {"column": "WHEN", "format": "%d.%m.%Y %H:%M"},
        "lat": "Y",
        "lon": "X",
        "phenomenon": {"column": "KIND", "values": {"shelling": "explosion", "shots": "shot"}},
        "witness": ["PATROL", "POST"],
        "count": "N",
        "attributes": ["NOTE"],
    },
    "constants": {"sigma_m": 500, "reliability": "B"},
    "timezone": "Europe/Kyiv",
    "instrument": "hotline",
}
CSV = Sampled(
    "calls.csv",
    b"WHEN,Y,X,KIND,PATROL,POST,N,NOTE\n"
    b"19.04.2025 18:00,48.1,37.5,shelling,P1,A,3,first\n"
    b"19.04.2025 18:30,48.2,37.6,shots,P1,,,second\n"
    b"19.04.2025 18:30,37.6,148.2,shots,P1,,1,swapped\n"
    b"31.04.2025 18:30,48.2,37.6,shots,P1,,1,no such day\n"
    b"19.04.2025 18:30,48.2,37.6,party,P1,,1,no such kind\n"
    b"19.04.2025 18:30,48.2,37.6,shots,P1,,many,no number\n",
    rows=6,
    rejects=3,
    settings=MAPPING,
)
GEO = {
    "columns": {"time": "when", "phenomenon": "kind", "witness": "who"},
    "constants": {"sigma_m": 100},
}


def feature(geometry: object, when: object = "2025-04-19T15:00:00Z", **more: object) -> object:
    properties = {"when": when, "kind": "explosion", "who": "P1", **more}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(lon: object = 37.5, lat: object = 48.1) -> object:
    return {"type": "Point", "coordinates": [lon, lat]}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "name": "x", "features": features}).encode()


GEOJSON = Sampled(
    "events.geojson",
    collection(
        feature(point()),
        feature({"type": "Polygon", "coordinates": [[[37, 48], [38, 48], [38, 49], [37, 48]]]}),
        feature(point(), when="yesterday"),
        feature({"type": "Point", "coordinates": ["east", 48]}),
        feature(None),
    ),
    rows=5,
    rejects=3,
    settings=GEO,
)


@pytest.mark.parametrize("sample", [CSV, GEOJSON], ids=["csv", "geojson"])
def test_mapped_files_pass_the_battery(sample: Sampled, tmp_path: Path) -> None:
    # It recognises nothing by itself, so the battery runs without that one check.
    check_info(SOURCE)
    path = sample.put(tmp_path / "sample")
    rejected = read_all(SOURCE, path, sample.settings).rejects
    expected = Sampled(sample.name, sample.data, sample.rows, len(rejected), sample.settings)
    assert len(rejected) >= sample.rejects
    check_tables(SOURCE, expected, path)
    check_idempotent(SOURCE, expected, path, tmp_path / "store")
    check_order(SOURCE, expected, tmp_path / "order")
    check_truncated(SOURCE, expected, tmp_path / "truncated")


def test_a_csv_by_its_mapping(tmp_path: Path) -> None:
    read = read_all(SOURCE, CSV.put(tmp_path), MAPPING)
    first, second, _ = read.observations.iter_rows(named=True)
    assert first["t_start"] == first["t_end"] == parse_time("2025-04-19T15:00:00Z")
    assert (first["lon"], first["lat"], first["sigma_m"]) == (37.5, 48.1, 500.0)
    assert (first["phenomenon"], first["instrument"]) == ("explosion", "hotline")
    assert (first["witness"], second["witness"]) == ("P1 A", "P1")
    assert (first["count"], second["count"]) == (3.0, None)
    assert first["reliability"] == "B"
    assert json.loads(first["attributes"]) == {"NOTE": "first"}
    # 148.2 is a longitude that exists, 37.6 a latitude: only a bbox can tell that it is wrong.
    assert read.observations.height == 3
    assert set(read.rejects["field"]) == {"time", "KIND", "N"}
    inside = {**MAPPING, "bbox": [36, 46, 39, 50]}
    swapped = read_all(SOURCE, CSV.put(tmp_path), inside).rejects
    assert swapped.height == 4


def test_every_kind_of_file_says_the_same(tmp_path: Path) -> None:
    rows = [("2025-04-19T15:00:00", 48.1, 37.5, "explosion"), ("2025-04-20", 48.2, 37.6, "shot")]
    mapping = {
        "columns": {"time": "t", "lat": "y", "lon": "x", "phenomenon": "k"},
        "constants": {"sigma_m": 300},
    }
    table = pl.DataFrame(rows, schema=["t", "y", "x", "k"], orient="row")
    table.write_csv(tmp_path / "a.csv")
    table.write_parquet(tmp_path / "a.parquet")
    book = openpyxl.Workbook()
    book.active.append(["t", "y", "x", "k"])
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.geojson").write_bytes(
        collection(
            *(
                {"type": "Feature", "properties": {"t": t, "k": k}, "geometry": point(x, y)}
                for t, y, x, k in rows
            )
        )
    )
    geo = {**mapping, "columns": {"time": "t", "phenomenon": "k"}}
    said = [
        read_all(SOURCE, tmp_path / name, told).observations.drop("obs_id", "raw_file")
        for name, told in (
            ("a.csv", mapping), ("a.parquet", mapping), ("a.xlsx", mapping), ("a.geojson", geo)
        )
    ]  # fmt: skip
    assert said[0].height == 2
    for other in said[1:]:
        assert other.equals(said[0])
    day = said[0].row(1, named=True)
    assert day["t_end"] - day["t_start"] == DAY


def test_parquet_times_and_types_are_read_as_what_they_are(tmp_path: Path) -> None:
    moment = dt.datetime(2025, 4, 19, 18, tzinfo=dt.timezone(dt.timedelta(hours=3)))
    table = pl.DataFrame(
        {
            "t": pl.Series([moment], dtype=pl.Datetime("ms", "Europe/Kyiv")),
            "naive": [dt.datetime(2025, 4, 19, 18)],  # noqa: DTZ001 - what files hold
            "n": pl.Series([3], dtype=pl.UInt8),
            "tags": [["a", "b"]],
        }
    )
    path = tmp_path / "typed.parquet"
    table.write_parquet(path)
    constants = {"phenomenon": "shot", "area": "north"}
    for column, zone in (("t", "UTC"), ("naive", "Europe/Kyiv")):
        mapping = {
            "columns": {"time": column, "count": "n"}, "constants": constants, "timezone": zone,
        }  # fmt: skip
        seen = read_all(SOURCE, path, mapping).observations.row(0, named=True)
        assert seen["t_start"] == parse_time("2025-04-19T15:00:00Z")
        assert (seen["count"], seen["area"], seen["lon"]) == (3.0, "north", None)
    with pytest.raises(InputError, match="lists or structures"):
        read_all(
            SOURCE,
            path,
            {"columns": {"time": "t", "area": "tags"}, "constants": {"phenomenon": "shot"}},
        )


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2025-04-19T18:00+03:00", "iso", "2025-04-19T15:00:00Z"),
        ("2025-04-19 15:00:00.250Z", "iso", "2025-04-19T15:00:00.250Z"),
        ("2025-04-19T18:00", "iso", "2025-04-19T15:00:00Z"),
        ("1745074800", "epoch_s", "2025-04-19T15:00:00Z"),
        ("1745074800000", "epoch_ms", "2025-04-19T15:00:00Z"),
        ("19/04/2025 18.00", "%d/%m/%Y %H.%M", "2025-04-19T15:00:00Z"),
        ("19/04/2025 18:00 +0300", "%d/%m/%Y %H:%M %z", "2025-04-19T15:00:00Z"),
    ],
)
def test_times_in_many_forms(tmp_path: Path, text: str, form: str, expected: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"t,area\n{text},north\n1e400,north\n,north\nnever,north\n")
    mapping = {
        "columns": {"time": {"column": "t", "format": form}, "area": "area"},
        "constants": {"phenomenon": "other"},
        "timezone": "Europe/Kyiv",
    }
    read = read_all(SOURCE, path, mapping)
    assert read.observations["t_start"].to_list() == [parse_time(expected)]
    assert read.rejects.height == 3


def test_an_end_before_the_start_and_an_unreadable_end_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "a,b,area\n2025-04-19T10:00,2025-04-19T09:00,n\n2025-04-19T10:00,later,n\n"
        "2025-04-19T10:00,,n\n2025-04-19T10:00,2025-04-20,n\n"
    )
    mapping = {
        "columns": {"time": "a", "end": "b", "area": "area"}, "constants": {"phenomenon": "shot"},
    }  # fmt: skip
    read = read_all(SOURCE, path, mapping)
    assert read.rejects.height == 2
    length = (read.observations["t_end"] - read.observations["t_start"]).to_list()
    assert length == [0, DAY + 14 * DAY // 24]


def test_a_polygon_is_its_middle_with_the_error_of_its_size(tmp_path: Path) -> None:
    square = [[37.0, 48.0], [37.1, 48.0], [37.1, 48.1], [37.0, 48.1], [37.0, 48.0]]
    path = tmp_path / "p.geojson"
    path.write_bytes(collection(feature({"type": "Polygon", "coordinates": [square]})))
    seen = read_all(SOURCE, path, GEO).observations.row(0, named=True)
    assert (seen["lon"], seen["lat"]) == pytest.approx((37.05, 48.05))
    # 7.44 km x 11.12 km: a disc of that area has a radius of 5.13 km.
    assert seen["sigma_m"] == pytest.approx(5130 / 2, rel=0.01)


def test_a_point_is_not_exact_because_it_is_a_point(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    path.write_bytes(collection(feature(point())))
    read = read_all(SOURCE, path, {"columns": GEO["columns"]})
    assert read.observations.is_empty()
    assert "no error" in read.rejects["problem"][0]


def test_one_feature_a_line_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "p.geojsonl"
    path.write_text("\n".join(json.dumps(feature(point(37 + i / 100))) for i in range(5)))
    assert read_all(SOURCE, path, GEO).observations.height == 5


def test_a_collection_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    whole = collection(*(feature(point(37 + i / 100)) for i in range(5)))
    path = tmp_path / "p.geojson"
    path.write_bytes(whole[:-40])
    stream = SOURCE.read(path, GEO)
    assert next(stream).observations.height == 4
    with pytest.raises(InputError, match="whole JSON") as broken:
        next(stream)
    assert broken.value.where is not None
    assert broken.value.where.row == 5


def test_features_do_not_depend_on_how_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.geojson"
    path.write_bytes(collection(*(feature(point(), note="ї" * i) for i in range(30))))
    whole = list(stream_features(path))
    for block in (97, 256, 1000):
        monkeypatch.setattr(features_module, "_BLOCK", block)
        assert list(stream_features(path)) == whole


def test_memory_stays_flat_as_the_file_grows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}.geojson"
        with path.open("w") as out:
            out.write('{"type": "FeatureCollection", "features": [')
            for i in range(count):
                out.write(("," if i else "") + json.dumps(feature(point(), note=f"{i:0500}")))
            out.write("]}")
        tracemalloc.start()
        seen = sum(batch.observations.height for batch in SOURCE.read(path, GEO))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert seen == count
        return most

    assert peak(40_000) < 1.5 * peak(12_000)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"columns": {}}, "columns.time"),
        ({"columns": {"time": "t", "lat": "y"}}, "without the other"),
        ({"columns": {"time": "t"}, "constants": {}}, "phenomenon"),
        ({"columns": {"time": "t"}, "constants": {"phenomenon": "boom"}}, "boom"),
        ({"instrument": "crystal ball"}, "crystal ball"),
        ({"timezone": "Mars/Base"}, "time zone"),
        ({"colums": {}}, "colums"),
        ({"constants": {"sigma_m": -1, "phenomenon": "shot"}}, "constants.sigma_m"),
        ({"columns": {"time": "t", "sigma_m": "e"}}, "as a column and as a constant"),
        ({"separator": ";;"}, "separator"),
        ({"columns": {"time": "nowhere", "lat": "Y", "lon": "X"}}, "nowhere are missing"),
        ({"name": "No Name"}, "name"),
    ],
)
def test_a_wrong_mapping_is_one_clear_error(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    right = {
        "columns": {"time": "WHEN", "lat": "Y", "lon": "X"},
        "constants": {"phenomenon": "shot", "sigma_m": 10},
    }
    with pytest.raises(InputError, match=said) as refused:
        read_all(SOURCE, CSV.put(tmp_path), {**right, **change})
    assert refused.value.hint


def test_a_sheet_by_name_and_a_broken_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Лист 2")
    sheet.append(["t", "area"])
    sheet.append([dt.datetime(2025, 4, 19, 15), "north"])  # noqa: DTZ001 - what sheets hold
    path = tmp_path / "a.xlsx"
    book.save(path)
    mapping = {
        "columns": {"time": "t", "area": "area"},
        "constants": {"phenomenon": "shot"},
        "sheet": "Лист 2",
    }
    seen = read_all(SOURCE, path, mapping).observations
    assert seen["t_start"].to_list() == [parse_time("2025-04-19T15:00:00Z")]
    with pytest.raises(InputError, match=r"sheet|workbook"):
        read_all(SOURCE, path, {**mapping, "sheet": "none"})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="broken or cut short"):
        read_all(SOURCE, path, mapping)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    monkeypatch.setattr("truceline.evidence.sources.mapped.tables._LARGEST_WORKBOOK", 1_000_000)
    with pytest.raises(InputError, match="unpacks"):
        read_all(
            SOURCE,
            path,
            {"columns": {"time": "t"}, "constants": {"phenomenon": "shot", "area": "n"}},
        )


def test_two_tables_are_two_sources(tmp_path: Path) -> None:
    path = CSV.put(tmp_path)
    one = read_all(SOURCE.named("calls"), path, MAPPING).observations
    other = read_all(SOURCE, path, {**MAPPING, "name": "posts"}).observations
    assert set(one["source"]) == {"calls"}
    assert set(other["source"]) == {"posts"}
    assert not set(one["obs_id"]) & set(other["obs_id"])


def test_the_kind_of_a_file_is_known_from_its_bytes() -> None:
    kinds = {
        b"PAR1": "parquet",
        b"PK\x03\x04": "xlsx",
        b'\xef\xbb\xbf {"a"': "geojson",
        b"a,b": "csv",
    }
    assert {head: kind_of(Path("x"), head) for head in kinds} == kinds


@pytest.mark.parametrize("form", ["csv", "geojson", "parquet", "xlsx"])
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_as_any_kind_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, form: str, data: bytes
) -> None:
    mapping = {**MAPPING, "format": form}
    check_bytes(SOURCE, data, tmp_path_factory.mktemp("bytes"), settings=mapping)


@settings(max_examples=60, deadline=None)
@given(where=st.floats(0, 1), removed=st.integers(0, 9), junk=st.binary(max_size=5))
def test_damaged_geojson_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, where: float, removed: int, junk: bytes
) -> None:
    at = int(where * len(GEOJSON.data))
    data = GEOJSON.data[:at] + junk + GEOJSON.data[at + removed :]
    check_bytes(SOURCE, data, tmp_path_factory.mktemp("damaged"), settings=GEO)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(
    value=st.dictionaries(st.sampled_from(["when", "kind", "who", "other"]), JSON),
    place=JSON,
)
def test_any_feature_is_an_observation_or_a_reject(
    tmp_path_factory: pytest.TempPathFactory, value: dict[str, object], place: object
) -> None:
    path = tmp_path_factory.mktemp("feature") / "f.geojson"
    path.write_bytes(collection({"type": "Feature", "properties": value, "geometry": place}))
    try:
        read = read_all(SOURCE, path, GEO)
    except TrucelineError as refused:
        assert refused.where is not None
        return
    assert read.rows == 1 == len(read.observations) + len(read.rejects)
    assert set(read.observations["phenomenon"]) <= set(PHENOMENA)


@pytest.mark.real_data
def test_a_recorded_table_by_a_mapping_is_what_its_own_source_reads(shared_data: Path) -> None:
    path = shared_data / "civilian_harm" / "incidents.csv"
    mapping = {
        "columns": {"time": "date", "lat": "latitude", "lon": "longitude"},
        "constants": {"phenomenon": "damage", "sigma_m": 1000},
        "timezone": "Europe/Kyiv",
    }
    ours = read_all(SOURCE, path, mapping)
    theirs = read_all(civilian_harm.SOURCE, path, {})
    assert ours.observations.height == theirs.observations.height > 1000
    for column in ("lon", "lat"):
        assert ours.observations[column].equals(theirs.observations[column])


@pytest.mark.real_data
def test_recorded_polygons_become_places_with_the_error_of_their_size(shared_data: Path) -> None:
    path = shared_data / "geography" / "ukraine_oblasts.geojson"
    mapping = {
        "columns": {"time": "when", "area": "shapeISO"},
        "constants": {"phenomenon": "other"},
    }
    rejects = read_all(SOURCE, path, mapping).rejects
    # They have no time, and that is what is said of each of the 27.
    assert rejects.height == 27
    assert set(rejects["field"]) == {"time"}


COUNTED = {
    "columns": {
        "time": {"column": "day", "format": "%d/%m/%Y"},
        "phenomenon": {"column": "kind", "values": {"a": "shot", "b": "other"}},
        "count": "n",
    },
    "constants": {"area": "valley"},
    "timezone": "Asia/Kolkata",
}


def test_days_that_the_maker_covered_are_effort_and_no_other_days(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("day,kind,n\n02/03/2021,a,3\n")
    covers = {"start": "2021-03-01", "end": "2021-03-05"}
    effort = read_all(SOURCE, path, {**COUNTED, "covers": covers}).effort
    start = parse_time("2021-03-01T00:00:00+05:30")
    assert effort["t_start"].to_list() == [start + day * DAY for day in range(5)]
    assert effort["phenomenon"].unique().to_list() == ["shot"]
    stated = read_all(SOURCE, path, {**COUNTED, "covers": "rows"}).effort
    assert stated.select("t_start", "t_end").rows() == [(start + DAY, start + 2 * DAY)]
    assert read_all(SOURCE, path, COUNTED).effort.is_empty()


@pytest.mark.parametrize(
    ("written", "count"),
    [("1 234,5", 1234.5), ("1\u00a0234", 1234.0), ("-", None), ("1.234", None)],
)
def test_a_comma_before_the_fraction_leaves_no_number_in_doubt(
    tmp_path: Path, written: str, count: float | None
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"day;kind;n\n02/03/2021;a;{written}\n")
    read = read_all(SOURCE, path, {**COUNTED, "decimal": ",", "separator": ";"})
    assert read.observations["count"].to_list() == ([] if count is None else [count])
    assert len(read.rejects) == (count is None)


@pytest.mark.parametrize("cut", [10, 60, 100])
def test_broken_packing_is_one_clear_error(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"02/03/2021,a,{n}\n" for n in range(3000))
    path.write_bytes(gzip.compress(f"day,kind,n\n{rows}".encode())[:cut])
    with pytest.raises(InputError, match=r"unpacked|empty|missing"):
        read_all(SOURCE, path, COUNTED)


def test_an_unknown_encoding_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("day,kind,n\n")
    with pytest.raises(InputError, match="klingon"):
        read_all(SOURCE, path, {**COUNTED, "encoding": "klingon"})
