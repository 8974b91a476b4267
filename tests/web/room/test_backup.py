"""A room moves whole, from one kind of database to the other, and its record still verifies."""

import pytest
from sqlalchemy import select

from truceline.core.store.sql import open_database
from truceline.core.types.errors import StoreError
from truceline.record.log import Log
from truceline.record.reviews import Review
from truceline.web.access.roles import Viewer
from truceline.web.room.backup import back_up, restore
from truceline.web.room.decisions import review
from truceline.web.room.tables import ACCOUNT, REVIEW, SESSION

ANNA = Viewer("anna", "analyst", None, "h1")


def written(room):
    incident = room.working().incidents["incident_id"][0]
    review(room, ANNA, Review(incident, "confirm", "Seen from two sides.", "h1"))


def rows(database, table):
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(table))]


def test_a_room_comes_back_as_it_was(room, tmp_path):
    written(room)
    (room.folder / "record.key").write_text("secret")
    back_up(room.database, room.folder, tmp_path / "b.tar.gz", with_key=False)
    again = open_database(tmp_path / "again.sqlite")
    restore(again, tmp_path / "again", tmp_path / "b.tar.gz")
    for table in (ACCOUNT, REVIEW):
        assert sorted(rows(again, table)) == sorted(rows(room.database, table))
    assert rows(again, SESSION) == []
    assert Log(again).checkpoint("x").root == room.log.checkpoint("x").root
    assert not (tmp_path / "again" / "record.key").exists()
    kept = sorted(p.relative_to(room.folder) for p in (room.folder / "store").rglob("*.parquet"))
    assert kept
    assert all((tmp_path / "again" / path).is_file() for path in kept)


def test_nothing_is_restored_over_something(room, tmp_path):
    written(room)
    back_up(room.database, room.folder, tmp_path / "b.tar.gz", with_key=False)
    with pytest.raises(StoreError, match="not empty"):
        restore(room.database, room.folder, tmp_path / "b.tar.gz")


def test_a_file_that_is_no_backup_is_said_to_be_none(tmp_path):
    (tmp_path / "b.tar.gz").write_bytes(b"no archive")
    with pytest.raises(StoreError, match="cannot be read"):
        restore(open_database(tmp_path / "x.sqlite"), tmp_path, tmp_path / "b.tar.gz")
