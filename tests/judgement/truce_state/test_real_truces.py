"""Truces that happened: what must be said of them, and what must not."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from truceline.core.types.time import day_bounds, parse_time
from truceline.judgement.truce_state.change_points import change_point, change_points
from truceline.judgement.truce_state.indicator import Indicator, StateSettings
from truceline.judgement.truce_state.online_changes import run_lengths
from truceline.judgement.truce_state.state import truce_states

pytestmark = pytest.mark.real_data

KYIV = "Europe/Kyiv"
EASTER = (parse_time("2025-04-19T18:00+03:00"), parse_time("2025-04-21T00:00+03:00"))
BEFORE_EASTER = (day_bounds(date(2025, 3, 20), KYIV)[0], day_bounds(date(2025, 4, 18), KYIV)[1])
LAUNCHES = Indicator(
    "launches", ("launches",), ("launch",), measure="count", placed="end", beside=("alert starts",)
)
ALERTS = Indicator("alert starts", ("alerts",), ("alert",))
NEWS = Indicator("events in the news", ("news",), effort="unknown", is_weekly=True)


def of(table: pl.DataFrame, indicator: str, day: date | None = None, zone: str = KYIV) -> dict:
    rows = table.filter(indicator=indicator)
    if day is not None:
        start, end = day_bounds(day, zone)
        rows = rows.filter(t_start=start, t_end=end)
    else:
        rows = rows.filter((pl.col("t_end") - pl.col("t_start")) == (
            (rows["t_end"] - rows["t_start"]).max()
        ))  # fmt: skip
    assert len(rows) == 1
    return rows.row(0, named=True)


@pytest.fixture(scope="module")
def easter(launches, alerts):
    settings = StateSettings((LAUNCHES, ALERTS), timezone=KYIV)
    observations = pl.concat([launches[0], alerts[0]])
    effort = pl.concat([launches[1], alerts[1]])
    return observations, effort, settings


def test_no_launch_on_easter_sunday_is_holding_because_the_source_reports_daily(easter):
    observations, effort, settings = easter
    row = of(truce_states(observations, effort, BEFORE_EASTER, EASTER, settings), "launches")
    assert row["state"] == "holding"
    assert row["count"] == 0
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"] < 0.1
    assert "counts as zero because the source reported on 28 of 30 periods before" in row["why"]
    assert "alert starts (1 against" in row["why"]


def test_one_alert_start_on_easter_sunday(easter):
    observations, effort, settings = easter
    row = of(truce_states(observations, effort, BEFORE_EASTER, EASTER, settings), "alert starts")
    assert (row["count"], row["state"]) == (1, "holding")
    assert row["ratio_high"] < 0.25


def test_a_missing_launch_report_proves_nothing_without_effort(easter):
    observations, effort, settings = easter
    without = effort.filter(pl.col("source") != "launches")
    row = of(truce_states(observations, without, BEFORE_EASTER, EASTER, settings), "launches")
    assert (row["state"], row["count"], row["ratio"]) == ("not known", None, None)


def test_news_on_easter_cannot_tell_a_truce_from_a_weekend(news):
    settings = StateSettings((NEWS,), timezone=KYIV)
    before = (day_bounds(date(2025, 2, 3), KYIV)[0], day_bounds(date(2025, 4, 18), KYIV)[1])
    table = truce_states(*news, before, EASTER, settings)
    row = of(table, NEWS.name, date(2025, 4, 20))
    assert row["count"] == 76
    assert row["state"] == "not known"
    assert row["ratio_high"] > 0.9
    # The weekend after, with no truce, looks the same.
    after = (day_bounds(date(2025, 4, 26), KYIV)[0], day_bounds(date(2025, 4, 27), KYIV)[1])
    later = truce_states(*news, before, after, settings)
    saturday = of(later, NEWS.name, date(2025, 4, 26))
    sunday = of(later, NEWS.name, date(2025, 4, 27))
    assert (saturday["count"], sunday["count"]) == (79, 91)
    assert sunday["ratio_low"] < row["ratio"] < sunday["ratio_high"]
    assert set(table["state"]) == {"not known"}


SMM = Indicator("violations counted", ("smm",), measure="count")
FIRES = Indicator("thermal", ("firms",), ("fire",), role="proxy", other_years=(-2, -1, 1))
SILENCE = (parse_time("2020-07-27T00:00+03:00"), parse_time("2020-07-31T00:00+03:00"))


def test_silence_of_july_2020_holds_by_the_mission_s_counts(smm):
    settings = StateSettings((SMM,), timezone=KYIV)
    before = (parse_time("2020-05-04T00:00+03:00"), SILENCE[0])
    table = truce_states(*smm, before, SILENCE, settings)
    whole = of(table, SMM.name)
    assert (whole["count"], whole["state"]) == (123, "holding")
    assert whole["rate_before"] == pytest.approx(750)
    assert whole["p_holding"] > 0.9
    assert whole["ratio_high"] < 0.5
    daily = [of(table, SMM.name, date(2020, 7, d)) for d in (27, 28, 29, 30)]
    assert [d["count"] for d in daily] == [111, 10, 1, 1]
    assert [d["state"] for d in daily[1:]] == ["holding"] * 3


def test_days_for_which_no_report_was_found_are_not_quiet_days(smm):
    settings = StateSettings((SMM,), timezone=KYIV)
    before = (parse_time("2020-05-04T00:00+03:00"), SILENCE[0])
    during = (SILENCE[0], parse_time("2020-08-08T00:00+03:00"))
    table = truce_states(*smm, before, during, settings)
    for day in (date(2020, 7, 31), date(2020, 8, 1), date(2020, 8, 2)):
        row = of(table, SMM.name, day)
        assert (row["state"], row["count"], row["exposure"]) == ("not known", None, 0)
    whole = of(table, SMM.name)
    assert whole["exposure"] == pytest.approx(9 / 12)
    assert (whole["state"], whole["count"]) == ("holding", 136)


def test_more_fires_in_a_holding_truce_do_not_break_it(thermal):
    settings = StateSettings((FIRES,), timezone="UTC")
    before = (day_bounds(date(2020, 7, 13))[0], day_bounds(date(2020, 7, 26))[1])
    during = (day_bounds(date(2020, 7, 27))[0], day_bounds(date(2020, 8, 9))[1])
    observations, effort = thermal
    table = truce_states(observations, effort, before, during, settings)
    row = of(table, FIRES.name)
    earlier = observations.filter(pl.col("t_start").is_between(*before, closed="left"))
    assert (len(earlier), row["count"]) == (1258, 2328)
    assert set(table["state"]) == {"not known"}
    # Other years rise over the same dates too: the rise is no more than a season may bring.
    assert row["ratio_low"] < 1.0 < row["ratio_high"]
    assert "proxy decides nothing" in row["why"]


def test_line_of_control_holds_after_february_2021(line_of_control):
    zone = "Asia/Kolkata"
    settings = StateSettings(
        (Indicator("violations", ("loc",), measure="count", period="month"),), timezone=zone
    )
    agreed = day_bounds(date(2021, 2, 25), zone)[0]
    before = (day_bounds(date(2018, 1, 1), zone)[0], agreed)
    during = (agreed, day_bounds(date(2021, 7, 1), zone)[0])
    table = truce_states(*line_of_control, before, during, settings)
    whole = of(table, "violations")
    # February, which the truce cuts, is not judged.
    assert (whole["count"], whole["state"]) == (6, "holding")
    assert whole["ratio_high"] < 0.05
    assert set(table["state"]) == {"holding"}


def test_one_change_on_the_line_of_control_between_february_and_march_2021(line_of_control):
    counts = line_of_control[0].sort("t_start")["count"].to_numpy()
    change = change_point(counts)
    assert len(counts) == 42
    assert change.index == 38
    assert change.before == pytest.approx(300.26, abs=0.01)
    assert change.after == pytest.approx(1.5)
    assert change.log_ratio == pytest.approx(1104.8, abs=0.05)
    others = {c.index for c in change_points(counts)}
    # July 2018 follows June 2018, and so on: the index is the first month of a new level.
    assert {5, 8, 18, 38} <= others


def test_daily_series_changes_between_22_and_27_july_2020(acled):
    window = acled.filter(pl.col("day").is_between(date(2020, 6, 1), date(2020, 8, 31)))
    counts = window["count"].to_numpy()
    change = change_point(counts)
    assert date(2020, 7, 22) <= window["day"][change.index] <= date(2020, 7, 27)
    fortnights = [
        window.filter(pl.col("day").is_between(*span))["count"].mean()
        for span in (
            (date(2020, 7, 13), date(2020, 7, 26)),
            (date(2020, 7, 27), date(2020, 8, 9)),
        )
    ]
    assert np.round(fortnights, 1).tolist() == [33.6, 8.9]


def test_the_change_of_july_2020_is_seen_online_within_days(acled):
    window = acled.filter(pl.col("day").is_between(date(2020, 6, 1), date(2020, 8, 31)))
    online = run_lengths(window["count"].to_numpy(), hazard=1 / 60, inflation=2.0)
    day = window["day"].to_list()
    start = day[online.likeliest_start[day.index(date(2020, 8, 1))]]
    assert date(2020, 7, 22) <= start <= date(2020, 7, 27)
