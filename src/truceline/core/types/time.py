"""Times: aware at the border, UTC microseconds (int64) inside."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from truceline.core.types.errors import InputError

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HAS_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")


def to_micros(when: datetime) -> int:
    """Return an aware time as microseconds since 1970-01-01T00:00:00Z.

    Examples
    --------
    >>> to_micros(datetime(2025, 4, 19, 15, tzinfo=UTC))
    1745074800000000
    """
    if when.tzinfo is None:
        raise InputError(
            f"the time {when.isoformat()} has no offset.",
            hint="Write it with one, such as 2025-04-19T18:00:00+03:00.",
        )
    return (when - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """Return UTC microseconds as an aware time.

    Examples
    --------
    >>> from_micros(1745074800000000).isoformat()
    '2025-04-19T15:00:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=micros)


def parse_time(text: str) -> int:
    """Read an ISO 8601 time that states its offset.

    Examples
    --------
    >>> parse_time("2025-04-19T18:00+03:00") == parse_time("2025-04-19T15:00:00Z")
    True
    """
    cleaned = text.strip()
    if not _HAS_OFFSET.search(cleaned):
        raise InputError(
            f"the time {text!r} has no offset.",
            hint="Write it with one, such as 2025-04-19T18:00:00+03:00 or 2025-04-19T15:00:00Z.",
        )
    try:
        return to_micros(datetime.fromisoformat(cleaned))
    except ValueError as cause:
        raise InputError(
            f"the time {text!r} is not ISO 8601.", hint="Write it as 2025-04-19T15:00:00Z."
        ) from cause


def format_time(micros: int, zone: str = "UTC") -> str:
    """Write a time in ISO 8601 with its offset, to the second.

    Examples
    --------
    >>> format_time(1745074800000000, "Europe/Kyiv")
    '2025-04-19T18:00:00+03:00'
    >>> format_time(1745074800000000)
    '2025-04-19T15:00:00Z'
    """
    moment = from_micros(micros).astimezone(zone_of(zone))
    text = moment.isoformat(timespec="seconds")
    return text.replace("+00:00", "Z") if zone == "UTC" else text


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name, or say that it is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as cause:
        raise InputError(
            f"the time zone {name!r} is unknown.", hint="Use an IANA name such as Europe/Kyiv."
        ) from cause


def day_bounds(day: date, zone: str = "UTC") -> tuple[int, int]:
    """Return the first microsecond of a local day and of the next one.

    A day on which clocks change is 23 or 25 hours long.

    Examples
    --------
    >>> start, end = day_bounds(date(2025, 3, 30), "Europe/Kyiv")
    >>> (end - start) // HOUR
    23
    """
    tz = zone_of(zone)
    start = datetime(day.year, day.month, day.day, tzinfo=tz)
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=tz)
    return to_micros(start), to_micros(end)
