"""The page in a real browser: the same figures, by keyboard, on a phone, in the dark."""

import json
import re
from dataclasses import replace
from importlib import resources

import pytest

from truceline.accounts.aid.donors import groups
from truceline.accounts.aid.evaluation import Reading, group_total, totals
from truceline.accounts.aid.indicators import load_indicators
from truceline.accounts.aid.loading import load_releases
from truceline.core.types.errors import InputError
from truceline.publish.aid.aid_page import PROGRAM, aid_page
from truceline.publish.aid.payload import payload

FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWS = ["ranked", "time", "months", "gap", "map", "groups", "pair", "change"]


@pytest.fixture(scope="module")
def page_file(tmp_path_factory, releases, indicators):
    path = tmp_path_factory.mktemp("aid") / "aid.html"
    path.write_text(aid_page(releases, indicators), "utf-8")
    return path


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        made = started.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def open_page(browser, page_file):
    opened = []

    def go(hash_="", *, width=1000, theme="light", file=None):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
        page.faults = []
        page.asked = []
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" else None)
        page.on("request", lambda r: page.asked.append(r.url))
        page.goto(f"file://{file or page_file}#{hash_}")
        page.wait_for_selector("#drawing svg")
        opened.append(page)
        return page

    yield go
    for page in opened:
        assert page.faults == []
        page.close()


def test_the_page_holds_all_it_needs(releases, indicators):
    page = aid_page(releases, indicators, title="Aid")
    assert not re.search(r'(?:src|href)="(?!#)', page.split("<script>")[0])
    assert not re.search(r"\[\[[A-Z]+\]\]", page)
    assert "<title>A &lt;b&gt;</title>" in aid_page(releases, indicators, title="A <b>")
    assert "<nobody>" not in page
    assert aid_page(releases, indicators, title="Aid") == page
    with pytest.raises(InputError, match="no release to show"):
        aid_page({}, indicators)


def test_every_part_of_the_program_is_short_and_used():
    folder = resources.files("truceline.publish.aid.page")
    parts = {p.name for p in folder.iterdir() if p.name.endswith(".js")}
    assert parts == set(PROGRAM)
    for name in PROGRAM:
        assert len(folder.joinpath(name).read_text("utf-8").splitlines()) < 400, name


def test_the_payload_holds_sums_not_rows(releases, indicators):
    rows = payload(releases, indicators)["releases"][1]["rows"]
    keys = [tuple(r[:-1]) for r in rows]
    assert len(keys) == len(set(keys))
    assert json.dumps(rows)


READINGS = [
    Reading(unit, measure, kind, eu, rate=rate, undated=undated, gdp_year=year)
    for unit, rate, year in [
        ("eur", "release", None), ("usd", "release", None), ("usd", "month", None),
        ("national", "release", None), ("national", "month", None), ("constant", "release", None),
        ("gdp_share", "release", None), ("gdp_share", "release", 2021),
        ("per_head", "release", 2021),
    ]
    for measure, kind in [("allocation", "all"), ("allocation", "military"),
                          ("commitment", "all"), ("disbursement", "all")]
    for eu in (False, True)
    for undated in (True, False)
]  # fmt: skip


def asked(page, name, reading, month=None):
    state = {
        "unit": reading.unit, "measure": reading.measure, "kind": reading.kind,
        "eu": reading.eu_share, "undated": reading.undated, "rate": reading.rate,
        "gdp": str(reading.gdp_year or "release"), "month": month,
    }  # fmt: skip
    return page.evaluate(
        """([name, state]) => {
            const t = window.truceline; const r = t.releaseOf(name);
            const plain = (cells) => Object.fromEntries(cells.map((c) => [c.name, c.value]));
            return [plain(Object.values(t.evaluate(r, state))), plain(t.groupTotals(r, state))];
        }""",
        [name, state],
    )


def same(found, expected):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        if value is None:
            assert found[name] is None, name
        else:
            assert found[name] == pytest.approx(value, rel=1e-6, abs=1e-9), name


def compare_all(page, releases, indicators, readings):
    for name, release in releases.items():
        last = release.info.cut_off
        early = last.replace(year=last.year - 1, month=11, day=30)
        for reading in readings:
            for cut in (None, early):
                chosen = replace(reading, cut_off=cut)
                month = None if cut is None else f"{cut:%Y-%m}"
                donors, grouped = asked(page, name, chosen, month)
                table = totals(release, chosen, indicators)
                same(donors, dict(table.select("donor_name", "value").iter_rows()))
                # Groups are added up alike whatever was measured.
                if reading.unit != "national" and reading.measure == "commitment":
                    same(grouped, {g.name: group_total(release, g, chosen, indicators)
                                   for g in groups().values()})  # fmt: skip


@pytest.mark.browser
def test_the_page_gives_the_same_figures_as_the_program(open_page, releases, indicators):
    compare_all(open_page(), releases, indicators, READINGS)


@pytest.mark.browser
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("width", "theme"), [(1000, "light"), (360, "dark")])
def test_every_picture_is_drawn_with_table_and_words(open_page, view, width, theme):
    page = open_page(f"view={view}&donors=FRA,JPN,DNK,USA", width=width, theme=theme)
    assert page.locator("#drawing [role=listitem]").count() > 1
    assert page.locator("#table tbody tr").count() > 1
    assert page.locator("#summary").inner_text()
    assert "release 2" in page.locator("#citation").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    labels = page.locator("#drawing [role=listitem]").evaluate_all(
        "nodes => nodes.map((n) => n.getAttribute('aria-label'))"
    )
    assert all(labels)
    inside = page.evaluate(
        """() => { const s = document.querySelector('#drawing svg').getBoundingClientRect();
        return [...document.querySelectorAll('#drawing text')].every((t) => {
          const b = t.getBoundingClientRect();
          return b.left >= s.left - 2 && b.right <= s.right + 2;
        }); }"""
    )
    assert inside
    assert len(page.asked) == 1


@pytest.mark.browser
def test_amounts_in_own_currencies_are_not_ranked_against_each_other(open_page):
    page = open_page("unit=national")
    assert "cannot be compared" in page.locator("#summary").inner_text()
    names = page.locator("#table tbody th").all_inner_texts()
    assert names[:2] == ["United States (USD)", "EU institutions (EUR)"]
    page.locator("#view-gap").click()
    assert "cannot be compared" in page.locator("#summary").inner_text()
    assert page.locator("#table tbody th").first.inner_text() == "United States (USD)"


@pytest.mark.browser
def test_dark_and_light_differ_and_can_be_chosen(open_page):
    page = open_page(theme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.locator("#theme").click()
    light = page.evaluate(paper)
    assert page.locator("#theme").inner_text() == "Dark"
    assert (dark, light) == ("rgb(20, 24, 28)", "rgb(255, 255, 255)")
    assert "theme=light" in page.url


@pytest.mark.browser
def test_a_link_keeps_the_view(open_page):
    page = open_page()
    page.select_option("#unit", "gdp_share")
    page.check("#eu")
    page.locator("#view-map").click()
    page.locator("#month").fill("3")
    kept = page.url.split("#")[1]
    again = open_page(kept)
    state = again.evaluate("window.truceline.state()")
    assert (state["view"], state["unit"], state["eu"], state["month"]) == (
        "map", "gdp_share", True, "2022-06",
    )  # fmt: skip
    assert again.locator("#drawing").inner_html() == page.locator("#drawing").inner_html()


@pytest.mark.browser
def test_a_foolish_address_falls_back_to_what_there_is(open_page):
    page = open_page("view=nope&unit=gold&release=99&month=1999-01&donors=XXX,<b>&theme=pink")
    assert page.evaluate("window.truceline.state().view") == "ranked"
    assert page.locator("#drawing [role=listitem]").count() == 5


@pytest.mark.browser
def test_all_by_keyboard(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the picture"
    page.locator("#view-ranked").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "view-time"
    assert page.get_attribute("#view-time", "aria-selected") == "true"
    page.keyboard.press("ArrowLeft")
    rows = page.locator("#drawing [role=listitem]")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    said = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert said == rows.nth(1).get_attribute("aria-label")
    assert said.startswith("EU institutions: 8.00 bn")
    page.locator("#month").focus()
    page.keyboard.press("Home")
    assert page.locator("#month-said").inner_text() == "2022-03"
    assert page.get_attribute("#month", "aria-valuetext") == "2022-03"


@pytest.mark.browser
def test_roles_and_names_for_screen_readers(open_page):
    page = open_page()
    assert page.get_attribute("#summary", "aria-live") == "polite"
    assert page.locator("[role=tablist] [role=tab]").count() == len(VIEWS)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('button, select, input, textarea')].filter((e) =>
        !(e.labels?.length || e.textContent.trim() || e.getAttribute('aria-label'))).length"""
    )
    assert unnamed == 0
    assert page.locator("#table table caption").count() == 1
    assert page.locator("#table th[scope=row]").count() == 5


@pytest.mark.browser
def test_a_race_plays_pauses_and_is_scrubbed(open_page):
    page = open_page()
    page.locator("#play").click()
    page.wait_for_function("document.getElementById('month-said').textContent >= '2022-05'")
    assert page.locator("#play").inner_text() == "Pause"
    page.locator("#play").click()
    stopped = page.locator("#month-said").inner_text()
    page.wait_for_timeout(500)
    assert page.locator("#month-said").inner_text() == stopped
    assert page.get_attribute("#play", "aria-pressed") == "false"
    page.locator("#month").fill("1")
    assert "2022-04" in page.locator("#drawing .big").text_content()
    page.locator("#month").fill("12")
    assert page.locator("#drawing .big").count() == 0


@pytest.mark.browser
def test_downloads_hold_data_picture_and_citation(open_page):
    page = open_page("unit=usd")
    cited = page.locator("#citation").inner_text()
    assert "1 EUR = 1.1 USD" in cited
    kinds = {}
    for ident in ("csv", "svg", "png"):
        with page.expect_download() as waiting:
            page.locator(f"#{ident}").click()
        kinds[ident] = waiting.value.path().read_bytes()
        assert waiting.value.suggested_filename == f"aid-ranked-release-2.{ident}"
    csv = kinds["csv"].decode()
    assert csv.splitlines()[0] == f"# {cited}"
    assert "United States,66000000000" in csv
    svg = kinds["svg"].decode()
    assert "<metadata>Invented tracker, release 2" in svg
    assert "var(--" not in svg
    assert kinds["png"][:8] == b"\x89PNG\r\n\x1a\n"
    page.locator("#embed").click()
    code = page.locator("#copied").input_value()
    assert code.startswith("<iframe src=")
    assert "embed=1" in code


@pytest.mark.browser
def test_embedded_it_is_the_picture_and_its_source_alone(open_page):
    page = open_page("view=map&embed=1")
    assert not page.locator("#controls").is_visible()
    assert page.locator("#drawing svg").is_visible()
    assert page.locator("#citation").is_visible()


@pytest.mark.browser
@pytest.mark.real_data
def test_on_the_trackers_releases_the_page_and_the_account_agree(open_page, shared_data, tmp_path):
    folder = shared_data / "aid"
    if not folder.is_dir():
        pytest.skip("the releases of aid are not among the recorded data")
    releases, indicators = load_releases(folder), load_indicators(folder)
    file = tmp_path / "kiel.html"
    file.write_text(aid_page(releases, indicators), "utf-8")
    page = open_page("release=28", file=file)
    few = [Reading(), Reading("usd", rate="month", eu_share=True), Reading("gdp_share"),
           Reading("constant", undated=False), Reading("national", "commitment")]  # fmt: skip
    compare_all(page, releases, indicators, few)
