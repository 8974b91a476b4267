"""The same row of the same source is the same observation, wherever and however often it comes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.evidence.observations import count_witnesses, distinct, file_digest, observation_id

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x1f"), max_size=6)


def ids(source: str, rows: list[tuple[str | None, str | None]]) -> list[str]:
    table = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")
    return table.select(observation_id(source, ["a", "b"]).alias("id"))["id"].to_list()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=10))
def test_identity_is_of_the_row_and_not_of_its_place(rows: list[tuple[str, str]]) -> None:
    forth, back = ids("s", rows), ids("s", rows[::-1])
    assert forth == back[::-1]
    assert len(set(forth)) == len({(a.strip(), b.strip()) for a, b in rows})


def test_identity_is_fixed_for_ever() -> None:
    # Stored identities would all change with this value.
    assert ids("source", [("1", "2")]) == ["7799d2396f455023527f1d0902941550"]
    assert ids("source", [("1", "2")]) == ids("source", [(" 1 ", "2\t")])
    assert ids("source", [("1", None)]) == ids("source", [("1", "")])


def test_another_source_or_another_division_is_another_observation() -> None:
    assert ids("one", [("1", "2")]) != ids("two", [("1", "2")])
    assert ids("one", [("12", "")]) != ids("one", [("1", "2")])


def test_repeats_are_counted_and_add_nothing() -> None:
    table = pl.DataFrame({"obs_id": ["a", "b", "a", "c", "b"], "n": [1, 2, 3, 4, 5]})
    new = distinct(table)
    assert (new.observations["n"].to_list(), new.repeats) == ([1, 2, 4], 2)
    later = distinct(table, known=pl.Series(["b", "z"]))
    assert (later.observations["n"].to_list(), later.repeats) == ([1, 4], 3)


def test_a_witness_counts_once_in_each_source() -> None:
    table = pl.DataFrame({"source": ["x", "x", "y", "x"], "witness": ["p", "p", "p", "q"]})
    assert count_witnesses(table) == 3


def test_a_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"abc" * 100_000)
    assert file_digest(path) == hashlib.sha256(b"abc" * 100_000).hexdigest()
