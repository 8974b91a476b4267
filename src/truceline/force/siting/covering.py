"""Maximal covering: with so many units, see as much of the line as can be seen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import InputError
from truceline.force.siting.annealing import anneal
from truceline.force.siting.bound import lagrangian_bound
from truceline.force.siting.coverage import Coverage, IntArray, merged
from truceline.force.siting.swaps import Sparse, fill_greedily, swap_pass

#: Loss at which annealing begins and ends, as a share of what a chosen row is worth on average.
HOT, COLD = 0.05, 0.003

#: Exchanges that one annealing tries at most: seconds, and 64 MB of dice.
MOST_TRIES = 2_000_000


@dataclass(frozen=True)
class Covering:
    """A question: rows to choose from, what each sees, and how many may be chosen.

    Attributes
    ----------
    coverage : Coverage
        What each row (a unit's kind at a site) sees.
    weight : float array
        Weight of each point, 0 or more.
    group : int array
        Group of each row, such as its kind, or its kind and side.
    budget : int array
        How many rows of each group may be chosen.
    second : float
        Share of a point's weight that only a second look earns, 0 to 0.5. With 0 one look
        is as good as two.
    """

    coverage: Coverage
    weight: FloatArray
    group: IntArray
    budget: IntArray
    second: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.second <= 0.5:
            raise InputError("the share earned by a second look must be from 0 to 0.5.")
        if len(self.weight) != self.coverage.n_points or len(self.group) != self.coverage.n_rows:
            raise InputError("covering needs a weight for each point and a group for each row.")
        if np.any(self.weight < 0) or np.any(self.budget < 0):
            raise InputError("covering needs weights and budgets of 0 or more.")


@dataclass(frozen=True)
class CoveringPlan:
    """An answer, and how far it can be from the best.

    Attributes
    ----------
    chosen : int array
        The rows chosen, ascending.
    counts : int array
        How many of them see each point.
    objective : float
        Weight that is covered.
    bound : float
        What no choice within the budget can exceed.
    total : float
        Weight of all points.
    """

    chosen: IntArray
    counts: IntArray
    objective: float
    bound: float
    total: float = field(default=0.0)

    @property
    def gap(self) -> float:
        """Certified share by which the best of all could be better, 0 when this is the best."""
        if self.objective <= 0.0:
            return 0.0 if self.bound <= 1e-9 * self.total else float("inf")
        return max(self.bound / self.objective - 1.0, 0.0)

    @property
    def share(self) -> float:
        """Share of all weight that is covered."""
        return self.objective / self.total if self.total > 0 else 0.0


def worth_of(question: Covering, chosen: IntArray) -> float:
    """Return the weight that a choice of rows covers."""
    counts = question.coverage.counts(chosen)
    first = (1.0 - question.second) * question.weight[counts >= 1].sum()
    return float(first + question.second * question.weight[counts >= 2].sum())


def greedy_covering(question: Covering) -> CoveringPlan:
    """Take again and again the row that adds most: for sliders, in milliseconds.

    The bound is what the greedy rule itself proves: no choice adds more than the best rows
    left would add if they overlapped in nothing, so objective + the top budgets of the gains.
    """
    state = _State(question)
    state.fill()
    slack = sum(
        np.sort(np.maximum(state.gain[(question.group == group)], 0.0))[::-1][:budget].sum()
        for group, budget in enumerate(question.budget)
    )
    plan = _plan(question, state.rows(), np.inf)
    bound = min(plan.objective + float(slack), _most(question))
    return replace(plan, bound=max(bound, plan.objective))


def maximal_covering(
    question: Covering,
    rng: np.random.Generator,
    *,
    target: float = 0.0025,
    rounds: int = 1000,
    tries: int = 20_000,
    start: IntArray | None = None,
) -> CoveringPlan:
    """Cover as much weight as the budget allows, with a certified gap.

    Equal points are merged, a greedy choice is bettered by exchanges and by annealing, and a
    Lagrangian bound says how much better any choice could be.

    Parameters
    ----------
    question : Covering
        What is asked.
    rng : numpy Generator
        Dice of the annealing.
    target : float
        Gap at which to stop, as a share.
    rounds : int
        Steps of the bound in each of up to three turns.
    tries : int
        Exchanges that the last annealing tries for each row chosen, two million at most; the
        first tries a tenth as many.
    start : int array or None
        Rows to start from, such as the plan of a smaller budget; never left worse.
    """
    whole = merged(question.coverage, question.weight)
    small = replace(question, coverage=whole.coverage, weight=whole.weight)
    best = _search(small, None)
    if start is not None:
        best = _better(small, best, _search(small, start))
    bound, price = np.inf, None
    for more in (tries // 10, tries, 0):
        bound, price, met = _bound(small, best, price, bound, rounds, target)
        best = _better(small, best, _search(small, met))
        if more == 0 or bound <= worth_of(small, best) * (1.0 + target):
            break
        best = _better(small, best, _search(small, _annealed(small, best, rng, more)))
    return _plan(question, best, min(bound, _most(question)))


def covering_curve(
    question: Covering, budgets: IntArray, rng: np.random.Generator
) -> list[CoveringPlan]:
    """Plan each of several budgets, one a row and none below the row before it.

    Each plan starts from the one before, and a bound for more is a bound for less: so along
    the curve neither the objective nor the bound ever falls.
    """
    if np.any(np.diff(budgets, axis=0) < 0):
        raise InputError("the budgets of a curve must not fall from one to the next.")
    plans: list[CoveringPlan] = []
    for budget in budgets:
        start = plans[-1].chosen if plans else None
        plans.append(maximal_covering(replace(question, budget=budget), rng, start=start))
    for at in range(len(plans) - 2, -1, -1):
        plans[at] = replace(plans[at], bound=min(plans[at].bound, plans[at + 1].bound))
    return plans


class _State:
    """The arrays that the compiled search writes to."""

    def __init__(self, question: Covering, chosen: IntArray | None = None) -> None:
        rows, points = question.coverage.n_rows, question.coverage.n_points
        self.question = question
        self.left = question.budget.astype(np.int64).copy()
        self.chosen = np.zeros(rows, dtype=np.bool_)
        if chosen is not None:
            self.chosen[chosen] = True
        self.counts = np.zeros(points, dtype=np.int64)
        self.gain = np.zeros(rows)
        self.fixed = (
            _sparse(question.coverage),
            np.asarray(question.weight, dtype=np.float64),
            float(question.second),
            question.group.astype(np.int64),
        )

    def fill(self) -> None:
        fill_greedily(*self.fixed, self.left, self.chosen, self.counts, self.gain)

    def swap(self) -> None:
        while swap_pass(*self.fixed, self.left, self.chosen, self.counts, self.gain) > 0.0:
            continue

    def rows(self) -> IntArray:
        return np.flatnonzero(self.chosen)


def _sparse(coverage: Coverage) -> Sparse:
    return coverage.start, coverage.points, coverage.row_start, coverage.rows


def _search(question: Covering, start: IntArray | None) -> IntArray:
    state = _State(question, start)
    state.fill()
    state.swap()
    return state.rows()


def _annealed(
    question: Covering, start: IntArray, rng: np.random.Generator, tries: int
) -> IntArray:
    state = _State(question, start)
    if not state.chosen.any():
        return start
    each = worth_of(question, start) / len(start)
    dice = rng.random((min(tries * len(start), MOST_TRIES), 4))
    return np.flatnonzero(anneal(*state.fixed, state.chosen, dice, HOT * each, COLD * each))


def _better(question: Covering, one: IntArray, other: IntArray) -> IntArray:
    return other if worth_of(question, other) > worth_of(question, one) else one


def _bound(
    question: Covering,
    best: IntArray,
    price: FloatArray | None,
    bound: float,
    rounds: int,
    target: float,
) -> tuple[float, FloatArray, IntArray]:
    if price is None:
        price = question.weight / np.maximum(question.coverage.counts(best), 1)
    lowest, _, met, price = lagrangian_bound(
        _sparse(question.coverage),
        np.asarray(question.weight, dtype=np.float64),
        float(question.second),
        question.group.astype(np.int64),
        question.budget.astype(np.int64),
        np.asarray(price, dtype=np.float64),
        worth_of(question, best),
        rounds,
        target,
    )
    return min(bound, float(lowest)), price, np.flatnonzero(met)


def _most(question: Covering) -> float:
    seen = question.coverage.seen_by()
    first = (1.0 - question.second) * question.weight[seen >= 1].sum()
    return float(first + question.second * question.weight[seen >= 2].sum())


def _plan(question: Covering, chosen: IntArray, bound: float) -> CoveringPlan:
    objective = worth_of(question, chosen)
    return CoveringPlan(
        chosen,
        question.coverage.counts(chosen),
        objective,
        max(float(bound), objective),
        float(question.weight.sum()),
    )
