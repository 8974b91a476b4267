"""What a request for features asks for: box, time, page (OGC 17-069r4, 7.15)."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Final

from fastapi import HTTPException, Request

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.web.room.listing import Asked

#: Features in one answer, and the most that may be asked for.
LIMIT: Final = 100
MOST: Final = 10_000

#: Parameters of a page of features; every other resource takes `f` alone.
OF_ITEMS: Final = frozenset({"bbox", "datetime", "limit", "offset", "f"})
OF_ALL: Final = frozenset({"f"})

_BOX: Final = "bbox is west,south,east,north in degrees; heights may stand after each pair."
_TIME: Final = "datetime is a time or an interval (RFC 3339)."


def check_parameters(request: Request, known: Collection[str] = OF_ALL) -> None:
    """Refuse a parameter that is not known, given twice, or asks for another format."""
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            raise HTTPException(400, f"There is no parameter {name[:40]!r}.")
        if names.count(name) > 1:
            raise HTTPException(400, f"The parameter {name!r} is given twice.")
    if request.query_params.get("f", "json") != "json":
        raise HTTPException(400, "f is json: there is no other format.")


def asked_of(request: Request) -> Asked:
    """Return the box and the time that are asked for."""
    low, high = times_of(request.query_params.get("datetime"))
    return Asked(t_low=low, t_high=high, bbox=box_of(request.query_params.get("bbox")))


def box_of(text: str | None) -> tuple[float, float, float, float] | None:
    """Read `bbox`: four numbers, or six with heights, which are passed over.

    A box whose west lies east of its east reaches over the 180th meridian.
    """
    if text is None:
        return None
    try:
        edges = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise HTTPException(400, _BOX) from error
    if len(edges) == 6:
        edges = [*edges[:2], *edges[3:5]]
    if len(edges) != 4 or not all(math.isfinite(edge) for edge in edges):
        raise HTTPException(400, _BOX)
    west, south, east, north = edges
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise HTTPException(400, _BOX)
    return west, south, east, north


def times_of(text: str | None) -> tuple[int | None, int | None]:
    """Read `datetime`: a moment, or an interval that may be open at one end."""
    if text is None:
        return None, None
    parts = text.split("/")
    try:
        moments = [None if part in ("", "..") else parse_time(part) for part in parts]
    except InputError as error:
        raise HTTPException(400, _TIME) from error
    if moments in ([None], [None, None]) or len(moments) > 2:
        raise HTTPException(400, _TIME)
    low, high = moments[0], moments[-1]
    if low is not None and high is not None and high < low:
        raise HTTPException(400, "datetime ends before it begins.")
    return low, high


def number_of(request: Request, name: str, default: int, least: int) -> int:
    """Read a whole number."""
    text = request.query_params.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) < least:
        raise HTTPException(400, f"{name} is a whole number from {least} up.")
    return int(text)
