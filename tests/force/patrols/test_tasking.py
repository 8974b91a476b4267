"""A day's tasking: as good as trying everything on tiny days; caveats bite; reasons are given."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.force.patrols.information import Losses, assumed_verification
from truceline.force.patrols.routing import plan_tasking
from truceline.force.patrols.tasking import (
    TASKS,
    TEAMS,
    greedy_tours,
    tasking_of,
    tasking_problem,
    tour_worth,
)

KINDS = ["explosion_impact", "weapon_present", "burst", "damage"]


def day(seed, tasks, teams, shift_h=8.0, caveats=True):
    """A day on a line of about 150 km; where there are caveats, team 0 may go west only."""
    rng = np.random.default_rng(seed)
    east = rng.random(tasks) < 0.5
    table = pl.DataFrame(
        {
            "task": [f"i{i}" for i in range(tasks)],
            "lon": 37 + rng.random(tasks) + east,
            "lat": 48 + 0.3 * rng.random(tasks),
            "sector": ["east" if e else "west" for e in east],
            "kind": rng.choice(KINDS, tasks).tolist(),
            "p": rng.uniform(0.1, 0.9, tasks),
            "age_h": rng.uniform(0, 30, tasks),
            "visit_h": rng.uniform(0.5, 1.5, tasks),
        },
        schema=TASKS.dtypes(),
    )
    crews = pl.DataFrame(
        {
            "team": [f"t{i}" for i in range(teams)],
            "lon": 37 + 2 * rng.random(teams),
            "lat": [48.1] * teams,
            "shift_h": [shift_h] * teams,
            "road_kmh": [50.0] * teams,
            "may_go": [["west"] if caveats and i == 0 else None for i in range(teams)],
        },
        schema=TEAMS.dtypes(),
    )
    return tasking_problem(table, crews, assumed_verification(), Losses())


def best_of_all(problem):
    """The most any tours are worth, by trying every assignment in every order."""
    teams, best = problem.teams.height, 0.0
    for owner in product(range(-1, teams), repeat=problem.tasks.height):
        total = 0.0
        for team in range(teams):
            mine = [t for t, o in enumerate(owner) if o == team]
            if not all(problem.allowed[team, t] for t in mine):
                break
            found = [tour_worth(problem, team, list(order)) for order in permutations(mine)]
            worths = [one[0] for one in found if one is not None]
            if not worths:
                break
            total += max(worths)
        else:
            best = max(best, total)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_tiny_days_are_near_the_best_of_all(seed):
    problem = day(seed, 5, 2, shift_h=6.0)
    plan = plan_tasking(problem, solutions=60)
    best = best_of_all(problem)
    assert plan.worth <= best + 1e-9
    assert plan.worth >= 0.97 * best


@pytest.mark.parametrize("seed", range(3))
def test_the_solver_is_never_worse_than_greedy(seed):
    problem = day(seed, 25, 3)
    greedy = tasking_of(problem, greedy_tours(problem), "greedy")
    assert plan_tasking(problem, solutions=60).worth >= greedy.worth


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 9999), tasks=st.integers(0, 12), teams=st.integers(0, 3))
def test_caveats_shifts_and_every_task_once(seed, tasks, teams):
    problem = day(seed, tasks, teams)
    plan = tasking_of(problem, greedy_tours(problem), "greedy")
    where = dict(problem.tasks.select("task", "sector").rows())
    assert all(where[t] == "west" for t in plan.tours.filter(team="t0")["task"])
    both = [*plan.tours["task"], *plan.unvisited["task"]]
    assert sorted(both) == sorted(problem.tasks["task"])
    assert (plan.tours["arrive_h"] <= 8).all()


def test_the_solver_keeps_caveats_and_shifts():
    problem = day(4, 20, 3)
    plan = plan_tasking(problem, solutions=60)
    where = dict(problem.tasks.select("task", "sector").rows())
    assert all(where[t] == "west" for t in plan.tours.filter(team="t0")["task"])
    assert plan.tours["task"].is_unique().all()
    number = {t: i for i, t in enumerate(problem.tasks["task"])}
    for team in range(3):
        tour = [number[t] for t in plan.tours.filter(team=f"t{team}")["task"]]
        assert tour_worth(problem, team, tour) is not None


def test_the_same_day_gives_the_same_plan():
    one, two = (plan_tasking(day(2, 15, 2), solutions=40) for _ in range(2))
    assert one.tours.equals(two.tours)


def test_a_caveat_costs_and_never_pays():
    for seed in range(5):
        with_caveat = best_of_all(day(seed, 4, 2, 6.0))
        without = best_of_all(day(seed, 4, 2, 6.0, caveats=False))
        assert with_caveat <= without + 1e-12


def test_reasons_are_given():
    problem = day(1, 3, 1, shift_h=8.0)
    tasks = problem.tasks.with_columns(
        pl.Series("p", [0.0, 0.5, 0.5]),
        pl.Series("sector", ["west", "east", "west"]),
        pl.Series("lon", [37.0, 37.0, 20.0]),
    )
    again = tasking_problem(tasks, problem.teams, assumed_verification(), Losses())
    plan = tasking_of(again, greedy_tours(again), "greedy")
    assert plan.tours.is_empty()
    why = dict(plan.unvisited.select("task", "why").rows())
    assert why == {
        "i0": "no finding would change the answer",
        "i1": "no team may go there",
        "i2": "too far for a day of those who may go",
    }


def test_a_day_by_hand():
    # 50 km at 50 km/h: an hour there, an hour's visit, an hour back; the answer halves its loss
    tasks = pl.DataFrame(
        [("a", 37.0, 48.0, "west", "damage", 0.5, 0.0, 1.0)], schema=TASKS.dtypes(), orient="row"
    )
    teams = pl.DataFrame(
        [("t", 37.6708, 48.0, 3.1, 50.0, None)], schema=TEAMS.dtypes(), orient="row"
    )
    known = assumed_verification().with_columns(
        pl.lit(1.0).alias("sensitivity"), pl.lit(1.0).alias("specificity")
    )
    problem = tasking_problem(tasks, teams, known, Losses(), detour=1.0)
    plan = plan_tasking(problem, solutions=10)
    assert plan.tours["arrive_h"][0] == pytest.approx(1.0, abs=1 / 30)
    assert plan.worth == pytest.approx(0.5, abs=0.001)
    late = teams.with_columns(pl.lit(2.9).alias("shift_h"))
    none = plan_tasking(tasking_problem(tasks, late, known, Losses(), detour=1.0))
    assert none.worth == 0


def test_an_unknown_kind_and_a_short_road_are_refused():
    problem = day(1, 2, 1)
    with pytest.raises(InputError, match="verifies"):
        tasking_problem(problem.tasks, problem.teams, assumed_verification().head(0), Losses())
    with pytest.raises(InputError, match="detour"):
        tasking_problem(problem.tasks, problem.teams, assumed_verification(), Losses(), detour=0.5)
