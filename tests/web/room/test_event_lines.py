"""Events as lines of text: each good line one event, each bad one a sentence with its number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.types.time import format_time, parse_time
from truceline.core.types.vocabulary import PHENOMENA
from truceline.record.claimed_events import MOST_EVENTS
from truceline.web.room.event_lines import EXAMPLE, read_event_lines

LINE = st.builds(
    lambda t, lon, lat, sigma, kind, words: (t, lon, lat, sigma, kind, words),
    st.integers(1_700_000_000, 1_900_000_000), st.integers(-180_000, 180_000),
    st.integers(-90_000, 90_000), st.integers(1, 10_000), st.sampled_from(PHENOMENA),
    st.text("abc; :,", max_size=20).map(str.strip),
)  # fmt: skip


@given(st.lists(LINE, max_size=8))
def test_what_is_written_is_what_is_read(lines):
    text = "\n\n".join(
        f"{format_time(t * 10**6, 'Europe/Kyiv')}; {lon / 1000}, {lat / 1000}, {sigma}; "
        f"{kind}; {words}"
        for t, lon, lat, sigma, kind, words in lines
    )
    read = read_event_lines(text)
    assert read.problems == ()
    assert [
        (e.t // 10**6, e.lon * 1000, e.lat * 1000, e.sigma_m, e.kind, e.words) for e in read.events
    ] == [(t, pytest.approx(lon), pytest.approx(lat), s, k, w) for t, lon, lat, s, k, w in lines]


def test_the_line_shown_on_the_form_is_read_and_an_area_may_stand_for_the_place():
    read = read_event_lines(f"{EXAMPLE}\n2026-11-01T06:00Z; S01; Explosion impact")
    assert read.problems == ()
    assert read.events[0].t == parse_time("2026-11-01T02:30Z")
    assert (read.events[1].area, read.events[1].lon, read.events[1].kind) == (
        "S01", None, "explosion_impact",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-11-01T04:30; S01; fire", "has no offset; write it as 2026-11-01T04:30+02:00."),
        ("yesterday; S01; fire", "has no offset"),
        ("2026-13-01T04:30Z; S01; fire", "is not ISO 8601; write it as"),
        ("2026-11-01T04:30Z; S01; explosion impct", "write explosion_impact or"),
        ("2026-11-01T04:30Z; S01; zzz", "write a kind of the list"),
        ("2026-11-01T04:30Z; S01", "it has 2 of the three parts"),
        ("2026-11-01T04:30Z; ; fire", "it has no place; write longitude"),
        ("2026-11-01T04:30Z; 37.12, 48.31; fire", "write longitude, latitude and error"),
        ("2026-11-01T04:30Z; 37,12, 48,31, 500; fire", "is not three numbers"),
        ("2026-11-01T04:30Z; 48.31 N 37.12 E; fire", "is not three numbers"),
        ("2026-11-01T04:30Z; 48.31, 137.12, 500; fire", "'137.12' cannot be; the latitude"),
        ("2026-11-01T04:30Z; 37.12, 48.31, 0; fire", "the error is in metres"),
        ("2026-11-01T04:30Z; S01; fire; " + "x" * 201, "the words have up to 200"),
    ],
)
def test_a_bad_line_gets_one_sentence_with_its_number_and_what_to_write(line, said):
    read = read_event_lines(f"{EXAMPLE}\n\n{line}\n{EXAMPLE}")
    assert len(read.events) == 2
    (problem,) = read.problems
    assert problem.startswith("Line 3: ")
    assert said in problem
    assert len(problem) < 250


def test_as_many_events_as_a_claim_may_list_and_no_more():
    assert len(read_event_lines("\n".join([EXAMPLE] * MOST_EVENTS)).events) == MOST_EVENTS
    read = read_event_lines("\n".join([EXAMPLE] * (MOST_EVENTS + 1)))
    assert read.events == ()
    assert len(read.problems) == 1
