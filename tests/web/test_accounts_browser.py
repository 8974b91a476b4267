"""Every page of the accounts in a real browser: by axe's rules, by keyboard alone, in a frame."""

import datetime as dt
import http.server
import socket
import threading
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from tests.web.invented import SUM, invented_folder

from truceline.web.app import create_app
from truceline.web.settings import Settings

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ASKED = urlencode({"text": f"{SUM} Japan gives more than France.", "on": "2023-06-01"})
PAGES = [
    "/", "/accounts/aid", "/accounts/aid#view=map", "/accounts/aid#view=pair",
    "/statements", "/statements/positions", "/statements/polls",
    "/accounts/article", "/check", f"/check?{ASKED}", "/nothing",
    "/embed/aid?view=gap", "/embed/statements?figure=timeline",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server of invented data on a free port."""
    data = invented_folder(tmp_path_factory.mktemp("accounts"))
    port = free_port()
    told = Settings(data=data, today=lambda: dt.date(2026, 3, 1), requests_per_minute=100_000)
    server = uvicorn.Server(uvicorn.Config(create_app(told), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.is_file():
        pytest.skip(f"there is no browser at {CHROMIUM}")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def show(chromium, address):
    """Open a page of the server; at the end the browser may have complained of nothing."""
    said, contexts = [], []

    def opened(path, *, width=1000, scheme="light", status=200):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        if status == 200:
            page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        assert page.goto(address + path).status == status
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1000, "light"), (360, "dark")])
def test_no_page_breaks_a_rule_of_axe(show, path, width, scheme):
    page = show(path, width=width, scheme=scheme, status=404 if path == "/nothing" else 200)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", [p for p in PAGES if not p.startswith("/embed")])
def test_the_first_key_skips_to_the_content(show, path):
    page = show(path, status=404 if path == "/nothing" else 200)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    target = page.evaluate("document.activeElement.hash")
    assert page.locator(target).count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Truceline"


def focus_by_tab(page, ident, most=60):
    """Press Tab until an element has the focus, as one without a mouse would."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == ident:
            return
    raise AssertionError(f"{ident} is not reached in {most} steps")


def test_a_race_is_played_paused_and_scrubbed_by_keys_alone(show):
    page = show("/accounts/aid")
    focus_by_tab(page, "play")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => { const m = document.getElementById('month-said').textContent;"
        " return m >= '2022-05' && m < '2022-12'; }"
    )
    page.keyboard.press("Space")
    assert page.locator("#play").inner_text() == "Play"
    stopped = page.locator("#month-said").inner_text()
    focus_by_tab(page, "month")
    page.keyboard.press("ArrowRight")
    assert page.locator("#month-said").inner_text() > stopped
    page.keyboard.press("Home")
    assert page.locator("#month-said").inner_text() == "2022-03"


def test_statements_are_narrowed_by_keys_alone(show):
    page = show("/statements")
    focus_by_tab(page, "f-speaker", most=300)
    page.keyboard.press("ArrowDown")
    speaker = page.locator("#f-speaker").input_value()
    assert speaker
    shown = page.locator("#register tbody tr:visible")
    assert shown.count() >= 1
    assert all(speaker in words for words in shown.locator("td:nth-child(2)").all_inner_texts())
    assert urlencode({"speaker": speaker}) in page.url
    focus_by_tab(page, "save", most=10)
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    lines = saved.value.path().read_text(encoding="utf-8").splitlines()
    assert len(lines) == shown.count() + 1


def test_a_text_is_checked_by_keys_alone_and_kept_out_of_the_address(show):
    page = show("/check")
    focus_by_tab(page, "text")
    page.keyboard.type(SUM)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Check without that":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#v1")
    assert "false in every reading" in page.locator("#v1").inner_text()
    assert page.url.endswith("/check")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Another site, which shows what it is given in frames."""
    folder = tmp_path_factory.mktemp("elsewhere")
    handler = partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://localhost:{server.server_port}"
    server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_another_site_may_frame_a_picture_and_nothing_else(chromium, address, elsewhere, show):
    mine = show("/accounts/aid#view=map&unit=usd&release=1")
    mine.locator("#embed").click()
    code = mine.locator("#copied").input_value()
    assert f'src="{address}/embed/aid?view=map' in code
    folder, site = elsewhere
    whole = f'<iframe src="{address}/accounts/aid"></iframe>'
    (folder / "index.html").write_text(f"<!doctype html><title>x</title>{code}{whole}")
    context = chromium.new_context()
    page = context.new_page()
    refused = []
    page.on("console", lambda m: refused.append(m.text) if "frame-ancestors" in m.text else None)
    page.goto(site)
    inside = page.frame_locator("iframe >> nth=0")
    inside.locator("#drawing svg").wait_for()
    assert "release 1" in inside.locator("#citation").inner_text()
    assert "US dollars" in inside.locator("#citation").inner_text()
    assert not inside.locator("#controls").is_visible()
    assert inside.locator("#table tbody tr").count() > 1
    back = inside.locator("#whole a").get_attribute("href")
    assert back.startswith("/accounts/aid#view=map")
    assert "embed" not in back
    assert len(refused) == 1
    context.close()
