"""Divided units: nobody twice, nobody where he may not be, rest kept, the bound a bound."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.force.roster.divided import divided_roster, parts_of
from truceline.force.roster.exact import exact_roster
from truceline.force.roster.model import SLOTS, UNITS, Question

MONTHS = 12


def question(persons, needs, may=None, *, tour=4, cycle=12, kinds=None):
    kinds = kinds or ["infantry"] * len(persons)
    n = len(persons)
    units = pl.DataFrame(
        {"unit_id": [f"u{i}" for i in range(n)], "nation": [f"n{i % 3}" for i in range(n)],
         "kind": kinds, "persons": [float(p) for p in persons], "first_month": [0] * n,
         "tour": [tour] * n, "cycle": [cycle] * n}
    )  # fmt: skip
    slots = pl.DataFrame(
        [{"slot": f"s{i}", "kind": "infantry", "persons": float(p)} for i, p in enumerate(needs)]
    )
    allowed = np.ones((n, len(needs)), bool) if may is None else np.array(may, bool)
    return Question(UNITS.conform(units), SLOTS.conform(slots), allowed, MONTHS)


def people(asked, roster):
    """People of units in slots by month."""
    unit = {u: i for i, u in enumerate(asked.units["unit_id"])}
    slot = {s: i for i, s in enumerate(asked.slots["slot"])}
    there = np.zeros((len(unit), len(slot), asked.months))
    for row in roster.tours.iter_rows(named=True):
        months = slice(row["month_start"], row["month_end"])
        there[unit[row["unit_id"]], slot[row["slot"]], months] += row["persons"]
    return there


def test_a_unit_of_300_holds_three_places_of_100():
    """Three such units, each a third of the time: all is met. Undivided a third would be."""
    asked = question([300] * 3, [100] * 3)
    roster = divided_roster(asked)
    assert roster.met == pytest.approx(roster.needed)
    assert exact_roster(asked, np.random.default_rng(1)).met < 0.5 * roster.needed


def test_what_no_nation_may_hold_stays_empty_and_is_out_of_the_bound():
    asked = question([300] * 3, [100, 100], [[True, False]] * 3)
    roster = divided_roster(asked)
    assert roster.met == roster.bound == pytest.approx(100 * MONTHS)
    assert set(roster.gaps["slot"]) == {"s1"}


def test_units_that_share_no_place_are_planned_apart():
    asked = question([10, 10, 10], [5, 5, 5], [[1, 0, 0], [1, 1, 0], [0, 0, 1]])
    assert [(p.units.tolist(), p.slots.tolist()) for p in parts_of(asked)] == [
        ([0, 1], [0, 1]),
        ([2], [2]),
    ]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_rules_hold_whatever_is_asked(data):
    persons = data.draw(st.lists(st.integers(0, 500), min_size=1, max_size=7))
    needs = data.draw(st.lists(st.integers(0, 400), min_size=1, max_size=4))
    may = [[data.draw(st.booleans()) for _ in needs] for _ in persons]
    tour = data.draw(st.integers(1, 6))
    cycle = tour * data.draw(st.integers(1, 4))
    asked = question(persons, needs, may, tour=tour, cycle=cycle)
    roster = divided_roster(asked, seconds=5)
    there = people(asked, roster)
    assert not there[~asked.may].any(), "someone stands where his nation forbids"
    total = there.sum(axis=1)
    assert (total <= np.array(persons)[:, None] + 1e-3).all(), "someone is counted twice"
    away = (total > 0).sum(axis=1)
    assert (away <= tour * -(-MONTHS // cycle)).all(), "someone had no rest"
    assert roster.met <= roster.bound + 1e-6
    assert roster.met >= exact_roster(asked, np.random.default_rng(1), seconds=5).met - 1e-3


def test_with_two_processes_it_is_the_same():
    asked = question([100, 200, 300], [150, 60], [[1, 0], [0, 1], [1, 0]])
    one, two = divided_roster(asked), divided_roster(asked, workers=2)
    assert one.tours.equals(two.tours)
    assert one.bound == two.bound
