"""Claims of single events: entered as lines, laid beside what the viewer may see, no more."""

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select
from tests.web.room.conftest import csrf_of, with_level
from tests.web.room.test_room_browser import chromium  # noqa: F401
from tests.web.room.test_room_browser import enter as enter_by_browser  # noqa: F401

from truceline.core.types.time import HOUR, format_time
from truceline.record.claimed_events import ClaimedEvent
from truceline.web.room.event_matches import matches
from truceline.web.room.seen import only
from truceline.web.room.tables import CLAIM

#: Far from everything, in a time in which nothing was.
NOWHERE = "2031-05-02T04:30+02:00; 10, 10, 500; explosion_impact; nowhere"

SAID = {
    "start": "2031-05-01T00:00:00Z", "end": "2031-05-06T00:00:00Z", "unit": "strikes",
    "source": "a statement", "about": "south",
}  # fmt: skip


@pytest.fixture
def address(tmp_path):
    """A page is the same whatever the database."""
    return str(tmp_path / "room.sqlite")


def placed(room) -> dict:
    """Return an incident that is listed as a violation and has a place."""
    joined = room.working().incidents.join(room.working().assessments, on="incident_id")
    rows = joined.filter((pl.col("listed") == "violation") & pl.col("lon").is_not_null())
    return rows.sort("incident_id").row(0, named=True)


def line_of(row: dict) -> str:
    when = format_time(row["t_best"])
    return f"{when}; {row['lon']:.5f}, {row['lat']:.5f}, 300; {row['kind']}; at the mill"


def sent(client, **more):
    return client.post("/claims", data={"csrf": csrf_of(client), **SAID, **more})


def entered(room) -> int:
    """Return the number of the one claim in the record."""
    with room.database.reading() as connection:
        return connection.scalars(select(CLAIM.c.number)).one()


def test_what_is_withheld_from_a_party_is_beside_none_of_its_events(enter, room):
    working, row = room.working(), placed(room)
    incident = row["incident_id"]
    others = set(working.incidents["incident_id"]) - {incident}
    lina = enter("lina")
    assert sent(lina, events=f"{line_of(row)}\n{NOWHERE}", total="2").status_code == 200
    number = entered(room)

    def page(client):
        return client.get(f"/claims/{number}").text.split("<h2>Events")[1]

    pages = []
    for picture in (with_level(working, incident, "RED"), only(working, others)):
        room._working = picture
        room.publish_picture(only(picture, others))
        pages.append((page(lina), lina.get("/claims").text.split("<h2>")[1]))
    assert pages[0] == pages[1]
    assert incident not in pages[0][0]
    # Who reads RED sees it beside the event; who reads less, as little as the party.
    room._working = with_level(working, incident, "RED")
    assert incident in page(enter("rita"))
    assert incident not in page(enter("anna"))
    # Once it is published, the party sees it too.
    room._working = working
    room.publish_picture(working)
    shown = page(lina)
    assert f'<a href="/incidents/{incident}">' in shown
    assert "none known" in shown


def test_one_partys_claim_is_no_others_and_is_not_there_for_it(enter, room):
    sent(enter("lina"), events=NOWHERE)
    number = entered(room)
    leo, anna = enter("leo"), enter("anna")
    assert leo.get(f"/claims/{number}").status_code == 404
    assert anna.get(f"/claims/{number}").status_code == 200
    assert anna.get(f"/claims/{number + 1}").status_code == 404


def test_bad_lines_are_told_one_by_one_and_what_was_typed_stays(enter, room):
    lina = enter("lina")
    typed = f"{NOWHERE}\n2031-05-02T04:30; S01; fire\n2031-05-02T04:30Z; S01; boom"
    answer = sent(lina, events=typed, total="3", parts="shells: 3")
    assert answer.status_code == 422
    for said in ("Line 2: ", "Line 3: ", "shells: 3</textarea>", "S01; boom</textarea>"):
        assert said in answer.text
    assert list(room.log.entries()) == []


def test_the_total_the_period_and_the_list_are_held_against_each_other(enter, room):
    late = NOWHERE.replace("05-02T", "06-02T")
    answer = sent(enter("lina"), events=f"{NOWHERE}\n{NOWHERE}\n{late}", total="2").text
    assert "3 events are listed, and 2 is stated: 1 too many." in answer
    assert "Event 3 lies outside the stated period" in answer
    assert "Event 2 is event 1 again: counted twice." in answer


def test_near_is_what_the_rules_of_association_reach(rehearsed):
    from truceline.judgement.keeping import kept

    seen = kept(rehearsed / "room" / "working")
    placed = pl.col("lon").is_not_null() & pl.col("sector").is_not_null()
    shots = seen.incidents.filter(placed & (pl.col("kind") != "uav"))
    row = shots.sort("incident_id").row(0, named=True)
    here = {"lon": row["lon"], "lat": row["lat"], "sigma_m": 300.0}

    def near(**changed):
        said = {"t": row["t_best"], "kind": "explosion_impact", **here, **changed}
        (found,) = matches(seen, (ClaimedEvent(**said),))
        return {m.incident: m for m in found}

    assert near()[row["incident_id"]].distance_m == pytest.approx(0, abs=1)
    assert near()[row["incident_id"]].apart == 0
    later = near(t=row["t_end"] + 5 * HOUR)
    assert later[row["incident_id"]].apart == 5 * HOUR
    # Another kind, another day, another place: another thing.
    assert row["incident_id"] not in near(kind="obstruction")
    assert row["incident_id"] not in near(t=row["t_end"] + 7 * HOUR)
    assert row["incident_id"] not in near(lat=row["lat"] + 2)
    by_area = {"lon": None, "lat": None, "sigma_m": None, "area": row["sector"].lower()}
    assert all(m.distance_m is None for m in near(**by_area).values())
    assert near(**by_area)
    assert near(**{**by_area, "area": "no such area"}) == {}


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_events_are_entered_by_keys_on_a_phone(enter_by_browser, served, room, scheme):  # noqa: F811
    row = placed(room)
    room.publish_picture(room.working())
    page = enter_by_browser("lina", viewport={"width": 360, "height": 740}, color_scheme=scheme)
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}

    def holds():
        found = Axe().run(page, options=rules).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.goto(f"{served}/claims")
    page.focus("#start")
    for name in ("start", "end", "unit"):
        page.keyboard.type(SAID[name])
        page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(line_of(row))
    page.keyboard.press("Enter")
    page.keyboard.type("2031-05-02T04:30; S01; fire")
    page.fill("#source", SAID["source"])
    holds()
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert] >> text=Line 2")
    holds()
    page.fill("#events", f"{page.input_value('#events')}".replace("T04:30;", "T04:30Z;"))
    page.get_by_role("button", name="Enter the claim").press("Enter")
    page.click("[role=status] >> a")
    page.wait_for_selector(f"a[href='/incidents/{row['incident_id']}']")
    assert page.locator("table >> nth=-1 >> tbody tr").count() == 2
    holds()
