"""The planning report in a real browser: alone, narrow, in the dark, by the keyboard."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from truceline.publish.bulletins.hypertext import hypertext
from truceline.publish.force.plan_page import plan_page

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


@pytest.fixture(scope="module")
def file(plan, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.html"
    path.write_text(hypertext(plan_page(plan)), encoding="utf-8")
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


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1000, "light"), (1000, "dark")])
def test_it_opens_alone_and_fits(browser, file, width, scheme):
    tab, said, asked = visit(browser, file, width=width, scheme=scheme)
    assert asked == [file.as_uri()]
    assert said == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate(
        "[...document.querySelectorAll('svg.fig')].filter(s => s.checkVisibility())"
        ".every(s => s.getBoundingClientRect().right <= innerWidth)"
    )


def test_dark_is_dark(browser, file):
    tab, _, _ = visit(browser, file, scheme="dark")
    colour = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert sum(int(part) for part in colour[4:-1].split(",")) < 150


def test_headings_step_down_and_every_link_leads_somewhere(browser, file):
    tab, _, _ = visit(browser, file)
    levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert tab.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')]"
        ".every(a => document.getElementById(a.hash.slice(1)))"
    )


def test_every_figure_is_named_and_has_its_table(browser, file):
    tab, _, _ = visit(browser, file)
    assert tab.evaluate("document.querySelectorAll('figure').length") == 11
    assert tab.evaluate(
        "[...document.querySelectorAll('figure')].every(f => f.querySelector('table') &&"
        "[...f.querySelectorAll('svg')].every(s => s.getAttribute('aria-labelledby')))"
    )


@pytest.mark.parametrize("width", [360, 1000])
def test_words_in_pictures_stay_inside_and_apart(browser, file, width):
    tab, _, _ = visit(browser, file, width=width)
    outside, meeting = tab.evaluate(
        """() => {
          let outside = [], meeting = [];
          for (const svg of document.querySelectorAll('svg.fig')) {
            if (!svg.checkVisibility()) continue;
            const box = svg.getBoundingClientRect();
            const words = [...svg.querySelectorAll('text:not(.halo)')];
            const at = words.map(t => t.getBoundingClientRect());
            words.forEach((word, i) => {
              if (at[i].left < box.left - 2 || at[i].right > box.right + 2) {
                outside.push(word.textContent);
              }
              for (let j = 0; j < i; j++) {
                const wide = Math.min(at[i].right, at[j].right) - Math.max(at[i].left, at[j].left);
                const high = Math.min(at[i].bottom, at[j].bottom) - Math.max(at[i].top, at[j].top);
                if (wide > 3 && high > 5) meeting.push([word.textContent, words[j].textContent]);
              }
            });
          }
          return [outside, meeting];
        }"""
    )
    assert outside == []
    assert meeting == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_every_table_open(browser, file, scheme):
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    tab = context.new_page()
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert [v["id"] for v in found.response["violations"]] == []


def test_a_table_is_sorted_by_the_keyboard(browser, file):
    tab, _, _ = visit(browser, file)
    tab.locator("#failing summary").focus()
    tab.keyboard.press("Enter")
    button = tab.locator("#failing th button").nth(1)
    button.focus()
    tab.keyboard.press("Enter")
    cells = tab.locator("#failing tbody tr td:nth-child(2)").all_text_contents()
    shares = [float(text.split()[0].lstrip(">")) for text in cells]
    assert shares == sorted(shares)
