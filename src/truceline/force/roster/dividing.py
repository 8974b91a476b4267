"""The integer program of a roster with divided units, for one kind of unit."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from truceline.force.roster.model import BoolArray, FloatArray, IntArray, Question


@dataclass(frozen=True)
class Part:
    """Units and slots that are planned together, by their rows in the question."""

    units: IntArray
    slots: IntArray


@dataclass(frozen=True)
class Group:
    """Units that are alike: people, months, and the class of places where they may stand."""

    members: tuple[int, ...]
    persons: float
    first: int
    tour: int
    cycle: int
    choice: int


@dataclass(frozen=True)
class Program:
    r"""What is solved: integer tours that begin, people in the places of each class.

    .. math::
        \min \sum_{s,m} e_{sm}, \quad
        e_{sm} + \sum_c y_{csm} \ge d_s, \quad
        \sum_s y_{csm} \le \sum_{g \in c} p_g \sum_{t=m-\tau_g+1}^{m} x_{gt}, \quad
        \sum_{t=m-\kappa_g+1}^{m} x_{gt} \le n_g

    Attributes
    ----------
    question : Question
        The whole question.
    part : Part
        What of it is planned here.
    masks : bool array, classes x slots of the part
        Where units of a class may stand.
    groups : tuple of Group
        Units that are alike.
    columns : tuple of (group, month)
        Tours that may begin.
    """

    question: Question
    part: Part
    masks: BoolArray
    groups: tuple[Group, ...]
    columns: tuple[tuple[int, int], ...]

    def need(self) -> FloatArray:
        """Return the people needed, slots of the part x months."""
        return self.question.need()[self.part.slots]


def program_of(question: Question, part: Part) -> Program:
    """Return the program of a part, alike units counted as one group."""
    may = question.may[np.ix_(part.units, part.slots)]
    masks, choice = np.unique(may, axis=0, return_inverse=True)
    traits = ("persons", "first_month", "tour", "cycle")
    rows = question.units[part.units.tolist()].select(traits).rows()
    alike: dict[tuple[float, int, int, int, int], list[int]] = defaultdict(list)
    for unit, row, c in zip(part.units.tolist(), rows, choice.ravel().tolist(), strict=True):
        alike[(*row, c)].append(unit)
    groups = tuple(Group(tuple(members), *key) for key, members in alike.items())
    columns = [
        (g, t) for g, group in enumerate(groups) for t in range(group.first, question.months)
    ]
    return Program(question, part, masks, groups, tuple(columns))


@dataclass(frozen=True)
class Answer:
    """What was found.

    Attributes
    ----------
    starts : int array
        Tours begun, by column of the program.
    pooled : array, classes x slots x months
        People of a class in a slot.
    short_at_least : float
        Person-months that any roster leaves unmet.
    """

    starts: IntArray
    pooled: FloatArray
    short_at_least: float


def solved(program: Program, seconds: float, gap: float) -> Answer:
    """Solve with HiGHS until the gap or the time is reached; nobody where it found nothing."""
    need = program.need()
    places = _places(program)
    n_x, n_y, n_e = len(program.columns), len(places), need.size
    found = milp(
        np.concatenate([np.zeros(n_x + n_y), np.ones(n_e)]),
        constraints=[_needs(program, places), _people(program, places), _rest(program, places)],
        integrality=np.repeat([1, 0], [n_x, n_y + n_e]),
        bounds=Bounds(0, np.inf),
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )
    proven = found.mip_dual_bound
    short = float(proven) if proven is not None and math.isfinite(proven) else 0.0
    pooled = np.zeros((*program.masks.shape, program.question.months))
    if found.x is None:
        return Answer(np.zeros(n_x, np.int64), pooled, max(short, 0.0))
    at = np.array(places, dtype=np.int64).reshape(-1, 3)
    pooled[at[:, 0], at[:, 1], at[:, 2]] = found.x[n_x : n_x + n_y]
    return Answer(np.round(found.x[:n_x]).astype(np.int64), pooled, max(short, 0.0))


def _places(program: Program) -> list[tuple[int, int, int]]:
    """Return the class, slot and month of every column of people."""
    return [
        (c, s, m)
        for c, mask in enumerate(program.masks)
        for s in np.flatnonzero(mask).tolist()
        for m in range(program.question.months)
    ]


def _matrix(entries: list[tuple[int, int, float]], rows: int, columns: int) -> csr_array:
    row, column, value = zip(*entries, strict=True) if entries else ((), (), ())
    return csr_array((value, (row, column)), shape=(rows, columns))


def _needs(program: Program, places: list[tuple[int, int, int]]) -> LinearConstraint:
    """People of all classes in a place, and those missing, make what is needed."""
    need, months = program.need(), program.question.months
    people = len(program.columns)
    missing = people + len(places)
    entries = [(s * months + m, people + j, 1.0) for j, (_, s, m) in enumerate(places)]
    entries += [(i, missing + i, 1.0) for i in range(need.size)]
    return LinearConstraint(_matrix(entries, need.size, missing + need.size), lb=need.ravel())


def _people(program: Program, places: list[tuple[int, int, int]]) -> LinearConstraint:
    """In its places stand no more people of a class than are on tour."""
    months = program.question.months
    entries = []
    for j, (g, t) in enumerate(program.columns):
        group = program.groups[g]
        for m in range(t, min(t + group.tour, months)):
            entries.append((group.choice * months + m, j, group.persons))
    entries += [
        (c * months + m, len(program.columns) + j, -1.0) for j, (c, _, m) in enumerate(places)
    ]
    columns = len(program.columns) + len(places) + program.need().size
    return LinearConstraint(_matrix(entries, len(program.masks) * months, columns), lb=0)


def _rest(program: Program, places: list[tuple[int, int, int]]) -> LinearConstraint:
    """No more tours of a group have begun within a cycle than it has units."""
    months = program.question.months
    entries = []
    for j, (g, t) in enumerate(program.columns):
        for m in range(t, min(t + program.groups[g].cycle, months)):
            entries.append((g * months + m, j, 1.0))
    sizes = np.repeat([float(len(group.members)) for group in program.groups], months)
    columns = len(program.columns) + len(places) + program.need().size
    return LinearConstraint(_matrix(entries, len(program.groups) * months, columns), ub=sizes)
