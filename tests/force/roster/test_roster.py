"""The roster: caveats, tours and rest hold; the bound bounds; clashes are named."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.force.roster.annealing import annealed_tours
from truceline.force.roster.clashes import clashes
from truceline.force.roster.exact import exact_roster
from truceline.force.roster.greedy import greedy_roster
from truceline.force.roster.model import SLOTS, UNITS, Question, concluded, presence


def dice():
    return np.random.default_rng(1)


def question(units, slots, months=12, may=None):
    """Make a question of rows (kind, persons, first, tour, cycle) and (slot, kind, persons)."""
    table = UNITS.conform(
        pl.DataFrame(
            [{"unit_id": f"u{i}", "nation": f"n{i % 3}", "kind": k, "persons": float(p),
              "first_month": f, "tour": t, "cycle": c} for i, (k, p, f, t, c) in enumerate(units)],
            schema=UNITS.dtypes(),
        )
    )  # fmt: skip
    places = SLOTS.conform(
        pl.DataFrame(
            [{"slot": s, "kind": k, "persons": float(p)} for s, k, p in slots],
            schema=SLOTS.dtypes(),
        )
    )
    kinds = table["kind"].to_numpy()[:, None] == places["kind"].to_numpy()[None, :]
    return Question(table, places, kinds if may is None else kinds & may, months)


def test_three_units_in_turn_keep_one_place_filled():
    """One in three in place: the thirds of every rotation table."""
    asked = question([("inf", 100, 0, 4, 12)] * 3, [("east", "inf", 100)], months=24)
    roster = exact_roster(asked, dice())
    assert roster.met == roster.needed == 2400
    assert roster.gaps.is_empty()


def test_two_units_of_a_third_leave_a_third_empty_and_the_bound_says_so():
    asked = question([("inf", 100, 0, 4, 12)] * 2, [("east", "inf", 100)], months=24)
    roster = exact_roster(asked, dice())
    assert roster.met == pytest.approx(1600)
    assert roster.gap <= 0.005


def test_a_whole_unit_is_used_up_by_a_place_smaller_than_itself_and_the_bound_knows():
    asked = question([("inf", 600, 0, 4, 12)], [("east", "inf", 100), ("west", "inf", 100)])
    roster = exact_roster(asked, dice())
    assert roster.met == roster.bound == pytest.approx(400)


def test_kinds_are_planned_apart_in_as_many_processes_and_come_out_the_same():
    asked = question(
        [("inf", 100, 0, 4, 12)] * 3 + [("eng", 50, 2, 3, 6)] * 2,
        [("east", "inf", 100), ("east", "eng", 80)], months=24,
    )  # fmt: skip
    alone, together = exact_roster(asked, dice()), exact_roster(asked, dice(), workers=2)
    assert alone.tours.equals(together.tours)
    assert alone.bound == pytest.approx(together.bound)


UNIT = st.tuples(
    st.sampled_from(["inf", "eng"]), st.sampled_from([50, 100, 150]), st.integers(0, 6),
    st.integers(1, 6), st.integers(1, 3),
).map(lambda u: (u[0], u[1], u[2], u[3], u[3] * u[4]))  # fmt: skip


@st.composite
def questions(draw):
    units = draw(st.lists(UNIT, min_size=1, max_size=9))
    slots = [("east", "inf", draw(st.sampled_from([0, 100, 300]))),
             ("west", "inf", draw(st.sampled_from([50, 200]))),
             ("east", "eng", 100)]  # fmt: skip
    may = np.array(draw(st.lists(st.lists(st.booleans(), min_size=3, max_size=3),
                                 min_size=len(units), max_size=len(units))))  # fmt: skip
    return question(units, slots, may=may)


@settings(max_examples=40, deadline=None)
@given(questions())
def test_no_unit_serves_where_it_may_not_nor_before_it_has_rested(asked):
    slots = list(asked.slots.select("slot", "kind").iter_rows())
    rows = {u: i for i, u in enumerate(asked.units["unit_id"])}
    best = exact_roster(asked, dice(), seconds=10)
    annealed = concluded(asked, annealed_tours(asked, dice()), best.bound)
    assert best.met >= max(annealed.met, greedy_roster(asked).met) - 1e-6
    for roster in (greedy_roster(asked), annealed, best):
        for tour in roster.tours.to_dicts():
            at = rows[tour["unit_id"]]
            assert asked.may[at, slots.index((tour["slot"], tour["kind"]))]
            assert tour["month_start"] >= asked.units["first_month"][at]
            assert tour["month_end"] - tour["month_start"] <= asked.units["tour"][at]
        for (unit,), own in roster.tours.group_by("unit_id"):
            starts = own["month_start"].sort().to_numpy()
            assert (np.diff(starts) >= asked.units["cycle"][rows[unit]]).all()
        there = presence(asked, roster.tours)
        short = np.maximum(asked.need() - there, 0).sum()
        assert roster.gaps["short"].sum() == pytest.approx(short)
        assert roster.met == pytest.approx(roster.needed - short)
        assert roster.met <= best.bound + 1e-6


@settings(max_examples=25, deadline=None)
@given(questions())
def test_another_unit_never_leaves_more_empty(asked):
    more = Question(
        pl.concat([asked.units, asked.units.with_columns(pl.col("unit_id") + "x").head(1)]),
        asked.slots, np.vstack([asked.may, asked.may[:1]]), asked.months,
    )  # fmt: skip
    fewer, all_ = exact_roster(asked, dice(), gap=0.0), exact_roster(more, dice(), gap=0.0)
    assert all_.met >= fewer.met - 1e-6


def test_annealing_finds_who_must_leave_room_for_whom():
    """Three places of 100, 200 and 300: the greedy rule is not asked, every place is filled."""
    units = [("inf", 300, 0, 6, 6), ("inf", 200, 0, 6, 6), ("inf", 100, 0, 6, 6)]
    places = [("a", "inf", 100), ("b", "inf", 200), ("c", "inf", 300)]
    asked = question(units, places, months=24)
    found = concluded(asked, annealed_tours(asked, dice()), 0.0)
    assert found.met == pytest.approx(found.needed)


def test_what_clashes_is_named():
    units = [("inf", 100, 0, 6, 18)] * 2
    slots = [("east", "inf", 100), ("hub", "medical", 20)]
    may = np.array([[True, True], [False, True]])
    said = clashes(question(units, slots, may=may), [["n1: not within 30 km of the line"], []])
    assert any("no nation offers medical" in s for s in said)
    assert any("keep up 33" in s for s in said)
    none = clashes(question(units, slots, may=may & False), [["n1: not within 30 km"], []])
    assert any("no inf may serve there: n1: not within 30 km" in s for s in none)


def test_nothing_clashes_where_all_is_met():
    asked = question([("inf", 100, 0, 4, 12)] * 3, [("east", "inf", 100)])
    assert clashes(asked) == []
