"""Rows are found as RFC 4180 has them, and damage stays where it is."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.evidence.sources.row_bounds import LONG, NUL, QUOTE, UNEVEN, find_rows

FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=8)


def slices(data: bytes, fields: int, **options: object) -> list[bytes]:
    found = find_rows(data, fields, **options)  # type: ignore[arg-type]
    return [data[a:b] for a, b in zip(found.start, found.end, strict=True)]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=8))
def test_rows_that_were_written_are_found_whole(rows: list[tuple[str, str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    data = out.getvalue().encode()
    found = find_rows(data, 3)
    assert not found.fault.any()
    assert found.used == len(data)
    parts = slices(data, 3)
    assert b"".join(parts) == data
    read = [next(csv.reader(io.StringIO(part.decode(), newline=""))) for part in parts]
    assert read == [list(row) for row in rows]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(1, 4))
def test_every_byte_belongs_to_one_row_or_to_a_blank_line(data: bytes, fields: int) -> None:
    found = find_rows(data, fields)
    assert found.used == len(data)
    covered = bytearray(data)
    for start, end in zip(found.start, found.end, strict=True):
        assert start < end
        covered[start:end] = b"\n" * (end - start)
    assert not bytes(covered).strip(b"\r\n")
    assert (found.start[1:] >= found.end[:-1]).all()


def test_a_stray_quote_costs_its_own_line() -> None:
    data = b'1,a\n2,"b\n3,c\n4,d\n'
    found = find_rows(data, 2)
    assert slices(data, 2) == [b"1,a\n", b'2,"b\n', b"3,c\n", b"4,d\n"]
    assert found.fault.tolist() == [0, QUOTE, 0, 0]


def test_faults_are_told_apart() -> None:
    found = find_rows(b"1,2\n1\n1,2,3\n1,\x00\n", 2)
    assert found.fault.tolist() == [0, UNEVEN, UNEVEN, NUL]


def test_an_unfinished_row_is_left_for_the_next_stretch() -> None:
    found = find_rows(b"1,2\n3,", 2, last=False)
    assert (found.start.tolist(), found.used, found.cut) == ([0], 4, False)
    assert find_rows(b"1,2\n3,4", 2).start.tolist() == [0, 4]


def test_a_row_without_end_is_cut_and_told() -> None:
    data = b"1,2\n" + b"x" * 50
    found = find_rows(data, 2, last=False, longest=20)
    assert found.cut
    assert found.used == len(data)
    assert found.fault[1] & LONG


def test_a_long_quoted_text_is_taken_for_a_stray_quote() -> None:
    data = b'1,"x\n' + b"y,z\n" * 50
    found = find_rows(data, 2, longest=40)
    assert len(found.start) == 51
    assert found.fault[0] == QUOTE
    assert not found.fault[1:].any()


def test_blank_lines_are_no_rows() -> None:
    assert slices(b"\n1,2\r\n\r\n\n3,4\n", 2) == [b"1,2\r\n", b"3,4\n"]
