"""A roster at once: month by month, the largest hole first. For sliders, and to start from."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.force.roster.model import TOURS, Question, Roster, concluded


def greedy_roster(question: Question) -> Roster:
    """Return a roster found by filling, month by month, the largest hole first.

    Of the units that may fill it the one that fills most of it over its tour is taken, and
    among those the one with the fewest other places to go. The bound is what is needed.
    """
    need = question.need()
    left = need.copy()
    persons = question.units["persons"].to_numpy()
    tour, cycle = (question.units[c].to_numpy() for c in ("tour", "cycle"))
    free = question.units["first_month"].to_numpy().copy()
    choices = question.may.sum(axis=1)
    served: list[tuple[int, int, int]] = []
    for month in range(question.months):
        stuck = np.zeros(question.slots.height, np.bool_)
        while True:
            hole = np.where(stuck, 0.0, left[:, month])
            slot = int(np.argmax(hole))
            if hole[slot] <= 1e-9:
                break
            units = np.flatnonzero(question.may[:, slot] & (free <= month) & (persons > 0))
            if not len(units):
                stuck[slot] = True
                continue
            # People beyond the need of a month count for nothing.
            ahead = np.minimum(persons[units, None], left[slot, None, month:])
            ends = np.minimum(tour[units], question.months - month)
            filled = np.cumsum(ahead, axis=1)[np.arange(len(units)), ends - 1]
            rank = np.lexsort((units, choices[units], -filled / persons[units], -filled))
            unit = int(units[rank[0]])
            end = month + int(ends[rank[0]])
            left[slot, month:end] = np.maximum(left[slot, month:end] - persons[unit], 0.0)
            free[unit] = month + cycle[unit]
            served.append((unit, slot, month))
    return concluded(question, tours_of(question, served), float(need.sum()))


def tours_of(question: Question, served: list[tuple[int, int, int]]) -> pl.DataFrame:
    """Return tours from rows of unit, slot and first month."""
    table = np.array(served, dtype=np.int64).reshape(-1, 3)
    unit, slot, start = table[:, 0], table[:, 1], table[:, 2]
    units, slots = question.units[unit.tolist()], question.slots[slot.tolist()]
    end = np.minimum(start + units["tour"].to_numpy(), question.months)
    return TOURS.conform(
        units.select("unit_id", "nation", "persons").with_columns(
            slot=slots["slot"], kind=slots["kind"],
            month_start=pl.Series(start), month_end=pl.Series(end),
        )
    )  # fmt: skip
