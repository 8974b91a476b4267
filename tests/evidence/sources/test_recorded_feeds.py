"""On the recorded feeds the readers give the figures that are published of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from truceline.core.types.time import DAY, parse_time
from truceline.evidence.observations import distinct
from truceline.evidence.sources.source import Batch, installed_sources, recognise
from truceline.testing.sources import read_all

pytestmark = pytest.mark.real_data

SOURCES = installed_sources()

Reader = Callable[..., Batch]


@pytest.fixture
def read(shared_data: Path) -> Reader:
    def reader(name: str, **settings: object) -> Batch:
        path = shared_data / name
        if not path.exists():
            pytest.skip(f"{name} is not in the recorded data")
        return read_all(recognise(path, SOURCES), path, settings)

    return reader


@pytest.mark.parametrize(
    ("name", "rows", "rejected"),
    [
        ("firms/fire_nrt_SV-C2_400448.csv", 42_415, 0),
        ("firms/MODIS-2021.csv", 10_796, 0),
        ("firms/ukr_fire_data_2020.csv", 120_028, 0),
        ("alerts/official_alerts_to_20240423.csv", 43_031, 0),
        ("ucdp/UCDP-Ukraine_A.csv", 3_883, 0),
        ("ucdp/UCDP-Ukraine_C.csv", 3_077, 0),
        ("eyes_on_russia/events.csv", 6_650, 8),
        ("osce_smm/smm_daily_counts.csv", 31, 0),
        ("line_of_control/cfv.csv", 84, 0),
        ("line_of_control/cfv_sectors_var.csv", 84, 0),
        ("viina/viina_incidents_202504.csv", 3_764, 0),
    ],
)
def test_rows_are_as_many_as_published(read: Reader, name: str, rows: int, rejected: int) -> None:
    batch = read(name)
    assert (batch.rows, len(batch.rejects)) == (rows, rejected)
    assert len(batch.observations) + len(batch.rejects) == batch.rows


def local_day(column: str, zone: str = "Europe/Kyiv") -> pl.Expr:
    utc = pl.from_epoch(column, time_unit="us").dt.replace_time_zone("UTC")
    return utc.dt.convert_time_zone(zone).dt.date()


def test_no_national_wave_on_20_april_2025_between_94_drones_a_day(read: Reader) -> None:
    batch = read("launches/missile_attacks_daily.csv")
    kinds = pl.col("attributes").str.json_path_match("$.model").str.to_lowercase()
    national = batch.observations.filter(pl.col("area") == "national").with_columns(
        day=local_day("t_end"), drone=kinds.str.contains("shahed|uav|drone")
    )
    truce = date(2025, 4, 20)
    assert national.filter(pl.col("day") == truce).is_empty()
    around = national.filter(
        pl.col("drone") & pl.col("day").is_between(date(2025, 4, 13), date(2025, 4, 27))
    )
    assert around["count"].sum() / 14 == pytest.approx(94, abs=12)
    # The day is nevertheless one that the national command reports on: its zero is a zero.
    effort = batch.effort.with_columns(day=local_day("t_start"))
    assert effort.filter(pl.col("day") == truce).height == 1
    assert effort["day"].n_unique() == len(effort)


def test_one_alert_began_on_20_april_2025_against_44_a_day(read: Reader) -> None:
    seen = read("alerts/air_raid_alerts_oblast.csv").observations
    starts = seen.with_columns(day=local_day("t_start")).group_by("day").len().sort("day")
    by_day = dict(starts.iter_rows())
    assert by_day[date(2025, 4, 20)] == 1
    others = [n for day, n in by_day.items() if date(2025, 4, 13) <= day <= date(2025, 4, 27)]
    others.remove(1)
    assert sum(others) / len(others) == pytest.approx(44, abs=2)
    # In UTC days there are five more: alerts after midnight in Kyiv, when the truce had ended.
    assert (
        dict(seen.group_by(local_day("t_start", "UTC")).len().iter_rows())[date(2025, 4, 20)] == 6
    )
    assert (seen["t_end"] - seen["t_start"]).max() <= DAY


def test_the_mission_counted_111_on_27_july_2020(read: Reader) -> None:
    batch = read("osce_smm/smm_daily_counts.csv")
    ends = {day: parse_time(f"2020-07-{day}T19:30:00+03:00") for day in (27, 28, 29, 30)}
    counts = dict(batch.observations.select("t_end", "count").iter_rows())
    assert [counts[end] for end in ends.values()] == [111.0, 10.0, 1.0, 1.0]
    fortnight = batch.observations.filter(pl.col("area") == "both", pl.col("count") == 10_500)
    assert fortnight.select("count_low", "count_high").rows() == [(9_450.0, pytest.approx(11_550))]
    assert len(batch.effort) == 31


def test_a_list_article_is_one_witness(read: Reader) -> None:
    batch = read("viina/viina_incidents_202503.csv")
    new = distinct(batch.observations)
    places = new.observations.group_by("witness").agg(n=pl.len(), text=pl.col("attributes").first())
    largest = places.sort("n").row(-1, named=True)
    assert largest["n"] == 22
    assert len(json.loads(largest["text"])["headline"]) > 0
    assert new.observations["witness"].n_unique() < 0.95 * len(new.observations)


def test_both_copies_of_the_coded_events_give_the_same_days(read: Reader) -> None:
    mixed, exact = (
        read(f"ucdp/UCDP-Ukraine_{copy}.csv").observations.select("witness", "t_start", "count")
        for copy in "AC"
    )
    both = mixed.join(exact, on="witness", suffix="_exact")
    assert len(both) == 2_987
    # Three events were coded anew between the two releases.
    assert (both["t_start"] != both["t_start_exact"]).sum() == 3


def test_the_daily_series_falls_from_33_6_to_8_9(read: Reader) -> None:
    seen = read("daily_series/acled_ucdp_daily_ukraine_2020_2021.csv").observations
    by_day = seen.with_columns(day=local_day("t_start"))

    def mean(first: date, last: date) -> object:
        return by_day.filter(pl.col("day").is_between(first, last))["count"].mean()

    assert mean(date(2020, 7, 13), date(2020, 7, 26)) == pytest.approx(33.6, abs=0.05)
    assert mean(date(2020, 7, 27), date(2020, 8, 9)) == pytest.approx(8.9, abs=0.05)


def test_the_line_of_control_falls_from_300_3_to_1_5_a_month(read: Reader) -> None:
    seen = read("line_of_control/monthly_violations_2018_2021.csv").observations.sort("t_start")
    change = parse_time("2021-03-01T00:00:00+05:30")
    before, after = (
        seen.filter(pl.col("t_start") < change),
        seen.filter(pl.col("t_start") >= change),
    )
    assert before["count"].mean() == pytest.approx(300.3, abs=0.05)
    assert after["count"].mean() == pytest.approx(1.5, abs=0.05)


def test_sectors_add_up_to_their_totals(read: Reader) -> None:
    batch = read("line_of_control/cfv_sectors_var.csv")
    parts = batch.observations["attributes"].str.json_path_match("$.sum_of_sectors")
    differ = (parts.cast(pl.Float64) != batch.observations["count"]).sum()
    assert differ == 0


def test_thermal_detections_rose_as_violations_fell(read: Reader) -> None:
    seen = read("firms/ukr_fire_data_2020.csv", bbox=[37.3, 47, 39.2, 49]).observations
    days = seen.select(day=pl.from_epoch("t_start", time_unit="us").dt.date())["day"]
    assert days.is_between(date(2020, 7, 13), date(2020, 7, 26)).sum() == 1_258
    assert days.is_between(date(2020, 7, 27), date(2020, 8, 9)).sum() == 2_328
