"""Rotation: how long the people along the line can be kept there by those who are pledged."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.model import Unit
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.people import Manning
from truceline.force.roster.exact import exact_roster
from truceline.force.roster.model import SLOTS, UNITS, Question, Roster, presence

#: How far ahead, months.
MONTHS = 36

#: People of one contingent, which serves and rests as a whole: an assumption, a battalion.
CONTINGENT = 600.0

#: Months of a tour, and days to be ready, where a nation has not said: assumptions.
TOUR_MONTHS, READY_DAYS = 6.0, 60.0

#: People pledged for one in the theatre: those stated and no others, as many again, thirds.
PLEDGES = (1.0, 2.0, 3.0)

ROTATION = Schema(
    "people there by month",
    (
        Column("pledged", pl.Float64(), "People pledged for one in the theatre.", low=0),
        Column("month", pl.Int64(), "Month from the day of the plan, from 0.", low=0),
        Column("needed", pl.Float64(), "People wanted along the line.", low=0),
        Column("present", pl.Float64(), "People of them who are there.", low=0),
        Column("gap", pl.Float64(), "Share by which a better roster could meet more.", low=0),
    ),
)


@dataclass(frozen=True)
class Rotation:
    """Who would be there, month by month.

    Attributes
    ----------
    months : polars.DataFrame
        `ROTATION`, for each number of people pledged.
    tours : polars.DataFrame
        `TOURS` of the roster in which most are pledged.
    """

    months: pl.DataFrame
    tours: pl.DataFrame

    def met(self, pledged: float) -> float:
        """Return the share of the person-months wanted that are met."""
        mine = self.months.filter(pl.col("pledged") == pledged)
        needed = float(mine["needed"].sum())
        return float(mine["present"].sum()) / needed if needed > 0 else 0.0


def rotation(
    units: Sequence[Unit], manning: Manning, day: dt.date, assumed: Assumed,
    rng: np.random.Generator, *, seconds: float = 30.0, gap: float = 0.01,
) -> Rotation:  # fmt: skip
    """Roster the units that serve along the line, for several numbers of people pledged.

    A unit is cut into contingents of at most `CONTINGENT` people. From the start of one tour to
    the next pass `rotation` tours. Each kind of unit is wanted in the size that the file states.
    The most person-months are met, not the evenest; the search stops at `gap`.
    """
    line = set(manning.serving.filter(pl.col("serves") == "along the line")["unit_id"].to_list())
    mine = [unit for unit in units if unit.unit_id in line]
    parts, tours = [ROTATION.empty()], pl.DataFrame()
    for pledged in PLEDGES if mine else ():
        question = _question(mine, pledged, day, assumed)
        roster = exact_roster(question, rng, seconds=seconds, gap=gap)
        parts.append(_monthly(question, roster, pledged))
        tours = roster.tours
    return Rotation(ROTATION.conform(pl.concat(parts)), tours)


def _question(units: Sequence[Unit], pledged: float, day: dt.date, assumed: Assumed) -> Question:
    rows = [row for unit in units for row in _contingents(unit, pledged, day, assumed)]
    table = UNITS.conform(pl.DataFrame(rows, schema=UNITS.dtypes(), orient="row"))
    kinds = dict.fromkeys(unit.kind for unit in units)
    share = assumed["in_theatre"]
    wanted = [
        ("along the line", kind, share * sum(u.persons or 0 for u in units if u.kind == kind))
        for kind in kinds
    ]
    slots = SLOTS.conform(pl.DataFrame(wanted, schema=SLOTS.dtypes(), orient="row"))
    may = table["kind"].to_numpy()[:, None] == slots["kind"].to_numpy()[None, :]
    return Question(table, slots, np.asarray(may, dtype=np.bool_), MONTHS)


def _contingents(
    unit: Unit, pledged: float, day: dt.date, assumed: Assumed
) -> list[tuple[str, str, str, float, int, int, int]]:
    """Return the contingents of a unit as rows of `UNITS`, all of one size."""
    people = float(unit.persons or 0) * assumed["in_theatre"]
    number = math.ceil(people / CONTINGENT - 1e-9)
    tour = max(1, round(unit.tour_months or TOUR_MONTHS))
    late = unit.ready_days if unit.ready_days is not None else READY_DAYS
    if unit.available_on is not None:
        late += max((unit.available_on - day).days, 0)
    first, cycle = math.ceil(late / 30.4 - 1e-9), max(tour, round(tour * assumed["rotation"]))
    return [
        (f"{unit.unit_id} {n + 1}", unit.nation, unit.kind, people / number, first, tour, cycle)
        for n in range(round(number * pledged))
    ]


def _monthly(question: Question, roster: Roster, pledged: float) -> pl.DataFrame:
    need = question.need()
    there = np.minimum(presence(question, roster.tours), need).sum(axis=0)
    table = pl.DataFrame(
        {"month": np.arange(question.months), "needed": need.sum(axis=0), "present": there}
    )
    return ROTATION.conform(
        table.with_columns(pl.lit(pledged).alias("pledged"), pl.lit(roster.gap).alias("gap"))
    )
