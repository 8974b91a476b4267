"""Presence in the air over the line: stations kept with and without the guarantor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.core.types.schema import Schema
from truceline.force.air.presence import AirPlan, air_plan, hours_to_presence
from truceline.force.air.stations import AIR_BASES, AIRCRAFT_TYPES, STATIONS
from truceline.force.planning.ground import PlanGround

#: Kilometres of line for one station of each type: assumptions.
STATION_KM = 300.0


@dataclass(frozen=True)
class AirForce:
    """Bases and types of aircraft (`AIR_BASES`, `AIRCRAFT_TYPES`), each row with its source."""

    bases: pl.DataFrame
    types: pl.DataFrame


@dataclass(frozen=True)
class Airborne:
    """What can be kept in the air.

    Attributes
    ----------
    stations : polars.DataFrame
        `STATIONS` wanted, spread evenly along the line.
    plan : AirPlan
        Stations kept without the guarantor, and with.
    presence : polars.DataFrame
        `PRESENCE`: hours until somebody is over the middle of each sector.
    """

    stations: pl.DataFrame
    plan: AirPlan
    presence: pl.DataFrame

    def kept(self, *, backed: bool) -> int:
        """Return how many stations are kept round the clock."""
        return int((self.plan.backed if backed else self.plan.without)["kept"].sum())


def read_air_force(folder: Path) -> AirForce:
    """Read `bases.csv` and `types.csv` of a folder."""
    return AirForce(_read(folder / "bases.csv", AIR_BASES),
                    _read(folder / "types.csv", AIRCRAFT_TYPES))  # fmt: skip


def example_air_force() -> AirForce:
    """Return the air force that comes with the program: its numbers are assumptions."""
    return read_air_force(Path(__file__).parents[1] / "examples" / "air")


def _read(path: Path, schema: Schema) -> pl.DataFrame:
    try:
        return schema.conform(pl.read_csv(path))
    except (OSError, pl.exceptions.PolarsError) as cause:
        raise InputError(
            "the table of aircraft cannot be read.",
            where=Where(str(path)),
            hint="Give a folder with bases.csv and types.csv, as in docs/methods/plan.md.",
        ) from cause


def fly(force: AirForce, ground: PlanGround) -> Airborne:
    """Say which stations along the line can be kept, and how soon somebody is over a sector."""
    stations = _stations(force, ground)
    plan = air_plan(force.bases, force.types, stations)
    middles = ground.stretches.group_by("stretch", maintain_order=True).agg(
        pl.col("lon", "lat").sort_by("km").gather(pl.len() // 2).first()
    )
    places = middles.rename({"stretch": "place"})
    presence = hours_to_presence(places, plan, force.bases, force.types, stations)
    return Airborne(stations, plan, presence)


def _stations(force: AirForce, ground: PlanGround) -> pl.DataFrame:
    number = max(1, round(ground.line_km / STATION_KM))
    km = ground.stretches["km"].to_numpy()
    wanted = (np.arange(number) + 0.5) * float(km.max()) / number
    near = ground.stretches[[int(np.abs(km - at).argmin()) for at in wanted]]
    rows = [
        {"station": f"{kind} {n + 1}", "lon": row["lon"], "lat": row["lat"], "type": kind}
        for kind in force.types["type"]
        for n, row in enumerate(near.iter_rows(named=True))
    ]
    return STATIONS.conform(pl.DataFrame(rows, schema=STATIONS.dtypes()))
