"""The register keeps every change and finds any change made around it."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from truceline.accounts.statements.register import Register
from truceline.core.types.errors import InputError, StoreError


@pytest.fixture
def register(tmp_path):
    return Register(tmp_path / "register.sqlite")


def test_a_statement_comes_back_as_it_went_in(register, statement):
    first = statement(quote="Слова", language="ru", repeats=("s0",), date_precision="day")
    register.add(first, by="ann", at=1)
    assert register.statements() == [first]
    assert Register(register.path).statements() == [first]


def test_a_month_stays_a_month_and_no_date_stays_none(register, statement):
    month = statement("m", date=statement().date.replace(day=1), date_precision="month")
    undated = statement("u", date=None, date_precision="undated")
    register.add(month, by="ann", at=1)
    register.add(undated, by="ann", at=2)
    assert register.statements() == [month, undated]


def test_an_amendment_keeps_the_old_version(register, statement):
    register.add(statement(), by="ann", at=1)
    register.amend(replace(statement(), summary="Better."), by="bo", at=2, why="clearer")
    assert [s.summary for s in register.statements()] == ["Better."]
    history = register.entries("s1")
    assert [(e.action, e.by, e.why) for e in history] == [
        ("add", "ann", "first entry"),
        ("amend", "bo", "clearer"),
    ]
    assert history[0].content["summary"] == "If B does it, A will answer."


def test_a_retraction_takes_it_and_its_codings_out_of_the_counts(register, statement, coding):
    register.add(statement(), by="ann", at=1)
    register.code(coding(), by="bo", at=2)
    assert len(register.codings()) == 1
    register.retract("s1", by="ann", at=3, why="misquoted")
    assert register.statements() == []
    assert register.codings() == []
    assert register.verify() == 3


def test_a_coder_who_codes_again_is_counted_once(register, statement, coding):
    register.add(statement(), by="ann", at=1)
    register.code(coding(coder="one"), by="one", at=2)
    register.code(coding(coder="one", condition="contested"), by="one", at=3)
    assert [c.condition for c in register.codings()] == ["contested"]
    assert len(register.entries()) == 3


def test_mistakes_are_sentences(register, statement, coding):
    with pytest.raises(InputError, match="not in the register"):
        register.code(coding(), by="one", at=1)
    register.add(statement(), by="ann", at=1)
    with pytest.raises(InputError, match="already"):
        register.add(statement(), by="ann", at=2)
    with pytest.raises(InputError, match="a name and a reason"):
        register.retract("s1", by=" ", at=3, why="x")


def test_the_file_refuses_changes_and_verify_finds_those_made_around_it(register, statement):
    register.add(statement(), by="ann", at=1)
    register.add(statement("s2"), by="ann", at=2)
    assert register.verify() == 2
    with sqlite3.connect(register.path) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            connection.execute("UPDATE entry SET by = 'eve'")
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            connection.execute("DELETE FROM entry")
        connection.execute("DROP TRIGGER entry_no_update")
        connection.execute("UPDATE entry SET by = 'eve' WHERE seq = 1")
        connection.commit()
    with pytest.raises(StoreError, match="was changed"):
        register.verify()


def test_a_file_that_is_no_register_is_a_clear_error(tmp_path):
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"not a database, but long enough to be read as one" * 40)
    with pytest.raises(StoreError, match="cannot be used: file is not a database"):
        Register(path)
    with pytest.raises(StoreError, match="cannot be opened"):
        Register(path / "below" / "a.sqlite")


def test_many_who_enter_at_once_make_one_chain(register, statement):
    def enter(place):
        Register(register.path).add(statement(f"s{place}"), by="ann", at=place)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(enter, range(12)))
    assert register.verify() == 12
    assert len(register.statements()) == 12
