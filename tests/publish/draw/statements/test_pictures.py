"""The pictures of statements and readings: whole, telling, and without colour."""

import datetime as dt
import re
import xml.dom.minidom as minidom

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.publish.draw.statements.readings import Bar, Strip, reading_strips, value_bars
from truceline.publish.draw.statements.timeline import Event, small_multiples, timeline

SCHEMA = {"date": pl.Date(), "strength": pl.String(), "speaker": pl.String()}


def rows(*made):
    return pl.DataFrame(list(made), schema=SCHEMA, orient="row")


SOME = rows(
    (dt.date(2024, 1, 5), "explicit", "A"),
    (dt.date(2024, 1, 9), "implicit", "B & co"),
    (dt.date(2024, 4, 1), None, "A"),
    (None, "explicit", "A"),
)


def whole(svg):
    minidom.parseString(svg)
    return svg


def test_a_timeline_counts_dates_and_says_what_has_none():
    svg = whole(timeline(SOME, width=900, ident="t", title="Said"))
    assert "3 statements by month, at most 2 in one; 1 without a date." in svg
    assert "2024-01: 1 explicit, 1 implicit" in svg
    assert 'href="#month=2024-04"' in svg
    assert "#month=2024-02" not in svg


def test_events_are_numbered_and_named_and_links_can_be_left_out():
    event = Event(dt.date(2024, 2, 1), "Something <happened>", "#x")
    svg = whole(timeline(SOME, width=340, ident="t", title="Said", events=[event], link=None))
    assert "Something &lt;happened&gt;" in svg
    assert 'href="#x"' in svg
    assert "#month" not in svg


def test_events_of_one_day_share_a_mark_and_what_is_not_coded_is_hatched():
    events = [Event(dt.date(2024, 2, 1), str(n)) for n in range(3)]
    svg = whole(timeline(SOME, width=900, ident="t", title="Said", events=events))
    assert ">1–3</text>" in svg
    assert 'fill="url(#t-h)"' in svg
    assert "url(#t-h)" not in svg.split("</defs>")[0]


@pytest.mark.parametrize("width", [328.0, 920.0])
def test_empty_and_single_tables_are_drawn(width):
    for table in (SOME.clear(), SOME.head(1), SOME.filter(pl.col("date").is_null())):
        whole(timeline(table, width=width, ident="t", title="Said"))
        whole(small_multiples(table, width=width, ident="m", title="Who", by="speaker"))


def test_small_multiples_share_a_scale_and_escape_names():
    svg = whole(small_multiples(SOME, width=900, ident="m", title="Who", by="speaker"))
    assert "B &amp; co: 1 (2024 1)" in svg
    assert svg.count('data-h="2"') == 2


def test_holding_and_failing_readings_differ_by_shape():
    strip = Strip("Japan", [1.2, 0.4], [True, False], [1.1, 1.1], ["out", "in"])
    svg = whole(reading_strips([strip], width=560, ident="r", title="All", unit="times"))
    assert "1 of 2 readings hold." in svg
    assert "holds in 50 %" in svg
    body = svg.split("Japan")[2]
    assert re.search(r'class="ink".*class="ring"', body, re.S)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(1e-3, 1e4), st.booleans()), max_size=40))
def test_marks_stay_on_the_paper(readings):
    strip = Strip(
        "x", [v for v, _ in readings], [h for _, h in readings], [1.0] * len(readings),
        ["r"] * len(readings),
    )  # fmt: skip
    svg = whole(reading_strips([strip], width=320, ident="r", title="All", unit="times"))
    for place in re.findall(r'cx="([\d.]+)"', svg):
        assert 0 <= float(place) <= 320


def test_bars_say_their_numbers_and_what_was_asked():
    bars = [Bar("all", 253, True), Bar("few", 37, False), Bar("told", 12.5)]
    svg = whole(value_bars(bars, width=560, ident="b", title="Counts", unit="items", asked=(120,)))
    assert "all: 253 items, holds" in svg
    assert "few: 37 items, does not hold" in svg
    assert "asked: 120" in svg
    whole(value_bars([Bar("none", 0.0)], width=300, ident="b", title="Nothing", unit="items"))
