"""How much one address may ask for, and how long a request may be."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

#: Addresses remembered at most; the one longest silent is forgotten first.
MOST_ADDRESSES: Final = 10_000


@dataclass
class RequestRate:
    """A bucket of tokens for each address, filled at a steady rate.

    Parameters
    ----------
    per_minute : int
        Tokens a minute, and the most a bucket holds.
    clock : callable
        Seconds that only go forward.
    """

    per_minute: int
    clock: Callable[[], float]
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, address: str) -> bool:
        """Take a token of this address; False when there is none."""
        now = self.clock()
        left, since = self._buckets.pop(address, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - since) * self.per_minute / 60.0)
        granted = left >= 1.0
        self._buckets[address] = (left - 1.0 if granted else left, now)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return granted

    def after_s(self) -> int:
        """Return after how many seconds there is a token again."""
        return max(1, math.ceil(60.0 / self.per_minute))


def refused_length(headers: dict[str, str], most_bytes: int) -> int | None:
    """Return the status that refuses a body by its declared length, or None if it may pass.

    A body of undeclared length is refused (411): no page here takes one.
    """
    if "transfer-encoding" in headers:
        return 411
    declared = headers.get("content-length", "0")
    if not (declared.isascii() and declared.isdigit()):
        return 400
    return 413 if int(declared) > most_bytes else None
