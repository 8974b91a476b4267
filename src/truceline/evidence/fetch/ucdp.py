"""The UCDP API: georeferenced events as pages of JSON, joined into the CSV that is read.

``/api/gedevents/VERSION?pagesize=N&page=P`` with the header `x-ucdp-access-token`; an
answer has `TotalCount`, `TotalPages` and `Result`.
"""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from truceline.core.types.errors import FetchError, Where
from truceline.evidence.fetch.fetcher import Fetcher, Request, Unusable, head_of, refuse_html
from truceline.evidence.fetch.secret import Secret

ADDRESS: Final = "https://ucdpapi.pcr.uu.se"

TOKEN_HEADER: Final = "x-ucdp-access-token"  # noqa: S105 - the name of a header

#: More pages than this are a fault of the feed, not a data set.
_MOST_PAGES: Final = 10_000


@dataclass(frozen=True)
class UcdpEvents:
    """What to ask the UCDP API for.

    Attributes
    ----------
    version : str
        Of the data set, such as `25.1`, or of the candidate events, such as `25.0.12`.
    bbox : tuple of float or None
        West, south, east, north, degrees.
    first, last : date or None
        Days of the events, both included.
    page_size : int
        Events a page, 1,000 at most.
    address : str
        Where the API is.
    """

    version: str
    bbox: tuple[float, float, float, float] | None = None
    first: date | None = None
    last: date | None = None
    page_size: int = 1000
    address: str = ADDRESS

    def __post_init__(self) -> None:
        if not self.version or set(self.version) - set("0123456789."):
            raise FetchError(
                f"{self.version!r} is no version of the data set.", hint="Give it as 25.1."
            )
        if not 1 <= self.page_size <= 1000:
            raise FetchError("the size of a page is not 1 to 1,000.", hint="Leave it at 1,000.")

    def query(self, page: int) -> str:
        """Return the address of a page."""
        asked: dict[str, str] = {"pagesize": str(self.page_size), "page": str(page)}
        if self.bbox is not None:
            west, south, east, north = self.bbox
            asked["Geography"] = f"{south:g} {west:g},{north:g} {east:g}"
        if self.first is not None:
            asked["StartDate"] = self.first.isoformat()
        if self.last is not None:
            asked["EndDate"] = self.last.isoformat()
        return f"{self.address.rstrip('/')}/api/gedevents/{self.version}?{urlencode(asked)}"


@dataclass(frozen=True)
class _Page:
    path: Path
    count: int
    pages: int
    events: list[dict[str, object]]


def fetch_ucdp(fetcher: Fetcher, asked: UcdpEvents, key: Secret, out: Path) -> Path:
    """Fetch all pages, and write them as one CSV file with the columns of the data set.

    Stopped and called again, it goes on with the first page that is not in the cache.

    Parameters
    ----------
    fetcher : Fetcher
        Cache, pace and waits.
    asked : UcdpEvents
        What to ask for.
    key : Secret
        The access token.
    out : Path
        The file to write; it is whole or is not there.
    """
    first = _fetch_page(fetcher, asked, key, 0)
    pages = [first.path]
    for number in range(1, first.pages):
        page = _fetch_page(fetcher, asked, key, number)
        if (page.count, page.pages) != (first.count, first.pages):
            _forget([*pages, page.path])
            raise FetchError(
                f"the data set changed while it was fetched: {first.count} events, then "
                f"{page.count}.",
                where=Where(asked.query(number)),
                hint="Fetch it again from the beginning.",
            )
        pages.append(page.path)
    written = _write_csv(pages, out)
    if written != first.count:
        _forget(pages)
        out.unlink(missing_ok=True)
        raise FetchError(
            f"the pages hold {written} events, the feed says {first.count}.",
            where=Where(asked.query(0)),
            hint="Fetch it again from the beginning.",
        )
    return out


def _fetch_page(fetcher: Fetcher, asked: UcdpEvents, key: Secret, number: int) -> _Page:
    request = Request(
        asked.query(number),
        name=f"ucdp-{asked.version}-page-{number:05d}",
        suffix=".json",
        secret=key,
        headers=(TOKEN_HEADER,),
    )
    return _read_page(fetcher.fetch(request, _check))


def _check(path: Path) -> None:
    refuse_html(head_of(path))
    try:
        _read_page(path)
    except (ValueError, KeyError, TypeError, RecursionError) as cause:
        raise Unusable("the answer is not a whole page of the documented form", passing=True) from (
            cause
        )


def _read_page(path: Path) -> _Page:
    answer = json.loads(path.read_bytes())
    count, pages, events = int(answer["TotalCount"]), int(answer["TotalPages"]), answer["Result"]
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise TypeError("Result is no list of events")
    if count < 0 or not 0 <= pages <= _MOST_PAGES:
        raise ValueError("the totals are out of bounds")
    return _Page(path, count, pages, events)


def _forget(pages: list[Path]) -> None:
    for page in pages:
        page.unlink(missing_ok=True)


def _write_csv(pages: list[Path], out: Path) -> int:
    names: dict[str, None] = {}
    for page in pages:
        for event in _read_page(page).events:
            names.update(dict.fromkeys(event))
    part = out.with_name(f"{out.name}.part-{os.getpid()}")
    out.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(names), restval="", lineterminator="\n")
            writer.writeheader()
            for page in pages:
                events = _read_page(page).events
                writer.writerows(_flat(event) for event in events)
                rows += len(events)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _flat(event: dict[str, object]) -> dict[str, object]:
    """Return an event on one line: texts of the data set hold line ends now and then."""
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in event.items()
    }
