"""The database: all of a block or nothing, one writer at a time, on both kinds."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, select

from truceline.core.store.sql import Database, open_database
from truceline.core.types.errors import StoreError

TABLES = MetaData()
MARK = Table("mark", TABLES, Column("number", Integer, primary_key=True, autoincrement=False))


@pytest.fixture
def database(address: str) -> Database:
    made = open_database(address)
    made.make(TABLES)
    return made


def marks(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.scalars(select(MARK.c.number).order_by(MARK.c.number)))


def test_a_block_that_fails_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute(MARK.insert().values(number=1))
        _ = 1 / 0
    assert marks(database) == []


def test_writers_do_not_come_between_a_look_and_a_write(database):
    """Each takes the count as its number: two that looked at once would clash."""

    def write() -> None:
        for _ in range(20):
            with database.writing() as connection:
                number = connection.scalar(select(func.count()).select_from(MARK))
                connection.execute(MARK.insert().values(number=number))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert marks(database) == list(range(80))


def test_a_reader_cannot_write_for_good(database):
    # PostgreSQL refuses; SQLite drops what was written when the block ends.
    try:
        with database.reading() as connection:
            connection.execute(MARK.insert().values(number=7))
    except StoreError as error:
        assert "read-only" in str(error)
    assert marks(database) == []


def test_the_kind_of_an_address_must_be_known():
    with pytest.raises(StoreError, match="no database of the kind"):
        open_database("mysql://somewhere/x")
    with pytest.raises(StoreError, match="cannot be read"):
        open_database("!://x")


def test_a_password_is_never_said():
    database = open_database("postgresql://me:secret-word@127.0.0.1:1/x")
    with pytest.raises(StoreError) as caught, database.reading():
        pass
    assert "secret-word" not in str(caught.value)


def test_an_address_without_a_scheme_is_a_file(tmp_path: Path):
    path = tmp_path / "some.sqlite"
    open_database(str(path)).make(TABLES)
    assert path.is_file()
