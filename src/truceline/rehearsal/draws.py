"""Draws of chance that belong to who watches, what is watched and what is drawn.

What a camera makes of a shell hangs on that camera, that shell and the seed of the truce, never on
who else is there or how many: a larger force sees all that the smaller one in it saw.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, ndtri
from scipy.stats import binom, poisson

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.seeds import Role, sequence

IntArray = npt.NDArray[np.int64]

#: Philox 4x64 with ten rounds: multipliers, and what the keys grow by (Salmon et al. 2011).
_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


class What(IntEnum):
    """The quantity that is drawn; the numbers are part of the published format."""

    NUMBER = 0
    ALONG = 1
    ACROSS = 2
    TIME = 3
    FAILS = 4
    MENDED = 5
    SEEN = 10
    X = 11
    Y = 12
    COUNT = 13
    KIND = 14
    BEARING = 15
    SPAN = 16
    SHIFT = 17
    WEAPON = 18
    POWER = 19
    BLAMES = 20
    DELAY = 21
    LISTED = 22
    COPIED = 23
    MISPLACED = 24
    ELSEWHERE = 25
    LENGTH = 26
    FALSE_NUMBER = 30
    FALSE_TIME = 31
    FALSE_ALONG = 32
    FALSE_ACROSS = 33
    FALSE_POWER = 34
    FALSE_LENGTH = 35
    FALSE_SHIFT = 36
    FALSE_DELAY = 37
    FALSE_KIND = 38
    FALSE_COUNT = 39


@dataclass(frozen=True)
class Draws:
    """Chance for rows of a unit and an event each: asked twice, it answers the same.

    Attributes
    ----------
    key : tuple of int
        Of the seed, the kind of unit, province and era.
    unit, event : arrays of int
        Who watches, and what; the event is 0 for what is the unit's alone.
    """

    key: tuple[int, int]
    unit: IntArray
    event: IntArray

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, rows: npt.NDArray[Any]) -> Draws:
        """Return the rows of an index or mask."""
        return Draws(self.key, self.unit[rows], self.event[rows])

    def part(self, number: IntArray) -> Draws:
        """Return draws for parts of the events, of which each has fewer than eight."""
        return Draws(self.key, self.unit, 8 * self.event + number)

    def uniform(self, what: What) -> FloatArray:
        """Return numbers evenly between 0 and 1, neither of which is drawn."""
        words = philox(self.key, self.unit, self.event, int(what))
        return np.asarray(((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53)

    def between(self, what: What, low: FloatArray | float, high: FloatArray | float) -> FloatArray:
        """Return numbers evenly between two bounds."""
        return np.asarray(low + (np.asarray(high) - low) * self.uniform(what))

    def below(self, what: What, n: int) -> IntArray:
        """Return whole numbers evenly from 0 to n - 1."""
        return np.asarray(n * self.uniform(what)).astype(np.int64, copy=False)

    def normal(self, what: What) -> FloatArray:
        """Return standard normal numbers, by the inverse of their distribution."""
        return np.asarray(ndtri(self.uniform(what)))

    def exponential(self, what: What, mean: FloatArray | float) -> FloatArray:
        """Return waiting times of a given mean."""
        return np.asarray(-np.log(self.uniform(what)) * mean)

    def gamma(self, what: What, shape: float, scale: float) -> FloatArray:
        """Return gamma-distributed numbers, by the inverse of their distribution."""
        return np.asarray(gammaincinv(shape, self.uniform(what)) * scale)

    def geometric(self, what: What, p: float) -> IntArray:
        """Return the trial of the first success: 1 or more."""
        tried: FloatArray = np.ceil(np.log(self.uniform(what)) / np.log1p(-p))
        return np.maximum(tried, 1.0).astype(np.int64)

    def poisson(self, what: What, mean: FloatArray | float) -> IntArray:
        """Return numbers of happenings; where the mean is larger none is smaller.

        Examples
        --------
        >>> of = Draws((1, 2), np.arange(4), np.zeros(4, np.int64))
        >>> bool((of.poisson(What.NUMBER, 3.0) <= of.poisson(What.NUMBER, 3.1)).all())
        True
        """
        drawn = poisson.ppf(self.uniform(what), mean)
        return np.asarray(drawn, np.float64).astype(np.int64)

    def binomial(self, what: What, n: FloatArray | IntArray, p: float) -> FloatArray:
        """Return how many of n succeed."""
        return np.asarray(binom.ppf(self.uniform(what), n, p), np.float64)


def draws(seed: int, role: Role, *key: int, unit: npt.ArrayLike, event: npt.ArrayLike = 0) -> Draws:
    """Return the draws of some units of a kind for some events, repeated where one is single.

    Examples
    --------
    >>> alone = draws(1, Role.CAMERAS, 0, unit=[7], event=[3])
    >>> among = draws(1, Role.CAMERAS, 0, unit=[2, 7, 9], event=3)
    >>> bool(alone.uniform(What.SEEN)[0] == among.uniform(What.SEEN)[1])
    True
    """
    first, second = sequence(seed, role, *key).generate_state(2, np.uint64).tolist()
    both = np.broadcast_arrays(np.atleast_1d(unit), event)
    units, events = (np.array(numbers, dtype=np.int64) for numbers in both)
    return Draws((first, second), units, events)


def number_of(name: str) -> int:
    """Return the number of a unit that is known by its name (CRC-32), whatever others there are."""
    return zlib.crc32(name.encode())


def philox(
    key: tuple[int, int], unit: IntArray, event: IntArray, what: int
) -> npt.NDArray[np.uint64]:
    """Return the first word of Philox 4x64-10 at the counter (event, unit, what, 0)."""
    words = np.empty(len(unit), np.uint64)
    _fill(np.array(key, dtype=np.uint64), unit.view(np.uint64), event.view(np.uint64),
          np.uint64(what), words)  # fmt: skip
    return words


@nb.njit(cache=True)
def _high(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return the upper half of a product of 128 bits."""
    a0, a1, b0, b1 = a & _LOW, a >> _HALF, b & _LOW, b >> _HALF
    middle = a1 * b0 + ((a0 * b0) >> _HALF)
    return a1 * b1 + (middle >> _HALF) + ((a0 * b1 + (middle & _LOW)) >> _HALF)


@nb.njit(cache=True)
def _fill(
    key: npt.NDArray[np.uint64],
    unit: npt.NDArray[np.uint64],
    event: npt.NDArray[np.uint64],
    what: np.uint64,
    words: npt.NDArray[np.uint64],
) -> None:
    for i in range(len(words)):
        a, b, c, d = event[i], unit[i], what, np.uint64(0)
        k0, k1 = key[0], key[1]
        for _ in range(10):
            a, b, c, d = _high(_M1, c) ^ b ^ k0, _M1 * c, _high(_M0, a) ^ d ^ k1, _M0 * a
            k0, k1 = k0 + _W0, k1 + _W1
        words[i] = a
