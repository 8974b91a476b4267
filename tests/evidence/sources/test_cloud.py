"""Cloud gives effort and no events; hours that are missing are not known."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from truceline.core.types.errors import InputError
from truceline.core.types.time import DAY, parse_time
from truceline.evidence.sources.cloud import SOURCE
from truceline.evidence.sources.source import Sample
from truceline.testing.sources import Sampled, check_source, read_all

PLACES = {"places": {"X1": [37.5, 48.0]}}
HOURS = "".join(
    f"2023-06-{day:02}T{hour:02}:00,{cover}\n"
    for day, cover in ((1, 0), (2, 40), (3, 100))
    for hour in range(24)
)
HOURLY = Sampled(
    "cloud_cover_by_hour_X1.csv",
    f"time,cloud_cover (%)\n{HOURS}2023-06-31T00:00,5\n".encode()
    + b"2023-06-04T00:00,\n2023-06-04T01:00,101\n",
    rows=3,
    rejects=3,
    settings=PLACES,
)
DAILY = Sampled(
    "weather.csv",
    b"OBLAST_ID,ACQ_DATE,RAIN_SUM (MM),CLOUD_COVER (%)\nX1,2023-06-01,0,10\nX1,2023-06-02,0,90\n"
    b"X2,2023-06-02,0,90\nX1,2023-06-02,0,cloudy\n",
    rows=1,
    rejects=1,
    settings=PLACES,
)
STRANGER = Sampled("other.csv", b"time,cloud\n2023-06-01T00:00,4\n", rows=1)


@pytest.mark.parametrize("sample", [HOURLY, DAILY], ids=["hourly", "daily"])
def test_cloud_passes_the_battery(sample: Sampled, tmp_path: Path) -> None:
    check_source(SOURCE, sample, tmp_path, [STRANGER])


def test_the_more_cloud_the_less_could_be_seen(tmp_path: Path) -> None:
    effort = read_all(SOURCE, HOURLY.put(tmp_path), PLACES).effort.sort("t_start")
    assert effort["t_start"].to_list()[0] == parse_time("2023-06-01T00:00:00Z")
    assert effort.height == 3
    clear, half, covered = effort["p_detect"].to_list()
    assert clear > half > covered
    assert clear > 0.2
    assert set(effort["source"]) == {"firms"}
    assert set(effort["area"]) == {"X1"}
    assert effort["reason"].to_list() == ["watching", "watching", "cloud"]


def test_a_day_without_data_has_no_row(tmp_path: Path) -> None:
    kept = "".join(line for line in HOURS.splitlines(keepends=True) if "06-02" not in line)
    path = HOURLY.put(tmp_path, f"time,cloud_cover (%)\n{kept}".encode())
    days = read_all(SOURCE, path, PLACES).effort["t_start"]
    missing = parse_time("2023-06-02T00:00:00Z")
    assert missing not in days.to_list()
    assert parse_time("2023-06-01T00:00:00Z") in days.to_list()


def test_effort_by_cell_within_an_outline(tmp_path: Path) -> None:
    ring = {"ring": [[37, 48], [38, 48], [38, 49], [37, 49]], "resolution": 5}
    effort = read_all(SOURCE, HOURLY.put(tmp_path), {"places": {"X1": ring}}).effort
    assert effort["cell"].n_unique() > 20
    assert effort["area"].unique().to_list() == ["X1"]


def test_effort_does_not_depend_on_the_stretches_it_is_worked_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = HOURLY.put(tmp_path)
    whole = read_all(SOURCE, path, PLACES).effort.sort("t_start")
    monkeypatch.setattr("truceline.evidence.sources.cloud._PLACE_DAYS", 1)
    assert read_all(SOURCE, path, PLACES).effort.sort("t_start").equals(whole)


def test_an_area_not_named_in_the_settings_gives_no_effort(tmp_path: Path) -> None:
    assert read_all(SOURCE, DAILY.put(tmp_path), {"places": {"X9": [30, 50]}}).effort.is_empty()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "places"),
        ({"places": {"X1": [37.5]}}, "places"),
        ({"places": {"X1": [48.0, 137.5]}}, "longitude"),
        ({**PLACES, "satellites": ["Sputnik"]}, "Sputnik"),
        ({**PLACES, "burning_h": 0}, "burning_h"),
    ],
)
def test_wrong_settings_are_named(settings: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        read_all(SOURCE, HOURLY.put(tmp_path), settings)


@pytest.mark.real_data
def test_the_recorded_cloud_of_an_oblast(shared_data: Path) -> None:
    path = shared_data / "weather" / "cloud_cover_by_hour_oblast_UA14.csv"
    assert SOURCE.recognises(Sample.of(path))
    read = read_all(SOURCE, path, {"places": {"UA14": [37.8, 48.1]}})
    assert read.rejects.is_empty()
    # 85,464 hours are 3,561 days.
    assert abs(read.effort.height - 3561) <= 1
    assert read.effort.select((pl.col("t_end") - pl.col("t_start")).unique()).item() == DAY
    june = pl.from_epoch("t_start", time_unit="us").dt.month() == 6
    january = pl.from_epoch("t_start", time_unit="us").dt.month() == 1
    seen = {
        name: read.effort.filter(month)["p_detect"].mean()
        for name, month in (("june", june), ("january", january))
    }
    assert seen["june"] > 1.3 * seen["january"]


@pytest.mark.real_data
def test_the_recorded_daily_weather(shared_data: Path) -> None:
    path = shared_data / "weather" / "ukr_weather_data_2020.csv"
    read = read_all(SOURCE, path, {"places": {"UA14": [37.8, 48.1], "UA09": [39.0, 48.9]}})
    assert read.rejects.is_empty()
    assert read.effort.group_by("area").len()["len"].to_list() == [366, 366]
