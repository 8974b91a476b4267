"""The pages in a real browser: nothing is refused by their policy, and they fit a phone."""

import socket
import threading
from urllib.parse import quote

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from truceline.web.app import create_app
from truceline.web.settings import Settings

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
TEXT = quote("The parts are 2 and 3, 5 in all. 30,000 troops stand on 1,200 km.")


@pytest.fixture(scope="module")
def page():
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium.new_page()
        chromium.close()


def served(data):
    """Start a server on a free port; return its address and how to stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(Settings(data=data)), port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    return f"http://127.0.0.1:{port}", server


def look(page, address, *, width=1000, scheme="light"):
    """Open an address; return what the browser complained of, and how wide the page is."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    answer = page.goto(address)
    page.wait_for_timeout(300)
    assert answer.status == 200
    return said, page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("path", ["/", f"/check?on=2025-02-20&text={TEXT}"])
@pytest.mark.parametrize(("width", "scheme"), [(1000, "light"), (360, "dark")])
def test_pages_without_data_say_so_and_break_no_rule(page, path, width, scheme) -> None:
    address, server = served(None)
    said, wide = look(page, address + path, width=width, scheme=scheme)
    server.should_exit = True
    assert said == []
    assert wide <= width


@pytest.mark.real_data
def test_the_pictures_of_aid_run_under_the_policy(page, shared_data) -> None:
    address, server = served(shared_data)
    said, _ = look(page, f"{address}/accounts/aid")
    bars = page.locator("svg").count()
    page.get_by_role("tab", name="By month").click()
    server.should_exit = True
    assert said == []
    assert bars > 0


def test_the_keyboard_reaches_the_form_and_sends_it(page) -> None:
    address, server = served(None)
    look(page, f"{address}/check")
    page.locator("#text").focus()
    page.keyboard.type("30,000 troops stand on 1,200 km.")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/check?*text=*")
    server.should_exit = True
    assert "30,000 troops" in page.locator("body").inner_text()
