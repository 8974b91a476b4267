"""What changed since the last bulletin is every finding that no longer stands, and no other."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from truceline.publish.bulletins.changes import Published
from truceline.publish.bulletins.report import compose


@pytest.fixture
def first(judgement, settings, period, now):
    return compose(judgement, settings, period=period, now=now)


def again(judgement, settings, period, now, first, change):
    published = Published(first.identity, first.period, first.incidents)
    revised = dataclasses.replace(judgement, **change)
    return compose(revised, settings, period=period, now=now, published=published).changes


def revise(judgement, number, **values):
    own = pl.col("incident_id") == f"{number:032x}"
    return {
        "assessments": judgement.assessments.with_columns(
            pl.when(own).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
            for name, value in values.items()
        )
    }


def test_nothing_changes_when_nothing_changed(judgement, settings, period, now, first):
    assert again(judgement, settings, period, now, first, {}).is_empty()


def test_a_finding_that_moves_to_the_other_list_is_said(judgement, settings, period, now, first):
    rows = again(judgement, settings, period, now, first, revise(judgement, 1, listed="credible"))
    assert rows.select("change", "before", "after").rows() == [("moved", "violation", "credible")]
    assert rows["label"].to_list() == ["C1"]


def test_a_party_that_is_no_longer_named_is_said(judgement, settings, period, now, first):
    change = revise(judgement, 1, party=None)
    rows = again(judgement, settings, period, now, first, change)
    assert rows.select("change", "before", "after").rows() == [("party", "north", None)]


@pytest.mark.parametrize(("p", "expected"), [(0.90, 0), (0.85, 1)])
def test_only_a_notable_shift_is_a_change(judgement, settings, period, now, first, p, expected):
    rows = again(judgement, settings, period, now, first, revise(judgement, 1, p_violation=p))
    assert rows.height == expected


def test_a_withdrawn_and_a_late_incident_are_said(judgement, settings, period, now, first):
    kept = pl.col("incident_id") != f"{1:032x}"
    gone = again(judgement, settings, period, now, first,
                 {"incidents": judgement.incidents.filter(kept)})  # fmt: skip
    assert gone["change"].to_list() == ["withdrawn"]
    earlier = dataclasses.replace(first, incidents=first.incidents.filter(kept))
    late = again(judgement, settings, period, now, earlier, {})
    assert late.select("change", "after").rows() == [("late", "violation")]
