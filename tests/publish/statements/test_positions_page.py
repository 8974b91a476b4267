"""Positions and polls as pages: every position is told, nothing unknown is drawn as none."""

import datetime as dt
import re
import xml.dom.minidom as minidom

import polars as pl
import pytest

from truceline.accounts.statements.contributions import contributions_yaml
from truceline.accounts.statements.positions import POLLS, POSITIONS, poll_signs
from truceline.force.contributions.documents import read_coalition
from truceline.publish.statements.polls_page import PollsView, polls_page
from truceline.publish.statements.positions_page import PositionsView, positions_page, troops

DAY = dt.date(2025, 6, 1)


def position(day, nation, stance, **more):
    row = {
        "date": day, "date_precision": "undated" if day is None else "day", "nation": nation,
        "role": stance, "stance": stance, "position": f"says {stance}", "troops_min": None,
        "troops_max": None, "caveat": None, "official": True, "source": "https://x.example",
        "reliability": "press",
    }  # fmt: skip
    return {**row, **more}


@pytest.fixture(scope="module")
def positions():
    rows = [
        position(dt.date(2025, 1, 2), "Northland", "open"),
        position(dt.date(2025, 2, 3), "Northland", "troops", troops_min=1000.0,
                 caveat="<after> a vote"),
        position(dt.date(2025, 2, 3), "Northland", "troops", troops_max=2000.0),
        position(dt.date(2025, 3, 4), "Northland", "no_troops", official=False),
        position(dt.date(2025, 2, 4), "Southmark", "no_troops", troops_max=0.0),
        position(dt.date(2025, 2, 5), "Eastria", "opposed"),
        position(None, "Westria", "support"),
    ]  # fmt: skip
    return POSITIONS.conform(pl.DataFrame(rows, schema=POSITIONS.dtypes()))


@pytest.fixture(scope="module")
def polls():
    def row(day, question, support, oppose, country="Northland"):
        return {
            "date": day, "date_precision": "day", "country": country, "pollster": "Askers",
            "client": None, "question": question, "support_pct": support, "oppose_pct": oppose,
            "dont_know_pct": None, "n": None, "source": "https://p.example",
        }  # fmt: skip

    rows = [
        row(dt.date(2025, 1, 1), "after a truce", 49.0, 44.0),
        row(dt.date(2025, 2, 1), "now", 36.0, 45.0),
        row(dt.date(2025, 3, 1), "now", 31.0, 53.0),
        row(dt.date(2025, 3, 1), "now & then", 53.0, None, "Southmark"),
    ]
    return poll_signs(POLLS.conform(pl.DataFrame(rows, schema=POLLS.dtypes())))


def test_every_position_is_told_and_none_is_lost(positions):
    page = positions_page(PositionsView(positions, DAY))
    assert page.count('<section id="n-') == 4
    assert "7 positions of 4 nations" in page
    assert "undated" in page
    assert "&lt;after&gt; a vote" in page
    assert "press figure: https://x.example" in page
    for picture in re.findall(r"<svg.*?</svg>", page, re.S):
        minidom.parseString(picture)
        assert 'role="group"' in picture


def test_a_press_figure_replaces_nothing(positions):
    page = positions_page(PositionsView(positions, DAY))
    assert "1 no troops" in page
    assert "1 troops" in page
    assert "differs from the one before: Northland" not in page
    early = positions_page(PositionsView(positions, dt.date(2025, 1, 31)))
    assert "1 open, undecided." in early


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(None, None, "not named"), (None, 0, "none"), (None, 200, "up to 200"),
     (1000, None, "1,000 or more"), (200, 200, "200"), (1000, 2000, "1,000 to 2,000")],
)  # fmt: skip
def test_troops_not_named_are_not_none(low, high, said):
    assert troops({"troops_min": low, "troops_max": high}) == said


def test_the_force_reads_what_nations_stated(positions, tmp_path):
    file = tmp_path / "coalition.yaml"
    file.write_text(contributions_yaml(positions, title="As stated"))
    coalition = read_coalition(file)
    assert [p.nation for p in coalition.as_of(DAY).positions] == ["Northland", "Southmark"]
    north, south = coalition.as_of(DAY).positions
    assert (north.troops_low, north.troops_high) == (None, 2000)
    assert "<after> a vote" in north.stance
    assert south.troops_high == 0
    assert coalition.as_of(dt.date(2025, 1, 31)).positions[0].stance == "says open"


def test_a_turn_of_the_sign_is_marked_once_with_its_wording(polls):
    page = polls_page(PollsView(polls))
    assert "The sign turns once, in Northland; in 1 of these the question" in page
    assert page.count("turned, other wording</text>") == 1
    assert "49 to 44 (2025-01-01, Askers: after a truce); then 36 to 45" in page


def test_a_share_that_was_not_published_is_hatched(polls):
    page = polls_page(PollsView(polls))
    wide = re.search(r'<div class="wide">(<svg.*?</svg>)', page, re.S)[1]
    assert wide.count(">not known</text>") == 1
    assert "against not known" in wide
    assert 'fill="url(#polls-0-h)"' in wide
    assert "now &amp; then" in wide


def test_a_figure_offers_its_frame_only_where_it_is_served(positions):
    assert "&lt;iframe" not in positions_page(PositionsView(positions, DAY))
    served = positions_page(PositionsView(positions, DAY, "https://t.example/e?figure=positions"))
    assert "&lt;iframe src=&quot;https://t.example/e?figure=positions" in served


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_fit_a_telephone(show, positions, polls, scheme):
    for made in (positions_page(PositionsView(positions, DAY)), polls_page(PollsView(polls))):
        page = show(made, width=360, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        inside = page.locator(".narrow svg").first.evaluate(
            """(svg) => { const s = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].every((t) => {
              const b = t.getBoundingClientRect();
              return b.left >= s.left - 2 && b.right <= s.right + 2; }); }"""
        )
        assert inside


@pytest.mark.browser
def test_a_nations_row_leads_to_its_history_by_keyboard(show, positions):
    page = show(positions_page(PositionsView(positions, DAY)))
    page.locator('.wide a[href="#n-3"]').focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#n-3")
    assert page.locator("#n-3 h3").inner_text() == "Southmark"
