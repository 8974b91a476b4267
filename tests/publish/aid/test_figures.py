"""Every picture is well formed, says itself, and shows the figures it stands on."""

import io
import itertools
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from PIL import Image

from truceline.accounts.aid.donors import groups
from truceline.accounts.aid.evaluation import Reading, totals
from truceline.core.types.errors import InputError
from truceline.publish.aid import figures
from truceline.publish.aid.race import race
from truceline.publish.draw.aid.bars import Bar, ranked_bars
from truceline.publish.draw.aid.gap import Promise
from truceline.publish.draw.aid.paint import AID_PALETTE
from truceline.publish.draw.aid.pair import Duel
from truceline.publish.draw.aid.quantity import MINUS, Quantity, quantity_of
from truceline.publish.draw.aid.tiles import PLACES, step_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pictures(releases, indicators):
    now, reading = releases["2"], Reading()
    return {
        "ranked": figures.ranked(now, reading, indicators),
        "groups": figures.grouped(now, reading, indicators, list(groups().values())),
        "gap": figures.gap(now, reading, indicators),
        "time": figures.over_time(now, reading, indicators, ["France", "Japan", "DNK", "USA"]),
        "months": figures.by_month(now, reading, indicators, "France"),
        "map": figures.tiles(now, reading, indicators),
        "pair": figures.pair(now, reading, indicators, "Japan", "France"),
        "change": figures.since(releases["1"], now, reading, indicators),
    }


NAMES = ["ranked", "groups", "gap", "time", "months", "map", "pair", "change"]


def words(svg):
    return " ".join(t.text or "" for t in ET.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stands_alone_and_says_itself(pictures, name):
    made = pictures[name]
    root = ET.fromstring(made.as_svg())
    assert root.find(f"{SVG}title").text == made.title
    assert len(root.find(f"{SVG}desc").text) > 20
    assert root.find(f"{SVG}metadata").text == made.citation
    assert "var(--" not in made.as_svg()
    assert "http" not in made.as_svg().replace("http://www.w3.org/2000/svg", "")
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert made.as_svg() == made.as_svg()


@pytest.mark.parametrize("name", NAMES)
def test_data_page_and_pixels_of_a_picture(pictures, name):
    made = pictures[name]
    first, head, *rows = made.as_csv().splitlines()
    assert first == f"# {made.citation}"
    assert head.split(",") == made.table.columns
    assert len(rows) == made.table.height > 0
    page = made.as_html()
    assert "<th scope" in page
    assert "Nobody &lt;nobody&gt; &amp; co" in page
    assert "prefers-color-scheme:dark" in page
    image = Image.open(io.BytesIO(made.as_png()))
    assert image.format == "PNG"
    assert image.width > 1500
    assert image.convert("L").getextrema()[0] < 80


def test_every_citation_names_release_and_source(pictures):
    for made in pictures.values():
        assert "release 2" in made.citation
        assert "Nobody" in made.citation


def test_ranks_are_by_value_and_parts_add_up(releases, indicators):
    table = figures.ranked(releases["2"], Reading(), indicators).table
    assert table["donor"].to_list() == [
        "United States", "EU institutions", "Japan", "France", "Denmark",
    ]  # fmt: skip
    parts = table.drop("donor", "value").sum_horizontal()
    assert parts.to_list() == pytest.approx(table["value"].to_list())
    assert table.filter(donor="France")["undated"].to_list() == [1.25e9]


def test_what_has_no_date_is_hatched_and_named(pictures):
    for name in ("ranked", "months", "time"):
        svg = pictures[name].svg
        assert "without a date" in svg
        assert f"url(#aid-{'course' if name == 'time' else name}-h)" in svg


def test_the_gap_below_zero_is_said(pictures):
    assert f"{MINUS}0.50 bn" in words(pictures["gap"].svg)
    assert Promise("X", None, 1.0).gap is None


def test_the_pair_tells_each_reading(pictures):
    table = pictures["pair"].table
    assert table.columns == ["reading", "Japan", "France", "times"]
    assert table.height == 10
    euros = table.row(2, named=True)
    assert euros["times"] == pytest.approx(5.5 / 3.25)
    assert Duel("x", 1.0, 0.0, Quantity("x")).ratio is None


def test_the_map_has_a_tile_for_each_donor_and_no_outline(pictures):
    svg = pictures["map"].svg
    assert "<path" not in svg.split("</defs>")[-1]
    for code in ("FRA", "JPN", "DNK", "USA"):
        assert f">{code}<" in svg
    assert len(set(PLACES.values())) == len(PLACES)
    assert [step_of(v, [1, 2, 3, 4, 5]) for v in (1, 2, 3, 4, 5)] == [1, 2, 3, 4, 5]


def test_unknown_values_are_hatched_not_empty():
    svg = ranked_bars([Bar("Somewhere", None)], quantity_of("eur"), width=600, ident="x", title="T")
    assert "not known" in words(svg)
    assert "url(#x-h)" in svg


def test_numbers_in_words():
    billions = quantity_of("usd")
    assert billions.say(4_922_654_143.0) == "4.92 bn"
    assert billions.say(-2.69e9, signed=True) == f"{MINUS}2.69 bn"
    assert billions.say(-1.0, signed=True) == "0.00 bn"
    assert billions.say(136.5e9) == "136.5 bn"
    assert billions.say(None) == "not known"
    assert quantity_of("gdp_share").say(0.1664) == "0.166 %"
    assert quantity_of("per_head").say(1882.4) == "1,882"
    assert "2021" in quantity_of("constant", 2021).axis


def lightness(colour):
    r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (r, g, b)]
    y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize("theme", [0, 1])
def test_kinds_and_steps_differ_in_lightness_so_that_no_hue_is_needed(theme):
    """20 points of L* apart: told apart in any colour blindness and in grey print."""
    kinds = [lightness(AID_PALETTE[k][theme]) for k in ("military", "financial", "humanitarian")]
    for one, other in itertools.pairwise(kinds):
        assert abs(one - other) > 20
    steps = [lightness(AID_PALETTE[f"step-{n}"][theme]) for n in range(1, 6)]
    assert steps == sorted(steps, reverse=theme == 0)
    assert min(abs(a - b) for a, b in itertools.pairwise(steps)) > 7


def test_a_race_has_a_frame_a_month_and_a_still_axis(releases, indicators):
    made = race(releases["2"], Reading(), indicators)
    assert len(made.frames) == 13
    assert "2022-03" in words(made.frames[0])
    gif = Image.open(io.BytesIO(made.as_gif()))
    assert gif.n_frames == 13
    assert gif.info["loop"] == 0
    ends = made.table.row(-1, named=True)
    dated = totals(releases["2"], Reading(undated=False), indicators)
    for name, value in dated.select("donor_name", "value").iter_rows():
        assert ends[name] == pytest.approx(value)
    assert "Undated aid is in no frame" in made.citation


def test_a_release_of_sums_cannot_race(releases, indicators):
    one = releases["2"]
    sums_only = replace(one, aid=one.aid.filter(precision="period"))
    with pytest.raises(InputError, match="has no months"):
        race(sums_only, Reading(measure="commitment"), indicators)


def test_swapping_two_donors_swaps_their_bars_and_nothing_else(releases, indicators):
    one = releases["2"]
    swap = {"FRA": "JPN", "JPN": "FRA"}
    names = {"FRA": "France", "JPN": "Japan"}
    aid = one.aid.with_columns(one.aid["donor"].replace(swap))
    aid = aid.with_columns(aid["donor"].replace_strict(names, default=aid["donor_name"])
                           .alias("donor_name"))  # fmt: skip
    other = replace(one, aid=aid)
    straight = figures.ranked(one, Reading(), indicators).svg
    swapped = figures.ranked(other, Reading(), indicators).svg
    renamed = swapped.replace("France", "X").replace("Japan", "France").replace("X", "Japan")
    assert renamed == straight


def test_amounts_in_own_currencies_are_not_ranked_against_each_other(releases, indicators):
    made = figures.ranked(releases["2"], Reading("national"), indicators)
    euros = figures.ranked(releases["2"], Reading("eur"), indicators)
    names = made.table["donor"].to_list()
    assert names[0] == "United States (USD)"
    assert "Japan (JPY)" in names
    plain = [name.rpartition(" (")[0] for name in names]
    assert plain == [name for name in euros.table["donor"] if name in plain]
    largest = made.table.sort("value", descending=True)["donor"][0]
    assert largest == "Japan (JPY)"
