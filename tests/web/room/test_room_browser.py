"""The room in a real browser: by axe's rules, by keyboard alone, on a phone, in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from tests.web.room.conftest import PASSWORD

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip

PAGES = ("/map", "/incidents", "/queue", "/claims", "/bulletins", "/watching", "/terms", "/access")

WHY = "Both patrols heard it from two sides."


@pytest.fixture
def address(tmp_path):
    """A page is the same whatever the database."""
    return str(tmp_path / "room.sqlite")


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def enter(chromium, served):
    """Return a way to come in as somebody; what the browser complains of is a failure."""
    said = []

    def come_in(name, **context):
        page = chromium.new_context(**context).new_page()
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{served}/login")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("**/incidents")
        return page

    yield come_in
    # A net that was taken away, or a form that was refused, is what some tests are about.
    meant = ("net::ERR_", "status of 422")
    assert [text for text in said if not any(words in text for words in meant)] == []


@pytest.mark.parametrize(
    "context",
    [
        {"viewport": {"width": 1100, "height": 900}},
        {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
    ],
)
def test_no_page_breaks_a_rule_of_axe_or_is_wider_than_the_screen(enter, served, context):
    page = enter("rita", **context)
    addresses = [served + path for path in PAGES]
    page.goto(f"{served}/queue")
    addresses.append(served + page.get_attribute("a.task >> nth=0", "href"))
    addresses.append(addresses[-1] + "/case-file")
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    for address in addresses:
        page.goto(address)
        if address.endswith("/map"):
            page.wait_for_selector("#map[data-ready=yes]", timeout=30_000)
        found = Axe().run(page, options=rules).response["violations"]
        told = [(v["id"], v["nodes"][0]["html"]) for v in found]
        assert told == [], address
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= context["viewport"]["width"], address


def test_a_decision_by_keyboard_alone(enter, served, room):
    page = enter("rita")
    page.goto(f"{served}/queue")
    for key in ("j", "j", "k", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**/incidents/*")
    page.keyboard.press("c")
    page.keyboard.type(WHY)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text={WHY}")
    (review,) = room.reviews()
    assert (review.decision, review.reason) == ("confirm", WHY)


def test_a_reason_outlives_a_lost_connection(enter, served, room):
    page = enter("rita")
    page.goto(f"{served}/queue")
    page.click("a.task >> nth=0")
    page.fill("#reason", WHY)
    page.reload()
    assert page.input_value("#reason") == WHY
    page.check("input[value=confirm]")
    page.click("text=Write it into the record")
    page.wait_for_selector(f".history >> text={WHY}")
    assert page.input_value("#reason") == ""
    assert len(room.reviews()) == 1


def test_who_looks_is_told_when_the_picture_changes(enter, served, room):
    page = enter("rita")
    page.goto(f"{served}/queue")
    page.wait_for_timeout(500)
    room.events.tell("judgement", "work")
    page.wait_for_selector("text=The picture has changed")
