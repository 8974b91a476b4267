"""The best roster of whole units that is found, with a certified gap, kind by kind."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from truceline.core.engines.pool import spawned
from truceline.force.roster.annealing import annealed_tours
from truceline.force.roster.divided import parts_of
from truceline.force.roster.dividing import Group, Part, Program, program_of
from truceline.force.roster.greedy import greedy_roster, tours_of
from truceline.force.roster.model import TOURS, IntArray, Question, Roster, concluded, dealt

#: A tour that may begin: group of the program, slot of the part, and month.
Column = tuple[int, int, int]


def exact_roster(
    question: Question, rng: np.random.Generator, *, seconds: float = 60.0, gap: float = 0.005,
    workers: int = 1,
) -> Roster:  # fmt: skip
    """Return the roster of whole units that meets most of the need.

    Units that are alike in all that matters are counted, not told apart: x[g, s, t] of group
    g begin a tour in slot s in month t,

        minimise   sum of short[s, m]
        subject to short[s, m] + sum of c_gs x[g, s, t] over t in (m - tour, m] >= need[s, m]
                   sum over s and t in (m - cycle, m] of x[g, s, t] <= size of g, for every m,

    where c_gs is the smaller of a unit's people and the need: people beyond the need count for
    nothing, and a unit that is larger than a place is used up by it. The second rows are an
    interval matrix for each group. Kinds that share no place are planned apart; the sum of
    their bounds, from HiGHS, certifies the gap. Tours are then dealt out to the units of a
    group in order of time, which always works: no more are away at once than the group has.
    Of HiGHS, annealing and the greedy rule, each kind takes the roster that meets most.

    Parameters
    ----------
    rng : numpy Generator
        Dice of the annealing.
    seconds : float
        Longest time for each kind that is planned apart.
    gap : float
        Gap in the people missing at which to stop.
    workers : int
        Processes to use.
    """
    parts = parts_of(question)
    jobs = [(program_of(question, part), seconds, gap) for part in parts]
    if workers > 1:
        with spawned(workers) as pool:
            answers = list(pool.map(_solved, jobs))
    else:
        answers = [_solved(job) for job in jobs]
    served = [
        tour
        for (program, *_), answer in zip(jobs, answers, strict=True)
        for tour in _dealt(program, answer.counts)
    ]
    found = (
        tours_of(question, served),
        annealed_tours(question, rng),
        greedy_roster(question).tours,
    )
    bound = sum(answer.met_at_most for answer in answers)
    return concluded(question, _best_of_each(question, parts, found), bound)


def _best_of_each(
    question: Question, parts: Sequence[Part], found: Sequence[pl.DataFrame]
) -> pl.DataFrame:
    """Return for each part, which shares no place with others, the tours that meet most."""
    best = [TOURS.empty()]
    for part in parts:
        places = question.slots[part.slots.tolist()].select("slot", "kind")
        mine = [tours.join(places, on=["slot", "kind"], how="semi") for tours in found]
        best.append(max(mine, key=lambda tours: concluded(question, tours, 0.0).met))
    return pl.concat(best)


@dataclass(frozen=True)
class _Answer:
    """Tours that begin, by column of the program, and the person-months that none can pass."""

    counts: IntArray
    met_at_most: float


def _columns(program: Program) -> list[Column]:
    return [
        (g, s, t)
        for g, group in enumerate(program.groups)
        for s in np.flatnonzero(program.masks[group.choice]).tolist()
        for t in range(group.first, program.question.months)
    ]


def _solved(job: tuple[Program, float, float]) -> _Answer:
    program, seconds, gap = job
    columns, need = _columns(program), program.need()
    found = milp(
        np.concatenate([np.zeros(len(columns)), np.ones(need.size)]),
        constraints=[_needs(program, columns), _rest(program, columns)],
        integrality=np.repeat([1, 0], [len(columns), need.size]),
        bounds=Bounds(0, np.inf),
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )
    proven = found.mip_dual_bound
    short = float(proven) if proven is not None and math.isfinite(proven) else 0.0
    met = float(need.sum()) - max(short, 0.0)
    if found.x is None:
        return _Answer(np.zeros(len(columns), np.int64), met)
    return _Answer(np.round(found.x[: len(columns)]).astype(np.int64), met)


def _needs(program: Program, columns: list[Column]) -> LinearConstraint:
    """Those on tour in a place, and those missing, make what is needed."""
    need, months = program.need(), program.question.months
    rows, cols, values = [], [], []
    for column, (g, s, t) in enumerate(columns):
        group = program.groups[g]
        for month in range(t, min(t + group.tour, months)):
            rows.append(s * months + month)
            cols.append(column)
            values.append(min(group.persons, float(need[s, month])))
    rows += range(need.size)
    cols += range(len(columns), len(columns) + need.size)
    values += [1.0] * need.size
    shape = (need.size, len(columns) + need.size)
    return LinearConstraint(csr_array((values, (rows, cols)), shape=shape), lb=need.ravel())


def _rest(program: Program, columns: list[Column]) -> LinearConstraint:
    """From the start of a tour to the next pass a group's months of tour and rest."""
    months = program.question.months
    rows, cols = [], []
    for column, (g, _, t) in enumerate(columns):
        for month in range(t, min(t + program.groups[g].cycle, months)):
            rows.append(g * months + month)
            cols.append(column)
    shape = (len(program.groups) * months, len(columns) + program.need().size)
    sizes = np.repeat([float(len(group.members)) for group in program.groups], months)
    return LinearConstraint(csr_array((np.ones(len(rows)), (rows, cols)), shape=shape), ub=sizes)


def _dealt(program: Program, counts: IntArray) -> list[tuple[int, int, int]]:
    """Deal the tours of each group out to its units: unit, slot and month of each."""
    begun: dict[Group, list[tuple[int, int]]] = defaultdict(list)
    for (g, s, t), count in zip(_columns(program), counts.tolist(), strict=True):
        begun[program.groups[g]] += [(t, int(program.part.slots[s]))] * count
    served = []
    for group, tours in begun.items():
        ordered = sorted(tours)
        takers = dealt(group.members, [t for t, _ in ordered], group.cycle)
        served += [(unit, slot, t) for unit, (t, slot) in zip(takers, ordered, strict=True)]
    return served
