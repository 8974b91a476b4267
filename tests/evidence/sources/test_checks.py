"""A row that is wrong says which field, what is wrong, and what to do."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.evidence.sources.checks import PLACE_CHECKS, moment, number_check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import in_utc, local_time, number
from truceline.evidence.sources.source import Batch, SourceInfo

INFO = SourceInfo("toy", "t", "p", "l", "patrol", ("explosion",), "w", "e", "l")


def _fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "UTC"))
    start = local_time("time", "%Y-%m-%d %H:%M", zone)
    return {
        "t_start": start,
        "t_end": start,
        "lat": number("lat"),
        "lon": number("lon"),
        "sigma_m": pl.lit(10.0),
        "count": number("n"),
    }


TOY = Feed(
    INFO, (Layout(("time", "lat", "lon", "n"), _fields, (*PLACE_CHECKS, number_check("n"))),)
)


def read(folder: Path, *rows: str, **settings: object) -> Batch:
    path = folder / "toy.csv"
    path.write_text("\n".join(["time,lat,lon,n", *rows, ""]))
    (batch,) = TOY.read(path, settings)
    assert batch.rows == len(batch.observations) + len(batch.rejects) == len(rows)
    return batch


@pytest.mark.parametrize(
    ("row", "field", "problem"),
    [
        ("2025-04-19 10:00,37.5,148.1,1", None, None),
        ("2025-04-19 10:00,148.1,37.5,1", "latitude", "swapped"),
        ("2025-04-19 10:00,95,95,1", "latitude", "not between -90 and 90"),
        ("2025-04-19 10:00,45,195,1", "longitude", "not between -180 and 180"),
        ("2025-04-19 10:00,NaN,37.5,1", "latitude", "not a number"),
        ("2025-04-19 10:00,inf,37.5,1", "latitude", "not a number"),
        ("2025-04-19 10:00,,37.5,1", "latitude", "missing"),
        ("2025-02-30 10:00,48.1,37.5,1", "time", "impossible"),
        ("2025-04-19,48.1,37.5,1", "time", "not in the source's form"),
        ("0202-04-19 10:00,48.1,37.5,1", "time", "before the year 1900"),
        ("2031-04-19 10:00,48.1,37.5,1", "time", "future"),
        ("2025-04-19 10:00,48.1,37.5,-1", "count", "below 0"),
        ("2025-04-19 10:00,48.1,37.5,NaN", "n", "not a number"),
        ("2025-04-19 10:00,48.1,37.5,many", "n", "not a number"),
    ],
)
def test_the_first_fault_of_a_row_is_named(
    tmp_path: Path, row: str, field: str | None, problem: str | None
) -> None:
    batch = read(tmp_path, row, received_before="2026-01-01T00:00:00Z")
    if problem is None:
        assert batch.rejects.is_empty()
        return
    reject = batch.rejects.row(0, named=True)
    assert reject["field"] == field
    assert problem in reject["problem"]
    assert reject["remedy"].endswith(".")
    assert reject["raw"] == row
    assert reject["raw_row"] == 1


def test_good_rows_go_on_beside_bad_ones(tmp_path: Path) -> None:
    good, bad = "2025-04-19 10:00,48.1,37.5,1", "2025-04-31 10:00,48.1,37.5,1"
    batch = read(tmp_path, good, bad, good.replace("48.1", "48.2"))
    assert batch.observations["raw_row"].to_list() == [1, 3]
    assert batch.rejects["raw_row"].to_list() == [2]


def test_the_area_of_the_case_finds_swapped_places(tmp_path: Path) -> None:
    rows = [
        "2025-04-19 10:00,48.1,37.5,1",
        "2025-04-19 10:00,37.5,48.1,1",
        "2025-04-19 10:00,10,10,1",
    ]
    batch = read(tmp_path, *rows, bbox=[22, 44, 41, 53])
    assert batch.observations["lat"].to_list() == [48.1]
    swapped, outside = batch.rejects["problem"].to_list()
    assert "swapped" in swapped
    assert "outside the area" in outside


def test_an_unknown_count_is_null_and_not_zero(tmp_path: Path) -> None:
    batch = read(tmp_path, "2025-04-19 10:00,48.1,37.5,", "2025-04-19 11:00,48.1,37.5,0")
    assert batch.observations["count"].to_list() == [None, 0.0]


@pytest.mark.parametrize("bbox", [[1, 2, 3], "everywhere", [1, 2, "x", 4]])
def test_settings_that_make_no_sense_are_an_error(tmp_path: Path, bbox: object) -> None:
    with pytest.raises(InputError, match="bbox"):
        read(tmp_path, "2025-04-19 10:00,48.1,37.5,1", bbox=bbox)


def test_an_unknown_time_zone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="time zone"):
        read(tmp_path, "2025-04-19 10:00,48.1,37.5,1", timezone="Europe/Kiyv")


def test_a_limit_may_be_a_time_or_microseconds() -> None:
    assert moment(None) is None
    assert moment(5) == 5
    assert moment("1970-01-01T00:00:01Z") == 1_000_000


def test_a_midnight_that_clocks_skip_is_the_start_of_that_day() -> None:
    table = pl.DataFrame({"d": ["2023-03-26", "2023-10-29"]})
    midnight = pl.col("d").str.to_datetime("%Y-%m-%d", time_unit="us")
    # Cairo went from 00:00 to 01:00 on 28 April 2023.
    found = table.select(in_utc(midnight, "Africa/Cairo"))["d"].to_list()
    assert None not in found
    assert found[0] == parse_time("2023-03-26T00:00:00+02:00")
    skipped = pl.DataFrame({"d": ["2023-04-28"]}).select(in_utc(midnight, "Africa/Cairo")).item()
    assert skipped == parse_time("2023-04-28T01:00:00+03:00")
