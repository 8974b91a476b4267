"""The files of a case's feeds: where they lie, and which source reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from truceline.agreement.case import Case
from truceline.core.types.errors import TermsError, Where
from truceline.evidence.ingest import Entry
from truceline.evidence.sources.feed import Feed
from truceline.evidence.sources.mapped import MappedSource
from truceline.evidence.sources.source import Source
from truceline.evidence.sources.tables import TablesSource


@dataclass(frozen=True)
class Found:
    """The files that one pattern of a feed matches.

    Attributes
    ----------
    feed : str
        Name of the feed's source, as the case gives it.
    pattern : str
        What was looked for.
    topic : str or None
        The topic whose messages the files hold; such files are whole from the first.
    entries : tuple of Entry
        The files, each with its source and settings; none where nothing matches.
    """

    feed: str
    pattern: str
    topic: str | None
    entries: tuple[Entry, ...]


def feed_files(case: Case, sources: dict[str, Source], *folders: Path | None) -> Iterator[Found]:
    """Yield the files of every feed of a case, pattern by pattern.

    A pattern is looked for in the case's own folder, and where it matches nothing there in the
    others, in their order.

    Parameters
    ----------
    case : Case
        The case.
    sources : dict
        Installed sources by name.
    *folders : Path or None
        Folders of the feeds' files, where they are not in the case's own.

    Raises
    ------
    TermsError
        Where a feed names a source that is not installed.
    """
    _refuse_strangers(case, sources)
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
        told = {**_of_case(case, source), **feed.settings}
        for pattern in feed.patterns:
            looked = (sorted(f.glob(pattern)) for f in (case.folder, *folders) if f is not None)
            paths: list[Path] = next((there for there in looked if there), [])
            entries = tuple(Entry(path, source, told) for path in paths)
            yield Found(feed.source, pattern, feed.topic, entries)


def _refuse_strangers(case: Case, sources: dict[str, Source]) -> None:
    """Refuse an indicator of a source that no feed has: its count would be a false zero."""
    if any(isinstance(sources.get(feed.source), TablesSource) for feed in case.feeds):
        # Tables name the sources of their rows themselves.
        return
    named = {str(feed.settings.get("name", feed.source)) for feed in case.feeds}
    # What people send in has its source without a feed.
    known = named | (set(sources) - {feed.source for feed in case.feeds})
    for indicator in case.settings.indicators:
        if strange := sorted(set(indicator.sources) - known):
            raise TermsError(
                f"the indicator {indicator.name!r} is counted from {', '.join(strange)}, which is "
                "no feed.",
                where=Where(str(case.folder / "case.yaml"), field="indicators"),
                hint=f"The feeds are {', '.join(sorted(named)) or 'none'}.",
            )


def _of_case(case: Case, source: Source) -> dict[str, object]:
    """Return what holds for a feed of a case where its settings say nothing."""
    told: dict[str, object] = {}
    if isinstance(source, Feed | MappedSource):
        told["bbox"] = list(case.settings.bbox)
    if source.info.has_local_times:
        told["timezone"] = case.settings.timezone
    return told


def sent_in(sources: dict[str, Source], reports: Path) -> list[Entry]:
    """Return the forms in a folder, each with the source its own folder is named after."""
    found = sorted(path for path in reports.glob("*/*.json*") if path.parent.name in sources)
    return [Entry(path, sources[path.parent.name], {}) for path in found]
