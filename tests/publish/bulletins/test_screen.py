"""The page in a real browser: offline, quiet, accessible, and narrow enough for a telephone."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from truceline.publish.bulletins.hypertext import hypertext
from truceline.publish.bulletins.report import compose
from truceline.publish.bulletins.setting import page

pytestmark = pytest.mark.browser

FLAGS = (
    "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def file(judgement, settings, period, now, ground, claims, tmp_path) -> Path:
    bulletin = compose(judgement, settings, period=period, now=now, geography=ground, claims=claims)
    path = tmp_path / "bulletin.uk.html"
    path.write_text(hypertext(page(bulletin, "uk")), encoding="utf-8")
    return path


def visit(browser, file: Path, *, width: int = 1000, scheme: str = "light"):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    tab = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(file.as_uri())
    return tab, said, asked


@pytest.mark.parametrize("width", [360, 1000])
def test_it_opens_alone_and_without_complaint(browser, file, width):
    tab, said, asked = visit(browser, file, width=width)
    assert asked == [file.as_uri()]
    assert said == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate(
        "[...document.querySelectorAll('svg.fig')].filter(s => s.checkVisibility())"
        ".every(s => s.getBoundingClientRect().right <= innerWidth)"
    )


def test_headings_step_down_one_at_a_time(browser, file):
    tab, _, _ = visit(browser, file)
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_figure_is_named_and_has_its_table(browser, file):
    tab, _, _ = visit(browser, file)
    assert tab.evaluate("document.querySelectorAll('figure').length") > 5
    assert tab.evaluate(
        "[...document.querySelectorAll('figure')].every(f => f.querySelector('table caption'))"
    )
    assert tab.evaluate(
        "[...document.querySelectorAll('svg.fig')].every(s => s.getAttribute('role') === 'img' &&"
        " s.getAttribute('aria-labelledby').split(' ').every(i => document.getElementById(i)"
        ".textContent.length > 3))"
    )


def test_columns_sort_by_value_from_the_keyboard(browser, file):
    tab, said, _ = visit(browser, file)
    table = tab.locator("#watching table").last
    button = table.locator("th button").nth(2)
    button.focus()
    tab.keyboard.press("Enter")
    assert table.locator("th").nth(2).get_attribute("aria-sort") == "ascending"
    assert table.locator("tbody tr td:nth-child(3)").all_inner_texts() == ["3", "23"]
    tab.keyboard.press("Enter")
    assert table.locator("tbody tr td:nth-child(3)").all_inner_texts() == ["23", "3"]
    assert said == []


def test_a_finding_opens_from_its_label_to_its_evidence(browser, file):
    tab, _, _ = visit(browser, file)
    evidence = tab.locator("#d-V1")
    assert not evidence.evaluate("d => d.open")
    tab.locator("a[href='#d-V1']").click()
    assert evidence.evaluate("d => d.open")
    assert "patrol 4" in evidence.inner_text()


def test_dark_and_light_differ_and_paper_is_light(browser, file):
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light, _, _ = visit(browser, file)
    dark, _, _ = visit(browser, file, scheme="dark")
    assert light.evaluate(ground) == "rgb(255, 255, 255)"
    assert dark.evaluate(ground) != light.evaluate(ground)
    dark.emulate_media(media="print", color_scheme="dark")
    assert dark.evaluate(ground) == "rgb(255, 255, 255)"


def test_words_stand_out_from_the_ground_in_both_themes(browser, file):
    ratio = """([fg, bg]) => {
      const style = getComputedStyle(document.documentElement);
      const light = (name) => {
        const hex = style.getPropertyValue(name).trim().slice(1);
        const parts = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
          .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
      };
      const [a, b] = [light(fg), light(bg)].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05);
    }"""
    for scheme in ("light", "dark"):
        tab, _, _ = visit(browser, file, scheme=scheme)
        for name in ("--ink", "--muted", "--link", "--accent"):
            assert tab.evaluate(ratio, [name, "--paper"]) >= 4.5, (scheme, name)
        for name in ("--party-0", "--party-1", "--party-2", "--party-3"):
            assert tab.evaluate(ratio, [name, "--paper"]) >= 3.0, (scheme, name)
