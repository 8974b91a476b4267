"""Cloud and wind as smooth random fields that all sensors share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY, Calendar

_WAVES = 48


@dataclass(frozen=True)
class Weather:
    """A moving cloud field and a wind, the same wherever they are asked for.

    Attributes
    ----------
    kx, ky, omega, phase : arrays
        Waves of the cloud field: 1/m, 1/m, 1/s, radians.
    threshold : float
        Height of the field above which the sky is covered.
    overcast : tuple
        Times that are covered throughout, seconds from the origin.
    wind_ms : float
        Scale of the wind.
    """

    kx: FloatArray
    ky: FloatArray
    omega: FloatArray
    phase: FloatArray
    threshold: float
    overcast: tuple[tuple[float, float], ...]
    wind_ms: float

    def is_cloudy(
        self, x: FloatArray, y: FloatArray, t: FloatArray
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return whether each place is under cloud at each time."""
        x, y, t = np.broadcast_arrays(x, y, t)
        field = np.zeros(x.shape)
        for kx, ky, omega, phase in zip(self.kx, self.ky, self.omega, self.phase, strict=True):
            field += np.cos(kx * x + ky * y + omega * t + phase)
        cloudy = field * np.sqrt(2.0 / _WAVES) > self.threshold
        for start, end in self.overcast:
            cloudy |= (t >= start) & (t < end)
        return np.asarray(cloudy)

    def wind(self, t: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the wind's two parts, m/s, changing over about a day."""
        t = np.asarray(t)
        slow = [
            self.wind_ms
            * np.sqrt(2.0 / 8)
            * sum(np.cos(self.omega[i] * t + self.phase[i]) for i in range(first, first + 8))
            for first in (0, 8)
        ]
        return np.asarray(slow[0]), np.asarray(slow[1])


def weather(scenario: Scenario, calendar: Calendar) -> Weather:
    """Return the weather of a calendar: cloud systems of 150 to 800 km that drift and turn."""
    rng = stream(scenario.seed, Role.WEATHER, calendar.era)
    length = 1000.0 * np.exp(rng.uniform(np.log(150), np.log(800), _WAVES))
    way = rng.uniform(0, 2 * np.pi, _WAVES)
    period = SECONDS_PER_DAY * np.exp(rng.uniform(np.log(0.6), np.log(4), _WAVES))
    cover = min(max(scenario.weather.cloud_cover, 1e-9), 1 - 1e-9)
    overcast = [
        tuple((calendar.truce_day + day) * SECONDS_PER_DAY for day in days)
        for days in scenario.weather.overcast_days
    ]
    return Weather(
        kx=2 * np.pi / length * np.cos(way),
        ky=2 * np.pi / length * np.sin(way),
        omega=2 * np.pi / period,
        phase=rng.uniform(0, 2 * np.pi, _WAVES),
        threshold=float(-ndtri(cover)),
        overcast=tuple((a, b) for a, b in overcast) if calendar.era == 0 else (),
        wind_ms=scenario.weather.wind_ms,
    )
