"""The files of a case's feeds: where they lie, and which source reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from truceline.agreement.case import Case
from truceline.core.types.errors import TermsError, Where
from truceline.evidence.ingest import Entry
from truceline.evidence.sources.mapped import MappedSource
from truceline.evidence.sources.source import Source


@dataclass(frozen=True)
class Found:
    """The files that one pattern of a feed matches.

    Attributes
    ----------
    feed : str
        Name of the feed's source, as the case gives it.
    pattern : str
        What was looked for.
    entries : tuple of Entry
        The files, each with its source and settings; none where nothing matches.
    """

    feed: str
    pattern: str
    entries: tuple[Entry, ...]


def feed_files(case: Case, sources: dict[str, Source], data: Path | None) -> Iterator[Found]:
    """Yield the files of every feed of a case, pattern by pattern.

    A pattern is looked for in the case's own folder, and only where it matches nothing there
    in the folder of the data.

    Parameters
    ----------
    case : Case
        The case.
    sources : dict
        Installed sources by name.
    data : Path or None
        Folder of the feeds' files, where they are not in the case's own.

    Raises
    ------
    TermsError
        Where a feed names a source that is not installed.
    """
    for feed in case.feeds:
        if feed.source not in sources:
            raise TermsError(
                f"there is no source {feed.source!r}.",
                where=Where(str(case.folder / "sources.yaml")),
                hint=f"Installed are {', '.join(sorted(sources))}.",
            )
        source = sources[feed.source]
        if isinstance(source, MappedSource) and "name" in feed.settings:
            source = source.named(str(feed.settings["name"]))
        for pattern in feed.files:
            own = sorted(case.folder.glob(pattern))
            paths = own or ([] if data is None else sorted(data.glob(pattern)))
            entries = tuple(Entry(path, source, feed.settings) for path in paths)
            yield Found(feed.source, pattern, entries)
