"""A drafted mapping: found from the table alone, read at once, and honest of what it guessed."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from truceline.cli.main import app
from truceline.core.types.errors import InputError, TrucelineError
from truceline.core.types.time import DAY, parse_time
from truceline.evidence.sources.mapped import SOURCE
from truceline.evidence.sources.mapped.draft import draft
from truceline.evidence.sources.mapped.words import meaning_of

#: The columns of an export that many in the field use, with made rows.
ROWS = [
    {
        "event_id_cnty": f"AAA{n}", "event_date": date, "time_precision": "1",
        "event_type": kind, "sub_event_type": sub, "actor1": "Side A", "admin1": "East",
        "location": "Village", "latitude": "48.28", "longitude": "37.17",
        "source": "A newspaper", "notes": "Shelled, twice", "fatalities": "0",
        "timestamp": "1745193600",
    }
    for n, (date, kind, sub) in enumerate(
        [
            ("20 April 2025", "Explosions/Remote violence", "Shelling/artillery/missile attack"),
            ("21 April 2025", "Battles", "Armed clash"),
            ("3 May 2025", "Strategic developments", "Agreement"),
        ]
    )
]  # fmt: skip


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    pl.DataFrame(rows).write_csv(path)
    return path


def write_geojson(path: Path, rows: list[dict[str, str]]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in row.items() if k not in ("latitude", "longitude")},
            "geometry": {
                "type": "Point",
                "coordinates": [float(row["longitude"]), float(row["latitude"])],
            },
        }
        for row in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def write_parquet(path: Path, rows: list[dict[str, str]]) -> Path:
    pl.DataFrame(rows).write_parquet(path)
    return path


def write_xlsx(path: Path, rows: list[dict[str, str]]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(path)
    return path


def read_all(path: Path, mapping) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    batches = list(SOURCE.read(path, mapping))
    return (
        pl.concat([b.observations for b in batches]),
        pl.concat([b.rejects for b in batches]),
        sum(b.rows for b in batches),
    )


@pytest.mark.parametrize("write", [write_csv, write_geojson, write_parquet, write_xlsx])
def test_every_kind_of_file_is_read_at_once_by_what_was_drafted(tmp_path, write):
    path = write(tmp_path / "Events 2025", ROWS)
    made = draft(path)
    assert made.settings["name"] == "events_2025"
    seen, rejects, rows = read_all(path, made.settings)
    assert rows == len(seen) == len(ROWS)
    assert rejects.is_empty()
    assert seen.sort("t_start")["phenomenon"].to_list() == ["explosion", "assault", "other"]
    assert seen["lat"].unique().to_list() == [48.28]
    assert seen["witness"].unique().to_list() == ["A newspaper"]
    assert seen["area"].unique().to_list() == ["East"]
    assert any("Agreement" in doubt for doubt in made.doubts)


def test_a_time_of_the_event_goes_before_one_of_its_entry(tmp_path):
    made = draft(write_csv(tmp_path / "events.csv", ROWS))
    assert made.settings["columns"]["time"] == {"column": "event_date", "format": "%d %B %Y"}


@pytest.mark.parametrize(
    ("date", "form", "open_order"),
    [
        ("2025-04-03", "iso", False),
        ("2025-04-03T10:00:00Z", "iso", False),
        ("03/04/2025", "%d/%m/%Y", True),
        ("23/04/2025 10:15", "%d/%m/%Y %H:%M", False),
        ("04/23/2025", "%m/%d/%Y", False),
        ("1/22/2014 12:00:00 AM", "%m/%d/%Y %I:%M:%S %p", False),
        ("1745193600", "epoch_s", False),
        ("1745193600000", "epoch_ms", False),
    ],
)
def test_times_are_known_by_their_form_and_an_open_order_is_asked(tmp_path, date, form, open_order):
    row = {"when": date, "lat": "48", "lon": "37", "kind": "shelling"}
    path = write_csv(tmp_path / "a.csv", [row])
    made = draft(path)
    time = made.settings["columns"]["time"]
    assert time == ("when" if form == "iso" else {"column": "when", "format": form})
    assert any("the day or the month first" in doubt for doubt in made.doubts) == open_order
    assert len(read_all(path, made.settings)[0]) == 1


RUSSIAN = (
    "Сводка;;;;\n\nДата;Время;Событие;Широта;Долгота\n"
    "12.11.2020;07:05;обстрел;39,8123;46,75\n"
    "13.11.2020;;стрельба;39,9;46,8\n"
    "14.11.2020;23:59;патрулирование;39,9;46,8\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "koi8-r", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_letters_commas_titles_and_clocks_of_another_country_are_read(tmp_path, encoding, packed):
    path = tmp_path / "a.csv"
    data = RUSSIAN.encode(encoding)
    path.write_bytes(gzip.compress(data) if packed else data)
    made = draft(path)
    assert made.settings["header_row"] == [3]
    assert any("letters" in doubt for doubt in made.doubts) == (
        "1251" in encoding or "koi" in encoding
    )
    seen, rejects, rows = read_all(path, made.settings)
    assert (len(rejects), rows) == (0, 3)
    assert seen["phenomenon"].to_list() == ["explosion", "shot", "other"]
    assert seen["lat"][0] == 39.8123
    day = parse_time("2020-11-13T00:00:00Z")
    assert seen["t_start"][0] == seen["t_end"][0] == parse_time("2020-11-12T07:05:00Z")
    # A blank clock is a whole day, not midnight.
    assert seen.select("t_start", "t_end").row(1) == (day, day + DAY)


def test_merged_headings_of_a_workbook_are_the_lowest_names(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["The commission's list"])
    book.create_sheet("Events")
    sheet = book["Events"]
    sheet.append(["Weekly list of the commission"])
    sheet.append(["Day", "Place", None, "What was seen"])
    sheet.append([None, "Latitude", "Longitude", None])
    for day in range(1, 4):
        sheet.append([dt.date(2022, 11, day), 13.5, 39.5, "shelling"])
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "a.xlsx")
    made = draft(tmp_path / "a.xlsx")
    assert (made.settings["sheet"], made.settings["header_row"]) == ("Events", [2, 3])
    seen, rejects, rows = read_all(tmp_path / "a.xlsx", made.settings)
    assert (len(seen), len(rejects), rows) == (3, 0, 3)
    assert seen.select("lat", "lon").unique().rows() == [(13.5, 39.5)]
    first = parse_time("2022-11-01T00:00:00Z")
    assert seen.select("t_start", "t_end").row(0) == (first, first + DAY)


def test_a_place_in_one_column_is_found(tmp_path):
    rows = [
        {"date": "2020-11-12", "coord": "Point(46.75 39.8)", "what": "shelling"},
        {"date": "2020-11-13", "coord": "39.7, -46.8", "what": "shelling"},
    ]
    path = write_csv(tmp_path / "a.csv", rows)
    made = draft(path)
    seen = read_all(path, made.settings)[0]
    assert seen.select("lon", "lat").rows() == [(46.75, 39.8), (-46.8, 39.7)]


def test_grades_of_precision_become_metres(tmp_path):
    rows = [{**ROWS[0], "geo_precision": grade} for grade in "123"]
    made = draft(write_csv(tmp_path / "a.csv", rows))
    seen = read_all(tmp_path / "a.csv", made.settings)[0]
    assert seen["sigma_m"].to_list() == [2_500.0, 12_500.0, 40_000.0]
    assert any("guessed" in doubt for doubt in made.doubts)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("قصف مدفعي", "explosion"),
        ("إطلاق نار", "shot"),
        ("Enfrentamiento armado", "assault"),
        ("tirs à l'arme légère", "shot"),
        ("הפגזה", "explosion"),
    ],
)
def test_words_of_other_languages_are_understood(word, meant):
    assert meaning_of(word) == meant


def test_a_table_without_places_is_of_one_area_and_says_so(tmp_path):
    path = write_csv(tmp_path / "a.csv", [{"date": "2025-04-20", "violations": "3"}])
    made = draft(path)
    seen = read_all(path, made.settings)[0]
    assert seen.select("area", "count").rows() == [("everywhere", 3.0)]
    assert any("everywhere" in doubt for doubt in made.doubts)


@pytest.mark.parametrize(
    "text", ["", "a,b\n", "a,b\n1,2\n", '{"type": "FeatureCollection"}', "PAR1"]
)
def test_what_is_no_table_of_events_gets_one_sentence(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(InputError):
        draft(path)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    header=st.lists(
        st.sampled_from(["date", "lat", "lon", "type", "source", "count", "Область", "x", "", '"']),
        min_size=1, max_size=6,
    ),
    cells=st.lists(
        st.lists(
            st.sampled_from(["2025-04-20", "1.5", "99", "shelling", "", "a,b", '"', "1745193600"]),
            max_size=7,
        ),
        max_size=6,
    ),
)  # fmt: skip
def test_whatever_the_table_no_row_is_lost(tmp_path, header, cells):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(",".join(row) for row in [header, *cells]), encoding="utf-8")
    try:
        made = draft(path)
        seen, rejects, rows = read_all(path, made.settings)
    except TrucelineError as fault:
        assert fault.message
    else:
        assert len(seen) + len(rejects) == rows


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("firms/ukr_fire_data_2019.csv", ("ACQ_DATE", "LATITUDE", "LONGITUDE")),
        ("civilian_harm/incidents.csv", ("date", "latitude", "longitude")),
        ("eyes_on_russia/events.csv", ("date", "lat", "lon")),
        ("alerts/air_raid_alerts_oblast.csv", ("started_at", None, None)),
    ],
)
def test_recorded_tables_are_read_as_their_own_readers_read_them(shared_data, file, columns):
    made = draft(shared_data / file)
    found = made.settings["columns"]
    time = found["time"]
    assert (time["column"] if isinstance(time, dict) else time) == columns[0]
    assert (found.get("lat"), found.get("lon")) == columns[1:]
    seen, rejects, rows = read_all(shared_data / file, made.settings)
    assert len(seen) >= 0.99 * rows
    assert len(seen) + len(rejects) == rows


def test_the_command_prints_a_feed_to_paste(tmp_path):
    path = write_csv(tmp_path / "events.csv", ROWS)
    told = CliRunner().invoke(app, ["sources", "draft", str(path)])
    assert told.exit_code == 0
    assert "3 rows, 3 can be read so" in told.stderr
    (feed,) = yaml.safe_load(told.stdout)["feeds"]
    assert (feed["source"], feed["files"]) == ("mapped", ["events.csv"])
    assert len(read_all(path, feed["settings"])[0]) == 3


def test_a_table_that_a_source_knows_needs_no_mapping(tmp_path):
    path = tmp_path / "fires.csv"
    names = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument"
    path.write_text(f"{names},confidence,version,bright_ti5,frp,daynight\n")
    told = CliRunner().invoke(app, ["sources", "draft", str(path)])
    assert (told.exit_code, yaml.safe_load(told.stdout)["feeds"][0]["source"]) == (0, "firms")


def test_a_map_in_xml_is_told_from_a_table(tmp_path):
    path = tmp_path / "line.kml"
    path.write_text('<?xml version="1.0"?><kml></kml>')
    with pytest.raises(InputError, match="KML"):
        draft(path)
