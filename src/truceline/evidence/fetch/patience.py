"""How often and how long to try: rate limit, back-off with jitter, Retry-After."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import numpy as np

from truceline.core.types.time import SECOND, from_micros


@dataclass(frozen=True)
class Patience:
    """How a feed wants to be asked.

    Attributes
    ----------
    attempts : int
        How often one request is tried.
    first_wait_s, longest_wait_s : float
        Back-off doubles from the first to the longest wait.
    requests, per_s : int, float
        At most so many requests in so many seconds.
    timeout_s : float
        How long to wait for an answer to begin or go on.
    largest_bytes : int
        A longer answer is refused.
    """

    attempts: int = 6
    first_wait_s: float = 1.0
    longest_wait_s: float = 120.0
    requests: int = 500
    per_s: float = 600.0
    timeout_s: float = 60.0
    largest_bytes: int = 2 << 30


@dataclass
class Pace:
    """Keeps requests below a rate, and waits between attempts.

    Attributes
    ----------
    patience : Patience
        The limits.
    rng : numpy.random.Generator
        The jitter's dice.
    now : callable
        The time, UTC microseconds.
    sleep : callable
        Waits for so many seconds.
    """

    patience: Patience
    rng: np.random.Generator
    now: Callable[[], int]
    sleep: Callable[[float], None]
    _asked: deque[int] = field(default_factory=deque)

    def take_turn(self) -> None:
        """Wait until one more request keeps the rate."""
        window = int(self.patience.per_s * SECOND)
        while self._asked and self._asked[0] <= self.now() - window:
            self._asked.popleft()
        if len(self._asked) >= self.patience.requests:
            self.sleep(max(0.0, (self._asked[0] + window - self.now()) / SECOND))
            self._asked.popleft()
        self._asked.append(self.now())

    def wait_s(self, attempt: int, retry_after: str | None) -> float:
        """Return how long to wait after a failed attempt, seconds.

        What the feed asks for in `Retry-After` if it does; otherwise anything up to
        first x 2^attempt, so that many clients do not come back at once.
        """
        asked = self._retry_after_s(retry_after)
        if asked is not None:
            return asked
        bound = min(self.patience.longest_wait_s, self.patience.first_wait_s * 2.0**attempt)
        return float(self.rng.uniform(0.0, bound))

    def _retry_after_s(self, text: str | None) -> float | None:
        if text is None:
            return None
        if text.strip().isdecimal():
            return float(text.strip()[:12])
        try:
            when = parsedate_to_datetime(text)
        except ValueError:
            return None
        aware: datetime = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (aware - from_micros(self.now())).total_seconds())
