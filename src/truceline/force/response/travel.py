"""How soon so many people can be there, by road and by helicopter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from truceline.core.space.geodesy import distance_m
from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema

REACTION_FORCES = Schema(
    "reaction forces",
    (
        Column("unit", pl.String(), "Name of the unit."),
        Column("lon", pl.Float64(), "Longitude of its base, degrees.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude of its base, degrees.", low=-90, high=90),
        Column("people", pl.Int64(), "People ready to go.", low=0),
        Column("ready_h", pl.Float64(), "Hours from the call to the first departure.", low=0),
        Column("vehicles", pl.Int64(), "Road vehicles.", low=0),
        Column("vehicle_seats", pl.Int64(), "Seats of each.", low=1),
        Column("helicopters", pl.Int64(), "Helicopters that can fly.", low=0),
        Column("helicopter_seats", pl.Int64(), "Seats of each.", low=1),
        Column("may_go", pl.List(pl.String()), "Sectors its nation allows; null: all.", True),
    ),
)

SECTORS = Schema(
    "sectors to reach",
    (
        Column("sector", pl.String(), "Name of the sector."),
        Column("lon", pl.Float64(), "Longitude of its middle, degrees.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude of its middle, degrees.", low=-90, high=90),
    ),
)

ARRIVALS = Schema(
    "arrivals",
    (
        Column("sector", pl.String(), "The sector reached."),
        Column("unit", pl.String(), "The unit that arrives."),
        Column("mode", pl.Enum(["road", "helicopter"]), "How it comes."),
        Column("trip", pl.Int64(), "First, second ... trip of the same vehicles.", low=1),
        Column("hours", pl.Float64(), "Hours from the call to the arrival.", low=0),
        Column("people", pl.Int64(), "People who arrive then.", low=1),
    ),
)

REACH = Schema(
    "hours to be there",
    (
        Column("sector", pl.String(), "The sector reached."),
        Column("people", pl.Int64(), "People wanted there.", low=1),
        Column("hours", pl.Float64(), "Hours until so many are there; null: never.", True, 0.0),
        Column("most", pl.Int64(), "The most people who can ever come.", low=0),
    ),
)


@dataclass(frozen=True)
class Conditions:
    """Speeds of one time of day and weather. Every number is an assumption to be stated.

    Attributes
    ----------
    road_kmh : float
        Speed of a convoy on the road.
    detour : float
        Road length over the straight line, at least 1.
    helicopter_kmh : float
        Cruising speed.
    helicopter_share : float
        Share of the helicopters that can fly now (night crews, weather); 0 when grounded.
    helicopter_radius_km : float
        Farthest distance flown out and back without fuel on the way.
    turn_h : float
        Hours on the ground at each end of a further trip.
    """

    road_kmh: float = 50.0
    detour: float = 1.3
    helicopter_kmh: float = 220.0
    helicopter_share: float = 1.0
    helicopter_radius_km: float = 250.0
    turn_h: float = 0.5


def arrivals(
    forces: pl.DataFrame, sectors: pl.DataFrame, now: Conditions, *, within_h: float = 72.0
) -> pl.DataFrame:
    """Return who arrives where and when, if each sector called alone (`ARRIVALS`).

    A unit that has more people than seats goes back for the others: trip k of vehicles that
    need t hours one way arrives at ready + t + (k - 1) (2 t + 2 turn). People of a unit
    board whatever arrives next, so more seats never make anybody later. The straight line
    is the geodesic on WGS 84; a road is `detour` times as long.
    """
    _check(now)
    forces, sectors = REACTION_FORCES.conform(forces), SECTORS.conform(sectors)
    rows = [
        row | {"sector": sector["sector"], "unit": unit["unit"]}
        for sector in sectors.iter_rows(named=True)
        for unit in forces.iter_rows(named=True)
        if unit["may_go"] is None or sector["sector"] in unit["may_go"]
        for row in _unit_arrivals(unit, sector, now, within_h)
    ]
    table = ARRIVALS.conform(pl.DataFrame(rows, schema=ARRIVALS.dtypes()))
    return table.sort("sector", "hours", "unit", "mode", "trip")


def hours_to(table: pl.DataFrame, sectors: pl.DataFrame, people: int) -> pl.DataFrame:
    """Return the hours until so many people are in each sector (`REACH`).

    Null where the force can never bring so many there; `most` then says how many it can.
    """
    if people < 1:
        raise InputError("hours to be there need at least one person wanted.")
    there = table.sort("sector", "hours").with_columns(
        pl.col("people").cum_sum().over("sector").alias("there")
    )
    enough = there.filter(pl.col("there") >= people)
    first = enough.group_by("sector").agg(pl.col("hours").min())
    most = table.group_by("sector").agg(pl.col("people").sum().alias("most"))
    reach = (
        sectors.select("sector")
        .join(first, on="sector", how="left", maintain_order="left")
        .join(most, on="sector", how="left", maintain_order="left")
        .with_columns(pl.lit(people).alias("people"), pl.col("most").fill_null(0))
    )
    return REACH.conform(reach)


def _check(now: Conditions) -> None:
    if min(now.road_kmh, now.helicopter_kmh) <= 0 or now.detour < 1 or now.turn_h < 0:
        raise InputError(
            "travel needs speeds above 0, a detour of at least 1 and no negative hours.",
            hint="To ground the helicopters set helicopter_share to 0.",
        )
    if not 0 <= now.helicopter_share <= 1:
        raise InputError("the share of helicopters that can fly must lie between 0 and 1.")


def _unit_arrivals(
    unit: dict[str, Any], sector: dict[str, Any], now: Conditions, within_h: float
) -> list[dict[str, Any]]:
    km = distance_m(unit["lon"], unit["lat"], sector["lon"], sector["lat"]) / 1000
    trips = _trips("road", unit, km * now.detour / now.road_kmh, now, within_h)
    if km <= now.helicopter_radius_km:
        trips += _trips("helicopter", unit, km / now.helicopter_kmh, now, within_h)
    left: int = unit["people"]
    rows: list[dict[str, Any]] = []
    for hours, mode, trip, seats in sorted(trips):
        carried = min(left, seats)
        if carried == 0:
            break
        rows.append({"mode": mode, "trip": trip, "hours": hours, "people": carried})
        left -= carried
    return rows


def _trips(
    mode: str, unit: dict[str, Any], way_h: float, now: Conditions, within_h: float
) -> list[tuple[float, str, int, int]]:
    """Return the trips of a unit's vehicles: hours, mode, number and seats."""
    road = mode == "road"
    if road:
        seats = unit["vehicles"] * unit["vehicle_seats"]
    else:
        seats = math.floor(unit["helicopters"] * now.helicopter_share) * unit["helicopter_seats"]
    if seats == 0:
        return []
    first = unit["ready_h"] + way_h
    needed = math.ceil(unit["people"] / seats)
    every = 2 * (way_h + now.turn_h)
    hours = ((first + k * every, k + 1) for k in range(needed))
    return [(h, mode, trip, seats) for h, trip in hours if h <= within_h]
