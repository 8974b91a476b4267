"""Any delimited file is read in stretches, and every row is a row of the table or a reject."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.evidence.sources.delimited import ROW, Rows, header_of, read_rows


def read(
    path: Path, data: bytes, required: tuple[str, ...] = ("a", "b"), **options: object
) -> Rows:
    path.write_bytes(data)
    parts = list(read_rows(path, required, **options))  # type: ignore[arg-type]
    return Rows(
        pl.concat([part.table for part in parts]), pl.concat([part.rejects for part in parts])
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def test_every_column_stays_text_and_rows_are_numbered(file: Path) -> None:
    rows = read(file, b"a,b\n01,2.50\n,x\n")
    assert rows.table.schema == {"a": pl.String, "b": pl.String, ROW: pl.Int64}
    assert rows.table.rows() == [("01", "2.50", 1), (None, "x", 2)]


def test_byte_order_mark_quotes_and_line_ends_of_windows(file: Path) -> None:
    rows = read(file, b'\xef\xbb\xbf"a","b"\r\n"1","x, ""y""\r\nz"\r\n')
    assert rows.table.rows() == [("1", 'x, "y"\r\nz', 1)]
    assert rows.rejects.is_empty()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=st.integers(1, 90), data=st.binary(max_size=150))
def test_the_size_of_a_stretch_changes_nothing(file: Path, size: int, data: bytes) -> None:
    tame = data.replace(b"\r", b"") + b'\n1,"x\ny"\n2,z\n'
    whole = read(file, b"a,b\n" + tame)
    parts = read(file, b"a,b\n" + tame, block_bytes=size)
    assert parts.table.equals(whole.table)
    assert parts.rejects.equals(whole.rejects)


def test_a_row_cut_short_is_rejected_with_what_is_left_of_it(file: Path) -> None:
    rows = read(file, b"a,b\n1,2\n3")
    assert rows.table.rows() == [("1", "2", 1)]
    reject = rows.rejects.row(0, named=True)
    assert (reject["raw_row"], reject["raw"]) == (2, "3")
    assert "as many fields" in reject["problem"]
    assert reject["remedy"]


def test_foreign_bytes_cost_their_row(file: Path) -> None:
    rows = read(file, "a,b\n1,Żytomir\n2,Zür".encode() + b"\xfcich\n3,x\n")
    assert rows.table[ROW].to_list() == [1, 3]
    assert "UTF-8" in rows.rejects["problem"][0]


def test_latin_1_is_read_where_it_is_asked_for_or_sniffed(file: Path) -> None:
    data = "a,b\n1,Región\n".encode("latin-1")
    for encoding in ("latin-1", "sniff"):
        assert read(file, data, encoding=encoding).table["b"][0] == "Región"
    assert read(file, "a,b\n1,Región\n".encode(), encoding="sniff").table["b"][0] == "Región"


def test_nul_bytes_cost_their_row(file: Path) -> None:
    rows = read(file, b"a,b\n1,\x00\n" * 1 + b"2,x\n")
    assert rows.table["a"].to_list() == ["2"]
    assert "NUL" in rows.rejects["problem"][0]


def test_a_quote_within_a_plain_field_is_text_if_it_can_be(file: Path) -> None:
    rows = read(file, b'a,b\n1,the "old" bridge\n2,5" gun\n3,x\n')
    assert rows.table.rows() == [("1", 'the "old" bridge', 1), ("3", "x", 3)]
    assert rows.rejects["raw"].to_list() == ['2,5" gun']


def test_a_line_without_end_does_not_fill_the_memory(file: Path) -> None:
    rows = read(file, b"a,b\n1,2\n" + b"x" * (5 << 20) + b"\n3,4\n", block_bytes=1 << 20)
    assert rows.table["a"].to_list() == ["1", "3"]
    assert "too long" in rows.rejects["problem"][0]
    assert len(rows.rejects["raw"][0]) <= 2000


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        ("a,b\n1,2\n".encode("utf-16-le"), "UTF-16"),
        (b"a,b\r1,2\r", "carriage return"),
        (b"a,c\n1,2\n", "the columns b are missing; expected a, b; found a, c"),
        (b"a,b,a\n1,2,3\n", "twice"),
    ],
)
def test_a_file_that_is_not_this_is_one_clear_error(file: Path, data: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read(file, data)
    assert caught.value.hint
    assert caught.value.where is not None
    assert caught.value.where.file == str(file)


def test_another_separator_is_suspected(file: Path) -> None:
    with pytest.raises(InputError, match="separator seems to be ';'"):
        read(file, b"a;b\n1;2\n")


def test_a_header_is_read_with_its_quotes() -> None:
    assert header_of(b'"a, the first",b \r\n') == ("a, the first", "b")
    assert header_of(b"") == ()


def test_a_column_that_is_not_needed_may_stand_twice(file: Path) -> None:
    assert read(file, b"a,b,x,x\n1,2,3,4\n").table.columns == ["a", "b", "x", "x_3", ROW]
