"""The log: once each, never changed, and what it acknowledged is there after a kill."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from truceline.core.store.sql import open_database
from truceline.core.types.errors import RecordError, StoreError
from truceline.record.commitments import keeps_its_word
from truceline.record.entries import entry, from_line, to_line
from truceline.record.log import Log
from truceline.record.redaction import Audience, redacted_entry
from truceline.record.tree import root_of

AT = "2031-05-02T12:00:00Z"


def claim(text="We counted 12.", contact="a person"):
    values = {"party": "alpha", "text": text, "contact": contact}
    return entry("claim", AT, values, os.urandom)


def test_the_same_key_is_written_down_once(address):
    log = Log(open_database(address))
    first = log.append(claim(), "claim 1")
    again = log.append(claim("something else"), "claim 1")
    assert (first.number, first.is_new, again.number, again.is_new) == (0, True, 0, False)
    assert again.leaf == first.leaf
    assert [item.values()["text"] for item in log.entries()] == ["We counted 12."]


def test_the_checkpoint_is_the_root_over_all_entries(address):
    log = Log(open_database(address))
    for number in range(5):
        log.append(claim(), str(number))
    point = log.checkpoint("example")
    assert point.size == 5
    assert point.root == root_of([item.leaf() for item in log.entries()])


@pytest.mark.parametrize("statement", ["DELETE FROM entry", "UPDATE entry SET line = ''"])
def test_nothing_can_be_changed_or_taken_out(address, statement):
    database = open_database(address)
    Log(database).append(claim(), "1")
    with (
        pytest.raises(StoreError, match="append-only"),
        database.writing() as connection,
    ):
        connection.exec_driver_sql(statement)


def test_a_file_that_is_no_log_is_said_to_be_none(tmp_path):
    path = tmp_path / "log.sqlite"
    path.write_bytes(b"no database at all, and long enough to be looked at" * 40)
    with pytest.raises(StoreError, match="cannot be used"):
        Log(open_database(path))


def test_a_redacted_entry_has_the_same_leaf_and_tells_less():
    whole = claim()
    shown = redacted_entry(whole, Audience("CLEAR"))
    assert shown.leaf() == whole.leaf()
    assert shown.values() == {"party": "alpha", "text": "We counted 12."}
    assert shown.faults() == []
    assert from_line(to_line(shown), 0) == shown


def test_two_commitments_to_one_value_differ_and_neither_can_be_another():
    one, two = claim().fields["contact"], claim().fields["contact"]
    assert one.commitment != two.commitment
    assert keeps_its_word("contact", one)
    assert not keeps_its_word("party", one)


@pytest.mark.parametrize(
    ("kind", "values"), [("rumour", {}), ("claim", {"mood": "bad"}), ("claim", {"text": 2**60})]
)
def test_what_the_record_does_not_know_is_refused(kind, values):
    with pytest.raises(RecordError):
        entry(kind, AT, values, os.urandom)


WRITER = """
import os, sys
from truceline.core.store.sql import open_database
from truceline.record.entries import entry
from truceline.record.log import Log
log = Log(open_database(sys.argv[1]))
for number in range(10_000):
    made = entry("claim", "2031-05-02T12:00:00Z", {"text": str(number)}, os.urandom)
    log.append(made, f"claim {number}")
    print(number, flush=True)
"""


def test_killed_at_any_moment_what_was_acknowledged_is_there_once(address):
    dice = random.Random(4)
    acknowledged = -1
    for _ in range(6):
        command = [sys.executable, "-c", WRITER, address]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for line in writer.stdout:
                acknowledged = max(acknowledged, int(line))
                if dice.random() < 0.05:
                    break
            time.sleep(dice.random() * 0.02)
            writer.send_signal(signal.SIGKILL)
            for line in writer.stdout:
                acknowledged = max(acknowledged, int(line))
    log = Log(open_database(address))
    texts = [item.values()["text"] for item in log.entries()]
    assert texts == [str(number) for number in range(len(texts))]
    assert len(texts) > acknowledged > 5
    assert log.leaves() == [item.leaf() for item in log.entries()]
