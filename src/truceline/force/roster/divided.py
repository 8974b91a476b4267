"""Rosters whose units may be divided: a battalion's companies stand in several places at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from truceline.core.engines.pool import spawned
from truceline.force.roster.dividing import Answer, Part, Program, program_of, solved
from truceline.force.roster.greedy import greedy_roster
from truceline.force.roster.model import TOURS, FloatArray, Question, Roster, concluded, dealt

#: Fewer people than this are nobody: what rounding leaves.
_NOBODY = 1e-6


@dataclass(frozen=True)
class _Tour:
    """A tour of a unit: its months, and its class of places."""

    unit: int
    first: int
    end: int
    choice: int


def divided_roster(
    question: Question, *, seconds: float = 60.0, gap: float = 0.002, workers: int = 1
) -> Roster:
    """Return the roster that meets most of the need when units may be divided among places.

    The people of a unit stand, month by month, in any places where its nation lets them stand;
    they come, leave and rest together. Kinds of unit that share no place are planned apart, and
    the sum of their bounds is a bound on the whole.

    Parameters
    ----------
    seconds : float
        Longest time for each kind that is planned apart.
    gap : float
        Gap in the people missing at which to stop.
    workers : int
        Processes to use.

    Returns
    -------
    Roster
        A row of `tours` is what one unit has in one place from one month to another.
    """
    parts = parts_of(question)
    jobs = [(program_of(question, part), seconds, gap) for part in parts]
    if workers > 1:
        with spawned(workers) as pool:
            answers = list(pool.map(_solved, jobs))
    else:
        answers = [_solved(job) for job in jobs]
    rows: list[tuple[int, int, int, float]] = []
    for (program, *_), answer in zip(jobs, answers, strict=True):
        tours = _tours(program, answer.starts, question.months)
        rows += _allotted(program, tours, answer.pooled)
    bound = float(question.need().sum()) - sum(answer.short_at_least for answer in answers)
    unmet = [i for i in range(question.slots.height) if not any(i in p.slots for p in parts)]
    bound -= float(question.need()[unmet].sum())
    best = concluded(question, _stretches(question, rows), bound)
    whole = greedy_roster(question)
    return best if best.met >= whole.met else concluded(question, whole.tours, bound)


def parts_of(question: Question) -> list[Part]:
    """Return units and places that have nothing to do with the others."""
    able = np.flatnonzero(question.units["persons"].to_numpy() > 0)
    unit, slot = np.nonzero(question.may[able])
    unit = able[unit]
    n, m = question.may.shape
    graph = csr_array((np.ones(len(unit)), (unit, n + slot)), shape=(n + m, n + m))
    _, label = connected_components(graph, directed=False)
    return [
        Part(
            np.flatnonzero((label[:n] == at) & (question.units["persons"].to_numpy() > 0)),
            np.flatnonzero(label[n:] == at),
        )
        for at in np.unique(label[unit])
    ]


def _solved(job: tuple[Program, float, float]) -> Answer:
    program, seconds, gap = job
    return solved(program, seconds, gap)


def _tours(program: Program, starts: npt.NDArray[np.int64], months: int) -> list[_Tour]:
    """Deal the tours of each group out to its units."""
    begun: dict[int, list[int]] = defaultdict(list)
    for (g, t), count in zip(program.columns, starts.tolist(), strict=True):
        begun[g] += [t] * count
    out = []
    for g, firsts in begun.items():
        group = program.groups[g]
        ordered = sorted(firsts)
        for unit, t in zip(dealt(group.members, ordered, group.cycle), ordered, strict=True):
            out.append(_Tour(unit, t, min(t + group.tour, months), group.choice))
    return sorted(out, key=lambda tour: (tour.first, tour.unit))


def _allotted(
    program: Program, tours: list[_Tour], pooled: FloatArray
) -> list[tuple[int, int, int, float]]:
    """Return unit, slot, month and people: whoever stood somewhere stays there if he may."""
    people = program.question.units["persons"].to_numpy()
    rows: list[tuple[int, int, int, float]] = []
    before: dict[tuple[int, int], float] = {}
    for month in range(program.question.months):
        wanted = {
            (c, s): float(pooled[c, s, month])
            for c, s in zip(*np.nonzero(program.masks), strict=True)
        }
        here = [tour for tour in tours if tour.first <= month < tour.end]
        left = {tour.unit: float(people[tour.unit]) for tour in here}
        now: dict[tuple[int, int], float] = defaultdict(float)
        for stays in (True, False):
            for tour in here:
                for s in np.flatnonzero(program.masks[tour.choice]).tolist():
                    most = before.get((tour.unit, s), 0.0) if stays else left[tour.unit]
                    given = min(most, left[tour.unit], wanted[tour.choice, s])
                    if given > _NOBODY:
                        now[tour.unit, s] += given
                        left[tour.unit] -= given
                        wanted[tour.choice, s] -= given
        rows += [(u, int(program.part.slots[s]), month, n) for (u, s), n in sorted(now.items())]
        before = dict(now)
    return rows


def _stretches(question: Question, rows: list[tuple[int, int, int, float]]) -> pl.DataFrame:
    """Join months in which a unit has as many people in a place into one row."""
    table = pl.DataFrame(
        rows, schema=["unit", "place", "month", "people"], orient="row",
        schema_overrides={"people": pl.Float64},
    )  # fmt: skip
    joined = (
        table.with_columns(pl.col("people").round(6))
        .sort("unit", "place", "month")
        .with_columns(
            new=(
                (pl.col("month").diff() != 1) | (pl.col("people").diff().abs() > _NOBODY)
            ).fill_null(value=True).over("unit", "place").cum_sum().over("unit", "place")
        )
        .group_by("unit", "place", "new", maintain_order=True)
        .agg(pl.col("people").first(), pl.col("month").min(), end=pl.col("month").max() + 1)
    )  # fmt: skip
    units = question.units[joined["unit"].to_list()].select("unit_id", "nation")
    slots = question.slots[joined["place"].to_list()].select("slot", "kind")
    return TOURS.conform(
        pl.concat([units, slots], how="horizontal").with_columns(
            persons=joined["people"], month_start=joined["month"], month_end=joined["end"]
        )
    )
