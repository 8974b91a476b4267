"""Ingest: files into the store, each row once, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import polars as pl

from truceline.core.store.case_store import CaseStore
from truceline.core.store.state import Tally
from truceline.core.store.writer import Writer
from truceline.core.types.errors import InputError, StoreError, TrucelineError, Where
from truceline.core.types.tables import REJECT
from truceline.evidence.observations import distinct, file_digest
from truceline.evidence.sources.source import Batch, Source, recognise


class Progress(Protocol):
    """What is told after every part of a file."""

    def __call__(self, file: Path, rows: int, size: int) -> None:
        """Take the file, its rows done so far, and its size in bytes."""
        ...


@dataclass(frozen=True)
class Entry:
    """A file to take in.

    Attributes
    ----------
    path : Path
        The file.
    source : Source or None
        What reads it; None where the installed sources are to recognise it.
    settings : mapping
        The source's settings in the case.
    """

    path: Path
    source: Source | None = None
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class FileReport:
    """What became of one file.

    Attributes
    ----------
    path : Path
        The file.
    source : str or None
        The source that read it; None if none knew it.
    status : str
        `taken`, `known` (it was taken in before), or `failed`.
    tally : Tally
        What became of its rows: new, repeated or rejected.
    error : TrucelineError or None
        Why it failed, or why it was read only in part.
    """

    path: Path
    source: str | None
    status: str
    tally: Tally = field(default_factory=Tally)
    error: TrucelineError | None = None


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did, file by file."""

    files: tuple[FileReport, ...]

    @property
    def tally(self) -> Tally:
        """What became of all rows together."""
        return sum((file.tally for file in self.files), Tally())

    @property
    def errors(self) -> tuple[TrucelineError, ...]:
        """Return what went wrong, in the order of the files."""
        return tuple(file.error for file in self.files if file.error is not None)


def silent(file: Path, rows: int, size: int) -> None:
    """Tell nobody."""


def ingest(
    store: CaseStore,
    plan: Iterable[Entry],
    *,
    sources: Mapping[str, Source] | None = None,
    received_before: int | None = None,
    progress: Progress = silent,
) -> IngestReport:
    """Take files into the store.

    A file that was taken in before is passed over. One that cannot be read is reported and
    stops nothing; of one that breaks off, what came before is kept. A row that the store has
    already counts as repeated. Stopped at any moment and called again with the same plan, it
    goes on where it was.

    Parameters
    ----------
    store : CaseStore
        Where to.
    plan : iterable of Entry
        What, in which order; the order changes nothing but which copy of a row is kept.
    sources : mapping, optional
        Sources by name that may recognise a file; needed where an entry names none.
    received_before : int, optional
        UTC microseconds, usually now: later rows are rejected as future-dated.
    progress : Progress
        Told after every part.
    """
    with store.writer() as writer:
        return IngestReport(
            tuple(_take(writer, entry, sources or {}, received_before, progress) for entry in plan)
        )


def _take(
    writer: Writer,
    entry: Entry,
    sources: Mapping[str, Source],
    received_before: int | None,
    progress: Progress,
) -> FileReport:
    name: str | None = None
    try:
        source = entry.source or recognise(entry.path, sources)
        name = source.info.name
        sha256 = file_digest(entry.path)
        writer.agree_settings(name, _settings_digest(entry.settings))
        if writer.is_taken(name, sha256):
            return FileReport(entry.path, name, "known")
        settings = {"received_before": received_before, **entry.settings}
        return _File(writer, source, entry.path, sha256, settings).take(progress)
    except TrucelineError as fault:
        return FileReport(entry.path, name, "failed", error=fault)
    except OSError as cause:
        return FileReport(entry.path, name, "failed", error=_unreadable(entry.path, cause))


def _unreadable(path: Path, cause: OSError) -> InputError:
    return InputError(
        f"the file cannot be read: {cause.strerror or cause}.",
        where=Where(str(path)),
        hint="Check its name and the rights to read it.",
    )


def _settings_digest(settings: Mapping[str, object]) -> str:
    text = json.dumps(settings, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class _File:
    """One file on its way into the store."""

    writer: Writer
    source: Source
    path: Path
    sha256: str
    settings: Mapping[str, object]

    def take(self, progress: Progress) -> FileReport:
        name, size = self.source.info.name, self.path.stat().st_size
        there = self.writer.begin(name, self.sha256, str(self.path), size)
        done: list[Tally] = []
        error: TrucelineError | None = None
        for read in self._batches():
            if isinstance(read, TrucelineError):
                error = read
                if not any(tally.rows for tally in done):
                    self.writer.abandon(name, self.sha256)
                    return FileReport(self.path, name, "failed", error=error)
                read = _broken_off(self.path, error)  # noqa: PLW2901 - the rest of the file
            done.append(self._part(len(done), read, there))
            progress(self.path, sum(tally.rows for tally in done), size)
        self.writer.finish(name, self.sha256)
        return FileReport(self.path, name, "taken", sum(done, Tally()), error)

    def _batches(self) -> Iterator[Batch | TrucelineError]:
        """Yield what the source reads, and last its error if it fails; errors of ours go up."""
        batches: Iterator[Batch] | None = None
        while True:
            try:
                batches = batches or iter(self.source.read(self.path, self.settings))
                batch = next(batches, None)
            except TrucelineError as fault:
                yield fault
                return
            except OSError as cause:
                yield _unreadable(self.path, cause)
                return
            except Exception as cause:  # noqa: BLE001 - one feed's fault must not stop the others
                yield self._fault(cause)
                return
            if batch is None:
                return
            yield batch

    def _part(self, number: int, batch: Batch, there: Sequence[Tally]) -> Tally:
        """Write a part, unless it is there from a run that was stopped."""
        name = self.source.info.name
        if number < len(there):
            if there[number].rows != batch.rows:
                raise StoreError(
                    "the file now divides into other parts than when it was begun.",
                    where=Where(str(self.path)),
                    hint=f"Forget the source {name} and read its files again.",
                )
            return there[number]
        known = self.writer.known(name, self.sha256, batch.observations)
        new = distinct(batch.observations, known)
        tally = Tally(batch.rows, len(new.observations), new.repeats, len(batch.rejects))
        tables = {
            "observations": new.observations,
            "effort": batch.effort,
            "rejects": batch.rejects,
        }
        self.writer.put(name, self.sha256, number, tables, tally)
        return tally

    def _fault(self, cause: Exception) -> InputError:
        return InputError(
            f"the source {self.source.info.name} failed on this file: "
            f"{type(cause).__name__}: {cause}.",
            where=Where(str(self.path)),
            hint="This is a fault of the source; report it with the file.",
        )


def _broken_off(path: Path, error: TrucelineError) -> Batch:
    """Return the rest of a file that broke off, as one rejected row."""
    row = error.where.row if error.where is not None and error.where.row is not None else 0
    reject = {
        "file": str(path),
        "raw_row": row,
        "field": None,
        "problem": f"reading broke off here: {error.message}",
        "remedy": error.hint or "Mend the file and read it again.",
        "raw": None,
    }
    return Batch(rejects=pl.DataFrame([reject], schema=REJECT.dtypes()), rows=1)
