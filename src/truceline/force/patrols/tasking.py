"""A day's tasking: teams go where a visit would change most, before the traces are gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.space.geodesy import FloatArray, distance_m
from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema
from truceline.force.patrols.information import (
    VERIFICATION,
    Losses,
    sensitivity_after,
    value_of_visit,
)

IntArray = npt.NDArray[np.int64]
Tours = list[list[int]]

TASKS = Schema(
    "tasks",
    (
        Column("task", pl.String(), "Id of the incident."),
        Column("lon", pl.Float64(), "Longitude, degrees.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees.", low=-90, high=90),
        Column("sector", pl.String(), "The sector it lies in."),
        Column("kind", pl.String(), "What is said to have happened."),
        Column("p", pl.Float64(), "Probability of a violation as judged now.", low=0, high=1),
        Column("age_h", pl.Float64(), "Hours since, at the start of the day.", low=0),
        Column("visit_h", pl.Float64(), "Hours a visit takes.", low=0),
    ),
)

TEAMS = Schema(
    "teams",
    (
        Column("team", pl.String(), "Name of the team."),
        Column("lon", pl.Float64(), "Longitude of its base, degrees.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude of its base, degrees.", low=-90, high=90),
        Column("shift_h", pl.Float64(), "Hours from leaving to being back.", low=0, high=24),
        Column("road_kmh", pl.Float64(), "Speed on the road.", low=1),
        Column("may_go", pl.List(pl.String()), "Sectors its nation allows; null: all.", True),
    ),
)

TOUR = Schema(
    "tour",
    (
        Column("team", pl.String(), "The team."),
        Column("stop", pl.Int64(), "First, second ... stop.", low=1),
        Column("task", pl.String(), "The incident visited."),
        Column("arrive_h", pl.Float64(), "Hours after the start of the day.", low=0),
        Column("worth", pl.Float64(), "Loss the visit is expected to spare.", low=0),
    ),
)

UNVISITED = Schema(
    "unvisited",
    (
        Column("task", pl.String(), "The incident nobody goes to."),
        Column("worth", pl.Float64(), "Loss a visit at once would spare.", low=0),
        Column("why", pl.String(), "Why nobody goes."),
    ),
)


@dataclass(frozen=True)
class TaskingProblem:
    """A day in whole minutes, ready to be solved.

    Attributes
    ----------
    tasks, teams : pl.DataFrame
        As given.
    way : array, teams x places x places
        Minutes between places; place 0 is the team's base, place i + 1 task i.
    visit, shift : array
        Minutes of a visit, of a team's day.
    allowed : array, teams x tasks
        Whether caveats let the team go there.
    worth : array, tasks x minutes
        What a visit is worth that begins at that minute.
    """

    tasks: pl.DataFrame
    teams: pl.DataFrame
    way: IntArray
    visit: IntArray
    shift: IntArray
    allowed: npt.NDArray[np.bool_]
    worth: FloatArray


@dataclass(frozen=True)
class Tasking:
    """Who goes where (`TOUR`), what is left (`UNVISITED`), and what it is worth in all."""

    tours: pl.DataFrame
    unvisited: pl.DataFrame
    worth: float
    method: str


def tasking_problem(
    tasks: pl.DataFrame,
    teams: pl.DataFrame,
    verification: pl.DataFrame,
    losses: Losses,
    *,
    detour: float = 1.3,
) -> TaskingProblem:
    """Return the day as a problem; roads are `detour` times the geodesic, rounded up."""
    tasks, teams = TASKS.conform(tasks), TEAMS.conform(teams)
    known = tasks.join(
        VERIFICATION.conform(verification), on="kind", how="left", maintain_order="left"
    )
    unknown = known.filter(pl.col("half_life_h").is_null())["kind"].unique().sort()
    if unknown.len():
        raise InputError(
            f"it is not said how well a visit verifies {unknown[0]!r}.",
            hint="Add a row for that kind to the table of verification, with its source.",
        )
    if detour < 1:
        raise InputError("a road cannot be shorter than the straight line: detour below 1.")
    minutes = np.arange(24 * 60 + 1)[None, :]
    p, se, sp, half, age = (
        known[c].to_numpy()[:, None]
        for c in ("p", "sensitivity", "specificity", "half_life_h", "age_h")
    )
    left = sensitivity_after(se, sp, half, age + minutes / 60)
    allowed = [
        [may is None or sector in may for sector in tasks["sector"]] for may in teams["may_go"]
    ]
    return TaskingProblem(
        tasks,
        teams,
        _ways(tasks, teams, detour),
        np.ceil(tasks["visit_h"].to_numpy() * 60 - 1e-9).astype(np.int64),
        np.floor(teams["shift_h"].to_numpy() * 60 + 1e-9).astype(np.int64),
        np.array(allowed, dtype=bool).reshape(teams.height, tasks.height),
        value_of_visit(p, left, sp, losses),
    )


def _ways(tasks: pl.DataFrame, teams: pl.DataFrame, detour: float) -> IntArray:
    places = tasks.select("lon", "lat").rows()
    km = np.zeros((teams.height, len(places) + 1, len(places) + 1))
    for i, one in enumerate(places):
        for j in range(i):
            km[:, i + 1, j + 1] = km[:, j + 1, i + 1] = distance_m(*one, *places[j]) / 1000
        for t, base in enumerate(teams.select("lon", "lat").rows()):
            km[t, 0, i + 1] = km[t, i + 1, 0] = distance_m(*base, *one) / 1000
    speed = teams["road_kmh"].to_numpy()[:, None, None]
    minutes: IntArray = np.ceil(km * detour / speed * 60 - 1e-9).astype(np.int64)
    return minutes


def tour_worth(problem: TaskingProblem, team: int, tour: list[int]) -> tuple[float, int] | None:
    """Return the worth of a team's tour and the minute it is back; None if too late."""
    way, now, here, worth = problem.way[team], 0, 0, 0.0
    for task in tour:
        now += way[here, task + 1]
        if now > problem.shift[team]:
            return None
        worth += problem.worth[task, now]
        now += problem.visit[task]
        here = task + 1
    back = int(now + way[here, 0])
    return None if back > problem.shift[team] else (float(worth), back)


def greedy_tours(problem: TaskingProblem) -> Tours:
    """Return tours built by the best insertion: most worth for each further minute.

    Caveats are a mask: a task is never put to a team that may not go there.
    """
    tours: Tours = [[] for _ in range(problem.teams.height)]
    left = set(range(problem.tasks.height))
    while best := max(_insertions(problem, tours, left), default=None):
        _, team, place, task = best
        tours[team].insert(place, -task)
        left.remove(-task)
    return tours


def _insertions(
    problem: TaskingProblem, tours: Tours, left: set[int]
) -> list[tuple[float, int, int, int]]:
    """Return what each possible insertion brings a minute: rate, team, place, minus the task."""
    found = []
    for team, tour in enumerate(tours):
        worth, back = tour_worth(problem, team, tour) or (0.0, 0)
        for task in (t for t in left if problem.allowed[team, t] and problem.worth[t, 0] > 0):
            for place in range(len(tour) + 1):
                changed = tour_worth(problem, team, [*tour[:place], task, *tour[place:]])
                if changed is not None and changed[0] > worth + 1e-12:
                    rate = (changed[0] - worth) / max(1, changed[1] - back)
                    found.append((rate, team, place, -task))
    return found


def tasking_of(problem: TaskingProblem, tours: Tours, method: str) -> Tasking:
    """Return tours as tables, with the reason for each task that nobody visits."""
    rows = []
    for team, tour in enumerate(tours):
        now, here = 0, 0
        for stop, task in enumerate(tour):
            now += problem.way[team, here, task + 1]
            worth = float(problem.worth[task, now])
            names = problem.teams["team"][team], problem.tasks["task"][task]
            rows.append((names[0], stop + 1, names[1], float(now) / 60, worth))
            now, here = now + problem.visit[task], task + 1
    seen = {task for tour in tours for task in tour}
    left = [
        (problem.tasks["task"][t], float(problem.worth[t, 0]), _why(problem, t))
        for t in range(problem.tasks.height)
        if t not in seen
    ]
    table = TOUR.conform(pl.DataFrame(rows, schema=TOUR.dtypes(), orient="row"))
    rest = UNVISITED.conform(pl.DataFrame(left, schema=UNVISITED.dtypes(), orient="row"))
    return Tasking(table, rest.sort("worth", descending=True), float(table["worth"].sum()), method)


def _why(problem: TaskingProblem, task: int) -> str:
    if problem.worth[task, 0] <= 0:
        return "no finding would change the answer"
    teams = np.flatnonzero(problem.allowed[:, task])
    if teams.size == 0:
        return "no team may go there"
    if all(tour_worth(problem, int(team), [task]) is None for team in teams):
        return "too far for a day of those who may go"
    return "other visits are worth more"
