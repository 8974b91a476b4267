"""What charts and maps show is what the tables hold."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.judgement.truce_state.latest import gravest_by_sector
from truceline.publish.bulletins.catalogue import catalogue
from truceline.publish.bulletins.report import compose
from truceline.publish.bulletins.sections.opening import sector_blindness
from truceline.publish.draw.counts import counts_chart
from truceline.publish.draw.geography import Geography
from truceline.publish.draw.map import MapTables, incident_map
from truceline.publish.draw.projection import frame_of
from truceline.publish.draw.ratios import ratio_chart
from truceline.publish.draw.scale import Scale, decades, ticks
from truceline.publish.draw.sharing import attribution_bars
from truceline.publish.draw.waterfall import waterfall
from truceline.publish.wording import Wording

WORDS = Wording("en", catalogue("en"), {"north": "Northern", "south": "Southern"}, "Europe/Kyiv")
PARTIES = ["north", "south"]


@pytest.fixture
def bulletin(judgement, settings, period, now, ground, claims):
    return compose(judgement, settings, period=period, now=now, geography=ground, claims=claims)


def drawn_map(bulletin, ground, width=900.0):
    tables = MapTables(
        bulletin.incidents, gravest_by_sector(bulletin.states), sector_blindness(bulletin)
    )
    return incident_map(ground, tables, PARTIES, WORDS, width=width, ident="m", title="Map",
                        disclaimer="No judgement.")  # fmt: skip


def texts(svg: str) -> list[str]:
    return [e.text for e in ET.fromstring(svg).iter() if e.tag.endswith("text")]


def numbers_inside(svg: str) -> None:
    root = ET.fromstring(svg)
    width = float(root.get("viewBox").split()[2])
    for element in root.iter():
        if element.tag.endswith("text"):
            assert -1 <= float(element.get("x")) <= width + 1


@pytest.mark.parametrize("width", [328.0, 600.0, 900.0])
def test_the_map_says_each_incident_its_probability_and_what_was_not_watched(
    bulletin, ground, width
):
    svg = drawn_map(bulletin, ground, width)
    titles = [e.text for e in ET.fromstring(svg).iter() if e.tag.endswith("title")]
    for row in bulletin.incidents.to_dicts():
        assert any(t.startswith(f"{row['label']}:") for t in titles)
    assert 'fill="url(#m-h)"' in svg
    assert any("No judgement." in t for t in texts(svg))
    numbers_inside(svg)


def test_map_labels_do_not_cover_one_another(bulletin, ground):
    root = ET.fromstring(drawn_map(bulletin, ground))
    boxes = [
        (float(e.get("x")), float(e.get("y")), len(e.text) * 6.3)
        for e in root.iter()
        if e.tag.endswith("text") and re.fullmatch(r"[VC]\d+ .*", e.text or "") and
        e.get("class") == "lab"
    ]  # fmt: skip
    assert len(boxes) > 5
    for i, (x, y, w) in enumerate(boxes):
        for a, b, v in boxes[i + 1 :]:
            assert x + w < a or a + v < x or abs(y - b) > 11


def test_nothing_the_case_did_not_give_is_drawn(bulletin):
    svg = drawn_map(bulletin, Geography())
    assert 'class="coast"' not in svg
    assert 'class="loc"' not in svg


def test_no_place_no_map(bulletin):
    tables = MapTables(bulletin.incidents.clear(), {}, {})
    assert (
        incident_map(Geography(), tables, PARTIES, WORDS, width=900, ident="m", title="M") is None
    )


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(0.05, 8))
@settings(max_examples=60, deadline=None)
def test_a_frame_holds_what_it_is_made_for(lat, lon, span):
    import numpy as np

    places = np.array([[lon - span, lat - span / 2], [lon + span, lat + span / 2]])
    frame = frame_of([], places, width=500)
    pixels = frame.pixels(places[:, 0], places[:, 1])
    assert (pixels >= 0).all()
    assert (pixels <= [frame.width, frame.height]).all()


def test_a_gap_in_the_series_is_hatched_and_not_empty(bulletin):
    rows = bulletin.series.filter(pl.col("sector") == "C")
    svg = counts_chart(rows, WORDS, width=600, ident="c", title="C")
    blind = rows["rate"].null_count()
    assert svg.count('fill="url(#c-h)"') == blind + rows.height
    assert "not known" in svg
    numbers_inside(svg)


def test_ratios_carry_their_interval_and_their_word(bulletin):
    svg = ratio_chart(bulletin.states, 0.2, WORDS, width=600, ident="r", title="R")
    said = " ".join(t for t in texts(svg) if t)
    for row in bulletin.states.to_dicts():
        assert WORDS.interval(row["ratio"], row["ratio_low"], row["ratio_high"]) in said
    numbers_inside(svg)


def test_the_waterfall_ends_at_the_sum(bulletin):
    own = bulletin.weights.filter(pl.col("incident_id") == bulletin.incidents["incident_id"][0])
    svg = waterfall(-2.0, own, WORDS, width=600, ident="w", title="W")
    said = texts(svg)
    total = -2.0 + own["bits"].sum()
    p = 2**total / (1 + 2**total)
    assert f"{WORDS.bits(total)} → {WORDS.probability(p)}" in said


def test_bars_are_as_long_as_their_share(bulletin):
    svg = attribution_bars(bulletin.shares, PARTIES, WORDS, width=500, ident="a", title="A")
    root = ET.fromstring(svg)
    found = [float(e.get("width")) for e in root.iter()
             if e.tag.endswith("rect") and (e.get("class") or "").startswith("f")]  # fmt: skip
    named = [n for n in bulletin.shares["named"] if n]
    totals = [5, 5, 5, 4, 4]
    assert found == pytest.approx(
        [500 * n / t - 1.5 for n, t in zip(named, totals, strict=True)], abs=0.1
    )


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
@settings(max_examples=80)
def test_ticks_are_inside_and_not_too_many(low, span):
    values = ticks(low, low + span, 5)
    slack = span * 1e-6 + abs(low) * 1e-9
    assert all(low - slack <= v <= low + span + slack for v in values)
    assert 1 <= len(values) <= 7


def test_a_logarithmic_scale_is_even_in_decades():
    scale = Scale(0.01, 10, 0, 300, log=True)
    assert [round(scale(v)) for v in decades(0.01, 10)] == [0, 100, 200, 300]
    assert scale(0.0001) == 0
