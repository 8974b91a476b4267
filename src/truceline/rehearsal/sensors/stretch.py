"""A province's stretch of the line and its hours: all that places where sensors stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.draws import Draws, draws
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role
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

    def draws(self, role: Role, unit: npt.ArrayLike, event: npt.ArrayLike = 0) -> Draws:
        """Return what chance gives units of a kind, for each event, in this province and era."""
        return draws(
            self.scenario.seed, role, self.province, self.calendar.era, unit=unit, event=event
        )

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
