"""Local days and months, and the comparable windows before a truce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from truceline.core.types.time import DAY, from_micros, to_micros, zone_of

IntArray = npt.NDArray[np.int64]

#: Nominal length of a period, used to tell a report of one period from one of several.
LENGTH = {"day": DAY, "month": 31 * DAY}


@dataclass(frozen=True)
class Window:
    """A stretch of consecutive periods that is judged as one.

    Attributes
    ----------
    start, end : int
        UTC microseconds; may cut into the first and last period.
    first, last : int
        Numbers of those periods in the grid.
    """

    start: int
    end: int
    first: int
    last: int

    @property
    def periods(self) -> int:
        """Return how many periods it touches."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Grid:
    """Consecutive local days or months.

    Attributes
    ----------
    edges : array of int
        Their boundaries, UTC microseconds.
    """

    edges: IntArray

    def touching(self, start: int, end: int, *, whole: bool) -> list[Window]:
        """Return the periods between two times; cut ones only where `whole` is false."""
        first = int(np.searchsorted(self.edges, start, side="right")) - 1
        windows = []
        for i in range(max(first, 0), len(self.edges) - 1):
            low, high = int(self.edges[i]), int(self.edges[i + 1])
            if low >= end:
                break
            if whole and (low < start or high > end):
                continue
            windows.append(Window(max(low, start), min(high, end), i, i))
        return windows

    def earlier(
        self, window: Window, before: tuple[int, int], *, weekly: bool
    ) -> tuple[IntArray, IntArray]:
        """Return the windows before that compare: as long, same hours, none overlapping.

        With a weekly rhythm they lie whole weeks back. They are moved by periods, so that
        they keep their local hours when clocks change.
        """
        step = 7 * -(-window.periods // 7) if weekly else window.periods
        from_start = window.start - int(self.edges[window.first])
        from_end = int(self.edges[window.last + 1]) - window.end
        starts, ends = [], []
        # Flush with the end of `before`: moved back by as much as gets the window there.
        back = step
        if not weekly:
            index = int(np.searchsorted(self.edges, before[1], side="right")) - 1
            back = max(window.last + 1 - index, 1)
        while window.first - back >= 0:
            start = int(self.edges[window.first - back]) + from_start
            end = int(self.edges[window.last + 1 - back]) - from_end
            if start < before[0]:
                break
            if end <= before[1]:
                starts.append(start)
                ends.append(end)
            back += step
        return np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)


def grid(start: int, end: int, period: str, zone: str) -> Grid:
    """Return the local days or months that cover a time.

    Examples
    --------
    >>> from truceline.core.types.time import parse_time
    >>> start, end = parse_time("2021-02-01T00:00Z"), parse_time("2021-04-01T00:00Z")
    >>> len(grid(start, end, "month", "UTC").edges)
    3
    """
    day = from_micros(start).astimezone(zone_of(zone)).date()
    if period == "month":
        day = day.replace(day=1)
    edges = [_midnight(day, zone)]
    while edges[-1] < end:
        day = _following(day, period)
        edges.append(_midnight(day, zone))
    return Grid(np.array(edges, dtype=np.int64))


def years_off(micros: int, years: int, zone: str) -> int:
    """Return the same local date and hour some years off; 29 February becomes the 28th."""
    moment = from_micros(micros).astimezone(zone_of(zone))
    if moment.month == 2 and moment.day == 29:
        moment = moment.replace(day=28)
    return to_micros(moment.replace(year=moment.year + years))


def _following(day: date, period: str) -> date:
    if period == "day":
        return day + timedelta(days=1)
    return (day.replace(day=28) + timedelta(days=7)).replace(day=1)


def _midnight(day: date, zone: str) -> int:
    return to_micros(datetime(day.year, day.month, day.day, tzinfo=zone_of(zone)))
