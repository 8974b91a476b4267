"""What presence a number of bases can keep up, and how soon it can be over a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import TermsError
from truceline.core.types.schema import Column, Schema
from truceline.force.air.stations import (
    AIR_BASES,
    STATIONS,
    AircraftType,
    Orbit,
    base_km,
    orbit,
    types_of,
)

#: Weight of a part of a station's time beside whole stations: never worth giving one up.
_PART = 1e-3

KEPT = Schema(
    "stations kept",
    (
        Column("station", pl.String(), "Name of the station."),
        Column("kept", pl.Boolean(), "Whether it can be kept round the clock."),
        Column("cover", pl.Float64(), "Share of the time somebody is there.", low=0, high=1),
        Column("aircraft", pl.Float64(), "Aircraft based that it ties up.", low=0),
        Column("refuellings", pl.Float64(), "Refuellings a day it takes.", low=0),
        Column("why", pl.String(), "Why it is not kept; null where it is.", True),
    ),
)

PRESENCE = Schema(
    "hours to presence",
    (
        Column("place", pl.String(), "Name of the place."),
        Column("without_h", pl.Float64(), "Hours without the guarantor; null: never.", True, 0),
        Column("with_h", pl.Float64(), "Hours with the guarantor; null: never.", True, 0),
    ),
)


@dataclass(frozen=True)
class AirPlan:
    """The stations kept with and without the guarantor (`KEPT` tables)."""

    without: pl.DataFrame
    backed: pl.DataFrame


def air_plan(bases: pl.DataFrame, types: pl.DataFrame, stations: pl.DataFrame) -> AirPlan:
    """Return the stations kept without the guarantor, and with.

    What is kept without the guarantor stays kept with it: its aircraft are an addition, so
    taking them away never improves anything.
    """
    bases = AIR_BASES.conform(bases)
    own = kept_stations(bases.filter(~pl.col("backstop")), types, stations)
    fixed = own.filter("kept")["station"].to_list()
    return AirPlan(own, kept_stations(bases, types, stations, keep=tuple(fixed)))


def kept_stations(
    bases: pl.DataFrame,
    types: pl.DataFrame,
    stations: pl.DataFrame,
    keep: tuple[str, ...] = (),
) -> pl.DataFrame:
    """Return the most stations that can be kept round the clock at once (`KEPT`).

    A mixed-integer program solved to the optimum: aircraft of a base are shared between
    stations, with or without refuelling, and a station is kept when the shares of its time
    add up to one. What is left over goes to the others' time. `keep` names stations that must
    be kept.
    """
    bases, stations = AIR_BASES.conform(bases), STATIONS.conform(stations)
    kinds = _kinds(bases, types, stations)
    ways = _ways(bases, stations, kinds)
    if stations.is_empty():
        return KEPT.empty()
    x, y, cover = _solve(bases, stations, ways, keep)
    rows = []
    for s, name in enumerate(stations["station"]):
        used = [(w, float(x[i])) for i, w in enumerate(ways) if w.station == s]
        rows.append(
            {
                "station": name,
                "kept": bool(y[s] > 0.5),
                "cover": 1.0 if y[s] > 0.5 else float(np.clip(cover[s], 0, 1)),
                "aircraft": max(0.0, sum(amount for _, amount in used)),
                "refuellings": max(
                    0.0,
                    sum(a / w.orbit.aircraft * w.orbit.refuellings_per_day for w, a in used),
                ),
                "why": None if y[s] > 0.5 else _why(s, stations, bases, ways),
            }
        )
    return KEPT.conform(pl.DataFrame(rows, schema=KEPT.dtypes()))


@dataclass(frozen=True)
class _Way:
    """One base that can keep one station, refuelled or not."""

    base: int
    station: int
    orbit: Orbit


def _kinds(
    bases: pl.DataFrame, types: pl.DataFrame, stations: pl.DataFrame
) -> dict[str, AircraftType]:
    kinds = types_of(types)
    unknown = sorted(({*bases["type"]} | {*stations["type"]}) - kinds.keys())
    if unknown:
        raise TermsError(
            f"no aircraft type is called {unknown[0]!r}.",
            hint="Add it to the table of types, with its source.",
        )
    return kinds


def _ways(
    bases: pl.DataFrame, stations: pl.DataFrame, kinds: dict[str, AircraftType]
) -> list[_Way]:
    ways = []
    tankers = bases["refuellings"].sum() > 0
    for b, base in enumerate(bases.iter_rows(named=True)):
        for s, station in enumerate(stations.iter_rows(named=True)):
            if base["type"] != station["type"]:
                continue
            kind = kinds[base["type"]]
            for refuelled in (False, True) if tankers and kind.refuel_h else (False,):
                found = orbit(base_km(base, station), kind, refuelled=refuelled)
                if np.isfinite(found.aircraft):
                    ways.append(_Way(b, s, found))
    return ways


def _solve(
    bases: pl.DataFrame, stations: pl.DataFrame, ways: list[_Way], keep: tuple[str, ...]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return aircraft by way, and kept and covered by station."""
    n, m, w = bases.height, stations.height, len(ways)
    rows = np.zeros((n + 1 + 2 * m, w + 2 * m))
    for i, way in enumerate(ways):
        rows[way.base, i] = 1.0
        rows[n, i] = way.orbit.refuellings_per_day / way.orbit.aircraft
        rows[n + 1 + way.station, i] = -1.0 / way.orbit.aircraft
    for s in range(m):
        rows[n + 1 + s, w + m + s] = 1.0  # cover <= what its aircraft give
        rows[n + 1 + m + s, w + s] = 1.0  # kept <= cover
        rows[n + 1 + m + s, w + m + s] = -1.0
    limits = np.concatenate(
        [bases["aircraft"].to_numpy(), [bases["refuellings"].sum()], np.full(2 * m, 1e-9)]
    )
    low = np.zeros(w + 2 * m)
    low[w : w + m] = stations["station"].is_in(list(keep)).to_numpy()
    high = np.concatenate([np.full(w, np.inf), np.ones(2 * m)])
    found = milp(
        np.concatenate([np.zeros(w), -np.ones(m), np.full(m, -_PART / m)]),
        constraints=LinearConstraint(rows, -np.inf, limits),
        integrality=np.concatenate([np.zeros(w), np.ones(m), np.zeros(m)]),
        bounds=Bounds(low, high),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise TermsError(
            f"the stations {', '.join(keep)} cannot all be kept: {found.message}",
            hint="Ask for fewer at once, or give their type more aircraft or nearer bases.",
        )
    return found.x[:w], found.x[w : w + m], found.x[w + m :]


def _why(s: int, stations: pl.DataFrame, bases: pl.DataFrame, ways: list[_Way]) -> str:
    kind = stations["type"][s]
    mine = [way for way in ways if way.station == s]
    if not (bases["type"] == kind).any():
        return f"no base has a {kind}"
    if not mine:
        return f"no {kind} reaches it with time left to stay"
    need = min(way.orbit.aircraft for way in mine)
    have = bases.filter(pl.col("type") == kind)["aircraft"].sum()
    return f"it takes {need:.1f} aircraft at least; {have} of the type serve all stations"


def hours_to_presence(
    places: pl.DataFrame,
    plan: AirPlan,
    bases: pl.DataFrame,
    types: pl.DataFrame,
    stations: pl.DataFrame,
) -> pl.DataFrame:
    """Return how soon an aircraft can be over each place (`PRESENCE`).

    The sooner of an aircraft on a kept station (distance / speed) and one on alert at a base
    that has aircraft (alert + distance / speed, out and back within its endurance). `places`
    has the columns place, lon and lat.
    """
    bases = AIR_BASES.conform(bases)
    kinds = _kinds(bases, types, stations)
    own = bases.filter(~pl.col("backstop"))
    rows = [
        {
            "place": place["place"],
            "without_h": _soonest(place, plan.without, own, kinds, stations),
            "with_h": _soonest(place, plan.backed, bases, kinds, stations),
        }
        for place in places.iter_rows(named=True)
    ]
    return PRESENCE.conform(pl.DataFrame(rows, schema=PRESENCE.dtypes()))


def _soonest(
    place: dict[str, Any],
    kept: pl.DataFrame,
    bases: pl.DataFrame,
    kinds: dict[str, AircraftType],
    stations: pl.DataFrame,
) -> float | None:
    there = stations.join(kept.filter("kept").select("station"), on="station", how="semi")
    hours = [
        base_km(row, place) / kinds[row["type"]].speed_kmh for row in there.iter_rows(named=True)
    ]
    for base in bases.filter(pl.col("aircraft") > 0).iter_rows(named=True):
        kind = kinds[base["type"]]
        way = base_km(base, place) / kind.speed_kmh
        if kind.availability * base["aircraft"] >= 1 and 2 * way < kind.endurance_h:
            hours.append(kind.alert_h + way)
    return min(hours, default=None)
