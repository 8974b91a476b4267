"""Zones of a draft in a real browser: drawn and moved by hand, and entered by keys alone."""

import pytest
from playwright.sync_api import expect
from tests.web.room.test_map_browser import until
from tests.web.room.test_room_browser import address, chromium, enter  # noqa: F401
from tests.web.room.test_terms_desk import RING

pytestmark = pytest.mark.browser


def test_a_zone_is_drawn_and_a_corner_moved_by_hand(enter, served, room):  # noqa: F811
    page = enter("rita", viewport={"width": 1100, "height": 900})
    page.goto(f"{served}/terms")
    page.wait_for_selector("#map[data-ready]", timeout=60_000)
    page.click("#draw")
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map canvas").bounding_box()

    def press(x, y):
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(250)
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(250)

    for x, y in ((400, 150), (560, 150), (560, 300), (400, 300), (400, 150)):
        press(x, y)
    until(page, "truceline.sent().zones.length === 1")
    (zone,) = page.evaluate("truceline.sent().zones")
    press(480, 220)
    page.mouse.move(box["x"] + 560, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 600, box["y"] + 330, steps=4)
    page.mouse.up()
    until(page, f"truceline.sent().zones[0].ring[2][0] > {zone['ring'][2][0] + 0.01}")
    (moved,) = page.evaluate("truceline.sent().zones")
    assert [moved["ring"][i] for i in (0, 1, 3)] == [zone["ring"][i] for i in (0, 1, 3)]


def test_a_zone_is_entered_linted_and_saved_by_keys_alone(enter, served, room):  # noqa: F811
    page = enter("rita", viewport={"width": 360, "height": 740})
    page.goto(f"{served}/terms")
    page.wait_for_selector("#map[data-ready]", timeout=60_000)
    page.focus("#by-corners")
    page.keyboard.press("Enter")
    for lon, lat in RING:
        page.get_by_role("button", name="Add a corner").press("Enter")
        page.keyboard.type(str(lat))
        page.keyboard.press("Tab")
        page.keyboard.type(str(lon))
        page.keyboard.press("Tab")
    until(page, "truceline.draw.getSnapshot().length === 1")
    page.locator("#relint").press("Enter")
    expect(page.locator("#drawn-said")).to_contain_text("The lint of the draft", timeout=20_000)
    page.focus("#version")
    page.keyboard.type("2-keys")
    page.keyboard.press("Enter")
    page.wait_for_url("**/terms?draft=1")
    page.wait_for_selector("#map[data-ready]", timeout=60_000)
    assert page.evaluate("truceline.sent().zones[0].ring") == RING
