"""A roster of whole units bettered by small changes, some of them for the worse."""

from __future__ import annotations

import numba as nb
import numpy as np
import polars as pl

from truceline.force.roster.greedy import tours_of
from truceline.force.roster.model import FloatArray, IntArray, Question

#: Loss at which annealing begins and ends, as a share of what a tour is worth on average.
HOT, COLD = 0.15, 0.01

#: Moves that are tried for each tour.
TRIES = 20_000


def annealed_tours(question: Question, rng: np.random.Generator) -> pl.DataFrame:
    """Return tours (`TOURS`) that meet much of the need, found by annealing.

    Each unit serves as many tours as fit, as early as it can, in places drawn by lot. Then a
    tour at a time is moved to another place, another month between its neighbours, or both; a
    move that loses d person-months is made with probability exp(-d / T), and T falls by a
    constant factor (Kirkpatrick, Gelatt and Vecchi 1983).

    Parameters
    ----------
    question : Question
        What is asked.
    rng : numpy Generator
        Dice.
    """
    units = question.units.with_row_index("row").filter(pl.col("persons") > 0)
    able = np.flatnonzero(np.asarray(question.may.any(axis=1)))
    units = units.filter(pl.col("row").is_in(able))
    persons = units["persons"].to_numpy()
    first, tour, cycle = (units[c].to_numpy() for c in ("first_month", "tour", "cycle"))
    number = np.maximum((question.months - 1 - first) // cycle + 1, 0)
    of = np.repeat(np.arange(units.height), number)
    if len(of) == 0:
        return tours_of(question, [])
    order = np.arange(len(of)) - np.repeat(np.cumsum(number) - number, number)
    start, choices = first[of] + order * cycle[of], _choices(question, units["row"].to_numpy())
    slot = np.array([choices[0][choices[1][u]] for u in of])
    each = float((persons * tour)[of].mean())
    start, slot = _anneal(
        of, start, slot, choices, persons, first, tour, cycle, question.need(),
        rng, TRIES * len(of), HOT * each, COLD * each,
    )  # fmt: skip
    rows = units["row"].to_numpy()[of]
    served = zip(rows.tolist(), slot.tolist(), start.tolist(), strict=True)
    return tours_of(question, list(served))


Choices = tuple[IntArray, IntArray]


def _choices(question: Question, rows: IntArray) -> Choices:
    """Return the slots where each unit may serve, one after another, and where its own begin."""
    unit, slot = np.nonzero(question.may[rows])
    return slot, np.searchsorted(unit, np.arange(len(rows) + 1))


@nb.njit(cache=True)
def _worth(
    there: FloatArray, need: FloatArray, slot: int, first: int, end: int, people: float
) -> float:
    """Return what so many people add to a slot from one month to another."""
    total = 0.0
    for month in range(first, end):
        total += min(people, max(need[slot, month] - there[slot, month], 0.0))
    return total


@nb.njit(cache=True)
def _put(there: FloatArray, slot: int, first: int, end: int, people: float) -> None:
    for month in range(first, end):
        there[slot, month] += people


@nb.njit(cache=True)
def _room(
    at: int, of: IntArray, start: IntArray, first: IntArray, cycle: IntArray, months: int
) -> tuple[int, int]:
    """Return the first and the last month in which a tour may begin between its neighbours."""
    unit = of[at]
    low = start[at - 1] + cycle[unit] if at > 0 and of[at - 1] == unit else first[unit]
    last = at + 1 == len(of) or of[at + 1] != unit
    return low, months - 1 if last else start[at + 1] - cycle[unit]


@nb.njit(cache=True)
def _anneal(
    of: IntArray, start: IntArray, slot: IntArray, choices: Choices, persons: FloatArray,
    first: IntArray, tour: IntArray, cycle: IntArray, need: FloatArray,
    rng: np.random.Generator, tries: int, hot: float, cold: float,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """Return month and slot of each tour in the best roster met."""
    months = need.shape[1]
    there = np.zeros(need.shape)
    start, slot = start.copy(), slot.copy()
    for at in range(len(of)):
        end = min(start[at] + tour[of[at]], months)
        _put(there, slot[at], start[at], end, persons[of[at]])
    best_start, best_slot, now, most = start.copy(), slot.copy(), 0.0, 0.0
    heat, cooling = hot, (cold / hot) ** (1.0 / tries)
    for _ in range(tries):
        heat *= cooling
        at = int(rng.random() * len(of))
        unit = of[at]
        low, high = _room(at, of, start, first, cycle, months)
        month = low + int(rng.random() * (high - low + 1))
        begin, stop = choices[1][unit], choices[1][unit + 1]
        place = choices[0][begin + int(rng.random() * (stop - begin))]
        end, new_end = min(start[at] + tour[unit], months), min(month + tour[unit], months)
        people = persons[unit]
        _put(there, slot[at], start[at], end, -people)
        change = _worth(there, need, place, month, new_end, people)
        change -= _worth(there, need, slot[at], start[at], end, people)
        if change < 0.0 and rng.random() >= np.exp(change / heat):
            _put(there, slot[at], start[at], end, people)
            continue
        _put(there, place, month, new_end, people)
        start[at], slot[at] = month, place
        now += change
        if now > most + 1e-9:
            most, best_start, best_slot = now, start.copy(), slot.copy()
    return best_start, best_slot
