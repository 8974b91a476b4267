"""A watch: feeds and folders followed as they grow, incidents kept up with their history.

A round looks for new files, takes them into the store, and works out anew only the
neighbourhoods that the new observations fall into. The incidents that stand after any round
are those that a run over the same files would give. All there is between two rounds is the
store and the history, so a watch goes on from wherever the last one was stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.agreement.case import Case
from truceline.core.store.case_store import CaseStore
from truceline.core.types.time import SECOND
from truceline.evidence.feeds import feed_files
from truceline.evidence.ingest import Entry, IngestReport, ingest
from truceline.evidence.sources.source import Source
from truceline.judgement.incidents.association import associate
from truceline.judgement.incidents.history import Event, History
from truceline.judgement.incidents.neighbourhoods import affected


@dataclass(frozen=True)
class Round:
    """What one round of a watch gave.

    Attributes
    ----------
    ingested : IngestReport
        What became of the files.
    events : tuple of Event
        What became of incidents.
    """

    ingested: IngestReport
    events: tuple[Event, ...]


def watch(
    look: Callable[[], list[Entry]],
    output: Path,
    *,
    clock: Callable[[], int],
    rest: Callable[[], bool],
) -> Iterator[Round]:
    """Yield the rounds of a watch.

    Parameters
    ----------
    look : callable
        Gives the files that are there now; those taken in before are passed over.
    output : Path
        Folder for the store and the history.
    clock : callable
        Gives the time, UTC microseconds; rows dated later are rejected.
    rest : callable
        Waits until the next round; says whether there is to be one.
    """
    output.mkdir(parents=True, exist_ok=True)
    store, history = CaseStore(output / "store"), History(output / "incidents.sqlite")
    while True:
        now = clock()
        before = history.events()[-1:]
        ingested = ingest(store, look(), received_before=now)
        keep_up(store, history, now)
        yield Round(ingested, tuple(history.events(before[0].number if before else 0)))
        if not rest():
            return


def keep_up(store: CaseStore, history: History, now: int) -> None:
    """Bring the incidents up to what the store holds, one of its segments at a time."""
    looked_at = history.segments()
    for path in store.paths("observations"):
        if path.name in looked_at:
            continue

        def read(low: int, high: int) -> pl.DataFrame:
            touches = (pl.col("t_end") >= low) & (pl.col("t_start") <= high)
            return store.scan_observations().filter(touches).collect()

        observations = affected(pl.read_parquet(path), read)
        _, members = associate(observations)
        first = (
            members.join(observations, on="obs_id")
            .sort("t_start", "obs_id")
            .unique("incident_id", keep="first", maintain_order=True)
        )
        earliest = dict(first.select("incident_id", "obs_id").iter_rows())
        history.enter(members, earliest, [path.name], now)


def follow(
    case: Case, sources: dict[str, Source], data: Path | None, *, settled: Callable[[Path], bool]
) -> list[Entry]:
    """Return the files of a case's feeds that are there and no longer being written.

    Parameters
    ----------
    case : Case
        The case.
    sources : dict
        Installed sources by name.
    data : Path or None
        Folder of the feeds' files, where they are not in the case's own.
    settled : callable
        Says whether a file has been left alone long enough to be read.
    """
    return [
        entry
        for found in feed_files(case, sources, data)
        for entry in found.entries
        if settled(entry.path)
    ]


def left_alone(path: Path, now: int, seconds: float) -> bool:
    """Return whether a file was last written at least so many seconds ago."""
    return path.stat().st_mtime_ns // 1_000 <= now - seconds * SECOND
