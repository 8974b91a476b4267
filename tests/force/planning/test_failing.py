"""What fails, what caveats cost, and what hangs on each assumption."""

from __future__ import annotations

import polars as pl
import pytest
from tests.force.planning.conftest import unit

from truceline.force.contributions.caveats import After, OnlyByDay, OnlyZones
from truceline.force.planning.airborne import example_air_force
from truceline.force.planning.answering import BANDS_H, MODES, without_units
from truceline.force.planning.caveat_prices import Lift, lifted
from truceline.force.planning.clocks import LOADS
from truceline.force.planning.sensitivity import spread
from truceline.force.planning.symbols import SIDC, SYMBOL_WORDS
from truceline.force.published import missions


def row(plan, case: str) -> dict:
    return plan.resilience.filter(pl.col("case") == case).row(0, named=True)


def test_no_loss_betters_what_is_seen(plan):
    planned = row(plan, "as planned")
    assert (plan.resilience["once"] <= planned["once"] + 1e-12).all()
    assert (plan.resilience["twice"] <= planned["twice"] + 1e-12).all()


def test_losing_the_posts_that_matter_hurts_more_than_chance(plan):
    posts = plan.resilience.filter(pl.col("family") == "posts lost")
    random, worst = (
        posts.filter(pl.col("case").str.contains(words)) for words in ("random", "matter")
    )
    assert random.height == worst.height == 3
    assert (worst["once"] <= random["once"] + 1e-12).all()
    assert (random["once_low"] <= random["once"]).all()
    assert (random["once"] <= random["once_high"]).all()


def test_a_flight_ban_grounds_the_helicopters_and_empties_the_air(plan):
    ban, jam = row(plan, "flights banned"), row(plan, "drones jammed")
    assert ban["stations"] == 0
    assert ban["once"] == jam["once"] <= row(plan, "as planned")["once"]
    by_road = plan.answering.hours.filter(pl.col("mode") == MODES[1])["hours"].sort()
    assert ban["median_h"] == by_road[len(by_road) // 2]


def test_a_nation_that_leaves_takes_its_own_and_no_more(plan):
    crews = plan.standing.units.filter(pl.col("nation") == "Celand").height
    assert row(plan, "withdrawn: Celand")["note"].startswith(f"{crews} post")


def test_the_guarantor_takes_with_it_all_that_depends_on_it(plan):
    gone = row(plan, "absent: a guarantor")
    assert "1 unit depending on it" in gone["note"]
    assert gone["stations"] == plan.airborne.kept(backed=False)
    assert plan.airborne.kept(backed=False) <= plan.airborne.kept(backed=True)
    assert row(plan, "no ceasefire")["once"] < row(plan, "as planned")["once"]


def test_a_base_without_teams_is_gone(plan):
    bases = plan.answering.bases
    names = set(bases["unit_ids"].explode().to_list())
    assert without_units(bases, names).is_empty()
    assert without_units(bases, set())["people"].to_list() == bases["people"].to_list()


def test_hours_by_night_or_road_alone_are_never_shorter(plan):
    by = {mode: plan.answering.hours.filter(pl.col("mode") == mode)["hours"] for mode in MODES}
    assert (by[MODES[1]] >= by[MODES[0]] - 1e-9).all()
    assert (by[MODES[2]] >= by[MODES[0]] - 1e-9).all()
    shares = [plan.answering.within(hours) for hours in BANDS_H]
    assert shares == sorted(shares)


def test_lifting_a_caveat_never_costs_and_its_price_is_an_interval(plan):
    prices = plan.prices.filter(pl.col("nation") != "rule of the plan")
    assert set(prices["nation"]) >= {"Beland"}
    assert (prices["price_low"] <= prices["price_high"] + 1e-12).all()
    assert (prices["people"] > 0).all()
    assert prices.filter(pl.col("nation") == "Beland")["people"].to_list() == [400]


def test_only_the_named_caveat_is_lifted():
    units = (unit("one", "Aland", 1, "infantry", OnlyByDay(), OnlyZones(("hubs",)), After("x")),
             unit("two", "Beland", 1, "infantry", OnlyByDay()))  # fmt: skip
    lift = lifted(units, Lift("Aland", "only by day"))
    assert [c.words() for c in lift[0].caveats] == ["only in hubs", "only after x"]
    assert lift[1] == units[1]
    everything = lifted(units, Lift("all nations", "every caveat of place"))
    assert [c.words() for u in everything for c in u.caveats] == ["only after x"]


def test_a_saturated_step_has_no_average(plan):
    assert sorted(set(plan.clocks["breaches"])) == sorted(LOADS)
    saturated = plan.clocks.filter(pl.col("state") != "kept up")
    assert not saturated.is_empty()
    for name in ("late_share", "median_h", "p90_h"):
        assert saturated[name].null_count() == saturated.height
    assert (saturated.filter(pl.col("state") == "saturated")["utilisation"] >= 1).all()


def test_each_assumption_is_tried_at_both_ends(plan):
    tried = plan.sensitivity
    assert (tried.group_by("name").len()["len"] == 2).all()
    wide = spread(tried, "twice", plan.standing.seen.twice)
    assert wide["width"].is_sorted(descending=True)
    seen = wide.filter(pl.col("name") == "drone_range_km").row(0, named=True)
    assert seen["low"] < plan.standing.seen.twice < seen["high"]
    road = wide.filter(pl.col("name") == "road_kmh").row(0, named=True)
    assert road["low"] == road["high"] == plan.standing.seen.twice
    slow = tried.filter((pl.col("name") == "ready_h") & (pl.col("end") == "high"))
    assert slow["mean_h"][0] == pytest.approx(plan.answering.mean_h() + 2.0)


def test_an_assumption_tried_at_the_plans_own_value_changes_nothing(plan):
    own = {row["name"]: row["value"] for row in plan.asked.assumed.table().to_dicts()}
    same = [row for row in plan.sensitivity.to_dicts() if own.get(row["name"]) == row["value"]]
    assert {row["name"] for row in same} >= {"in_theatre", "support_behind"}
    for row in same:
        assert (row["once"], row["twice"]) == (plan.standing.seen.once, plan.standing.seen.twice)
        assert row["mean_h"] == plan.answering.mean_h()


@pytest.mark.parametrize(
    ("mission", "per_km"),
    [("OSCE SMM, 2021", 1.2), ("UNMEE, 2000", 4.2), ("UNFICYP, 2018", 4.5),
     ("GCSP Ceasefire Toolkit, 2025", 12.5), ("reported plan of 30,000, 2025", 25),
     ("IFOR, 1996", 56), ("UNIFIL, November 2006", 88)],
)  # fmt: skip
def test_published_densities_come_out_as_printed(mission, per_km):
    found = missions().filter(pl.col("mission") == mission)["per_km"].item()
    assert found == pytest.approx(per_km, abs=0.5 if per_km > 50 else 0.05)


def test_symbols_are_the_forces_own_and_nobodys_is_hostile():
    for code in SIDC.values():
        assert len(code) == 20
        assert code.isdigit()
        assert code[3] == "3"
    assert SIDC.keys() == SYMBOL_WORDS.keys()


def test_the_shipped_air_force_says_that_its_numbers_are_the_planners():
    force = example_air_force()
    assert force.bases["source"].str.contains("planner").all()
    assert force.types["source"].str.contains("RAND MR-1028").all()


def test_bases_for_the_farthest_place_are_no_farther_from_it(plan):
    way = plan.farthest
    assert way.bound <= way.best + 1e-9
    assert way.best <= way.planned + 1e-9
