"""The live map in a real browser: what it draws is what the tables say, by keys as by hand."""

import re

import polars as pl
import pytest
from tests.web.room.test_room_browser import address, chromium, enter  # noqa: F401

from truceline.agreement.mission import own_places
from truceline.core.types.time import SECOND

pytestmark = pytest.mark.browser

DRAWN = """new Promise(done => { truceline.map.once('idle', () => done(
  truceline.map.queryRenderedFeatures({layers: ['far', 'near']}).length));
  truceline.map.triggerRepaint(); })"""

#: Reads the answers with the page's own program and counts in it what the test asks.
COLUMNS = """async (asked) => {
  const own = await import('/static/map/columns.mjs');
  const answer = async (path) => (await fetch(path)).arrayBuffer();
  const marks = own.readMarks(await answer('/api/map/incidents'));
  const details = own.readDetails(await answer('/api/map/details'));
  const rows = own.matching(marks, { low: -1e12, high: 1e12, p: 0, listed: null,
    kind: '', sector: '', party: '', clause: '', ...asked });
  const cells = [0, 4, 8, 14].map((zoom) => own.gathered(marks, rows, zoom));
  return { ids: [...rows].map((i) => details.incident_id[i]),
    p: [...rows].map((i) => marks.p_hostile[i]),
    lon: [...rows].map((i) => marks.lon[i]),
    counts: cells.map((c) => c.reduce((sum, cell) => sum + cell.n, 0)),
    expected: cells.map((c) => c.reduce((sum, cell) => sum + cell.n * cell.p, 0)) };
}"""


def opened(enter, served, query="", name="rita", **context):  # noqa: F811
    page = enter(name, **{"viewport": {"width": 1100, "height": 900}, **context})
    page.goto(f"{served}/map{query}")
    page.wait_for_selector("#map[data-ready=yes]", timeout=60_000)
    page.locator("#rows caption", has_text="incidents").wait_for()
    return page


def until(page, condition):
    """Wait for a condition; the page's policy lets no text be run that waits by itself."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def caption(page):
    page.wait_for_timeout(400)
    return int(re.match(r"[\d,]+", page.inner_text("#rows caption"))[0].replace(",", ""))


def test_the_map_shows_what_the_table_says_and_its_link_keeps_the_view(enter, served, room):  # noqa: F811
    page = opened(enter, served)
    listed = room.working().assessments["listed"].is_in(["violation", "credible"]).sum()
    assert caption(page) == listed
    assert page.evaluate(DRAWN) > 0
    page.select_option("select[name=listed]", "violation")
    page.fill("input[name=p]", "0.9")
    page.wait_for_url(lambda url: "p=0.9" in url)
    told = caption(page)
    page.goto(page.url)
    page.wait_for_selector("#map[data-ready=yes]", timeout=60_000)
    assert caption(page) == told
    page.click("#rows tbody a >> nth=0")
    page.wait_for_url("**/incidents/*")


ASKED = (
    ({}, pl.lit(True)),
    ({"listed": ["credible"]}, pl.col("listed") == "credible"),
    ({"party": "none"}, pl.col("party").is_null()),
    ({"party": "north"}, pl.col("party") == "north"),
    ({"clause": "fire"}, pl.col("clause") == "fire"),
    ({"kind": "explosion_impact"}, pl.col("kind") == "explosion_impact"),
    ({"p": 0.5}, pl.col("p_hostile").round(3) >= 0.5),
)


def test_the_browser_filters_as_the_tables_do_and_cells_add_up(enter, room):  # noqa: F811
    seen = room.working()
    both = seen.incidents.join(seen.assessments, on="incident_id").sort("t_start", "incident_id")
    page = enter("rita")
    for asked, condition in ASKED:
        table = both.filter(condition & pl.col("lon").is_not_null())
        found = page.evaluate(COLUMNS, asked)
        assert found["ids"] == table["incident_id"].to_list(), asked
        assert found["p"] == pytest.approx(table["p_hostile"].to_list(), abs=6e-4)
        assert found["lon"] == pytest.approx(table["lon"].to_list(), abs=6e-6)
        # However the incidents are gathered, none is lost and none is counted twice.
        assert found["counts"] == [table.height] * 4
        assert found["expected"] == pytest.approx([sum(found["p"])] * 4)


def test_time_is_moved_by_keys_alone_and_plays_to_the_end(enter, served, room):  # noqa: F811
    seen = room.working()
    end = seen.period[1] // SECOND
    page = opened(enter, served)
    whole = caption(page)
    page.focus("#span")
    page.keyboard.press("o")  # "one day"
    page.focus("#slide")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: "span=86400" in url and "t=" in url)
    assert caption(page) < whole
    # Outside the fields the space bar plays, until the end of the truce.
    page.locator("#map canvas").blur()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    page.locator("#play[aria-pressed=true]").wait_for()
    page.locator("#play[aria-pressed=false]").wait_for(timeout=30_000)
    shown = seen.incidents.join(seen.assessments, on="incident_id").filter(
        (pl.col("listed") != "background") & (pl.col("t_end") // SECOND >= end - 86_400)
    )
    assert caption(page) == shown.height
    assert page.get_attribute("#slide", "aria-valuetext").startswith("2031-05-05 02:00 UTC")


def test_the_missions_own_is_drawn_by_app_6_and_never_with_a_hostile_frame(enter, served):  # noqa: F811
    page = opened(enter, served)
    until(page, "truceline.map.listImages().some((name) => name.startsWith('1004'))")
    codes = [name for name in page.evaluate("truceline.map.listImages()") if name.isdigit()]
    # The fourth digit is the identity: 1 unknown, 4 neutral, 6 hostile (APP-6 D, table 2).
    assert {code[3] for code in codes} <= {"1", "4"}
    assert "4" in {code[3] for code in codes}


def test_what_is_watched_is_said_in_words_of_every_sector(enter, served, room):  # noqa: F811
    page = opened(enter, served)
    until(page, "!document.querySelector('#sectors').textContent.includes('…')")
    rows = page.locator("#sectors tbody tr").all_inner_texts()
    assert [row.split("\t")[0] for row in rows] == sorted(room.case.sectors().polygons)
    assert "cells are watched" in page.inner_text("#effort-said")


def test_where_the_mission_stands_is_not_for_those_outside(enter, served, room):  # noqa: F811
    asked = f"{served}/api/map/mission?at=2031-05-03T12:00:00Z"
    inside = enter("mona").request.get(asked).json()["features"]
    outside = enter("lina").request.get(asked).json()["features"]
    listed = {place.id for place in own_places(room.case.folder)}
    assert listed
    assert {f["properties"]["name"] for f in inside} >= listed
    assert outside == []


def test_programs_are_kept_by_a_browser_and_asked_after_and_nothing_else_is(enter, served):  # noqa: F811
    asked = enter("rita").request
    program = asked.get(f"{served}/static/map/columns.mjs")
    assert program.headers["cache-control"] == "no-cache"
    again = {"If-None-Match": program.headers["etag"]}
    assert asked.get(f"{served}/static/map/columns.mjs", headers=again).status == 304
    for path in ("/map", "/api/map/incidents", "/api/map/ground", "/incidents"):
        assert asked.get(f"{served}{path}").headers["cache-control"] == "no-store"
