"""Each row is taken in once, whatever happens on the way, and the counts add up."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.core.store.case_store import CaseStore
from truceline.core.store.state import Tally
from truceline.core.types.errors import InputError, StoreError, UnknownFormatError
from truceline.core.types.time import parse_time
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.firms import INFO, SOURCE
from truceline.evidence.sources.source import Batch, Sample

HEADER = "LATITUDE,LONGITUDE,ACQ_DATE\n"


def points(first: int, count: int) -> list[str]:
    return [
        f"{48 + i / 1000:.3f},37.5,2020-07-{1 + i % 28:02d}" for i in range(first, first + count)
    ]


def write(path: Path, rows: list[str]) -> Path:
    path.write_text(HEADER + "".join(row + "\n" for row in rows))
    return path


@dataclass(frozen=True)
class Pieces:
    """The thermal source, in batches of so many rows, that dies before one of them."""

    size: int = 10
    dies_before: int | None = None
    death: BaseException = KeyboardInterrupt()  # noqa: RUF009 - one is enough
    info = INFO

    def recognises(self, sample: Sample) -> bool:
        return SOURCE.recognises(sample)

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        (whole,) = SOURCE.read(path, settings)
        for number, first in enumerate(range(0, whole.rows, self.size)):
            if number == self.dies_before:
                raise self.death
            rows = pl.col("raw_row").is_between(first + 1, first + self.size)
            seen, bad = whole.observations.filter(rows), whole.rejects.filter(rows)
            yield Batch(seen, rejects=bad, rows=len(seen) + len(bad))


def content(store: CaseStore) -> pl.DataFrame:
    return store.scan_observations().drop("raw_file", "raw_row").sort("obs_id").collect()


@pytest.fixture
def store(tmp_path: Path) -> CaseStore:
    return CaseStore(tmp_path / "store")


def test_counts_add_up_and_repeats_across_files_add_nothing(
    store: CaseStore, tmp_path: Path
) -> None:
    rows = points(0, 30)
    one = write(tmp_path / "one.csv", [*rows[:20], rows[0], "95,95,2020-07-01"])
    two = write(tmp_path / "two.csv", rows[10:])
    report = ingest(store, [Entry(one, SOURCE), Entry(two, SOURCE)])
    assert [file.status for file in report.files] == ["taken", "taken"]
    assert report.files[0].tally == Tally(rows=22, fresh=20, repeated=1, rejected=1)
    assert report.files[1].tally == Tally(rows=20, fresh=10, repeated=10, rejected=0)
    assert report.tally.rows == 42
    assert len(content(store)) == 30
    reject = store.scan_rejects().collect().row(0, named=True)
    assert (reject["file"], reject["raw_row"]) == (str(one), 22)
    assert store.verify() == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    files=st.lists(st.lists(st.integers(0, 25), min_size=1, max_size=12), min_size=1, max_size=4),
    order=st.randoms(use_true_random=False),
    size=st.integers(1, 5),
)
def test_neither_order_nor_batches_change_what_is_held(
    tmp_path_factory, files, order, size
) -> None:
    folder = tmp_path_factory.mktemp("order")
    pool = points(0, 26)
    paths = [write(folder / f"{i}.csv", [pool[n] for n in some]) for i, some in enumerate(files)]
    turned = paths[:]
    order.shuffle(turned)
    first, second = CaseStore(folder / "a"), CaseStore(folder / "b")
    told = ingest(first, [Entry(path, SOURCE) for path in paths])
    ingest(second, [Entry(path, Pieces(size)) for path in turned])
    assert content(first).equals(content(second))
    assert len(content(first)) == len({n for some in files for n in some})
    for file in told.files:
        assert file.tally.rows == file.tally.fresh + file.tally.repeated + file.tally.rejected
    assert second.verify() == []


@pytest.mark.parametrize("dies_before", range(5))
def test_a_run_that_dies_goes_on_where_it_was(
    store: CaseStore, tmp_path: Path, dies_before: int
) -> None:
    path = write(tmp_path / "long.csv", points(0, 45) + points(0, 5))
    with pytest.raises(KeyboardInterrupt):
        ingest(store, [Entry(path, Pieces(dies_before=dies_before))])
    assert content(store).is_empty(), "a file that is not whole is not seen"
    written = {p.name: p.stat().st_mtime_ns for p in (store.folder / "observations").iterdir()}
    report = ingest(store, [Entry(path, Pieces())])
    assert report.tally == Tally(rows=50, fresh=45, repeated=5, rejected=0)
    assert len(content(store)) == 45
    kept = {p.name: p.stat().st_mtime_ns for p in (store.folder / "observations").iterdir()}
    assert len(written) == dies_before
    assert written.items() <= kept.items(), "finished parts are not written again"
    assert store.verify() == []


def test_another_file_after_a_death_leaves_no_gap(store: CaseStore, tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", points(0, 30))
    two = write(tmp_path / "two.csv", points(10, 30))
    with pytest.raises(KeyboardInterrupt):
        ingest(store, [Entry(one, Pieces(dies_before=2))])
    ingest(store, [Entry(two, Pieces())])
    assert len(content(store)) == 30
    ingest(store, [Entry(one, Pieces())])
    assert len(content(store)) == 40
    assert store.verify() == []


KILLED = """
import os, signal, sys
from pathlib import Path
from truceline.core.store.case_store import CaseStore
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.firms import SOURCE

def die(file, rows, size):
    os.kill(os.getpid(), signal.SIGKILL)

ingest(CaseStore(Path(sys.argv[1])), [Entry(Path(p), SOURCE) for p in sys.argv[2:]], progress=die)
"""


def test_a_process_killed_outright_leaves_a_sound_store(store: CaseStore, tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", points(0, 30))
    ended = subprocess.run([sys.executable, "-c", KILLED, str(store.folder), str(one)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert content(store).is_empty()
    assert ingest(store, [Entry(one, SOURCE)]).tally.fresh == 30
    assert store.verify() == []


def test_a_bad_file_is_reported_and_stops_nothing(store: CaseStore, tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", points(0, 3))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("LATITUDE,LONGITUDE\n1,2\n")
    missing = tmp_path / "missing.csv"
    report = ingest(store, [Entry(missing, SOURCE), Entry(wrong, SOURCE), Entry(good, SOURCE)])
    assert [file.status for file in report.files] == ["failed", "failed", "taken"]
    assert [type(error) for error in report.errors] == [InputError, InputError]
    assert "ACQ_DATE" in report.errors[1].message
    assert len(content(store)) == 3


def test_what_came_before_a_break_is_kept(store: CaseStore, tmp_path: Path) -> None:
    path = write(tmp_path / "breaks.csv", points(0, 30))
    broken = Pieces(dies_before=2, death=InputError("nothing makes sense.", hint="Mend it."))
    (file,) = ingest(store, [Entry(path, broken)]).files
    assert file.status == "taken"
    assert file.error is not None
    assert file.tally == Tally(rows=21, fresh=20, repeated=0, rejected=1)
    assert "broke off" in store.scan_rejects().collect()["problem"][0]


def test_a_fault_of_a_plugin_is_told_with_its_name(store: CaseStore, tmp_path: Path) -> None:
    path = write(tmp_path / "some.csv", points(0, 3))
    (file,) = ingest(
        store, [Entry(path, Pieces(dies_before=0, death=ZeroDivisionError("by 0")))]
    ).files
    assert file.status == "failed"
    assert "ZeroDivisionError" in str(file.error)
    assert ingest(store, [Entry(path, SOURCE)]).tally.fresh == 3


def test_a_full_disk_is_the_stores_fault_and_nothing_confirmed_is_lost(
    store: CaseStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (write(tmp_path / f"{n}.csv", points(30 * n, 30)) for n in (0, 1))
    ingest(store, [Entry(one, SOURCE)])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(pl.DataFrame, "write_parquet", full)
        (file,) = ingest(store, [Entry(two, SOURCE)]).files
    assert file.status == "failed"
    assert isinstance(file.error, StoreError)
    assert "No space left" in str(file.error)
    assert len(content(store)) == 30
    assert ingest(store, [Entry(two, SOURCE)]).tally.fresh == 30
    assert store.verify() == []


def test_a_file_of_no_known_kind_names_the_known_ones(store: CaseStore, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    (file,) = ingest(store, [Entry(path)], sources={"firms": SOURCE}).files
    assert isinstance(file.error, UnknownFormatError)
    assert "firms" in str(file.error)


def test_settings_that_change_are_refused_until_the_source_is_forgotten(
    store: CaseStore, tmp_path: Path
) -> None:
    path = write(tmp_path / "one.csv", points(0, 3))
    other = write(tmp_path / "two.csv", points(3, 3))
    ingest(store, [Entry(path, SOURCE)])
    narrow = {"bbox": [37, 47, 38, 49]}
    (file,) = ingest(store, [Entry(other, SOURCE, narrow)]).files
    assert isinstance(file.error, StoreError)
    with store.writer() as writer:
        writer.forget("firms")
    assert content(store).is_empty()
    assert ingest(store, [Entry(other, SOURCE, narrow)]).tally.fresh == 3
    assert store.verify() == []


def test_settings_that_did_not_work_can_be_mended(store: CaseStore, tmp_path: Path) -> None:
    path = write(tmp_path / "one.csv", points(0, 45))
    assert ingest(store, [Entry(path, SOURCE, {"bbox": "wrong"})]).files[0].status == "failed"
    with pytest.raises(KeyboardInterrupt):
        ingest(store, [Entry(path, Pieces(dies_before=3), {"bbox": [37, 47, 38, 48.02]})])
    report = ingest(store, [Entry(path, Pieces())])
    assert report.tally == Tally(rows=45, fresh=45)
    assert store.verify() == []


def test_rows_of_the_future_are_rejected(store: CaseStore, tmp_path: Path) -> None:
    path = write(tmp_path / "one.csv", [*points(0, 2), "48,37,2031-01-01"])
    limit = parse_time("2026-01-01T00:00:00Z")
    report = ingest(store, [Entry(path, SOURCE)], received_before=limit)
    assert report.tally.rejected == 1
    assert "future" in store.scan_rejects().collect()["problem"][0]


def test_progress_is_told_with_rows_and_size(store: CaseStore, tmp_path: Path) -> None:
    path = write(tmp_path / "one.csv", points(0, 25))
    told: list[tuple[int, int]] = []
    ingest(
        store, [Entry(path, Pieces())], progress=lambda _f, rows, size: told.append((rows, size))
    )
    assert told == [(n, path.stat().st_size) for n in (10, 20, 25)]
