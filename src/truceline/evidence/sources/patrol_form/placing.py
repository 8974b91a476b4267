r"""Where it happened, from what an observer notes.

A bearing and a distance give a place with an error ellipse: :math:`\sigma_d` along the
bearing and :math:`d\,\sigma_\beta` across it. It is collapsed to the circle of the same
mean square, and the observer's own error is added:

.. math:: \sigma^2 = (\sigma_d^2 + (d\,\sigma_\beta)^2) / 2 + \sigma_{observer}^2
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from pyproj import Geod

from truceline.evidence.sources.patrol_form.form import Entry

_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Habit:
    """What is assumed where an observer does not say it.

    Attributes
    ----------
    distance_m, distance_sigma_m : float
        Distance, where none is noted.
    distance_share : float
        Error of a distance that is noted, as a share of it.
    bearing_sigma_deg : float
        Error of a bearing that is noted.
    """

    distance_m: float
    distance_sigma_m: float
    distance_share: float
    bearing_sigma_deg: float


#: Assumptions, by how it was noticed: distance by ear is a guess, a camera's mark is not.
HABITS: Final = {
    "heard": Habit(4000.0, 2500.0, 0.35, 15.0),
    "seen": Habit(2500.0, 2000.0, 0.25, 5.0),
    "camera": Habit(3000.0, 2000.0, 0.15, 2.0),
    "uav": Habit(500.0, 500.0, 0.10, 5.0),
}


@dataclass(frozen=True)
class Placed:
    """A place and its error, one sigma, metres."""

    lon: float
    lat: float
    sigma_m: float


def place_of(entry: Entry) -> Placed:
    """Return where it happened, as well as the entry tells.

    In order: the assessed place; bearing and distance; the bearing with the distance that
    is usual for the means; the observer's own place with that distance as its error.
    """
    if entry.event is not None:
        return Placed(entry.event.lon, entry.event.lat, entry.event.sigma_m)
    habit, observer = HABITS[entry.means], entry.observer
    if entry.bearing_deg is None:
        sigma = math.hypot(habit.distance_m, observer.sigma_m)
        return Placed(observer.lon, observer.lat, sigma)
    distance, along = _distance(entry, habit)
    bearing_sigma = entry.bearing_sigma_deg
    across = distance * math.radians(
        habit.bearing_sigma_deg if bearing_sigma is None else bearing_sigma
    )
    lon, lat, _ = _GEOD.fwd(observer.lon, observer.lat, entry.bearing_deg, distance)
    sigma = math.sqrt((along**2 + across**2) / 2.0 + observer.sigma_m**2)
    return Placed(float(lon), float(lat), sigma)


def _distance(entry: Entry, habit: Habit) -> tuple[float, float]:
    if entry.distance_m is None:
        return habit.distance_m, habit.distance_sigma_m
    if entry.distance_sigma_m is not None:
        return entry.distance_m, entry.distance_sigma_m
    return entry.distance_m, habit.distance_share * entry.distance_m
