"""The register's page in a real browser: filter, link, keyboard, download, narrow, dark."""

import datetime as dt
import html as html_module
import re
import xml.dom.minidom as minidom

import polars as pl
import pytest

from truceline.accounts.statements.answers import narrowed_counts, outcome_shares
from truceline.accounts.statements.exports import register_table
from truceline.accounts.statements.outcomes import MAIN, settle
from truceline.accounts.statements.seed import seed_codings, seed_statements
from truceline.publish.draw.statements.timeline import Event
from truceline.publish.statements.register_page import RegisterView, register_page
from truceline.publish.statements.shell import page as shell_page
from truceline.publish.statements.shell import table

DAY = dt.date(2026, 3, 1)


def register_html(copies=1):
    statements, codings = seed_statements(), seed_codings()
    once = register_table(statements, settle(statements, codings, MAIN, DAY))
    rows = pl.concat(
        once.with_columns(pl.col("statement_id") + f"-{n}") if n else once for n in range(copies)
    )
    start = dt.date(2022, 2, 24)
    view = RegisterView(
        "What was said",
        rows,
        narrowed_counts(rows, start, DAY),
        outcome_shares(statements, codings, DAY),
        start,
        DAY,
        events=[Event(dt.date(2024, 8, 6), "An incursion")],
    )
    return register_page(view)


@pytest.fixture(scope="module")
def page_html():
    return register_html()


def test_the_page_stands_alone_and_its_pictures_are_well_formed(page_html):
    assert not re.search(r'(?:src|href)="https?://[^"]*\.(?:js|css|woff)', page_html)
    pictures = re.findall(r"<svg.*?</svg>", page_html, re.S)
    assert len(pictures) == 8
    for picture in pictures:
        minidom.parseString(picture)
        # A picture with links in it is a group: what is in an image cannot be reached.
        assert f'role="{"group" if "<a " in picture else "img"}"' in picture
        assert "<title" in picture
        assert "<desc" in picture
    assert page_html.count("<figure>") == page_html.count("The same as a table") == 4
    assert page_html.count("Its data (CSV)") == 4


def test_words_from_outside_cannot_become_markup():
    made = shell_page("<b>", table("c", ["h"], [["<script>x</script>"]]), data=[{"a": "</script>"}])
    assert "<script>x" not in made
    assert html_module.escape("<script>x</script>") in made
    assert '"<\\/script>"' in made


@pytest.mark.browser
def test_filters_and_the_address_keep_the_view(show, page_html):
    page = show(page_html)
    rows = page.locator("#register tbody tr:visible")
    assert rows.count() == 18
    page.select_option("#f-state", "Russia")
    assert rows.count() == 11
    page.select_option("#f-outcome", "not_carried_out")
    assert rows.count() == 5
    assert page.locator("#told").inner_text() == "5 of 18 statements shown."
    assert "state=Russia" in page.url
    page.reload()
    assert rows.count() == 5
    page.click("text=Show all")
    page.wait_for_function("document.querySelectorAll('#register tbody tr[hidden]').length === 0")
    page.fill("#f-q", "estonian")
    assert rows.count() == 1


@pytest.mark.browser
def test_a_month_of_the_timeline_leads_to_its_statements_by_keyboard(show, page_html):
    page = show(page_html)
    month = page.locator('.wide .fig a[href="#month=2025-02"]')
    month.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('#register tbody tr[hidden]').length > 0")
    assert page.locator("#register tbody tr:visible").count() == 4
    assert page.input_value("#f-month") == "2025-02"


@pytest.mark.browser
def test_the_table_and_the_picture_can_be_saved(show, page_html):
    page = show(page_html)
    with page.expect_download() as saved:
        page.click("text=The register (CSV)")
    text = saved.value.path().read_text(encoding="utf-8")
    assert pl.read_csv(text.encode()).height == 18
    with page.expect_download() as drawn:
        page.locator("text=This picture (SVG)").first.click()
    minidom.parseString(drawn.value.path().read_text(encoding="utf-8"))


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_on_a_telephone(show, page_html, scheme):
    page = show(page_html, width=360, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".narrow svg").first.is_visible()
    assert not page.locator(".wide svg").first.is_visible()
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}[scheme]


@pytest.mark.browser
def test_a_long_list_is_shown_in_parts_and_every_statement_can_be_reached(show):
    page = show(register_html(copies=7))
    rows = page.locator("#register tbody tr")
    shown = page.locator("#register tbody tr:visible")
    assert (rows.count(), shown.count()) == (126, 60)
    assert page.locator("#told").inner_text() == "126 of 126 statements found, the first 60 shown."
    page.locator("#more").focus()
    page.keyboard.press("Enter")
    assert shown.count() == 120
    assert page.evaluate("document.activeElement.id") == rows.nth(60).get_attribute("id")
    with page.expect_download() as saved:
        page.click("#save")
    assert len(saved.value.path().read_text(encoding="utf-8").splitlines()) == 127
    last = rows.nth(125).get_attribute("id")
    page.evaluate("(id) => { location.hash = id; }", last)
    page.wait_for_function("(id) => !document.getElementById(id).hidden", arg=last)
    assert shown.count() == 126
    assert not page.locator("#more").is_visible()
