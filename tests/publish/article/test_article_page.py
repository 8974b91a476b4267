"""A text with its claims marked, in a real browser."""

import datetime as dt
import json
import re
import xml.dom.minidom as minidom

import polars as pl
import pytest

from truceline.accounts.aid.readings import AID_VALUE
from truceline.accounts.claims.check import Evidence, check
from truceline.accounts.claims.claimreview import Publication
from truceline.accounts.statements.seed import seed_codings, seed_statements
from truceline.accounts.statements.statement import table_of
from truceline.publish.article.article_page import ArticleView, article_page, marked_text

DAY = dt.date(2025, 2, 20)
TEXT = """Britain would send 30,000 <troops>, er, 30,000 troops.
They made tens of dozens of such warnings. These warnings have been largely hollow.
Kyiv counted 2,935: 96 assaults, 1,882 shellings and 957 drones.
In U.S. dollars and by GDP, Japan or Denmark gives considerably more than France. Bread is 3 % dearer."""  # noqa: E501

FIGURES = {
    ("out", "usd"): {"France": 4.923e9, "Japan": 9.700e9, "Denmark": 7.410e9},
    ("in", "usd"): {"France": 13.981e9, "Japan": 9.700e9, "Denmark": 8.499e9},
    ("out", "gdp_share"): {"France": 0.166, "Japan": 0.196, "Denmark": 1.860},
    ("in", "gdp_share"): {"France": 0.473, "Japan": 0.196, "Denmark": 2.134},
}


@pytest.fixture(scope="module")
def checked():
    rows = [
        {"release": "19", "cutoff": "2024-08-31", "measure": "allocation", "eu_share": eu,
         "rate": "one", "gdp": "none", "undated": "in", "unit": unit, "aid_type": "all",
         "donor": donor, "institution": False, "value": value}
        for (eu, unit), by_donor in FIGURES.items()
        for donor, value in by_donor.items()
    ]  # fmt: skip
    evidence = Evidence(
        aid=AID_VALUE.conform(pl.DataFrame(rows)),
        collections={"seed": table_of(seed_statements())},
        statements=seed_statements(),
        codings=seed_codings(),
    )
    return check(TEXT, evidence, on=DAY)


@pytest.fixture(scope="module")
def page_html(checked):
    publication = Publication("A desk", "https://desk.example", "https://desk.example/1")
    return article_page(ArticleView("A report", checked, DAY, publication, DAY))


def test_the_whole_text_is_there_with_each_claim_marked(checked):
    made = marked_text(checked)
    assert made.count("<mark") == len(checked.verdicts) == 5
    plain = re.sub(r"<a .*?</a>|<.*?>", "", made.replace("</p><p>", "\n"))
    assert plain.replace("&lt;", "<").replace("&gt;", ">") == TEXT
    assert 'class="missed"' in made


def test_reviews_are_embedded_and_pictures_are_well_formed(page_html):
    reviews = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page_html, re.S)
    assert [json.loads(r)["@type"] for r in reviews] == ["ClaimReview"] * 5
    for picture in re.findall(r"<svg.*?</svg>", page_html, re.S):
        minidom.parseString(picture)


@pytest.mark.browser
def test_a_mark_leads_to_its_verdict_and_back_by_keyboard(show, page_html):
    page = show(page_html)
    page.locator("#m5 a").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#v5")
    card = page.locator("#v5")
    assert card.locator(".wide svg").is_visible()
    assert "Japan, as a share of GDP: true only narrowly" in card.inner_text()
    card.locator("text=Back to the words").press("Enter")
    assert page.url.endswith("#m5")


@pytest.mark.browser
def test_every_picture_has_a_table_with_every_reading(show, page_html):
    page = show(page_html)
    figures = page.locator("#verdicts figure")
    assert figures.count() == 5
    for number in range(5):
        figures.nth(number).locator("summary").click()
        assert figures.nth(number).locator("table").first.is_visible()
    assert page.locator("#v5 tbody tr").count() == 4 * 2 * 3


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_on_a_telephone(show, page_html, scheme):
    page = show(page_html, width=360, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("#v5 .narrow svg").is_visible()


@pytest.mark.browser
def test_marks_are_told_apart_without_colour(show, page_html):
    page = show(page_html)
    styles = page.evaluate(
        "[...document.querySelectorAll('mark')].map(m => getComputedStyle(m).borderBottomStyle)"
    )
    assert set(styles) == {"solid", "dashed", "double"}
