r"""Daylight: how high the sun stands, by the low-accuracy formulae of the almanacs.

Mean longitude and anomaly, the equation of the centre to two terms and the obliquity of
the ecliptic (Astronomical Almanac, section C, low precision): right to about 0.01 degrees
of declination and 6 s of time between 1950 and 2050.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from truceline.core.types.time import DAY

FloatArray = npt.NDArray[np.float64]

#: 2000-01-01T12:00Z, from which the formulae count days.
_J2000: Final = 946_728_000_000_000

#: The sun at or above this is daylight enough to watch: end of civil twilight.
CIVIL_TWILIGHT_DEG: Final = -6.0


def sun_elevation_deg(micros: npt.ArrayLike, lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
    """Return the height of the sun's centre above the horizon, degrees, without refraction.

    Parameters
    ----------
    micros : array of int64
        UTC microseconds.
    lon, lat : array
        WGS 84 degrees.

    Examples
    --------
    Noon on the equator at the March equinox of 2025:

    >>> from truceline.core.types.time import parse_time
    >>> bool(sun_elevation_deg(parse_time("2025-03-20T12:07:00Z"), 0.0, 0.0) > 89)
    True
    """
    days = (np.asarray(micros, dtype=np.float64) - _J2000) / DAY
    longitude = 280.460 + 0.985_647_4 * days
    anomaly = np.radians(357.528 + 0.985_600_3 * days)
    ecliptic = np.radians(longitude + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    obliquity = np.radians(23.439 - 0.000_000_4 * days)
    declination = np.arcsin(np.sin(obliquity) * np.sin(ecliptic))
    ascension = np.arctan2(np.cos(obliquity) * np.sin(ecliptic), np.cos(ecliptic))
    sidereal = np.radians(280.460_62 + 360.985_647_37 * days + np.asarray(lon, dtype=np.float64))
    hour_angle = sidereal - ascension
    phi = np.radians(np.asarray(lat, dtype=np.float64))
    sine = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(
        hour_angle
    )
    return np.asarray(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))))


def is_daylight(
    micros: npt.ArrayLike, lon: npt.ArrayLike, lat: npt.ArrayLike
) -> npt.NDArray[np.bool_]:
    """Return where it is light enough to watch by eye: until the end of civil twilight."""
    return np.asarray(sun_elevation_deg(micros, lon, lat) >= CIVIL_TWILIGHT_DEG)
