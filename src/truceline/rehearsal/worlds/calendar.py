"""Hours of a rehearsal: eras, day and night, seasons and phases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.time import DAY, HOUR, from_micros
from truceline.rehearsal.scenarios.scenario import PhaseSpec, Scenario

SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True)
class Calendar:
    """A stretch of time that is simulated in one go.

    Attributes
    ----------
    origin : int
        Its first moment, UTC microseconds; all times within are seconds from it.
    days : float
        Its length.
    truce_day : float
        Day on which the truce starts, from the origin.
    utc_offset_hours : float
        Local time less UTC.
    lat : float
        Latitude, for day and night.
    era : int
        0 is the truce with what led to it, 1 the quiet season a year before.
    """

    origin: int
    days: float
    truce_day: float
    utc_offset_hours: float
    lat: float
    era: int

    @property
    def seconds(self) -> float:
        """Return its length, seconds."""
        return self.days * SECONDS_PER_DAY

    @property
    def hours(self) -> int:
        """Return its length in hours, rounded up."""
        return int(np.ceil(self.days * 24))

    def micros(self, t: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return seconds from the origin as UTC microseconds."""
        return self.origin + np.round(np.asarray(t) * 1e6).astype(np.int64)

    def local_hour(self, t: FloatArray) -> FloatArray:
        """Return the local hour of the day, 0 to 24."""
        base = (self.origin % DAY) / HOUR
        return np.asarray((base + np.asarray(t) / 3600.0 + self.utc_offset_hours) % 24.0)

    def day_of_year(self, t: FloatArray) -> FloatArray:
        """Return the day of the year, from 1."""
        first = from_micros(self.origin).timetuple().tm_yday
        return np.asarray((first - 1 + np.asarray(t) / SECONDS_PER_DAY) % 365.25 + 1.0)

    def weekday(self, t: FloatArray) -> FloatArray:
        """Return the local day of the week, Monday is 0."""
        local = self.origin / DAY + self.utc_offset_hours / 24 + np.asarray(t) / SECONDS_PER_DAY
        return np.asarray((np.floor(local) + 3) % 7)

    def is_night(self, t: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return whether the sun is down, by declination and hour angle."""
        declination = np.radians(-23.44) * np.cos(2 * np.pi * (self.day_of_year(t) + 10) / 365.25)
        angle = np.radians((self.local_hour(t) - 12.0) * 15.0)
        lat = np.radians(self.lat)
        height = np.sin(lat) * np.sin(declination) + np.cos(lat) * np.cos(declination) * np.cos(
            angle
        )
        return np.asarray(height < 0.0)

    def is_truce(self, t: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return whether the truce is in force."""
        return np.asarray(np.asarray(t) >= self.truce_day * SECONDS_PER_DAY)


def truce_calendar(scenario: Scenario) -> Calendar:
    """Return the time of the truce with the fighting before it."""
    return Calendar(
        origin=scenario.t0 - round(scenario.before_days * DAY),
        days=scenario.before_days + scenario.days,
        truce_day=scenario.before_days,
        utc_offset_hours=scenario.utc_offset_hours,
        lat=scenario.line.centre[1],
        era=0,
    )


def background_calendar(scenario: Scenario) -> Calendar:
    """Return the quiet season a year earlier, around the same days of the year."""
    middle = scenario.t0 + round(scenario.days * DAY / 2) - 365 * DAY
    return Calendar(
        origin=(middle - round(scenario.background_days * DAY / 2)) // DAY * DAY,
        days=scenario.background_days,
        truce_day=0.0,
        utc_offset_hours=scenario.utc_offset_hours,
        lat=scenario.line.centre[1],
        era=1,
    )


def phase_factor(phase: PhaseSpec, truce_days: FloatArray) -> FloatArray:
    """Return what a phase makes of the rate at each time, counted from the truce, days.

    Examples
    --------
    >>> ramp = PhaseSpec(day=10, days=10, factor=3, is_ramp=True)
    >>> phase_factor(ramp, np.array([5.0, 15.0, 30.0])).tolist()
    [1.0, 2.0, 1.0]
    """
    inside = (truce_days >= phase.day) & (truce_days < phase.day + phase.days)
    part = np.clip((truce_days - phase.day) / phase.days, 0.0, 1.0)
    within = 1.0 + (phase.factor - 1.0) * part if phase.is_ramp else phase.factor
    return np.asarray(np.where(inside, within, 1.0))
