"""The hotline form and the draft in a real browser: what stays on the phone, and what leaves."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.web.room.test_field_browser import PHONE
from tests.web.room.test_reports import kept
from tests.web.room.test_room_browser import address, chromium, enter  # noqa: F401

pytestmark = pytest.mark.browser

HELD = """new Promise(done => { const asked = indexedDB.open('field');
 asked.onsuccess = () => { const stores = asked.result.transaction(['reports', 'drafts']);
  const all = ['reports', 'drafts'].map(name => stores.objectStore(name).getAll());
  stores.oncomplete = () => done(JSON.stringify(all.map(a => a.result))); } })"""


@pytest.fixture
def phone(enter):  # noqa: F811
    return enter("mona", **PHONE)


def opened(page, where):
    """Open a form, and wait until the phone has kept it."""
    page.goto(where)
    page.locator("body[data-ready=yes]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.wait_for_timeout(500)
    return page


@pytest.fixture
def call(phone, served):
    return opened(phone, f"{served}/field/hotline")


def fill(page, *, consent=True, note="Windows shook."):
    if consent:
        page.check("#consent")
    page.fill("#lat", "48.01234")
    page.fill("#lon", "-29.56789")
    page.fill(".entry [name=number]", "3")
    page.fill(".entry [name=note]", note)
    send(page)


def send(page):
    page.click("text=Put it in the queue and send")


def test_a_call_is_sent_blurred_with_the_words_that_were_read_and_then_wiped(call, room):
    read_out = " ".join(call.inner_text("#words").split())
    fill(call)
    call.locator("li[data-state=sent]").wait_for()
    (row,) = kept(room)
    report = json.loads(row.body)
    assert report["consent"] == {"given": True, "words": read_out}
    assert report["handling"] == "RED"
    assert report["observations"][0]["place"] == {"lon": -29.57, "lat": 48.01, "sigma_m": 1000}
    held = call.evaluate(HELD)
    assert "Windows" not in held
    assert "48.01" not in held
    assert report["call"] not in held
    assert call.input_value("#lat") == ""


def test_without_consent_nothing_is_kept_or_sent(call, room):
    fill(call, consent=False)
    assert "consent" in call.inner_text("#said")
    assert call.evaluate(HELD) == "[[],[]]"
    assert kept(room) == []


def test_a_phone_number_in_the_note_is_refused_before_it_is_kept(call, room):
    fill(call, note="Call me: 044 123 45 67")
    assert "phone number" in call.inner_text("#said")
    assert call.evaluate(HELD) == "[[],[]]"
    assert kept(room) == []


def test_no_draft_of_a_call_is_left_and_wiping_clears_the_form(call):
    call.fill("#lat", "48.01")
    call.fill(".entry [name=note]", "Windows shook.")
    call.click("#wipe")
    assert (call.input_value("#lat"), call.input_value(".entry [name=note]")) == ("", "")
    call.fill("#lat", "48.01")
    call.reload()
    call.locator("body[data-ready=yes]").wait_for()
    assert call.input_value("#lat") == ""
    assert call.evaluate(HELD) == "[[],[]]"


@pytest.mark.parametrize(
    ("choice", "place"),
    [
        ("district", {"lon": -29.6, "lat": 48, "sigma_m": 5000}),
        ("exact", {"lon": -29.56789, "lat": 48.01234, "sigma_m": 100, "exact_allowed": True}),
    ],
)
def test_the_place_is_as_exact_as_the_person_allows(call, room, choice, place):
    call.select_option("#exactness", choice)
    fill(call)
    call.locator("li[data-state=sent]").wait_for()
    (row,) = kept(room)
    assert json.loads(row.body)["observations"][0]["place"] == place


def test_offline_a_call_waits_blurred_and_is_sent_once_later(call, room):
    call.context.set_offline(True)
    fill(call)
    call.locator("li[data-state=waiting]").wait_for()
    assert "48.01234" not in call.evaluate(HELD)
    call.reload()
    call.locator("li[data-state=waiting]").wait_for()
    assert kept(room) == []
    call.context.set_offline(False)
    call.locator("li[data-state=sent]").wait_for()
    call.wait_for_timeout(300)
    assert len(kept(room)) == 1


def test_a_patrols_draft_outlives_the_page_and_not_the_report(phone, served, room):
    opened(phone, f"{served}/field")
    phone.fill("#patrol", "EAST-7")
    phone.fill("#lat", "48.01")
    phone.fill("#lon", "-29.5")
    phone.click("text=Add what was heard or seen")
    phone.fill(".entry [name=note]", "Twice.")
    phone.context.set_offline(True)
    phone.reload()
    phone.locator("body[data-ready=yes]").wait_for()
    assert phone.input_value("#patrol") == "EAST-7"
    assert phone.input_value(".entry [name=note]") == "Twice."
    phone.context.set_offline(False)
    send(phone)
    phone.locator("li[data-state=sent]").wait_for()
    assert len(kept(room)) == 1
    phone.reload()
    phone.locator("body[data-ready=yes]").wait_for()
    assert phone.locator(".entry").count() == 0
    assert "Twice." not in phone.evaluate(HELD)


def test_two_taps_make_one_report(call, room):
    call.check("#consent")
    call.fill("#lat", "48.01")
    call.fill("#lon", "-29.5")
    call.evaluate(
        "const form = document.getElementById('report'); form.requestSubmit(); form.requestSubmit()"
    )
    call.locator("li[data-state=sent]").wait_for()
    call.wait_for_timeout(300)
    assert len(kept(room)) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/field", "/field/hotline"])
def test_the_forms_break_no_rule_of_axe_and_fit_a_phone(phone, served, scheme, path):
    said = []
    phone.on("console", lambda message: said.append(message.text))
    phone.emulate_media(color_scheme=scheme)
    opened(phone, served + path)
    phone.click("#add-entry")
    found = Axe().run(phone)
    assert found.violations_count == 0, found.generate_report()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert said == []
    small = phone.evaluate(
        "[...document.querySelectorAll('#report button, #report input:not([type=checkbox]), "
        "#report select')].filter(e => e.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
