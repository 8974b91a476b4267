"""What a source is: the role every feed plays, and how feeds are found."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, runtime_checkable

import polars as pl

from truceline.core.types.errors import InputError, UnknownFormatError, Where
from truceline.core.types.tables import EFFORT, OBSERVATION, REJECT
from truceline.evidence.sources.text_files import open_text

GROUP = "truceline.sources"


@dataclass(frozen=True)
class SourceInfo:
    """What a user should know of a feed before relying on it.

    Attributes
    ----------
    name : str
        Short name, as in `sources.yaml`.
    title, publisher, licence : str
        Who publishes what, on what terms.
    instrument : str
        One of `INSTRUMENTS`.
    phenomena : tuple of str
        What it can see, from `PHENOMENA`.
    witness : str
        One sentence: what counts as one witness in this feed.
    effort : str
        One sentence: what silence of this feed means.
    limits : str
        One or two sentences: what it cannot see, known quirks.
    settings : mapping
        Names of the settings it takes in `sources.yaml`, with a sentence each.
    has_local_times : bool
        Whether its times are those of the place it tells of, so that the case's `timezone`
        holds unless the feed's settings give another.
    """

    name: str
    title: str
    publisher: str
    licence: str
    instrument: str
    phenomena: tuple[str, ...]
    witness: str
    effort: str
    limits: str
    settings: Mapping[str, str] = field(default_factory=dict)
    has_local_times: bool = False


@dataclass(frozen=True)
class Sample:
    """The beginning of a file, for sniffing.

    Attributes
    ----------
    path : Path
        The file.
    head : bytes
        Its first 64 KiB at most; unpacked, and as UTF-8 where it says that it is UTF-16.
    """

    path: Path
    head: bytes

    @classmethod
    def of(cls, path: Path, size: int = 65536) -> Sample:
        """Read the beginning of a file."""
        try:
            with open_text(path) as stream:
                return cls(path, stream.read(size))
        except InputError:
            # Packing that is broken: whoever reads the file says so.
            return cls(path, b"")


@dataclass(frozen=True)
class Batch:
    """What one stretch of a file gave.

    Attributes
    ----------
    observations, effort, rejects : polars.DataFrame
        Tables of the schemas `OBSERVATION`, `EFFORT` and `REJECT`.
    rows : int
        Raw rows it came from, so that good + rejected + repeated = rows can be checked.
    """

    observations: pl.DataFrame = field(default_factory=OBSERVATION.empty)
    effort: pl.DataFrame = field(default_factory=EFFORT.empty)
    rejects: pl.DataFrame = field(default_factory=REJECT.empty)
    rows: int = 0


@runtime_checkable
class Source(Protocol):
    """A feed: it knows its files when it sees them, and reads them in batches."""

    @property
    def info(self) -> SourceInfo:
        """What a user should know of the feed."""
        ...

    def recognises(self, sample: Sample) -> bool:
        """Return whether the file is of this feed, from its first bytes."""
        ...

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        """Yield the file's observations, effort and rejected rows in bounded memory."""
        ...


def installed_sources() -> dict[str, Source]:
    """Return all sources by name; one that does not load is a warning with its name."""
    found: dict[str, Source] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            source = entry.load()
        except Exception as cause:  # noqa: BLE001 - a broken plugin must not break the rest
            warnings.warn(f"the source {entry.name!r} does not load: {cause}", stacklevel=2)
            continue
        found[entry.name] = source
    return found


def recognise(path: Path, sources: Mapping[str, Source]) -> Source:
    """Return the one source that knows the file."""
    sample = Sample.of(path)
    matches = [source for source in sources.values() if source.recognises(sample)]
    if not matches:
        raise UnknownFormatError(
            "no source recognises this file.",
            where=Where(str(path)),
            hint=(
                f"Known sources: {', '.join(sorted(sources))}. Name one, or have its columns "
                "mapped: truceline sources draft FILE."
            ),
        )
    if len(matches) > 1:
        names = ", ".join(source.info.name for source in matches)
        raise UnknownFormatError(
            f"more than one source recognises this file: {names}.",
            where=Where(str(path)),
            hint="Name one of them in sources.yaml.",
        )
    return matches[0]
