"""What stands, read from the record: a name only after its party could answer."""

import os

import pytest

from truceline.core.types.errors import RecordError
from truceline.core.types.time import HOUR, format_time, parse_time
from truceline.record.decided import decisions_of
from truceline.record.entries import entry
from truceline.record.redaction import Audience, redacted_entry

NOW = parse_time("2031-05-02T12:00:00Z")


def named(hand):
    values = {
        "incident": "i1", "decision": "name", "reason": "Both teams saw it.", "reviewer": hand,
        "hand": hand, "party": "north", "other": None, "apart": [],
    }  # fmt: skip
    return entry("review", format_time(NOW), values, os.urandom)


def put(until, party="north"):
    values = {"incident": "i1", "party": party, "until": format_time(until)}
    return entry("put", format_time(NOW), values, os.urandom)


def replied(party="north"):
    values = {"incident": "i1", "party": party, "text": "It was not us."}
    return entry("reply", format_time(NOW), values, os.urandom)


TWO = [named("one"), named("two")]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([], None),
        ([put(NOW + HOUR)], None),
        ([put(NOW - HOUR)], "north"),
        ([put(NOW - HOUR, "south")], None),
        ([put(NOW + HOUR), replied()], "north"),
        ([put(NOW + HOUR), replied("south")], None),
    ],
)
def test_a_party_is_named_once_it_has_answered_or_had_its_time(after, expected):
    assert decisions_of([*TWO, *after], NOW).standings["i1"].named == expected


def test_the_public_copy_of_the_record_gives_the_same_decisions():
    whole = [*TWO, put(NOW - HOUR)]
    public = [redacted_entry(item, Audience("CLEAR")) for item in whole]
    assert decisions_of(public, NOW) == decisions_of(whole, NOW)
    assert "reviewer" not in public[0].values()


def test_a_decision_that_is_withheld_is_said_to_be():
    hidden = entry("review", format_time(NOW), {"decision": "name"}, os.urandom)
    with pytest.raises(RecordError, match="withheld"):
        decisions_of([hidden], NOW)
