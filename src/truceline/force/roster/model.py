"""Units that rotate, posts that need people, and the tours that meet them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.types.schema import Column, Schema

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

_S, _I, _F = pl.String(), pl.Int64(), pl.Float64()

UNITS = Schema(
    "roster_units",
    (
        Column("unit_id", _S, "The unit."),
        Column("nation", _S, "Whose it is."),
        Column("kind", _S, "What it is, such as infantry."),
        Column("persons", _F, "People of it in theatre during a tour.", low=0),
        Column("first_month", _I, "First month it can begin a tour, from 0.", low=0),
        Column("tour", _I, "Length of a tour, months.", low=1),
        Column("cycle", _I, "From the start of a tour to the next, months.", low=1),
    ),
)

SLOTS = Schema(
    "roster_slots",
    (
        Column("slot", _S, "Where: a sector, a hub."),
        Column("kind", _S, "The kind of unit it needs."),
        Column("persons", _F, "People needed there every month.", low=0),
    ),
)

TOURS = Schema(
    "roster",
    (
        Column("unit_id", _S, "The unit."),
        Column("nation", _S, "Whose it is."),
        Column("slot", _S, "Where it serves."),
        Column("kind", _S, "As what."),
        Column("persons", _F, "People.", low=0),
        Column("month_start", _I, "First month of the tour, from 0.", low=0),
        Column("month_end", _I, "Month after its last, the horizon at most.", low=0),
    ),
)

GAPS = Schema(
    "roster_gaps",
    (
        Column("slot", _S, "Where."),
        Column("kind", _S, "What is missing."),
        Column("month", _I, "When, months from 0.", low=0),
        Column("needed", _F, "People needed.", low=0),
        Column("present", _F, "People there.", low=0),
        Column("short", _F, "How many are missing.", low=0),
    ),
)


@dataclass(frozen=True)
class Question:
    """What is asked of a roster.

    Attributes
    ----------
    units, slots : polars.DataFrame
        Schemas `UNITS` and `SLOTS`.
    may : bool array, units x slots
        Whether the unit's nation and kind let it serve there.
    months : int
        How far ahead.
    """

    units: pl.DataFrame
    slots: pl.DataFrame
    may: BoolArray
    months: int

    def need(self) -> FloatArray:
        """Return the people needed, slots x months."""
        return np.repeat(self.slots["persons"].to_numpy()[:, None], self.months, axis=1)


@dataclass(frozen=True)
class Roster:
    """Tours, what they leave empty, and how much better any roster could be.

    Attributes
    ----------
    tours, gaps : polars.DataFrame
        Schemas `TOURS` and `GAPS`; a gap is a month in which somebody is missing.
    met : float
        Person-months of need that are met.
    bound : float
        Person-months that no roster can pass.
    needed : float
        Person-months asked for.
    """

    tours: pl.DataFrame
    gaps: pl.DataFrame
    met: float
    bound: float
    needed: float

    @property
    def gap(self) -> float:
        """Return the share of the bound that this roster leaves on the table at most."""
        return 0.0 if self.bound <= 0 else max(0.0, 1.0 - self.met / self.bound)


def presence(question: Question, tours: pl.DataFrame) -> FloatArray:
    """Return the people there, slots x months."""
    there = np.zeros((question.slots.height, question.months))
    row = {slot: i for i, slot in enumerate(_keys(question.slots))}
    columns = ("slot", "kind", "persons", "month_start", "month_end")
    for slot, kind, persons, start, end in tours.select(columns).iter_rows():
        there[row[slot, kind], start:end] += persons
    return there


def dealt(members: Sequence[int], firsts: Sequence[int], cycle: int) -> list[int]:
    """Return who takes each of the tours that begin in these months, the earliest first.

    Each goes to the unit that is free the longest. It always works where no more tours begin
    within a cycle than there are units: what a roster's program asks.

    Examples
    --------
    >>> dealt([7, 8], [0, 3, 12], 12)
    [7, 8, 7]
    """
    free = dict.fromkeys(members, 0)
    takers = []
    for first in firsts:
        unit = min(members, key=lambda u: (free[u], u))
        free[unit] = first + cycle
        takers.append(unit)
    return takers


def concluded(question: Question, tours: pl.DataFrame, bound: float) -> Roster:
    """Return the roster of some tours, with its gaps."""
    need, there = question.need(), presence(question, tours)
    short = np.maximum(need - there, 0.0)
    slot, month = np.nonzero(short > 1e-9)
    gaps = question.slots.select("slot", "kind")[slot.tolist()].with_columns(
        month=pl.Series(month, dtype=pl.Int64),
        needed=pl.Series(need[slot, month]),
        present=pl.Series(there[slot, month]),
        short=pl.Series(short[slot, month]),
    )
    needed = float(need.sum())
    met = needed - float(short.sum())
    tours = TOURS.conform(tours).sort("month_start", "slot", "unit_id")
    return Roster(tours, GAPS.conform(gaps), met, min(max(bound, met), needed), needed)


def _keys(slots: pl.DataFrame) -> list[tuple[str, str]]:
    return list(slots.select("slot", "kind").iter_rows())
