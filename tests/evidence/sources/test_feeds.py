"""What each feed's rows mean: time, place, count, witness and effort."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from truceline.core.types.time import DAY, HOUR, parse_time
from truceline.evidence.observations import count_witnesses
from truceline.evidence.sources.source import Batch, installed_sources
from truceline.testing.sources import read_all

SOURCES = installed_sources()


@pytest.fixture
def read(tmp_path: Path):
    def reader(source: str, text: str, **settings: object) -> Batch:
        path = tmp_path / f"{source}.csv"
        path.write_text(text)
        return read_all(SOURCES[source], path, settings)

    return reader


def attribute(batch: Batch, name: str) -> list[object]:
    return [json.loads(text)[name] for text in batch.observations["attributes"]]


VIIRS = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight\n"
)


def test_a_pass_is_one_witness_and_its_time_may_lack_zeros(read) -> None:
    seen = read(
        "firms",
        VIIRS + "48.1,37.5,330,0.375,0.375,2023-06-01,16,N,VIIRS,n,2,290,4.5,N\n"
        "48.9,37.9,330,1,1,2023-06-01,0016,N,VIIRS,n,2,290,6,N\n"
        "48.9,37.9,330,1,1,2023-06-01,1016,N,VIIRS,n,2,290,6,D\n",
    )
    first, second, third = seen.observations.iter_rows(named=True)
    assert first["t_start"] == parse_time("2023-06-01T00:16:00Z") == first["t_end"]
    assert first["witness"] == second["witness"] != third["witness"]
    assert first["sigma_m"] == pytest.approx(375 / 12**0.5, abs=0.1)
    assert second["sigma_m"] == pytest.approx(1000 / 12**0.5, abs=0.1)
    assert attribute(seen, "frp") == [4.5, 6.0, 6.0]
    assert count_witnesses(seen.observations) == 2


def test_a_detection_with_only_a_day_spans_it(read) -> None:
    seen = read("firms", "LATITUDE,LONGITUDE,ACQ_DATE\n48.1,37.5,2020-07-27\n").observations
    assert seen["t_start"][0] == parse_time("2020-07-27T00:00:00Z")
    assert seen["t_end"][0] - seen["t_start"][0] == DAY


def test_a_list_article_is_one_witness(read) -> None:
    rows = "".join(
        f'"2025-05-08 00:00:00","37.{i}","48.1","P{i}","artillery|property","  Shelled:  a LIST"\n'
        for i in range(9)
    )
    seen = read(
        "news_events", '"datetime","lon","lat","place_name","event_type","headline"\n' + rows
    )
    assert len(seen.observations) == 9
    assert count_witnesses(seen.observations) == 1
    assert seen.observations["phenomenon"].unique().to_list() == ["explosion_impact"]
    assert seen.observations["weapon_class"].unique().to_list() == ["artillery_100mm"]


def test_a_copied_text_is_the_same_witness_and_an_hour_is_kept(read) -> None:
    seen = read(
        "news_events",
        '"datetime","lon","lat","place_name","event_type","headline"\n'
        '"2025-03-30 00:00:00","37.5","48.1","A","uav","Drones over A"\n'
        '"2025-03-30 14:26:00","37.5","48.1","A","uav","drones  over a"\n'
        '"2025-03-30 14:26:00","37.5","48.1","A","","Something else"\n',
    ).observations
    assert seen["witness"].n_unique() == 2
    # The day on which clocks go forward has 23 hours.
    assert (seen["t_end"] - seen["t_start"]).to_list() == [23 * HOUR, 0, 0]
    assert seen["t_start"][1] == parse_time("2025-03-30T14:26:00+03:00")
    assert seen["phenomenon"].to_list() == ["uav", "uav", "other"]


LAUNCHES = "time_start,time_end,model,target,launched,destroyed,source\n"


def test_only_national_reports_make_effort_and_a_night_belongs_to_its_end(read) -> None:
    batch = read(
        "launches",
        LAUNCHES + "2025-04-18 20:00,2025-04-19 08:00,Drone,,87,33,kpszsu/posts/1\n"
        "2025-04-10,2025-04-10,Drone,,1,1,regional/posts/1\n"
        "2025-04-20 20:00,2025-04-21 08:00,Drone,,96,42,kpszsu/posts/2\n",
    )
    seen, effort = batch.observations, batch.effort
    assert attribute(batch, "national") == [True, False, True]
    assert seen["area"].to_list() == ["national", "regional", "national"]
    assert seen["count"].to_list() == [87.0, 1.0, 96.0]
    # The 20th had no wave; it is a day of effort all the same, so its zero is a zero.
    assert len(effort) == 3
    assert effort["t_start"][1] == parse_time("2025-04-20T00:00:00+03:00")
    assert set(effort["reason"]) == {"reports_daily"}
    assert seen["t_end"][1] - seen["t_start"][1] == DAY - 1


def test_without_the_habit_there_is_no_effort(read) -> None:
    row = "2025-04-18 20:00,2025-04-19 08:00,Drone,,87,33,kpszsu/posts/1\n"
    assert read("launches", LAUNCHES + row, reports_daily=False).effort.is_empty()


def test_an_alert_that_never_ended_is_capped(read) -> None:
    text = (
        "region,started_at,finished_at,n_subalerts\n"
        "North,2025-04-20 10:00:00+00:00,2025-04-28 03:00:00+00:00,1\n"
        "North,2025-04-20 10:00:00+03:00,2025-04-20 11:00:00+03:00,1\n"
    )
    batch = read("alerts", text)
    assert (batch.observations["t_end"] - batch.observations["t_start"]).to_list() == [
        24 * HOUR,
        HOUR,
    ]
    assert attribute(batch, "capped") == [True, False]
    shorter = read("alerts", text, longest_hours=6).observations
    assert (shorter["t_end"] - shorter["t_start"]).to_list() == [6 * HOUR, HOUR]


def test_the_alert_service_watches_on_days_without_an_alert(read) -> None:
    effort = read(
        "alerts",
        "region,started_at,finished_at,n_subalerts\n"
        "North,2025-04-19 10:00:00+00:00,2025-04-19 11:00:00+00:00,1\n"
        "North,2025-04-22 22:00:00+00:00,2025-04-22 23:00:00+00:00,1\n",
    ).effort
    assert len(effort) == 5
    assert effort["t_start"][1] == parse_time("2025-04-20T00:00:00+03:00")
    assert effort["area"].is_null().all()


def test_districts_are_the_witness_of_their_region(read) -> None:
    batch = read(
        "alerts",
        "oblast,raion,hromada,level,started_at,finished_at,source\n"
        "North,,,oblast,2025-12-19 10:00:00+00:00,2025-12-19 11:00:00+00:00,official\n"
        "North,East,,raion,2025-12-19 10:00:00+00:00,2025-12-19 11:00:00+00:00,official\n",
    )
    assert batch.observations["area"].to_list() == ["North", "North, East"]
    assert count_witnesses(batch.observations) == 1
    assert attribute(batch, "level") == ["oblast", "raion"]


SMM = (
    "period_end_local_1930,days_covered,donetsk_violations,donetsk_explosions,"
    "luhansk_violations,luhansk_explosions,derived,report\n"
)


@pytest.mark.parametrize(
    ("cells", "area", "phenomenon", "counts"),
    [
        ("111,21,0,0", "both", "violation", (111, 111, 111)),
        ("0,,0,", "both", "violation", (0, 0, 0)),
        ("134,,,", "donetsk", "violation", (134, 134, 134)),
        (",,129,", "luhansk", "violation", (129, 129, 129)),
        (",800+,,150+", "both", "explosion", (950, 950, None)),
        (',"1,200 (about)",,21', "both", "explosion", (1221, 1101, 1341)),
        ("10500 both regions (about),2000 (about),,", "both", "violation", (10500, 9450, 11550)),
    ],
)
def test_counts_of_the_mission(read, cells, area, phenomenon, counts) -> None:
    batch = read("smm_daily", f"{SMM}2020-07-27,1,{cells},no,1\n")
    row = batch.observations.row(0, named=True)
    assert (row["area"], row["phenomenon"]) == (area, phenomenon)
    found = [row["count"], row["count_low"], row["count_high"]]
    assert found == [None if n is None else pytest.approx(n) for n in counts]


def test_the_mission_day_ends_at_half_past_seven_and_only_stated_periods_are_effort(read) -> None:
    batch = read(
        "smm_daily", f"{SMM}2020-05-17,14,5,,0,,no,1\n2020-07-27,1,0,,0,,yes (from next),2\n"
    )
    row = batch.observations.row(0, named=True)
    assert row["t_end"] == parse_time("2020-05-17T19:30:00+03:00")
    assert row["t_end"] - row["t_start"] == 14 * DAY
    assert attribute(batch, "derived") == [False, True]
    spans = batch.effort.select("t_start", "t_end").rows()
    assert spans == batch.observations.select("t_start", "t_end").rows()


UCDP = (
    "id,side_a,side_b,number_of_sources,where_prec,date_prec,date_start,date_end,latitude,"
    "longitude,best,low,high,deaths_civilians,adm_1,event_clarity\n"
)


def test_dates_written_in_two_ways_are_both_month_first(read) -> None:
    written = ["2021-06-02", "6/02/2021 12:00:00 AM", "06/02/2021 00:00"]
    rows = "".join(f"{i},A,B,1,{i},1,{d},{d},48,37,1,0,2,0,R,1\n" for i, d in enumerate(written, 1))
    seen = read("ucdp_ged", UCDP + rows, timezone="Europe/Kyiv").observations
    assert seen["t_start"].unique().to_list() == [parse_time("2021-06-02T00:00:00+03:00")]
    assert (seen["t_end"] - seen["t_start"]).unique().to_list() == [DAY]
    assert seen["sigma_m"].is_sorted()
    assert seen.select("count_low", "count", "count_high").row(0) == (0.0, 1.0, 2.0)


def test_harm_may_be_of_the_day_before(read) -> None:
    seen = read(
        "civilian_harm", "date,latitude,longitude,description,sources\n2022-03-02,48,37,A house,2\n"
    ).observations
    assert seen["t_start"][0] == parse_time("2022-03-01T00:00:00+02:00")
    assert seen["t_end"][0] == parse_time("2022-03-03T00:00:00+02:00")


def test_movements_and_losses_are_no_acts(read) -> None:
    groups = {
        "Military Presence": "other",
        "Military Losses Feb - Mar": "other",
        "Bombing or Explosion": "explosion_impact",
        "Civilian Infrastructure Damage": "damage",
        "Civilian Casualty": "casualty",
    }
    rows = "".join(
        f"E{i},2022-03-01,{group},01/03/2022 Destroyed column,48,37,\n"
        for i, group in enumerate(groups)
    )
    text = "entry,date,event_group,title,lat,lon,arms/munition\n" + rows
    assert read("eyes_on_russia", text).observations["phenomenon"].to_list() == list(
        groups.values()
    )
    narrow = read("eyes_on_russia", text, span=["2022-04-01", "2022-05-01"])
    assert len(narrow.rejects) == len(groups)


def test_a_month_by_sector_shows_where_its_parts_do_not_add_up(read) -> None:
    names = (
        "Poonch,Rajouri,Jammu,Kupwara,Uri,Kathua,Akhnoor,Gurez,Punjab,Chirikot,Drass_Kargil,"
        "Not_Mentioned"
    )
    batch = read(
        "monthly_violations",
        f"Month_wise,{names},Total_cfv\n2013-01,2,0,0,0,1,0,0,0,0,0,0,0,4\n",
    )
    assert batch.observations["count"].to_list() == [4.0]
    assert attribute(batch, "sum_of_sectors") == [3.0]
    plain = read("monthly_violations", "Month_wise,Total_cfv\n2013-01,4\n").observations
    assert plain["witness"].to_list() == batch.observations["witness"].to_list()


def test_a_zero_in_a_daily_series_is_a_report_of_none(read) -> None:
    batch = read(
        "daily_events",
        "date,acled_events,acled_fatalities,ucdp_events\n2020-07-27T00:00:00,0,0,0\n",
    )
    assert batch.observations["count"].to_list() == [0.0]
    assert len(batch.effort) == 1


def test_handling_of_a_source_is_the_cases_choice(read) -> None:
    text = "month,violations_reported,reported_by\n2021-02,380,One side\n"
    assert read("monthly_violations", text, handling="AMBER").observations["handling"][0] == "AMBER"
    assert read("monthly_violations", text).observations["handling"][0] == "CLEAR"


def test_regions_of_text_are_kept_apart_in_the_identity(read) -> None:
    seen = read(
        "monthly_violations", "month,violations_reported,reported_by\n2021-02,3,80\n2021-02,38,0\n"
    )
    assert seen.observations["obs_id"].n_unique() == 2
    assert seen.observations["obs_id"].str.len_chars().to_list() == [32, 32]
    assert isinstance(seen.observations, pl.DataFrame)
