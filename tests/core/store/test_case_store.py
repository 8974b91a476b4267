"""A store holds each row once, admits one writer, and knows when it is not sound."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import polars as pl
import pytest

from truceline.core.store.case_store import CaseStore
from truceline.core.store.segments import TABLES, write_segment
from truceline.core.store.state import Tally
from truceline.core.types.errors import SchemaError, StoreError
from truceline.core.types.tables import OBSERVATION


def observations(*ids: str, start: int = 0, source: str = "s") -> pl.DataFrame:
    rows = [
        {
            "obs_id": name,
            "source": source,
            "instrument": "patrol",
            "witness": "w",
            "t_start": start + i,
            "t_end": start + i,
            "received_at": start + i,
            "phenomenon": "explosion",
            "handling": "CLEAR",
            "raw_file": "f",
            "raw_row": i,
        }
        for i, name in enumerate(ids)
    ]
    return OBSERVATION.conform(pl.DataFrame(rows))


def effort(start: int) -> pl.DataFrame:
    schema, _ = TABLES["effort"]
    row = {
        "source": "s",
        "instrument": "patrol",
        "t_start": start,
        "t_end": start + 1,
        "phenomenon": "explosion",
        "p_detect": 0.5,
        "reason": "watching",
    }
    return schema.conform(pl.DataFrame([row]))


def take(store: CaseStore, name: str, table: pl.DataFrame, **others: pl.DataFrame) -> None:
    with store.writer() as writer:
        writer.begin("s", name, f"{name}.csv", 1)
        writer.put("s", name, 0, {"observations": table, **others}, Tally(len(table), len(table)))
        writer.finish("s", name)


@pytest.fixture
def store(tmp_path: Path) -> CaseStore:
    return CaseStore(tmp_path / "store")


def test_polars_and_duckdb_read_the_same(store: CaseStore) -> None:
    take(store, "one", observations("b", "a", start=5))
    take(store, "two", observations("c", start=1))
    frame = store.scan_observations().sort("obs_id").collect()
    assert frame.schema == OBSERVATION.empty().schema
    rows = (
        store.sql()
        .sql("SELECT obs_id, t_start, phenomenon FROM observations ORDER BY 1")
        .fetchall()
    )
    assert rows == frame.select("obs_id", "t_start", "phenomenon").rows()
    assert [taken.tally.rows for taken in store.taken()] == [2, 1]


def test_an_empty_store_can_be_asked(store: CaseStore) -> None:
    for table in TABLES:
        assert store.sql().sql(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]
    assert store.scan_effort().collect().is_empty()
    assert store.verify() == []


def test_the_same_effort_stated_twice_is_stated_once(store: CaseStore) -> None:
    take(store, "one", observations("a"), effort=effort(1))
    take(store, "two", observations("b"), effort=pl.concat([effort(1), effort(2)]))
    assert len(store.scan_effort().collect()) == 2


def test_only_identities_in_the_span_and_of_the_source_are_looked_up(store: CaseStore) -> None:
    take(store, "one", observations("a", "b", "c", start=10))
    with store.writer() as writer:
        asked = observations("x", "b", start=10)
        assert writer.known("s", "new", asked).to_list() == ["b"]
        assert writer.known("s", "new", observations("b", start=500)).to_list() == []
        assert writer.known("other", "new", asked).to_list() == []


def test_a_second_writer_is_refused_and_readers_are_not(store: CaseStore) -> None:
    with store.writer():
        again = CaseStore(store.folder)
        assert again.verify() == []
        with pytest.raises(StoreError, match="another process"), again.writer():
            pass
    with store.writer():
        pass


def test_strays_of_a_dead_process_are_not_seen_and_are_removed(store: CaseStore) -> None:
    take(store, "one", observations("a"))
    write_segment(store.folder, "observations", "stray.parquet", observations("z"))
    (store.folder / "observations" / ".half.parquet.part").write_bytes(b"PAR1")
    assert store.scan_observations().collect()["obs_id"].to_list() == ["a"]
    take(store, "two", observations("b"))
    assert len(list((store.folder / "observations").iterdir())) == 2


def test_a_changed_or_missing_segment_is_found(store: CaseStore) -> None:
    take(store, "one", observations("a"))
    (path,) = store.paths("observations")
    data = path.read_bytes()
    path.write_bytes(data[:40] + bytes([data[40] ^ 1]) + data[41:])
    (fault,) = store.verify()
    assert "not as it was written" in fault
    path.unlink()
    assert "missing" in store.verify()[0]


def test_identities_that_stand_twice_are_found(store: CaseStore) -> None:
    take(store, "one", observations("a", "b"))
    take(store, "two", observations("b"))
    assert store.verify() == ["1 observations are there twice."]


def test_counts_that_do_not_agree_are_found(store: CaseStore) -> None:
    take(store, "one", observations("a", "b"))
    with sqlite3.connect(store.folder / "state.sqlite") as db:
        db.execute("UPDATE part SET fresh = 1")
    faults = store.verify()
    assert any("do not add up" in fault for fault in faults)
    assert any("2 observations are there, 1 were entered" in fault for fault in faults)


def test_a_table_that_does_not_fit_its_schema_is_not_written(store: CaseStore) -> None:
    with pytest.raises(SchemaError):
        write_segment(store.folder, "observations", "x.parquet", observations("a").drop("obs_id"))
    assert list((store.folder / "observations").iterdir()) == []


def test_a_state_that_is_no_database_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match="cannot be used") as caught:
        CaseStore(tmp_path)
    assert caught.value.hint


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be opened"):
        CaseStore(tmp_path / "file" / "store")


def test_segments_are_sorted_by_time(store: CaseStore) -> None:
    mixed = pl.concat([observations("a", start=9), observations("b", start=3)])
    take(store, "one", mixed)
    (path,) = store.paths("observations")
    assert pl.read_parquet(path)["t_start"].to_list() == [3, 9]
