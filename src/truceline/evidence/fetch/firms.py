"""The FIRMS area API: thermal detections of an area and a stretch of days, as CSV.

``/api/area/csv/KEY/SOURCE/WEST,SOUTH,EAST,NORTH/DAYS/FROM``: at most five days a request,
and 5,000 transactions in ten minutes for a key, of which a large area takes several.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from truceline.core.types.errors import FetchError
from truceline.core.types.time import DAY, day_bounds
from truceline.evidence.fetch.fetcher import Fetcher, Request, Unusable, head_of, refuse_html
from truceline.evidence.fetch.secret import Secret

ADDRESS: Final = "https://firms.modaps.eosdis.nasa.gov"

#: Sources of the area API: near real time, and as processed later (`SP`).
PRODUCTS: Final = (
    "MODIS_NRT", "MODIS_SP", "VIIRS_SNPP_NRT", "VIIRS_SNPP_SP",
    "VIIRS_NOAA20_NRT", "VIIRS_NOAA20_SP", "VIIRS_NOAA21_NRT",
)  # fmt: skip

#: Near-real-time days are filled up for some days after them.
SETTLED: Final = 5 * DAY

_COLUMNS: Final = {"latitude", "longitude", "acq_date", "acq_time"}


@dataclass(frozen=True)
class FirmsArea:
    """What to ask the area API for.

    Attributes
    ----------
    product : str
        One of `PRODUCTS`.
    bbox : tuple of float
        West, south, east, north, degrees.
    first, last : date
        Days, UTC, both included.
    day_range : int
        Days a request; the API takes five at most.
    address : str
        Where the API is.
    """

    product: str
    bbox: tuple[float, float, float, float]
    first: date
    last: date
    day_range: int = 5
    address: str = ADDRESS

    def __post_init__(self) -> None:
        west, south, east, north = self.bbox
        if self.product not in PRODUCTS:
            raise FetchError(
                f"{self.product!r} is no product of the area API.",
                hint=f"Take one of {', '.join(PRODUCTS)}.",
            )
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise FetchError(
                "the area is not west, south, east, north in degrees.",
                hint="Give the western edge first.",
            )
        if self.last < self.first:
            raise FetchError("the last day lies before the first.", hint="Swap them.")
        if not 1 <= self.day_range <= 10:
            raise FetchError("the days of a request are not 1 to 10.", hint="Leave them at 5.")


def fetch_firms(fetcher: Fetcher, area: FirmsArea, key: Secret) -> Iterator[Path]:
    """Yield a CSV file for each stretch of days, in order.

    Days that ended five days ago or more are kept in the cache for ever; younger ones may
    still be filled up and are asked for again.

    Parameters
    ----------
    fetcher : Fetcher
        Cache, pace and waits.
    area : FirmsArea
        What to ask for.
    key : Secret
        The `MAP_KEY`.
    """
    begin = area.first
    while begin <= area.last:
        end = min(area.last, begin + timedelta(days=area.day_range - 1))
        settled = day_bounds(end)[1] + SETTLED <= fetcher.pace.now()
        yield fetcher.fetch(_request(area, begin, end, key), _check, keep=settled)
        begin = end + timedelta(days=1)


def _request(area: FirmsArea, begin: date, end: date, key: Secret) -> Request:
    box = ",".join(f"{edge:g}" for edge in area.bbox)
    days = (end - begin).days + 1
    base = area.address.rstrip("/")
    return Request(
        f"{base}/api/area/csv/***/{area.product}/{box}/{days}/{begin.isoformat()}",
        name=f"firms-{area.product.lower()}-{begin.isoformat()}",
        suffix=".csv",
        secret=key,
    )


def _check(path: Path) -> None:
    head = head_of(path).removeprefix(codecs.BOM_UTF8)
    refuse_html(head)
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    if "map_key" in line.lower() or "invalid" in line.lower():
        raise Unusable(
            f"the feed says: {line}",
            passing=False,
            hint="Check the MAP_KEY and what was asked for.",
        )
    if "limit" in line.lower():
        raise Unusable(f"the feed says: {line}", passing=True)
    if not set(line.split(",")) >= _COLUMNS:
        raise Unusable("the answer is not the documented CSV", passing=True)
    if not _ends_whole(path, columns=line.count(",") + 1):
        raise Unusable("the answer breaks off in a row", passing=True)


def _ends_whole(path: Path, columns: int) -> bool:
    """Return whether the last row has as many fields as the first; none holds a comma."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 4096))
        last = stream.read().rstrip(b"\r\n").rsplit(b"\n", 1)[-1]
    return last.count(b",") + 1 == columns
