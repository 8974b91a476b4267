"""The queue's order, over any standings and clocks."""

import polars as pl
import pytest

from truceline.agreement.terms import Step
from truceline.core.types.time import HOUR
from truceline.judgement.keeping import kept
from truceline.record.reviews import Standing
from truceline.web.room.queue import queue, tasks

LADDER = (
    Step(who="commission", what="call the parties", after_hours=24.0),
    Step(who="mission", what="go and look", after_hours=6.0),
    Step(who="guarantors", what="meet"),
)


@pytest.fixture(scope="module")
def judgement(rehearsed):
    return kept(rehearsed / "room" / "working")


def test_a_second_hand_then_the_clock_then_the_doubt(judgement):
    listed = judgement.assessments.filter(pl.col("listed") != "background")["incident_id"]
    named = listed[3]
    last = judgement.incidents["t_best"].max()
    standings = {
        named: Standing(proposed="north"),
        listed[0]: Standing(list_word="rejected"),
    }
    now = last + 2 * HOUR
    waiting = queue(judgement, standings, LADDER, now)
    assert set(waiting["incident_id"]) == set(listed) - {listed[0]}
    found = tasks(waiting, standings, LADDER)
    assert found[0].row["incident_id"] == named
    assert "second must agree" in found[0].why
    pressing = [t for t in found[1:] if t.hours_left is not None and t.hours_left <= 24]
    assert found[1 : 1 + len(pressing)] == pressing
    assert pressing
    assert [t.hours_left for t in pressing] == sorted(t.hours_left for t in pressing)
    for task in pressing:
        age = (now - task.row["t_best"]) / HOUR
        assert task.step.after_hours == (6.0 if age <= 6 else 24.0)
        assert task.hours_left == pytest.approx(task.step.after_hours - age)
    rest = [t.worth for t in found[1 + len(pressing) :]]
    assert rest == sorted(rest, reverse=True)
    assert all(
        t.worth == pytest.approx(min(t.row["p_hostile"], 1 - t.row["p_hostile"])) for t in found
    )


def test_without_a_clock_nothing_presses(judgement):
    waiting = queue(judgement, {}, (), 0)
    assert waiting["hours_left"].null_count() == waiting.height
    assert [t.step for t in tasks(waiting.head(3), {}, ())] == [None] * 3
