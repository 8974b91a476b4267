"""The form refuses what could not be traced, and says where."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.statements.form import (
    coding_from,
    read_date,
    read_entries,
    statement_from,
)
from truceline.core.types.errors import InputError, Where

WHERE = Where("f.yaml", 3)
GOOD = {
    "statement_id": "s1", "kind": "offer", "date": "2025-02-18", "speaker": "A",
    "standing": "minister", "state": "N", "summary": "Words.", "source": "https://example.org",
}  # fmt: skip
CODED = {"statement_id": "s1", "coder": "ann", "condition": "not_met", "reason": "r"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"quote": "Слово"}, "a quote needs its language"),
        ({"translation": "Word"}, "a translation needs its translator"),
        ({"archive_sha256": "a" * 64}, "a hash needs the archived copy"),
        ({"archive_sha256": "xyz", "archive": "u"}, "archive_sha256"),
        ({"kind": "insult"}, "kind"),
        ({"standing": "king"}, "standing"),
        ({"summary": " "}, "summary"),
        ({"source": ""}, "source"),
        ({"colour": "red"}, "colour"),
        ({"confidence": 11}, "confidence"),
        ({"date": "18.2.2025"}, "is not understood"),
    ],
)
def test_a_bad_statement_is_refused_with_its_place(change, says):
    with pytest.raises(InputError, match=says) as caught:
        statement_from({**GOOD, **change}, WHERE)
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"condition": "met"}, "needs the day"),
        ({"condition": "met", "condition_on": "2024-01-01"}, "needs an address"),
        ({"response": "full"}, "needs the day"),
        ({"condition": "perhaps"}, "condition"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_bad_coding_is_refused(change, says):
    with pytest.raises(InputError, match=says):
        coding_from({**CODED, **change}, WHERE)


def test_good_ones_come_through_and_yaml_dates_are_understood():
    assert statement_from(GOOD, WHERE).date == dt.date(2025, 2, 18)
    assert statement_from({**GOOD, "date": dt.date(2025, 2, 18)}, WHERE).date_precision == "day"
    assert statement_from({**GOOD, "date": 2025}, WHERE).date_precision == "year"
    undated = statement_from({**GOOD, "date": None}, WHERE)
    assert (undated.date, undated.date_precision) == (None, "undated")
    assert coding_from(CODED, WHERE).response == "none_seen"


@settings(max_examples=60)
@given(st.dates(), st.sampled_from([("day", 10), ("month", 7), ("year", 4)]))
def test_a_date_is_read_to_the_precision_it_is_written_in(day, precision):
    name, length = precision
    read, how = read_date(day.isoformat()[:length])
    assert how == name
    assert read.isoformat()[:length] == day.isoformat()[:length]


def test_files_hold_one_entry_or_many(tmp_path):
    one, many = tmp_path / "one.json", tmp_path / "many.yaml"
    one.write_text('{"a": 1}')
    many.write_text("- {a: 1}\n- {a: 2}\n")
    assert read_entries(one) == [{"a": 1}]
    assert read_entries(many) == [{"a": 1}, {"a": 2}]
    with pytest.raises(InputError, match="cannot be read"):
        read_entries(tmp_path / "none.yaml")
