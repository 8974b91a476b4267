"""A plan end to end: nobody where a nation forbids, the same seen from the other side."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.force.planning.conftest import UNITS, asked, coalition, territory, unit

from truceline.core.types.errors import TermsError
from truceline.force.contributions.allowance import may_stand
from truceline.force.contributions.caveats import KeepOffLine, OnlyByDay, OnlyRoles, OnlyZones
from truceline.force.planning.people import LINE_ZONE
from truceline.force.planning.plan import make_plan
from truceline.force.planning.record import plan_record
from truceline.force.planning.standing import Sensors


def test_every_part_is_there(plan):
    record = json.loads(json.dumps(plan_record(plan)))
    assert record["people_in_theatre"] == 1320
    assert record["line_km"] == pytest.approx(91.8, abs=1.0)
    assert record["people_per_km"] == pytest.approx(1320 / record["line_km"])
    assert 0 < record["seen_twice"] <= record["seen_once"] <= 1
    assert 0 <= record["certified_gap"] <= 0.02
    filled = ("offered", "serving", "teams", "units", "bases", "hours", "prices", "ladder",
              "resilience", "sensitivity", "assumptions", "air_with_guarantor")  # fmt: skip
    assert all(record[name] for name in filled)


def test_who_serves_where_is_said_with_the_reason(plan):
    rows = {row["unit_id"]: row for row in plan.manning.serving.to_dicts()}
    assert rows["a-near"]["serves"] == "along the line"
    assert rows["b-back"]["serves"] == "away from the line"
    assert rows["b-back"]["why"] == "Beland: b-back may serve only in hubs"
    assert rows["c-off"]["serves"] == "along the line"
    assert rows["d-unknown"]["serves"] == "size unknown"
    assert rows["d-ship"]["serves"] == "does not come"


CAVEATS = st.lists(
    st.sampled_from(
        [KeepOffLine(0.5), KeepOffLine(2.0), KeepOffLine(5.0), KeepOffLine(40.0),
         OnlyZones(("hubs",)), OnlyZones((LINE_ZONE,)), OnlyRoles(("post",)),
         OnlyRoles(("drone_base", "patrol")), OnlyByDay()]
    ),
    max_size=2,
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(first=CAVEATS, second=CAVEATS, drones=CAVEATS)
def test_no_unit_stands_where_its_nation_forbids(first, second, drones):
    units = (
        unit("one", "Aland", 400, "infantry", *first),
        unit("two", "Beland", 250, "infantry", *second),
        unit("fly", "Beland", 90, "drones", *drones),
    )
    question = asked(force=coalition(units), air=None)
    plan = make_plan(question, np.random.default_rng(1), thorough=False)
    by_id = {u.unit_id: u for u in units}
    sites = {row["site_id"]: row for row in question.ground.sites.to_dicts()}
    for row in plan.standing.units.drop_nulls("unit_id").to_dicts():
        role = {"post": "post", "drone base": "drone_base"}[row["kind"]]
        allowed, why = may_stand(
            by_id[row["unit_id"]], role, plan.conditions, zone=LINE_ZONE,
            line_km=sites[row["site_id"]]["line_m"] / 1000.0, by_night=True,
        )  # fmt: skip
        assert allowed, why
    for base in plan.answering.bases.to_dicts():
        for name in base["unit_ids"]:
            assert may_stand(by_id[name], "reaction", plan.conditions, zone=LINE_ZONE,
                             line_km=20.0, by_night=True)[0]  # fmt: skip


def test_swapping_the_parties_mirrors_the_plan():
    one = make_plan(asked(), np.random.default_rng(1), thorough=False)
    other = make_plan(asked(sides=territory("south", "north")), np.random.default_rng(1),
                      thorough=False)  # fmt: skip
    swap = {"north": "south", "south": "north"}
    assert other.standing.seen == one.standing.seen
    assert other.answering.hours.equals(one.answering.hours)
    places = one.standing.units.select("unit", "site_id", "lon", "lat", "nation")
    assert places.equals(other.standing.units.select(places.columns))
    assert other.standing.units["side"].to_list() == [
        swap[side] for side in one.standing.units["side"]
    ]
    cases = {row["case"]: row for row in other.resilience.to_dicts()}
    for row in one.resilience.filter(pl.col("family") == "access").to_dicts():
        side = row["case"].split()[-1].lower()
        mirrored = cases[row["case"].replace(side.title(), swap[side].title())]
        assert mirrored["once"] == row["once"]
        assert mirrored["median_h"] == row["median_h"]


def test_equal_effort_puts_as_many_on_each_side(plan):
    sides = plan.standing.units.group_by("kind").agg(
        (pl.col("side") == "north").sum().alias("north"),
        (pl.col("side") == "south").sum().alias("south"),
    )
    # A kind may be two to the solver: each of the two is halved for itself.
    assert (sides["north"] == sides["south"]).all()


def test_an_impossible_force_is_told_which_rule_forbids_it():
    units = (unit("b-back", "Beland", 400, "infantry", OnlyZones(("hubs",))),)
    with pytest.raises(TermsError, match="Beland: b-back may serve only in hubs"):
        make_plan(asked(force=coalition(units), sensors=Sensors(0)), np.random.default_rng(1))


def test_the_same_dice_give_the_same_plan():
    tables = [
        plan_record(make_plan(asked(), np.random.default_rng(7), thorough=False)) for _ in range(2)
    ]
    assert tables[0] == tables[1]


def test_an_event_that_has_not_happened_keeps_its_units_at_home(plan):
    question = asked(met=frozenset())
    less = make_plan(question, np.random.default_rng(1), thorough=False)
    assert less.manning.absent == plan.manning.absent + 500
    assert not less.standing.units["unit_id"].is_in(["a-near"]).any()


def test_units_of_unknown_size_man_nothing(plan):
    assert "d-unknown" not in plan.manning.teams["unit_id"].to_list()
    assert sum(u.persons or 0 for u in UNITS if u.kind != "naval") == plan.people
