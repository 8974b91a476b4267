"""How readings are weighed, by numbers that can be followed by hand."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.claims.readings import Decider, against, judge, near
from truceline.accounts.claims.verdict import decided_by, range_of

TABLE = pl.DataFrame(
    {
        "eu": ["out", "out", "in", "in"],
        "rate": ["a", "b", "a", "b"],
        "value": [1.2, 1.4, 0.4, 1.3],
    }
)


def test_every_value_meets_every_bar():
    table = against(TABLE, {"plain": 1.0, "strong": 1.25}, "more", "threshold")
    judgement = judge(table, ("eu", "rate", "threshold"))
    assert (judgement.held, judgement.total) == (5, 8)
    assert judgement.share == 0.625
    assert judgement.word == "depends on the reading"
    assert judgement.margin_low == pytest.approx(0.4 / 1.25)
    assert judgement.margin_high == pytest.approx(1.4)
    shares = {d.dimension: dict(d.shares) for d in judgement.deciders}
    assert shares["eu"] == {"out": 0.75, "in": 0.5}
    assert shares["rate"] == {"a": 0.25, "b": 1.0}
    assert judgement.deciders[0].dimension == "rate"


@pytest.mark.parametrize(
    ("comparator", "held"), [("more", 0), ("less", 0), ("at_least", 1), ("at_most", 1)]
)
def test_equality_is_at_least_and_at_most_but_neither_more_nor_less(comparator, held):
    same = pl.DataFrame({"value": [1.0]})
    assert judge(against(same, {"one": 1.0}, comparator, "t"), ("t",)).held == held


def test_near_is_relative_and_symmetric():
    table = near(pl.DataFrame({"value": [9.0, 11.0, 8.9]}), 10.0, (0.1, 0.2))
    assert table.filter(tolerance="within 10%")["holds"].to_list() == [True, True, False]
    assert table.filter(tolerance="within 20%")["holds"].all()


def test_readings_that_cannot_be_told_are_kept_and_not_counted():
    table = pl.DataFrame(
        {"way": ["a", "b", "c"], "value": [1.0, 2.0, None], "margin": [1.0, 2.0, None],
         "holds": [True, False, None]}
    )  # fmt: skip
    judgement = judge(table, ("way",))
    assert (judgement.held, judgement.total, judgement.readings.height) == (1, 2, 3)
    nothing = judge(table.filter(pl.col("holds").is_null()), ("way",))
    assert nothing.share is None
    assert nothing.word == "cannot be checked"
    assert nothing.deciders == ()


def test_words_for_deciders_and_ranges():
    assert decided_by([]) == ""
    assert decided_by([Decider("odd", {"x": 0.5, "y": 0.25})]) == (
        "What decides it is odd (x: 50 % of readings hold; y: 25 %)."
    )
    assert range_of(1.2, 1.2) == "1.20"
    assert range_of(None, 1.0) == "not known"


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.floats(0.01, 100)),
        min_size=1, max_size=30,
    ),
    st.floats(1.0, 3.0),
)  # fmt: skip
def test_the_share_is_between_its_ways_and_order_changes_nothing(rows, bar):
    table = pl.DataFrame(rows, schema=["one", "two", "value"], orient="row")
    judgement = judge(against(table, {"b": bar}, "more", "t"), ("one", "two", "t"))
    reverse = judge(against(table.reverse(), {"b": bar}, "more", "t"), ("one", "two", "t"))
    assert (judgement.held, judgement.total) == (reverse.held, reverse.total)
    for decider in judgement.deciders:
        assert min(decider.shares.values()) <= judgement.share <= max(decider.shares.values())
        assert 0 < decider.spread <= 1
    assert {d.dimension for d in judgement.deciders} == {d.dimension for d in reverse.deciders}


@settings(max_examples=60)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=20), st.floats(1.01, 3.0))
def test_asking_for_more_never_makes_more_readings_hold(values, bar):
    table = pl.DataFrame({"value": values})
    lower = judge(against(table, {"b": bar}, "more", "t"), ("t",)).held
    higher = judge(against(table, {"b": bar * 1.3}, "more", "t"), ("t",)).held
    assert higher <= lower
