"""A watch: feeds and folders followed as they grow, incidents kept up with their history.

A round looks for new files, takes them into the store, and works out anew only the
neighbourhoods that the new observations fall into. The incidents that stand after any round
are those that a run over the same files would give. All there is between two rounds is the
store and the history, so a watch goes on from wherever the last one was stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from truceline.agreement.case import Case
from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import TrucelineError
from truceline.core.types.time import SECOND
from truceline.evidence.feeds import feed_files
from truceline.evidence.ingest import Entry, IngestReport, ingest
from truceline.evidence.sources.source import Source
from truceline.judgement.incidents.association import associate
from truceline.judgement.incidents.history import Event, History
from truceline.judgement.incidents.neighbourhoods import affected
from truceline.judgement.incidents.summary import SUMMARISED

#: Events that are sent to a topic at a time.
_EVENTS: Final = 10_000

#: Size and time of a file; None where it is not there.
_Stamp = tuple[int, int] | None


@dataclass(frozen=True)
class Round:
    """What one round of a watch gave.

    Attributes
    ----------
    ingested : IngestReport
        What became of the files.
    events : tuple of Event
        What became of incidents.
    faults : tuple of TrucelineError
        Which intakes and outlets failed; they are tried again in the next round.
    """

    ingested: IngestReport
    events: tuple[Event, ...]
    faults: tuple[TrucelineError, ...] = ()


def watch(
    look: Callable[[], list[Entry]],
    output: Path,
    *,
    clock: Callable[[], int],
    rest: Callable[[], bool],
    intakes: Sequence[Callable[[], object]] = (),
    outlets: Sequence[Callable[[History], object]] = (),
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
    intakes : sequence of callable
        Bring in files before a round looks, such as a topic's messages.
    outlets : sequence of callable
        Tell others of the history after a round.
    """
    output.mkdir(parents=True, exist_ok=True)
    store, history = CaseStore(output / "store"), History(output / "incidents.sqlite")
    taken: dict[Path, _Stamp] = {}
    while True:
        now, before = clock(), history.last()
        faults = [fault for intake in intakes if (fault := _tried(intake))]
        ingested = _take_in(store, look(), taken, now)
        keep_up(store, history, now)
        faults += [fault for outlet in outlets if (fault := _tried(outlet, history))]
        yield Round(ingested, tuple(history.events(before)), tuple(faults))
        if not rest():
            return


def _tried(step: Callable[..., object], *given: object) -> TrucelineError | None:
    try:
        step(*given)
    except TrucelineError as fault:
        return fault
    return None


def _take_in(
    store: CaseStore, entries: list[Entry], taken: dict[Path, _Stamp], now: int
) -> IngestReport:
    """Take files in, but do not read those again that are as they were when they were taken."""
    stamps = {entry.path: _stamp(entry.path) for entry in entries}
    changed = [e for e in entries if stamps[e.path] is None or stamps[e.path] != taken.get(e.path)]
    ingested = ingest(store, changed, received_before=now)
    failed = {file.path for file in ingested.files if file.status == "failed"}
    taken |= {e.path: stamps[e.path] for e in changed if e.path not in failed}
    return ingested


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def keep_up(store: CaseStore, history: History, now: int) -> None:
    """Bring the incidents up to what the store holds, one of its segments at a time."""
    looked_at = history.segments()
    for path in store.paths("observations"):
        if path.name in looked_at:
            continue

        def read(low: int, high: int) -> pl.DataFrame:
            touches = (pl.col("t_end") >= low) & (pl.col("t_start") <= high)
            return store.scan_observations().filter(touches).select(SUMMARISED).collect()

        observations = affected(pl.read_parquet(path, columns=list(SUMMARISED)), read)
        _, members = associate(observations)
        first = (
            members.join(observations, on="obs_id")
            .sort("t_start", "obs_id")
            .unique("incident_id", keep="first", maintain_order=True)
        )
        earliest = dict(first.select("incident_id", "obs_id").iter_rows())
        history.enter(members, earliest, [path.name], now)


def publish(history: History, topic: str, send: Callable[[list[tuple[str, str]]], object]) -> None:
    """Tell a topic what it was not told yet of the history, in order, by incident.

    What was acknowledged is noted after it was sent, so a death between the two sends some
    events again, under their own numbers and in their order. Whoever passes over numbers not
    above the greatest seen of a partition has each event once.

    Parameters
    ----------
    history : History
        The history.
    topic : str
        Name of the topic.
    send : callable
        Sends keys and values, and returns when all are acknowledged.
    """
    while events := history.events(history.sent(topic), most=_EVENTS):
        send([(event.incident_id, json.dumps(vars(event))) for event in events])
        history.mark_sent(topic, events[-1].number)


def follow(
    case: Case,
    sources: dict[str, Source],
    *folders: Path | None,
    settled: Callable[[Path], bool],
) -> list[Entry]:
    """Return the files of a case's feeds that are there and no longer being written.

    Parameters
    ----------
    case : Case
        The case.
    sources : dict
        Installed sources by name.
    *folders : Path or None
        Folders of the feeds' files, where they are not in the case's own.
    settled : callable
        Says whether a file has been left alone long enough to be read.
    """
    return [
        entry
        for found in feed_files(case, sources, *folders)
        for entry in found.entries
        # What came from a topic was renamed into place whole.
        if found.topic is not None or settled(entry.path)
    ]


def left_alone(path: Path, now: int, seconds: float) -> bool:
    """Return whether a file was last written at least so many seconds ago."""
    return path.stat().st_mtime_ns // 1_000 <= now - seconds * SECOND
