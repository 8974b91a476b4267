"""The best roster there is, or the best found with a certified gap."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import polars as pl
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from truceline.force.roster.greedy import greedy_roster, tours_of
from truceline.force.roster.model import FloatArray, Question, Roster, concluded, dealt

Group = tuple[list[int], list[int]]


def exact_roster(question: Question, *, seconds: float = 60.0, gap: float = 0.005) -> Roster:
    """Return the roster that meets most of the need.

    Units that are alike in all that matters are counted, not told apart: x[g, s, t] of group
    g begin a tour in slot s in month t,

        minimise   sum of short[s, m]
        subject to short[s, m] + sum of persons_g x[g, s, t] over t in (m - tour, m] >= need[s, m]
                   sum over s and t in (m - cycle, m] of x[g, s, t] <= size of g, for every m.

    The second rows are an interval matrix for each group, so that the relaxation is tight and
    its bound, from HiGHS, certifies the gap. Tours are then dealt out to the units of a group
    in order of time, which always works: no more are away at once than the group has.

    Parameters
    ----------
    seconds : float
        Longest time.
    gap : float
        Gap in the objective at which to stop.
    """
    start = greedy_roster(question)
    groups = _groups(question)
    columns = [
        (g, s, t)
        for g, (members, slots) in enumerate(groups)
        for s in slots
        for t in range(int(question.units["first_month"][members[0]]), question.months)
    ]
    if not columns:
        return concluded(question, start.tours, 0.0)
    need = question.need()
    found = milp(
        np.concatenate([np.zeros(len(columns)), np.ones(need.size)]),
        constraints=[_needs(question, groups, columns, need), _rest(question, groups, columns)],
        integrality=np.repeat([1, 0], [len(columns), need.size]),
        bounds=Bounds(0, np.inf),
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )
    proven = found.mip_dual_bound
    short = float(proven) if proven is not None and math.isfinite(proven) else 0.0
    bound = float(need.sum()) - max(short, 0.0)
    if found.x is None:
        return concluded(question, start.tours, bound)
    counts = np.round(found.x[: len(columns)]).astype(np.int64)
    best = concluded(question, _dealt(question, groups, columns, counts), bound)
    return best if best.met >= start.met else concluded(question, start.tours, bound)


def _groups(question: Question) -> list[Group]:
    """Return the units that are alike, with the slots that they may serve in."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    traits = question.units.select("persons", "first_month", "tour", "cycle")
    for unit, row in enumerate(traits.iter_rows()):
        if row[0] > 0:
            alike[(*row, question.may[unit].tobytes())].append(unit)
    return [
        (members, np.flatnonzero(question.may[members[0]]).tolist()) for members in alike.values()
    ]


def _needs(
    question: Question, groups: list[Group], columns: list[tuple[int, int, int]], need: FloatArray
) -> LinearConstraint:
    rows, cols, values = [], [], []
    for column, (g, s, t) in enumerate(columns):
        unit = groups[g][0][0]
        last = min(t + int(question.units["tour"][unit]), question.months)
        for month in range(t, last):
            rows.append(s * question.months + month)
            cols.append(column)
            values.append(float(question.units["persons"][unit]))
    rows += range(need.size)
    cols += range(len(columns), len(columns) + need.size)
    values += [1.0] * need.size
    shape = (need.size, len(columns) + need.size)
    return LinearConstraint(csr_array((values, (rows, cols)), shape=shape), lb=need.ravel())


def _rest(
    question: Question, groups: list[Group], columns: list[tuple[int, int, int]]
) -> LinearConstraint:
    rows, cols = [], []
    for column, (g, _, t) in enumerate(columns):
        cycle = int(question.units["cycle"][groups[g][0][0]])
        for month in range(t, min(t + cycle, question.months)):
            rows.append(g * question.months + month)
            cols.append(column)
    shape = (len(groups) * question.months, len(columns) + question.need().size)
    matrix = csr_array((np.ones(len(rows)), (rows, cols)), shape=shape)
    sizes = np.repeat([float(len(members)) for members, _ in groups], question.months)
    return LinearConstraint(matrix, ub=sizes)


def _dealt(
    question: Question,
    groups: list[Group],
    columns: list[tuple[int, int, int]],
    counts: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> pl.DataFrame:
    """Deal the tours of each group out to its units."""
    begun: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for (g, s, t), count in zip(columns, counts.tolist(), strict=True):
        begun[g] += [(t, s)] * count
    served = []
    for g, tours in begun.items():
        members = groups[g][0]
        cycle = int(question.units["cycle"][members[0]])
        ordered = sorted(tours)
        takers = dealt(members, [t for t, _ in ordered], cycle)
        served += [(unit, s, t) for unit, (t, s) in zip(takers, ordered, strict=True)]
    return tours_of(question, served)
