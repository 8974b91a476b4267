"""Scales and round ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A straight or logarithmic scale from values to pixels."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel of a value, held inside the ends of the scale."""
        clipped = min(max(value, self.low), self.high)
        if self.log:
            share = math.log(clipped / self.low) / math.log(self.high / self.low)
        else:
            share = (clipped - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def round_step(span: float, parts: int) -> float:
    """Return a step of 1, 2, 2.5 or 5 times a power of ten that cuts a span in about so many parts.

    Examples
    --------
    >>> round_step(9.3, 4)
    2.5
    """
    raw = span / max(parts, 1)
    power: float = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)


def ticks(low: float, high: float, parts: int) -> list[float]:
    """Return round values inside a span.

    Examples
    --------
    >>> ticks(0, 9.3, 4)
    [0.0, 2.5, 5.0, 7.5]
    """
    step = round_step(high - low, parts)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def decades(low: float, high: float) -> list[float]:
    """Return the powers of ten inside a span.

    Examples
    --------
    >>> decades(0.02, 20)
    [0.1, 1.0, 10.0]
    """
    first = math.ceil(math.log10(low) - 1e-9)
    last = math.floor(math.log10(high) + 1e-9)
    return [10.0**n for n in range(first, last + 1)]
