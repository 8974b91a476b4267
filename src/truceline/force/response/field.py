"""Hours until so many people are there, over many places at once, for isochrones."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from pyproj import Geod

from truceline.core.space.geodesy import FloatArray
from truceline.force.response.travel import REACTION_FORCES, Conditions

_EARTH = Geod(ellps="WGS84")


def hours_over(
    forces: pl.DataFrame, lon: FloatArray, lat: FloatArray, people: int, now: Conditions,
    *, within_h: float = 24.0,
) -> FloatArray:  # fmt: skip
    """Return the hours until so many people are at each place, each calling alone.

    The same trips as `travel.arrivals`, reckoned for all places together. Forces that may not go
    everywhere are taken to go anywhere: a field has no names by which they could be kept out.

    Parameters
    ----------
    forces : polars.DataFrame
        Schema `REACTION_FORCES`.
    lon, lat : array
        Places, degrees.
    people : int
        People wanted there.
    now : Conditions
        Speeds and what can fly.
    within_h : float
        Hours after which nobody is waited for; infinity where too few have come by then.
    """
    hours, carried = [], []
    for unit in REACTION_FORCES.conform(forces).iter_rows(named=True):
        metres = _EARTH.inv(
            np.full_like(lon, unit["lon"]), np.full_like(lat, unit["lat"]), lon, lat
        )[2]
        when, seats = _trips(unit, np.asarray(metres) / 1000.0, now)
        if not len(when):
            continue
        order = np.argsort(when, axis=0, kind="stable")
        when = np.take_along_axis(when, order, axis=0)
        aboard = np.minimum(np.cumsum(np.take_along_axis(seats, order, axis=0), axis=0),
                            unit["people"])  # fmt: skip
        hours.append(when)
        carried.append(np.diff(aboard, axis=0, prepend=0.0))
    if not hours:
        return np.full(len(lon), np.inf)
    return _enough(np.concatenate(hours), np.concatenate(carried), people, within_h)


def _trips(
    unit: dict[str, float], km: FloatArray, now: Conditions
) -> tuple[FloatArray, FloatArray]:
    """Return hours of arrival and seats of every trip, trips x places; too far is never."""
    flying = math.floor(unit["helicopters"] * now.helicopter_share) * unit["helicopter_seats"]
    far = np.where(km <= now.helicopter_radius_km, km / now.helicopter_kmh, np.inf)
    ways = (
        (km * now.detour / now.road_kmh, unit["vehicles"] * unit["vehicle_seats"]),
        (far, flying),
    )
    hours, seats = [np.empty((0, len(km)))], [np.empty((0, len(km)))]
    for way, room in ways:
        if room > 0:
            trip = np.arange(math.ceil(unit["people"] / room))[:, None]
            hours.append(unit["ready_h"] + way * (1 + 2 * trip) + 2 * trip * now.turn_h)
            seats.append(np.full((len(trip), len(km)), float(room)))
    return np.concatenate(hours), np.concatenate(seats)


def _enough(hours: FloatArray, carried: FloatArray, people: int, within_h: float) -> FloatArray:
    """Return when the people who have come are enough, place by place."""
    order = np.argsort(hours, axis=0, kind="stable")
    there = np.cumsum(np.take_along_axis(carried, order, axis=0), axis=0)
    enough = there >= people - 1e-9
    first = np.take_along_axis(hours, order, axis=0)[
        enough.argmax(axis=0), np.arange(hours.shape[1])
    ]
    return np.where(enough.any(axis=0) & (first <= within_h), first, np.inf)
