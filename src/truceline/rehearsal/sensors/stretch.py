"""A province's stretch of the line and its hours: all that places where sensors stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.worlds.calendar import Calendar
from truceline.rehearsal.worlds.geography import Geography

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Stretch:
    """One province of a scenario's line.

    Attributes
    ----------
    scenario, country, calendar
        Whose.
    province : int
        Its number along the line, from 0.
    """

    scenario: Scenario
    country: Geography
    province: int
    calendar: Calendar

    def rng(self, role: Role) -> np.random.Generator:
        """Return the random stream of a kind of sensor in this province and era."""
        return stream(self.scenario.seed, role, self.province, self.calendar.era)

    @property
    def low(self) -> float:
        """Beginning of the province along the line, metres."""
        return float(self.country.edges[self.country.provinces[self.province].start])

    @property
    def high(self) -> float:
        """End of the province along the line, metres."""
        return float(self.country.edges[self.country.provinces[self.province].stop])

    @property
    def area(self) -> str:
        """Name of the province."""
        return f"P{self.province + 1:02d}"

    def is_blind(self, s: FloatArray) -> BoolArray:
        """Return whether the mission has no sensor beside these places of the line."""
        part = np.asarray(s) / self.country.front.length_m
        blind = np.zeros(np.shape(part), np.bool_)
        for low, high in self.scenario.blind:
            blind |= (part >= low) & (part <= high)
        return blind

    def spaced(self, per_100km: float, rng: np.random.Generator) -> FloatArray:
        """Return places along the line, about evenly, none in its blind parts."""
        km = (self.high - self.low) / 1000.0
        n = int(np.floor(per_100km * km / 100.0 + rng.random()))
        s = self.low + (np.arange(n) + 0.5 + 0.3 * rng.uniform(-1, 1, n)) * (
            (self.high - self.low) / max(n, 1)
        )
        return np.asarray(s[~self.is_blind(s)])
