"""Geometry of the pictures: lengths are in proportion, order is kept, nothing leaves the sheet."""

import datetime as dt
import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.publish.draw.aid.bars import Bar, ranked_bars
from truceline.publish.draw.aid.change import Change, changes
from truceline.publish.draw.aid.course import Course, Month, month_columns, running_lines
from truceline.publish.draw.aid.gap import Promise, promises
from truceline.publish.draw.aid.paint import MARGIN, complete
from truceline.publish.draw.aid.pair import Duel, duels
from truceline.publish.draw.aid.quantity import Quantity, quantity_of
from truceline.publish.draw.aid.tiles import PLACES, STEPS, places_of, step_of, tile_map

SVG = "{http://www.w3.org/2000/svg}"
EUROS = quantity_of("eur")
MONTHS = [dt.date(2022, m, 1) for m in range(1, 13)]


def rects(svg, kind):
    return [
        {k: float(e.get(k)) for k in ("x", "y", "width", "height")}
        for e in ET.fromstring(svg).iter(f"{SVG}rect")
        if e.get("class") == kind
    ]


def width_of(svg):
    return float(ET.fromstring(svg).get("viewBox").split()[2])


def told(svg):
    return [e.text for e in ET.fromstring(svg).iter(f"{SVG}title")][1:]


def bars_of(values, **more):
    bars = [Bar(f"D{i}", v * 1e9, {"military": v * 1e9}) for i, v in enumerate(values)]
    return ranked_bars(bars, EUROS, width=700, ident="b", title="T", **more)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.5, 500), min_size=1, max_size=8))
def test_bars_are_as_long_as_their_values(values):
    values.sort(reverse=True)
    svg = bars_of(values)
    drawn = [r for r in rects(svg, "k-military") if r["height"] > 10]
    assert len(drawn) == len(values)
    scale = drawn[0]["width"] / values[0]
    for one, value in zip(drawn, values, strict=True):
        assert one["width"] == pytest.approx(value * scale, abs=0.2)
        assert one["x"] + one["width"] <= width_of(svg)
    assert [t.split(":")[0] for t in told(svg)] == [f"D{i}" for i in range(len(values))]


def test_a_race_keeps_its_axis_still():
    early, late = bars_of([1.0], top=10e9), bars_of([10.0], top=10e9)
    first, last = (rects(svg, "k-military")[-1]["width"] for svg in (early, late))
    assert last / first == pytest.approx(10, rel=0.08)  # room for a longer number


def test_parts_are_stacked_end_to_end():
    bar = Bar("D", 6e9, {"military": 3e9, "financial": 2e9, "unsplit": 1e9})
    svg = ranked_bars([bar], EUROS, width=700, ident="b", title="T")
    pieces = [
        next(r for r in rects(svg, f"k-{kind}") if r["height"] > 10)
        for kind in ("military", "financial", "unsplit")
    ]
    for one, other in itertools.pairwise(pieces):
        assert one["x"] + one["width"] == pytest.approx(other["x"], abs=0.2)
    assert pieces[0]["width"] == pytest.approx(3 * pieces[2]["width"], abs=0.4)


def test_markup_in_a_name_is_text():
    svg = ranked_bars(
        [Bar("<script>&", 1e9, {"military": 1e9})], EUROS, width=700, ident="b", title="a < b"
    )
    ET.fromstring(svg)
    assert "<script>" not in svg


def test_no_bar_at_all_is_a_picture_that_says_so():
    svg = ranked_bars([], EUROS, width=700, ident="b", title="T")
    assert "No value is known." in svg


def test_a_gap_below_zero_is_told_and_missing_sums_are_not_drawn():
    rows = [Promise("A", 3e9, 5e9), Promise("B", None, 1e9)]
    svg = promises(rows, EUROS, width=700, ident="g", title="T")
    assert "in 1 more is allocated" in svg
    assert told(svg)[1].startswith("B: committed not known, allocated 1.00 bn, gap not known")


@pytest.mark.parametrize(("first", "second"), [(2.0, 1.0), (1.0, 2.0)])
def test_the_mark_of_a_pair_lies_on_the_side_of_the_one_who_gives_more(first, second):
    svg = duels(
        [Duel("x", first, second, Quantity("x"))], ("A", "B"), width=700, ident="p", title="T"
    )
    root = ET.fromstring(svg)
    mark = float(next(root.iter(f"{SVG}circle")).get("cx"))
    equal = next(float(e.get("x")) for e in root.iter(f"{SVG}text") if e.text == "equal")
    assert (mark > equal) == (first > second)
    said = "A gives more in 1 of 1" if first > second else "A gives more in 0 of 1"
    assert said in svg


def test_a_pair_and_its_mirror_are_mirrored():
    def offset(a, b):
        svg = duels([Duel("x", a, b, Quantity("x"))], ("A", "B"), width=700, ident="p", title="T")
        root = ET.fromstring(svg)
        equal = next(float(e.get("x")) for e in root.iter(f"{SVG}text") if e.text == "equal")
        return float(next(root.iter(f"{SVG}circle")).get("cx")) - equal

    assert offset(3.0, 1.0) == pytest.approx(-offset(1.0, 3.0), abs=0.2)


def test_changes_below_zero_lie_left_of_the_line():
    rows = [Change("Up", 2e9, 0.5e9, 1.5e9), Change("Down", -1e9)]
    svg = changes(rows, EUROS, width=700, ident="c", title="T")
    up, down = [r for r in rects(svg, "ink") if r["height"] == 9]
    assert down["x"] + down["width"] == pytest.approx(up["x"], abs=0.2)
    assert "lower than before: Down" in svg
    assert "revised +0.50 bn and new +1.50 bn" in told(svg)[0]
    assert "revised" not in told(svg)[1]


def test_lines_rise_with_their_values_and_undated_aid_stands_on_top():
    course = Course("A", [float(n) * 1e9 for n in range(1, 13)], undated=3e9)
    svg = running_lines([course], MONTHS, EUROS, width=700, ident="l", title="T")
    line = next(e for e in ET.fromstring(svg).iter(f"{SVG}path") if e.get("class") == "l0")
    heights = [float(p.split()[1]) for p in re.split("[ML]", line.get("d"))[1:]]
    assert heights == sorted(heights, reverse=True)
    assert "3.00 bn without a date" in told(svg)[0]
    assert "A 15.00 bn" in told(svg)[0]


def test_labels_of_lines_do_not_cover_each_other():
    courses = [Course(name, [1e9] * 12) for name in "ABCD"]
    svg = running_lines(courses, MONTHS, EUROS, width=700, ident="l", title="T")
    places = sorted(
        float(e.get("y")) for e in ET.fromstring(svg).iter(f"{SVG}text")
        if re.fullmatch(r"s d\d", e.get("class"))
    )  # fmt: skip
    assert len(places) == 4
    assert min(b - a for a, b in itertools.pairwise(places)) >= 13.9


def test_columns_tell_the_most_and_the_undated():
    months = [Month(day, {"military": 1e9, "humanitarian": 0.5e9}) for day in MONTHS]
    svg = month_columns(months, 2e9, EUROS, width=700, ident="m", title="T")
    assert "at most 1.50 bn in one; 2.00 bn without a date" in svg
    assert len(told(svg)) == 13


@given(st.lists(st.floats(0, 1e12, allow_nan=False), min_size=1, max_size=50))
def test_fifths_follow_the_order_of_values(values):
    known = sorted(values)
    steps = [step_of(v, known) for v in known]
    assert steps == sorted(steps)
    assert steps[0] == 1
    assert max(steps) <= STEPS


def test_a_donor_that_the_map_does_not_hold_has_a_tile_below_it():
    svg = tile_map(
        {"FRA": 1e9, "ZZZ": 2e9}, {"ZZZ": "Elsewhere"}, EUROS, width=700, ident="t", title="T"
    )
    assert "Elsewhere: 2.00 bn" in told(svg)
    (row,) = {row for code, (_, row) in places_of(["FRA", "ZZZ"]).items() if code == "ZZZ"}
    assert row > max(row for _, row in PLACES.values())


def test_a_picture_that_stands_alone_has_a_margin_and_colours():
    svg = complete(bars_of([1.0]))
    x, _, width, _ = ET.fromstring(svg).get("viewBox").split()
    assert (float(x), float(width)) == (-MARGIN, 700 + 2 * MARGIN)
    assert "var(--" not in svg
