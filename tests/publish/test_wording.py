"""Numbers and times as readers of each language write them, and never surer than they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.time import parse_time
from truceline.publish.bulletins.catalogue import catalogue
from truceline.publish.wording import MARKS, Wording

ENGLISH = Wording(
    "en", {"not_known": "not known", "sector.none": "-"}, {"A": "Alpha"}, "Europe/Kyiv"
)


@given(st.floats(0, 1))
@settings(max_examples=100)
def test_only_certainty_is_shown_as_certain(p):
    said = ENGLISH.probability(p)
    assert (said == "1") == (p == 1)
    assert (said == "0") == (p == 0)
    assert said not in ("1.00", "0.00")


@given(st.floats(0, 1))
@settings(max_examples=100)
def test_only_the_whole_is_shown_as_the_whole(share):
    assert (ENGLISH.share(share) == "100\u00a0%") == (share == 1)
    assert (ENGLISH.share(share) == "0\u00a0%") == (share == 0)


@pytest.mark.parametrize("language", MARKS)
def test_unknown_is_a_word_and_never_a_number(language):
    words = Wording(language, {"not_known": "?"}, {})
    said = [words.number(None), words.figure(None), words.share(None),
            words.interval(None, 1, 2), words.number(None)]  # fmt: skip
    assert set(said) == {"?"}


@given(st.floats(0.001, 1e7))
@settings(max_examples=100)
def test_a_figure_keeps_about_three_digits(value):
    said = float(ENGLISH.figure(value).replace(",", ""))
    assert said == pytest.approx(value, rel=0.06)


def test_marks_are_those_of_the_language():
    assert Wording("en", {}, {}).number(2935.5, 1) == "2,935.5"
    assert Wording("uk", {}, {}).number(2935.5, 1) == "2\u202f935,5"


def test_both_clocks_stand_side_by_side():
    moment = parse_time("2025-04-19T18:00+03:00")
    assert ENGLISH.both(moment) == "2025-04-19 15:00 UTC \u00b7 2025-04-19 18:00 +03:00"
    assert Wording("en", {}, {}).both(moment) == "2025-04-19 15:00 UTC"


def test_codes_without_a_word_are_shown_plainly():
    assert ENGLISH.name("A", "sector") == "Alpha"
    assert ENGLISH.name(None, "sector") == "-"
    assert ENGLISH.term("indicator", "deep_strikes") == "deep strikes"


def test_a_time_is_told_no_more_exactly_than_it_is_known():
    words = Wording("en", catalogue("en"), {}, "Europe/Kyiv")

    def told(best: str, start: str, end: str) -> str:
        return words.when(*(parse_time(f"2025-04-{t}+03:00") for t in (best, start, end)))

    exact = told("19T18:00", "19T17:45", "19T18:15")
    assert exact == words.both(parse_time("2025-04-19T15:00Z"))
    assert told("19T12:00", "19T00:00", "20T00:00") == "2025-04-19, hour not known"
    assert told("19T18:00", "19T15:30", "19T20:00") == f"{exact} ± 3 h"
    # A day of another clock lies in no one local day.
    assert told("19T15:00", "19T03:00", "20T03:00").endswith("± 12 h")
    assert told("16T00:00", "01T00:00", "30T00:00") == "2025-04-16 ± 15 days"
