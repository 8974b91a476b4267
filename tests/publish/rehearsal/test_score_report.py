"""The report on a score: every program beside the others, three pictures, screen and paper."""

import io

import pytest
from pypdf import PdfReader

from truceline.core.types.time import DAY
from truceline.publish.bulletins.hypertext import hypertext
from truceline.publish.bulletins.page import Figure
from truceline.publish.bulletins.print import printed
from truceline.publish.rehearsal.score_report import acts_by_day, score_report
from truceline.rehearsal.scores.score import Score

CURVE = {"said": [0.1, 0.9], "happened": [0.15, 0.8], "low": [0.1, 0.6], "high": [0.3, 0.9],
         "n": [40, 12]}  # fmt: skip
RISK = {"coverage": [0.2, 0.6, 1.0], "risk": [0.0, 0.05, 0.2]}


def scored(program, **more):
    parts = {
        "happenings": {"brier": 0.1, "log_score_bits": 0.5, "ece": 0.04, "curve": CURVE},
        "own": {"ece": 0.05},
        "incidents": {"precision": 0.7, "recall": 0.6, "place_error_m": {"median": 321.0}},
        "attribution": {"share_named": 0.2, "did_some": 0.99, "risk_coverage": RISK,
                        "confusion": [{"true": "north", "named": "south", "n": 3}]},
        "clauses": {}, "states": {}, "breakdown": {"delay_days_median": None},
        "unseen": {"share_unseen": 0.12, "seen_by_sector": {"S01": 0.9}},
        "watching": {"share_watched": 0.5, "seen_when_watched": 0.8},
    }  # fmt: skip
    return Score("spoiler", program, 7, **{**parts, **more})


@pytest.fixture(scope="module")
def page():
    scores = [scored("truceline"), scored("simple rule", happenings={"brier": 0.4})]
    return score_report(scores, [3, 0, 5], (0, 3 * DAY))


def test_every_program_and_picture_is_there(page):
    figures = [b for section in page.sections for b in section.blocks if isinstance(b, Figure)]
    assert [f.ident for f in figures] == ["reliability", "days", "risk"]
    screen = hypertext(page)
    for words in ("truceline", "simple rule", "0.100", "0.400", "321", "0.990", "12% of the true"):
        assert words in screen
    assert "src=" not in screen


def test_what_cannot_be_told_is_a_dash_and_never_a_number(page):
    sheet = page.sections[3].blocks[0]
    assert [row[1].text for row in sheet.rows] == ["–", "–"]


def test_the_print_is_a_pdf_with_the_same_words(page):
    read = PdfReader(io.BytesIO(printed(page)))
    text = "".join(sheet.extract_text() for sheet in read.pages)
    assert "simple rule" in text
    assert "Nothing in it happened" in text


def test_acts_are_counted_by_day_and_those_outside_left_out():
    assert acts_by_day([0, DAY - 1, DAY, 3 * DAY, -1], (0, 3 * DAY)) == [2, 1, 0]
