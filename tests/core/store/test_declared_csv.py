"""Tables that people write: read as declared, or one sentence with the file and the remedy."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.store.declared_csv import read_declared
from truceline.core.types.errors import InputError, SchemaError, TrucelineError
from truceline.core.types.schema import Column, Schema

TEAMS = Schema(
    "teams",
    (
        Column("team", pl.String(), "Its name."),
        Column("people", pl.Int64(), "How many.", low=1),
        Column("sectors", pl.List(pl.String()), "Where it may go."),
    ),
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "teams.csv"


def test_a_list_is_split_and_columns_are_those_declared(file):
    file.write_text("note,team,people,sectors\nx,A,4,north;south\ny,B,2,north\n")
    table = read_declared(file, TEAMS)
    assert table.columns == ["team", "people", "sectors"]
    assert table["sectors"].to_list() == [["north", "south"], ["north"]]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_columns_are_separated_as_the_header_shows(file, mark):
    rows = (("team", "people", "sectors"), ("A, the first", "4", "north;south"), ("B", "2", "x"))
    file.write_text("\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows))
    table = read_declared(file, TEAMS)
    assert table["team"].to_list() == ["A, the first", "B"]
    assert table["sectors"].to_list() == [["north", "south"], ["x"]]


@pytest.mark.parametrize(("a", "b"), [("1,5", "2"), ("1.5", "2.0")])
def test_a_spreadsheet_of_semicolons_may_have_decimal_commas(file, a, b):
    file.write_text(f"\ufeffname;km\nx;{a}\ny;{b}\n", encoding="utf-8")
    lengths = Schema("lengths", (Column("km", pl.Float64(), "Length, km."),))
    assert read_declared(file, lengths)["km"].to_list() == [1.5, 2.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("team,people\nA,4\n", "lacks sectors"),
        ("team,people,sectors\nA,many,north\n", "another type"),
        ("team,people,sectors\nB,1,north\nA,0,north\n", r"people \(row 2: 0, 1 or more\)"),
        ("team,people,sectors\nA,,north\n", r"people \(row 1: nothing, 1 or more\)"),
    ],
)
def test_what_is_no_such_table_says_the_file_and_its_columns(file, text, said):
    file.write_text(text)
    with pytest.raises(SchemaError, match=said) as raised:
        read_declared(file, TEAMS)
    assert "teams.csv" in str(raised.value)
    assert "team, people, sectors" in str(raised.value)


def test_a_file_that_is_not_there_is_said(file):
    with pytest.raises(InputError, match="cannot be read"):
        read_declared(file, TEAMS)


@settings(max_examples=80, deadline=None)
@given(junk=st.binary(max_size=200))
def test_whatever_bytes_it_is_one_of_our_sentences_or_a_table(tmp_path_factory, junk):
    place = tmp_path_factory.mktemp("junk") / "teams.csv"
    place.write_bytes(junk)
    try:
        assert read_declared(place, TEAMS).columns == ["team", "people", "sectors"]
    except TrucelineError as fault:
        assert "teams.csv" in str(fault)
