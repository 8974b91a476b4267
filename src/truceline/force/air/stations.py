"""How many stations in the air can be kept up round the clock, and by which bases."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from truceline.core.space.geodesy import distance_m
from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema

AIR_BASES = Schema(
    "air bases",
    (
        Column("base", pl.String(), "Name of the base."),
        Column("lon", pl.Float64(), "Longitude, degrees.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees.", low=-90, high=90),
        Column("type", pl.String(), "Type of aircraft; see the table of types."),
        Column("aircraft", pl.Int64(), "Aircraft of that type based there.", low=0),
        Column(
            "refuellings", pl.Float64(), "Refuellings a day that tankers there can give.", low=0
        ),
        Column("backstop", pl.Boolean(), "Whether they are the guarantor's."),
        Column("source", pl.String(), "Where the numbers are from."),
    ),
)

AIRCRAFT_TYPES = Schema(
    "aircraft types",
    (
        Column("type", pl.String(), "Name of the type."),
        Column("speed_kmh", pl.Float64(), "Cruising speed.", low=1),
        Column("endurance_h", pl.Float64(), "Hours from take-off to landing.", low=0),
        Column("turnaround_h", pl.Float64(), "Hours on the ground between flights.", low=0),
        Column("upkeep_h", pl.Float64(), "Hours of upkeep for a flight.", low=0),
        Column("upkeep_per_h", pl.Float64(), "Hours of upkeep for an hour flown.", low=0),
        Column("availability", pl.Float64(), "Share of aircraft fit to fly.", low=0, high=1),
        Column("per_station", pl.Int64(), "Aircraft that fly together.", low=1),
        Column("refuel_h", pl.Float64(), "Hours on station one refuelling adds.", True, 0),
        Column("most_h", pl.Float64(), "Longest flight crews may make, hours.", low=0),
        Column("alert_h", pl.Float64(), "Hours from the call to take-off on alert.", low=0),
        Column("source", pl.String(), "Where the numbers are from."),
    ),
)

STATIONS = Schema(
    "stations",
    (
        Column("station", pl.String(), "Name of the station."),
        Column("lon", pl.Float64(), "Longitude, degrees.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees.", low=-90, high=90),
        Column("type", pl.String(), "Type of aircraft wanted there."),
    ),
)


@dataclass(frozen=True)
class AircraftType:
    """A row of the table of types; see its columns for the units."""

    speed_kmh: float
    endurance_h: float
    turnaround_h: float
    upkeep_h: float
    upkeep_per_h: float
    availability: float
    per_station: int
    refuel_h: float | None
    most_h: float
    alert_h: float

    def ground_h(self, flight_h: float) -> float:
        """Return the hours on the ground that a flight costs."""
        return self.turnaround_h + self.upkeep_h + self.upkeep_per_h * flight_h


@dataclass(frozen=True)
class Orbit:
    """What it takes to keep one station from one base.

    Attributes
    ----------
    transit_h : float
        Hours one way.
    on_station_h : float
        Hours on station of one flight; 0 where it cannot be reached.
    cycle_h : float
        Hours from one take-off of an aircraft to its next.
    aircraft : float
        Aircraft based there that one station ties up, on average; infinite where it cannot
        be reached.
    refuellings_per_day : float
        Refuellings in the air it needs a day.
    """

    transit_h: float
    on_station_h: float
    cycle_h: float
    aircraft: float
    refuellings_per_day: float


def sortie_rate(flight_h: float, kind: AircraftType) -> float:
    """Return the flights a day of one aircraft fit to fly.

    24 / (flight + turnaround + upkeep), RAND MR-1028 (Airbase Vulnerability), appendix B.

    Examples
    --------
    The report's case, 500 nautical miles out at 500 knots and back: 9.76 hours a flight,
    3 of them turnaround, so 2.46 flights a day:

    >>> kind = AircraftType(926, 3, 3.0, 3.4, 0.68, 1.0, 2, None, 8, 0.25)
    >>> round(sortie_rate(2.0, kind), 2)
    2.46
    """
    return 24 / (flight_h + kind.ground_h(flight_h))


def orbit(km: float, kind: AircraftType, *, refuelled: bool = False) -> Orbit:
    """Return what one continuous station at a distance ties up.

    aircraft = s x (T + 2 d / v + ground) / (T x availability): s aircraft fly together, d is
    the distance and v the speed, T = flight - 2 d / v the hours on station. A refuelling in
    the air adds its hours to the flight, as far as crews may fly.
    """
    transit = km / kind.speed_kmh
    extra = (kind.refuel_h or 0.0) if refuelled else 0.0
    flight = min(kind.endurance_h + extra, kind.most_h)
    on_station = flight - 2 * transit
    cycle = flight + kind.ground_h(flight)
    if on_station <= 1e-9 or kind.availability == 0:
        return Orbit(transit, max(on_station, 0.0), cycle, math.inf, 0.0)
    aircraft = kind.per_station * cycle / (on_station * kind.availability)
    refuellings = 24 / on_station * kind.per_station if refuelled else 0.0
    return Orbit(transit, on_station, cycle, aircraft, refuellings)


def types_of(types: pl.DataFrame) -> dict[str, AircraftType]:
    """Return the types by name."""
    types = AIRCRAFT_TYPES.conform(types)
    twice = types.filter(pl.col("type").is_duplicated())["type"].unique().sort()
    if twice.len():
        raise InputError(f"the table of aircraft types names {twice[0]!r} twice.")
    rows = types.drop("source").iter_rows(named=True)
    return {row.pop("type"): AircraftType(**row) for row in rows}


def base_km(base: dict[str, Any], place: dict[str, Any]) -> float:
    """Return the distance from a base to a place, km."""
    return distance_m(base["lon"], base["lat"], place["lon"], place["lat"]) / 1000
