"""The rules of a state: what decides, what may not, and what swaps with the parties."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import SchemaError, TermsError
from truceline.core.types.tables import STATE
from truceline.core.types.time import DAY, HOUR, day_bounds
from truceline.judgement.truce_state.indicator import Indicator, StateSettings
from truceline.judgement.truce_state.series import count_series, timeline
from truceline.judgement.truce_state.state import truce_states

COUNT = Indicator("violations", ("feed",), measure="count")
START = date(2024, 1, 1)
quick = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def span(first: int, last: int) -> tuple[int, int]:
    """Return the time of the days first to last (not included), from the start."""
    return tuple(day_bounds(START + timedelta(days=i))[0] for i in (first, last))


def judged(observations, effort, before=30, until=None, **fields) -> pl.DataFrame:
    """Return states with the first days before the truce, and the rest in it."""
    indicators = fields.pop("indicators", (COUNT,))
    if until is None:
        until = (int(observations["t_end"].max()) - span(0, 1)[0]) // DAY
    limits = StateSettings(indicators, **fields)
    return truce_states(observations, effort, span(0, before), span(before, until), limits)


def whole(table: pl.DataFrame, indicator: str = "violations") -> dict:
    rows = table.filter(indicator=indicator).sort(pl.col("t_end") - pl.col("t_start"))
    return rows.row(-1, named=True)


# The four words.


@pytest.mark.parametrize(
    ("during", "state"),
    [
        ([1, 0, 2, 1, 0, 1], "holding"),
        ([110, 95, 120, 90, 105, 100], "broken"),
        ([35, 36, 35, 34, 36, 35], "eroding"),
        ([24, 25, 26, 25, 26, 24], "not known"),
    ],
)
def test_a_truce_has_the_state_its_counts_call_for(tables, during, state):
    before = [100, 97, 104, 99, 102, 101] * 15
    table = judged(*tables([*before, *during]), before=90, default_windows=0.1)
    assert whole(table)["state"] == state
    assert len(table) == 1 + len(during)
    assert table.equals(STATE.conform(table))


def test_a_truce_that_gets_worse_is_eroding_with_an_alarm(tables):
    before = [100, 90, 110, 95, 105] * 6
    table = judged(*tables([*before, *[2] * 14, *[9] * 10]))
    last = (
        table.sort("t_end").filter((pl.col("t_end") - pl.col("t_start")) == DAY).row(-1, named=True)
    )
    assert (last["state"], last["alarm"]) == ("eroding", True)
    assert "up from 2 to 9 a day within the truce" in last["why"]
    quiet = judged(*tables([*before, *[2] * 24]))
    assert not quiet["alarm"].any()
    assert set(quiet["state"]) == {"holding"}


def test_an_agreed_ceiling_breaks_a_truce_whatever_was_before(tables):
    series = [*[1000] * 30, *[50] * 5]
    assert whole(judged(*tables(series)))["state"] == "holding"
    row = whole(judged(*tables(series), broken_rate=10.0))
    assert row["state"] == "broken"
    assert "more than the 10 a day" in row["why"]


# Blind is not quiet.


def test_without_effort_nothing_is_known(tables, make):
    observations, _ = tables([100] * 30 + [0] * 5)
    table = judged(observations, make[1]([]))
    assert set(table["state"]) == {"not known"}
    assert table["ratio"].is_null().all()


def test_days_not_watched_are_null_and_not_zero(tables):
    table = judged(*tables([100] * 30 + [None, None, 0]))
    daily = table.filter((pl.col("t_end") - pl.col("t_start")) == DAY).sort("t_start")
    assert daily["count"].to_list() == [None, None, 0]
    assert daily["state"].to_list() == ["not known", "not known", "holding"]
    assert whole(table)["state"] == "not known"
    assert "Only 33%" in whole(table)["why"]


def test_without_a_time_before_there_is_no_state(tables):
    row = whole(judged(*tables([None] * 30 + [0] * 5)))
    assert (row["state"], row["rate_before"]) == ("not known", None)
    assert "no rate before the truce is known" in row["why"]


def test_a_missing_row_is_a_zero_only_by_the_habit_of_the_source(tables):
    observations, effort = tables([100, 90, 110] * 10 + [0] * 3)
    silent = observations.filter(pl.col("t_start") < span(0, 30)[1])
    row = whole(judged(silent, effort, until=33))
    assert (row["state"], row["count"]) == ("holding", 0)
    assert "reported on 30 of 30 periods before" in row["why"]
    # The same silence from a source that reports every third day.
    lazy = silent.filter((pl.col("t_start") - span(0, 1)[0]) // DAY % 3 == 0)
    row = whole(judged(lazy, effort, until=33))
    assert row["state"] == "not known"
    assert "reported only on 10 of 30 periods before" in row["why"]


def test_a_silence_that_another_indicator_contradicts_is_no_zero(tables):
    observations, effort = tables([100, 90, 110] * 10 + [0] * 3)
    silent = observations.filter(pl.col("t_start") < span(0, 30)[1])
    other, other_effort = tables([40, 42, 38] * 11, source="alerts")
    other_effort = other_effort.with_columns(source=pl.lit("alerts"))
    other = other.with_columns(obs_id=pl.lit("a") + pl.col("obs_id").str.slice(1))
    alerts = Indicator("alerts", ("alerts",), measure="count")
    launches = Indicator("violations", ("feed",), measure="count", beside=("alerts",))
    table = judged(
        pl.concat([silent, other]), pl.concat([effort, other_effort]), until=33,
        indicators=(launches, alerts),
    )  # fmt: skip
    row = whole(table)
    assert row["state"] == "not known"
    assert "because alerts (120 against 40 a day) did not fall" in row["why"]
    assert whole(table, "alerts")["state"] == "broken"


@quick
@given(
    counts=st.lists(st.integers(0, 40), min_size=4, max_size=8),
    p=st.floats(0.0, 1.0),
    before=st.integers(5, 200),
)
def test_less_effort_in_the_truce_never_makes_it_holding(tables, counts, p, before):
    observations, effort = tables([before] * 20 + counts)
    dimmed = effort.with_columns(
        p_detect=pl.when(pl.col("t_start") >= span(0, 20)[1])
        .then(pl.col("p_detect") * p)
        .otherwise("p_detect")
    )
    full = judged(observations, effort, before=20)
    blind = judged(observations, dimmed, before=20)
    for one, other in zip(full.to_dicts(), blind.to_dicts(), strict=True):
        assert other["state"] != "holding" or one["state"] == "holding"
        if other["ratio"] is not None:
            assert other["p_holding"] <= one["p_holding"] + 1e-9
            assert other["ratio_high"] >= one["ratio_high"] * (1 - 1e-9)


@quick
@given(st.lists(st.integers(0, 25), min_size=5, max_size=5), st.sets(st.integers(0, 4)))
def test_a_sensor_removed_from_some_days_does_not_hide_what_was_seen(tables, counts, gone):
    observations, effort = tables([60] * 20 + counts)
    days = [span(20 + i, 21 + i)[0] for i in gone]
    without = effort.filter(~pl.col("t_start").is_in(days))
    full = whole(judged(observations, effort, before=20))
    blind = whole(judged(observations, without, before=20))
    assert blind["state"] != "holding" or full["state"] == "holding"
    assert blind["count"] is None or blind["count"] == full["count"]


# What may not decide.


def test_a_proxy_never_decides(tables):
    proxy = Indicator("violations", ("feed",), measure="count", role="proxy")
    for during in ([0] * 5, [100] * 5, [900] * 5):
        row = whole(judged(*tables([100] * 30 + during), indicators=(proxy,)))
        assert row["state"] == "not known"
        assert "proxy decides nothing by itself" in row["why"]


def test_a_source_of_unknown_effort_is_less_certain(tables):
    observations, effort = tables([100, 60, 140, 90, 110, 80] * 5 + [12])
    news = Indicator("violations", ("feed",), measure="count", effort="unknown")
    known, unknown = (whole(judged(observations, effort, indicators=(i,))) for i in (COUNT, news))
    assert unknown["ratio_high"] > known["ratio_high"]
    assert unknown["ratio_low"] < known["ratio_low"]


def test_a_weekend_is_compared_with_weekends(tables):
    weeks = [50, 50, 50, 50, 50, 10, 10] * 8
    weekly = Indicator("violations", ("feed",), measure="count", is_weekly=True)
    # 1 January 2024 is a Monday: the truce of two days is a Saturday and a Sunday.
    observations, effort = tables([*weeks, 50, 50, 50, 50, 50, 10, 10])
    plain, wise = (
        truce_states(observations, effort, span(0, 56), span(61, 63), StateSettings((i,)))
        for i in (COUNT, weekly)
    )
    assert whole(wise)["rate_before"] == pytest.approx(10)
    assert whole(wise)["state"] != "holding"
    assert whole(plain)["ratio"] < 0.3
    assert "8 windows on the same weekdays, 8 of them as low" in whole(wise)["why"]


def test_a_season_that_other_years_show_is_taken_off(make):
    observed, watched = make
    rows, effort = [], []
    for year in (2021, 2022, 2023, 2024):
        for i in range(20):
            start, end = day_bounds(date(year, 6, 1) + timedelta(days=i))
            rows.append({"t_start": start, "t_end": end, "count": 20.0 if i < 10 else 60.0})
        effort.append({"t_start": day_bounds(date(year, 6, 1))[0], "t_end": end})
    before = (day_bounds(date(2024, 6, 1))[0], day_bounds(date(2024, 6, 11))[0])
    during = (before[1], day_bounds(date(2024, 6, 21))[0])
    tables = observed(rows), watched(effort)
    seasonal = Indicator("violations", ("feed",), measure="count", other_years=(-3, -2, -1))
    naive, wise = (
        whole(truce_states(*tables, before, during, StateSettings((i,)))) for i in (COUNT, seasonal)
    )
    assert naive["ratio"] == pytest.approx(3, rel=0.05)
    assert wise["ratio"] == pytest.approx(1, rel=0.05)
    assert "moved by the season of 3 other years" in wise["why"]


# Invariances.


@quick
@given(
    st.lists(st.integers(0, 30), min_size=3, max_size=6),
    st.lists(st.sampled_from(["red", "blue", None]), min_size=26, max_size=26),
    st.randoms(use_true_random=False),
)
def test_party_labels_and_the_order_of_rows_move_nothing(tables, counts, parties, random):
    observations, effort = tables([50] * 20 + counts)
    labelled = observations.with_columns(
        party_claimed=pl.Series(parties[: len(observations)], dtype=pl.String)
    )
    swap = {"red": "blue", "blue": "red"}
    swapped = labelled.with_columns(pl.col("party_claimed").replace(swap))
    order = list(range(len(observations)))
    random.shuffle(order)
    expected = judged(labelled, effort, before=20)
    assert judged(swapped[order], effort.reverse(), before=20).equals(expected)


def test_copies_of_a_document_count_as_one_witness(make):
    observed, watched = make
    rows = []
    for i in range(35):
        start, _ = day_bounds(START + timedelta(days=i))
        copies = 1 if i < 30 else 106
        rows += [{"t_start": start, "t_end": start, "witness": f"article {i}"}] * copies
    first, last = span(0, 35)
    tables = observed(rows), watched([{"t_start": first, "t_end": last}])
    witnesses = Indicator("violations", ("feed",), measure="witnesses")
    row = whole(judged(*tables, until=35, indicators=(witnesses,)))
    assert (row["count"], row["rate_before"]) == (5, 1)
    rows_only = Indicator("violations", ("feed",))
    assert whole(judged(*tables, until=35, indicators=(rows_only,)))["count"] == 5 * 106


def test_sectors_are_judged_each_and_together(tables):
    north, effort = tables([100] * 30 + [0] * 4)
    south, _ = tables([100] * 34)
    south = south.with_columns(obs_id=pl.lit("s") + pl.col("obs_id").str.slice(1))
    both = pl.concat([
        north.with_columns(sector=pl.lit("north")), south.with_columns(sector=pl.lit("south")),
    ])  # fmt: skip
    watched = pl.concat([effort.with_columns(sector=pl.lit(s)) for s in ("north", "south")])
    table = judged(both, watched)
    found = {s: whole(table.filter(sector=s)) for s in ("north", "south", "whole line")}
    assert found["north"]["state"] == "holding"
    assert found["south"]["state"] == "broken"
    assert found["whole line"]["count"] == 400
    assert table["sector"].unique().sort().to_list() == ["north", "south", "whole line"]


# Time.


def test_a_period_the_truce_cuts_is_not_judged_unless_its_rows_have_hours(tables, make):
    observations, effort = tables([100] * 30 + [100, 0])
    before, during = span(0, 30), (span(30, 31)[0] + 18 * HOUR, span(0, 32)[1])
    table = truce_states(observations, effort, before, during, StateSettings((COUNT,)))
    assert table["t_start"].to_list() == [span(31, 32)[0]]
    cut = Indicator("violations", ("feed",), measure="count", has_whole_periods=False)
    table = truce_states(observations, effort, before, during, StateSettings((cut,)))
    evening = table.filter(t_end=span(0, 31)[1]).row(0, named=True)
    assert (evening["t_start"], evening["exposure"]) == (during[0], 1.0)
    # No evening before the truce had a row that began in it either: nothing to compare.
    assert evening["state"] == "not known"


def test_before_the_first_day_is_over_nothing_is_known(tables):
    observations, effort = tables([100] * 30)
    before = span(0, 30)
    during = (before[1], before[1] + 6 * HOUR)
    (row,) = truce_states(observations, effort, before, during, StateSettings((COUNT,))).to_dicts()
    assert (row["state"], row["count"]) == ("not known", None)
    assert row["why"] == "No whole day of the truce is over yet."


def test_a_night_belongs_to_the_day_on_which_it_ends(make):
    observed, watched = make
    start, _ = span(3, 4)
    night = {"t_start": start - 5 * HOUR, "t_end": start + 8 * HOUR, "count": 7.0}
    tables = observed([night]), watched([{"t_start": span(0, 1)[0], "t_end": span(0, 6)[1]}])
    for placed, day in (("start", 2), ("end", 3)):
        indicator = Indicator("violations", ("feed",), measure="count", placed=placed)
        series = count_series(
            timeline(*tables, indicator, "UTC"), span(0, 6)[0], span(0, 6)[1], "UTC"
        )
        assert series["count"].to_list() == [7.0 if i == day else 0.0 for i in range(6)]
        assert series["exposure"].to_list() == pytest.approx([1.0] * 6)


def test_a_report_of_a_fortnight_is_spread_and_its_variation_is_not_known(make):
    observed, watched = make
    first, last = span(0, 14)
    rows = [{"t_start": first, "t_end": last, "count": 10500.0}]
    effort = [{"t_start": first, "t_end": last}]
    for i, count in enumerate([111.0, 10.0, 1.0, 1.0]):
        start, end = span(14 + i, 15 + i)
        rows.append({"t_start": start, "t_end": end, "count": count})
        effort.append({"t_start": start, "t_end": end})
    row = whole(judged(observed(rows), watched(effort), before=14, until=18))
    assert row["rate_before"] == pytest.approx(750)
    assert (row["count"], row["state"]) == (123, "holding")
    assert "a spread is assumed" in row["why"]


def test_overlapping_effort_of_one_place_is_never_more_than_full(make):
    observed, watched = make
    first, last = span(0, 2)
    middle = span(1, 2)[0]
    effort = watched([
        {"t_start": first, "t_end": last, "p_detect": 0.8},
        {"t_start": first, "t_end": middle, "p_detect": 0.8},
        {"t_start": first, "t_end": last, "area": "elsewhere", "p_detect": 0.4},
    ])  # fmt: skip
    line = timeline(observed([{"t_start": first, "t_end": first}]), effort, COUNT, "UTC")
    assert line.exposure([first, middle], [middle, last]) == pytest.approx([0.7, 0.6])


# Limits.


@pytest.mark.parametrize(
    "fields",
    [{"measure": "sum"}, {"role": "chief"}, {"phenomena": ("peace",)}, {"sources": ()}],
)
def test_an_indicator_that_makes_no_sense_is_refused(fields):
    with pytest.raises(TermsError, match="violations"):
        Indicator(**({"name": "violations", "sources": ("feed",)} | fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"holding_share": 0.9},
        {"holding_share": 0.0},
        {"certainty": 0.4},
        {"indicators": (COUNT, COUNT)},
        {"indicators": (Indicator("a", ("feed",), beside=("b",)),)},
        {"indicators": (COUNT, Indicator("a", ("feed",), period="month", beside=("violations",)))},
    ],
)
def test_limits_that_contradict_each_other_are_refused(fields):
    with pytest.raises(TermsError):
        StateSettings(**({"indicators": (COUNT,)} | fields))


def test_only_rows_near_the_line_and_in_the_named_areas_count(tables):
    observations, effort = tables([100] * 30 + [10] * 4, area="north")
    near = Indicator("violations", ("feed",), measure="count", near_line_m=5000.0)
    with pytest.raises(SchemaError, match="line_distance_m"):
        judged(observations, effort, indicators=(near,))
    distances = np.where(np.arange(len(observations)) % 2 == 0, 1000.0, 9000.0)
    measured = observations.with_columns(line_distance_m=pl.Series(distances))
    assert whole(judged(measured, effort, indicators=(near,)))["count"] == 20
    south = Indicator("violations", ("feed",), measure="count", areas=("south",))
    assert whole(judged(observations, effort, indicators=(south,)))["count"] == 0


def test_a_case_s_own_settings_become_limits():
    from truceline.agreement.case import IndicatorSettings, StateLimits
    from truceline.judgement.truce_state.indicator import state_settings

    class Stub:
        indicators = (IndicatorSettings(name="fires", sources=("firms",), role="proxy"),)
        timezone = "Europe/Kyiv"
        state = StateLimits(holding_share=0.2)

    found = state_settings(Stub())
    assert found.indicators == (Indicator("fires", ("firms",), role="proxy"),)
    assert (found.holding_share, found.timezone) == (0.2, "Europe/Kyiv")
