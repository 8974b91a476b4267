"""Tours by a routing solver, never worse than the greedy ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from truceline.force.patrols.tasking import (
    IntArray,
    Tasking,
    TaskingProblem,
    Tours,
    greedy_tours,
    tasking_of,
    tour_worth,
)

#: Parts of a unit of worth: the solver reckons in whole numbers.
_SCALE = 1_000_000


def plan_tasking(
    problem: TaskingProblem, *, slots: int = 6, solutions: int = 300, seconds: float = 20.0
) -> Tasking:
    """Return the day's tasking: the better of the routing solver's tours and the greedy ones.

    The solver sees time in `slots`: a task is there once a slot, worth what it is worth in
    the middle of the slot, and one of the copies at most is visited. What it finds is then
    reckoned minute by minute, as the greedy tours are. It stops after `solutions` local
    optima, the same on every machine, or after `seconds`, which are not.
    """
    greedy = greedy_tours(problem)
    routed = _routed(problem, greedy, slots, solutions, seconds)
    if _worth(problem, routed) > _worth(problem, greedy) + 1e-12:
        return tasking_of(problem, routed, "routing")
    return tasking_of(problem, greedy, "greedy")


def _worth(problem: TaskingProblem, tours: Tours) -> float:
    found = [tour_worth(problem, team, tour) for team, tour in enumerate(tours)]
    return sum(-np.inf if one is None else one[0] for one in found)


@dataclass(frozen=True)
class _Copies:
    """The solver's nodes: bases first, then each task once a slot."""

    task: IntArray
    until: IntArray
    loss: IntArray
    first: int


def _copies(problem: TaskingProblem, slots: int) -> _Copies:
    longest = int(problem.shift.max())
    edges = np.linspace(0, longest, slots + 1).astype(np.int64)
    tasks = np.flatnonzero((problem.worth[:, 0] > 0) & problem.allowed.any(axis=0))
    middle = (edges[:-1] + edges[1:]) // 2
    loss = problem.worth[tasks, :1] - problem.worth[tasks][:, middle]
    return _Copies(
        np.repeat(tasks, slots),
        np.tile(edges[1:], tasks.size),
        np.round(loss.ravel() * _SCALE).astype(np.int64),
        problem.teams.height,
    )


def _routed(
    problem: TaskingProblem, greedy: Tours, slots: int, solutions: int, seconds: float
) -> Tours:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    teams = problem.teams.height
    if teams == 0 or problem.tasks.height == 0 or not any(greedy):
        return greedy
    copies = _copies(problem, slots)
    ends = list(range(teams))
    manager = pywrapcp.RoutingIndexManager(teams + copies.task.size, teams, ends, ends)
    model = pywrapcp.RoutingModel(manager)
    place = np.concatenate([np.zeros(teams, np.int64), copies.task + 1])
    stay = np.concatenate([np.zeros(teams, np.int64), problem.visit[copies.task]])
    cost = np.concatenate([np.zeros(teams, np.int64), copies.loss])
    times = []
    for team in range(teams):
        minutes = (problem.way[team][np.ix_(place, place)] + stay[:, None]).tolist()
        times.append(model.RegisterTransitMatrix(minutes))
    model.SetArcCostEvaluatorOfAllVehicles(
        model.RegisterTransitMatrix(np.tile(cost, (cost.size, 1)).tolist())
    )
    shifts = problem.shift.tolist()
    model.AddDimensionWithVehicleTransitAndCapacity(times, 0, shifts, True, "time")
    _constrain(problem, copies, manager, model, slots)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    search.solution_limit = solutions
    search.time_limit.FromMilliseconds(int(seconds * 1000))
    found = model.SolveWithParameters(search)
    return greedy if found is None else _tours(found, manager, model, copies, teams)


def _constrain(
    problem: TaskingProblem, copies: _Copies, manager: Any, model: Any, slots: int
) -> None:
    """Say by when each copy must be reached, who may go, and that one copy is enough."""
    time = model.GetDimensionOrDie("time")
    for start in range(0, copies.task.size, slots):
        task = copies.task[start]
        allowed = np.flatnonzero(problem.allowed[:, task]).tolist()
        nodes = []
        for copy in range(start, start + slots):
            index = manager.NodeToIndex(copies.first + copy)
            time.CumulVar(index).SetMax(int(copies.until[copy]))
            model.VehicleVar(index).SetValues([-1, *allowed])  # -1: nobody goes
            nodes.append(index)
        penalty = round(float(problem.worth[task, 0]) * _SCALE)
        model.AddDisjunction(nodes, penalty, 1)


def _tours(found: Any, manager: Any, model: Any, copies: _Copies, teams: int) -> Tours:
    tours: Tours = []
    for team in range(teams):
        tour, index = [], model.Start(team)
        while not model.IsEnd(index):
            node = manager.IndexToNode(index)
            if node >= copies.first:
                tour.append(int(copies.task[node - copies.first]))
            index = found.Value(model.NextVar(index))
        tours.append(tour)
    return tours
