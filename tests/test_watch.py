"""A watch gives what a run gives, whatever the order, and however often it is killed."""

import os
import random
import shutil
import signal
import subprocess
import sys

import polars as pl
import pytest

from truceline.core.store.case_store import CaseStore
from truceline.evidence.ingest import Entry
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.incidents.association import associate
from truceline.judgement.incidents.history import History
from truceline.watch import left_alone, watch

NOW = 1_700_000_000_000_000


def feeds(folder, rng, files=8, rows=40):
    """Write files of fires on 12 days: places in a row, so that chains grow, join and split."""
    folder.mkdir()
    table = [
        f"{48 + rng.random() * 0.05:.4f},{37 + rng.random() * 0.25:.4f},"
        f"2020-07-{1 + rng.randrange(12):02d}"
        for _ in range(files * rows)
    ]
    for i in range(files):
        lines = ["LATITUDE,LONGITUDE,ACQ_DATE", *table[i * rows : (i + 1) * rows]]
        (folder / f"{i}.csv").write_text("\n".join(lines) + "\n")
    return sorted(folder.iterdir())


def entries(paths):
    source = installed_sources()["firms"]
    return [Entry(path, source, {}) for path in paths]


def one_by_one(paths, output):
    """Watch a folder into which one file comes before each round."""
    there = []
    waiting = list(paths)

    def look():
        there.append(waiting.pop(0))
        return entries(there)

    return list(watch(look, output, clock=lambda: NOW, rest=lambda: bool(waiting)))


def check(output):
    """Hold the incidents to those of one association of all that the store has."""
    store, history = CaseStore(output / "store"), History(output / "incidents.sqlite")
    assert store.verify() == []
    incidents, members = associate(store.scan_observations().collect())
    assert history.members().equals(members)
    standing = set(incidents["incident_id"])
    state = {}
    for event in history.events():
        held = state.get(event.incident_id)
        allowed = {
            "appeared": {None},
            "changed": {"up"},
            "superseded": {"up"},
            "returned": {"gone"},
        }
        assert held in allowed[event.what], "an incident comes, changes and goes in order."
        state[event.incident_id] = "gone" if event.what == "superseded" else "up"
    assert {i for i, s in state.items() if s == "up"} == standing
    assert all(history.standing(i) in standing for i in state), "none vanishes silently."
    return history


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_files_gives_the_incidents_of_a_run(seed, tmp_path):
    rng = random.Random(seed)
    paths = feeds(tmp_path / "in", rng)
    rng.shuffle(paths)
    rounds = one_by_one(paths, tmp_path / "out")
    assert all(r.events for r in rounds)
    history = check(tmp_path / "out")
    whats = {event.what for event in history.events()}
    assert {"appeared", "changed", "superseded"} <= whats


def test_a_round_with_nothing_new_changes_nothing(tmp_path):
    paths = feeds(tmp_path / "in", random.Random(1), files=2)
    one_by_one(paths, tmp_path / "out")
    again = list(
        watch(lambda: entries(paths), tmp_path / "out", clock=lambda: NOW, rest=lambda: False)
    )
    assert [r.events for r in again] == [()]
    assert {f.status for f in again[0].ingested.files} == {"known"}


def test_a_late_report_renames_an_incident_and_the_old_name_leads_to_it(tmp_path):
    head = (
        "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
        "confidence,version,bright_t31,frp,daynight\n"
    )
    row = "48.0,{},322.9,1.12,1.05,2022-06-01,{},Terra,MODIS,46,6.1NRT,302.7,12.41,D\n"
    (tmp_path / "a.csv").write_text(head + row.format("37.000", "0824"))
    (tmp_path / "b.csv").write_text(head + row.format("37.001", "0644"))
    first, second = one_by_one([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "out")
    old = first.events[0].incident_id
    assert [e.what for e in second.events] == ["appeared", "superseded"]
    new = second.events[0].incident_id
    assert second.events[1].superseded_by == new
    assert check(tmp_path / "out").standing(old) == new


def test_a_file_still_being_written_is_left(tmp_path):
    (tmp_path / "a").touch()
    os.utime(tmp_path / "a", (1_000, 1_000))
    assert not left_alone(tmp_path / "a", 1_001_000_000, 2)
    assert left_alone(tmp_path / "a", 1_002_000_000, 2)


#: A watch of its own process: it says when it begins, so that a kill falls into the work.
WATCHER = """
import sys
from pathlib import Path
from truceline.evidence.ingest import Entry
from truceline.evidence.sources.source import installed_sources
from truceline.watch import watch
source, waiting, there = installed_sources()["firms"], [Path(p) for p in sys.argv[3:]], []
def look():
    there.append(waiting.pop(0))
    return [Entry(path, source, {}) for path in there]
print("begins", flush=True)
for _ in watch(look, Path(sys.argv[1]), clock=lambda: int(sys.argv[2]), rest=lambda: bool(waiting)):
    pass
"""


def kill_often(folder, kills, rng):
    """Kill watches at random moments until so many died; return how many were started.

    A killed one is taken up again by the next. One that ended before its moment came is
    checked, and the next begins anew.
    """
    paths = feeds(folder / "in", rng, files=12)
    died = started = 0
    longest = 2.0
    while died < kills and started < 10 * kills:
        rng.shuffle(paths)
        command = [sys.executable, "-c", WATCHER, str(folder / "out"), str(NOW), *map(str, paths)]
        started += 1
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watcher:
            assert watcher.stdout is not None
            assert watcher.stdout.readline() == "begins\n"
            try:
                code = watcher.wait(timeout=rng.random() * longest)
            except subprocess.TimeoutExpired:
                watcher.send_signal(signal.SIGKILL)
                died += 1
                continue
        assert code == 0
        check(folder / "out")
        shutil.rmtree(folder / "out")
        longest = max(0.1, longest / 2)
    list(watch(lambda: entries(paths), folder / "out", clock=lambda: NOW, rest=lambda: False))
    check(folder / "out")
    assert died == kills, f"{died} of {started} died"
    return started


def test_killed_at_random_moments_nothing_is_lost_and_nothing_is_there_twice(tmp_path):
    assert kill_often(tmp_path, 6, random.Random(7)) >= 6
    store = CaseStore(tmp_path / "out" / "store")
    assert sum(t.tally.rows for t in store.taken()) == 480
    assert store.scan_observations().select(pl.col("obs_id").n_unique()).collect().item() == (
        store.scan_observations().select(pl.len()).collect().item()
    )
