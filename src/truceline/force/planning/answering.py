"""Being there: bases of reaction forces, and the hours to each place by day and by night."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import TermsError
from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.caveats import Conditions as Day
from truceline.force.contributions.model import Unit
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.ground import PlanGround
from truceline.force.planning.people import Manning, task_masks
from truceline.force.planning.travelling import hours_matrix
from truceline.force.response.travel import REACTION_FORCES, Conditions, arrivals, hours_to
from truceline.force.siting.centres import centre_bases
from truceline.force.siting.medians import BasesPlan, median_bases

#: People on duty in one reaction team.
TEAM = 30

#: Seats of a vehicle and of a helicopter, and vehicles with a team: assumptions.
VEHICLE_SEATS, HELICOPTER_SEATS, VEHICLES_A_TEAM = 8, 12, 4

#: Helicopters that are kept together, so that some of them can fly.
FLIGHT = 4

#: Bands of the response map, hours.
BANDS_H = (1.0, 2.0, 3.0, 4.0, 6.0)

#: Times of day, and whether helicopters fly.
MODES = ("day", "day, by road only", "night", "night, by road only")

STRETCH_HOURS = Schema(
    "hours to each place",
    (
        Column("sector", pl.String(), "Name of the place."),
        Column("stretch", pl.String(), "Sector it belongs to."),
        Column("mode", pl.Enum(MODES), "Time of day, and by what."),
        Column("length_km", pl.Float64(), "Kilometres of line it stands for.", low=0),
        Column("hours", pl.Float64(), "Hours until so many are there; null: never.", True, 0.0),
    ),
)


@dataclass(frozen=True)
class Answering:
    """How soon people are there.

    Attributes
    ----------
    bases : polars.DataFrame
        `REACTION_FORCES` with nation, unit and symbol: who waits where.
    plan : BasesPlan or None
        The p-median behind it, with its bound; None where there is no reaction force.
    hours : polars.DataFrame
        `STRETCH_HOURS`.
    """

    bases: pl.DataFrame
    plan: BasesPlan | None
    hours: pl.DataFrame

    def within(self, hours: float, mode: str = MODES[0]) -> float:
        """Return the share of the line where people are within so many hours."""
        return share_within(self.hours, hours, mode)

    def mean_h(self, mode: str = MODES[0]) -> float | None:
        """Return the mean hours over the line's length; None where a place is never reached."""
        mine = self.hours.filter(pl.col("mode") == mode)
        if mine.is_empty() or mine["hours"].null_count():
            return None
        return float(np.average(mine["hours"].to_numpy(), weights=mine["length_km"].to_numpy()))


def share_within(table: pl.DataFrame, hours: float, mode: str = MODES[0]) -> float:
    """Return the share of the line's length reached within so many hours."""
    mine = table.filter(pl.col("mode") == mode)
    total = float(mine["length_km"].sum())
    near = mine.filter(pl.col("hours").fill_null(float("inf")) <= hours)
    return float(near["length_km"].sum()) / total if total > 0 else 0.0


def answer(
    units: Sequence[Unit], manning: Manning, ground: PlanGround, day: Day, assumed: Assumed
) -> Answering:
    """Site the reaction forces by p-median and say how soon people are at each place."""
    bases, plan = _bases(units, manning, ground, day, assumed)
    return Answering(bases, plan, hours_by_mode(bases, ground, assumed))


def hours_by_mode(
    bases: pl.DataFrame, ground: PlanGround, assumed: Assumed, *, grounded: bool = False
) -> pl.DataFrame:
    """Return the hours to each place of the line, by time of day (`STRETCH_HOURS`)."""
    wanted = int(assumed["people_wanted"])
    parts = []
    for mode in MODES:
        now = conditions_of(assumed, mode, grounded=grounded)
        reach = hours_to(
            arrivals(bases, ground.stretches.select("sector", "lon", "lat"), now, within_h=24.0),
            ground.stretches, wanted,
        )  # fmt: skip
        parts.append(reach.select("sector", "hours").with_columns(pl.lit(mode).alias("mode")))
    table = pl.concat(parts).join(ground.stretches, on="sector", how="left", maintain_order="left")
    return STRETCH_HOURS.conform(table)


def conditions_of(assumed: Assumed, mode: str, *, grounded: bool = False) -> Conditions:
    """Return speeds, and what can fly, at a time of day."""
    night, road = mode.startswith("night"), mode.endswith("only")
    share = assumed["helicopter_night" if night else "helicopter_day"]
    return Conditions(
        road_kmh=assumed["night_kmh" if night else "road_kmh"],
        detour=assumed["detour"],
        helicopter_share=0.0 if road or grounded else share,
    )


def _bases(
    units: Sequence[Unit], manning: Manning, ground: PlanGround, day: Day, assumed: Assumed
) -> tuple[pl.DataFrame, BasesPlan | None]:
    teams = manning.teams.filter(pl.col("task") == "reaction_force")
    total = int(teams["number"].sum())
    if total == 0:
        return _table([]), None
    number = max(1, round(total / assumed["teams_a_base"]))
    mask = task_masks(units, ground.bases, day, "reaction_force").any(axis=0)
    sites = ground.bases.filter(pl.Series(mask))
    if sites.is_empty():
        raise TermsError(
            "no reaction force may wait at any base along the line: its caveats clash with where "
            "bases can be.",
            hint="Lift the caveat, or give the file a unit that may serve there.",
        )
    number = min(number, sites.height)
    travel = hours_matrix(sites, ground.stretches, assumed)
    plan = median_bases(travel, ground.stretches["length_km"].to_numpy(), number)
    chosen = sites[plan.chosen.tolist()]
    km = ground.stretches["km"].to_numpy()[travel[plan.chosen].argmin(axis=1)]
    chosen = chosen.with_columns(pl.Series("km", km)).sort("km", maintain_order=True)
    return _table(_crewed(chosen, teams, total, assumed)), plan


def _crewed(
    chosen: pl.DataFrame, teams: pl.DataFrame, total: int, assumed: Assumed
) -> list[dict[str, object]]:
    """Give teams, their nations and the helicopters to the bases, along the line."""
    count = chosen.height
    each = np.diff(np.round(np.linspace(0, total, count + 1))).astype(int)
    owners = [
        (row["unit_id"], row["nation"])
        for row in teams.iter_rows(named=True)
        for _ in range(row["number"])
    ]
    air = _flights(int(assumed["helicopters"]), count)
    rows: list[dict[str, object]] = []
    start = 0
    for at, site in enumerate(chosen.iter_rows(named=True)):
        mine = owners[start : start + each[at]]
        start += int(each[at])
        rows.append(
            {
                "unit": f"reaction base {at + 1}",
                "lon": site["lon"],
                "lat": site["lat"],
                "side": site["side"],
                "km": site["km"],
                "people": int(each[at]) * TEAM,
                "ready_h": assumed["ready_h"],
                "vehicles": int(each[at]) * VEHICLES_A_TEAM,
                "vehicle_seats": VEHICLE_SEATS,
                "helicopters": int(air[at]),
                "helicopter_seats": HELICOPTER_SEATS,
                "may_go": None,
                "teams": ", ".join(
                    f"{mine.count(owner)} {owner[1]}" for owner in dict.fromkeys(mine)
                ),
                "unit_ids": [owner[0] for owner in mine],
            }
        )
    return rows


def _flights(helicopters: int, bases: int) -> list[int]:
    """Return the helicopters at each base: flights of `FLIGHT`, evenly spread along the line.

    Examples
    --------
    >>> _flights(8, 5)
    [0, 4, 0, 4, 0]
    """
    out = [0] * bases
    flights = -(-helicopters // FLIGHT)
    for number in range(flights):
        at = min(int((number + 0.5) * bases / flights), bases - 1)
        out[at] += min(FLIGHT, helicopters - number * FLIGHT)
    return out


def _table(rows: list[dict[str, object]]) -> pl.DataFrame:
    more = {"side": pl.String(), "km": pl.Float64(), "teams": pl.String(),
            "unit_ids": pl.List(pl.String())}  # fmt: skip
    return pl.DataFrame(rows, schema=REACTION_FORCES.dtypes() | more)


def without_units(bases: pl.DataFrame, lost: AbstractSet[str]) -> pl.DataFrame:
    """Return the bases without the teams of some units; a base of none is gone."""
    left = pl.col("unit_ids").list.eval(~pl.element().is_in(sorted(lost))).list.sum().cast(pl.Int64)
    share = left / pl.col("unit_ids").list.len()
    return bases.with_columns(
        (left * TEAM).alias("people"),
        (left * VEHICLES_A_TEAM).alias("vehicles"),
        (pl.col("helicopters") * share).floor().cast(pl.Int64).alias("helicopters"),
    ).filter(pl.col("people") > 0)


@dataclass(frozen=True)
class Farthest:
    """Hours by road from the nearest base to the farthest place.

    Attributes
    ----------
    planned, best : float
        Of the plan's bases, and of as many bases sited for the farthest place alone (p-centre).
    bound : float
        What no choice of as many bases betters.
    """

    planned: float
    best: float
    bound: float


def farthest(
    answering: Answering, units: Sequence[Unit], ground: PlanGround, day: Day, assumed: Assumed
) -> Farthest | None:
    """Say how much shorter the longest way could be; None where there are no bases."""
    if answering.plan is None:
        return None
    mask = task_masks(units, ground.bases, day, "reaction_force").any(axis=0)
    travel = hours_matrix(ground.bases.filter(pl.Series(mask)), ground.stretches, assumed)
    centre = centre_bases(travel, len(answering.plan.chosen), seconds=5.0)
    planned = float(travel[answering.plan.chosen].min(axis=0).max())
    return Farthest(planned, centre.objective, centre.bound)


def nearest_hours(bases: pl.DataFrame, ground: PlanGround, assumed: Assumed) -> FloatArray:
    """Return the hours of the first patrol or team to each place, by road by day."""
    return np.asarray(hours_matrix(bases, ground.stretches, assumed).min(axis=0))
