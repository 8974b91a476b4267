"""The field form in a real browser: filled in offline, sent once, wiped when it is kept."""

import json

import pytest
from tests.web.room.test_reports import kept
from tests.web.room.test_room_browser import address, chromium, enter  # noqa: F401

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
def phone(enter, served):  # noqa: F811
    """Return the form on a phone that has kept it, and ways to look at what it holds."""
    page = enter("mona", **PHONE)
    page.goto(f"{served}/field")
    page.locator("body[data-ready=yes]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.wait_for_timeout(500)
    return page


def fill(page, patrol="EAST-7"):
    page.fill("#patrol", patrol)
    page.fill("#lat", "48.01")
    page.fill("#lon", "-29.5")
    page.click("text=Add what was heard or seen")
    page.select_option(".entry [name=type]", "explosion")
    page.fill(".entry [name=number]", "4")
    page.fill(".entry [name=bearing_deg]", "85")
    page.fill(".entry [name=distance_m]", "3000")
    page.click("text=Put it in the queue and send")


def test_a_report_is_sent_kept_and_wiped_from_the_phone(phone, room):
    fill(phone)
    phone.locator("li[data-state=sent]").wait_for()
    (row,) = kept(room)
    report = json.loads(row.body)
    assert (report["patrol"], report["observations"][0]["number"]) == ("EAST-7", 4)
    held = phone.evaluate(
        "new Promise(done => { const asked = indexedDB.open('field');"
        " asked.onsuccess = () => { const all = asked.result.transaction('reports')"
        ".objectStore('reports').getAll();"
        " all.onsuccess = () => done(JSON.stringify(all.result)); } })"
    )
    assert "EAST-7" not in held
    assert "sent" in held


def test_offline_it_opens_again_keeps_the_report_and_sends_it_once_later(phone, room):
    phone.context.set_offline(True)
    fill(phone)
    phone.locator("li[data-state=waiting]").wait_for()
    phone.reload()
    phone.locator("li[data-state=waiting]").wait_for()
    assert kept(room) == []
    phone.context.set_offline(False)
    phone.locator("li[data-state=sent]").wait_for()
    phone.wait_for_timeout(300)
    assert len(kept(room)) == 1


def test_an_answer_that_is_lost_does_not_make_two_reports(phone, room):
    lost = []

    def lose(route):
        # The report reaches the server; its answer does not reach the phone.
        route.fetch()
        lost.append(route.request.headers["idempotency-key"])
        route.abort()

    phone.context.route("**/api/reports", lose)
    fill(phone)
    phone.locator("#net.off").wait_for()
    assert len(kept(room)) == 1
    phone.context.unroute("**/api/reports")
    phone.reload()
    phone.locator("li[data-state=sent]").wait_for()
    assert [row.key for row in kept(room)] == lost[:1]


def test_what_is_missing_is_said_and_nothing_is_queued(phone, room):
    phone.fill("#patrol", "EAST-7")
    phone.click("text=Put it in the queue and send")
    assert "latitude" in phone.inner_text("#said")
    assert phone.locator("#queue li").count() == 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert kept(room) == []
