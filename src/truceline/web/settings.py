"""What the server is told when it starts."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Level of compression of answers: half the size, in a tenth of the time of the highest.
COMPRESSION: Final = 4


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


@dataclass(frozen=True)
class Settings:
    """What the server is told when it starts; the clock is wired here and nowhere below.

    Attributes
    ----------
    data : Path or None
        A folder with `aid/` and `statements/` in it; without it the pages say so.
    today : callable
        The day of a review, UTC.
    clock : callable
        Seconds that only go forward, for the limit on requests.
    requests_per_minute : int
        What one address may ask for; a burst of as many is let through.
    logins_per_minute : int
        Tries to come in, for one address and for one account.
    most_bytes, most_bulk_bytes : int
        Longest body of a request, and of one that brings many reports, bytes.
    most_characters : int
        Longest text that is checked, characters.
    """

    data: Path | None = None
    today: Callable[[], dt.date] = _today
    clock: Callable[[], float] = time.monotonic
    requests_per_minute: int = 240
    logins_per_minute: int = 10
    most_bytes: int = 65_536
    most_bulk_bytes: int = 4 << 20
    most_characters: int = 10_000
