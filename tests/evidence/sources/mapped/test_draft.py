"""A drafted mapping: found from the table alone, read at once, and honest of what it guessed."""

from __future__ import annotations

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
from truceline.evidence.sources.mapped import SOURCE
from truceline.evidence.sources.mapped.draft import draft

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
