"""A sweep: the same truces for all forces, taken up where it was, and more force sees more."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from truceline.core.engines.local import LocalEngine
from truceline.force.planning.stress import Changed, losses
from truceline.force.presence import Mix
from truceline.publish.force.sweep_page import Told, sweep_page
from truceline.rehearsal.sweeps.ladder import clocks_by_force, travel_hours
from truceline.rehearsal.sweeps.running import Sweep, run_sweep, scenario_of
from truceline.rehearsal.sweeps.stress import STRESS, stressed
from truceline.rehearsal.sweeps.summary import gains, summary

FORCES = (Mix("few", 500), Mix("many", 60_000, cameras=600))
SWEEP = Sweep(FORCES, line_km=1_000, stretch_km=80, days=5, seeds=(7000, 7001))


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    return run_sweep(SWEEP, folder, workers=2), folder


def test_every_force_meets_the_same_violations(swept):
    outcomes, _ = swept
    by_seed = outcomes.group_by("seed").agg(pl.col("violations").unique())
    assert all(len(found) == 1 and found[0] > 5 for found in by_seed["violations"].to_list())


def test_more_force_sees_more_and_verifies_more(swept):
    table = summary(swept[0]).sort("people")
    for figure in ("seen_by_own", "verified"):
        few, many = table[figure].to_list()
        assert many > few, figure
    assert table["unwatched"].to_list()[1] <= table["unwatched"].to_list()[0]
    shares = table.select("seen", "found", "verified", "attributed")
    assert shares.min_horizontal().min() >= 0
    assert shares.max_horizontal().max() <= 1


def test_in_no_truce_does_more_force_see_or_watch_less(swept):
    few, many = (swept[0].filter(force=force.name).sort("seed") for force in FORCES)
    for figure in ("seen", "seen_by_own"):
        assert (many[figure] >= few[figure]).all(), figure
    assert (many["unwatched"] <= few["unwatched"]).all()


def test_what_was_done_is_not_done_again_and_an_engine_gives_the_same_rows(swept):
    outcomes, folder = swept
    kept = sorted(folder.glob("*.json"))
    assert len(kept) == 4
    kept[0].unlink()
    again = run_sweep(SWEEP, folder, engine=LocalEngine(1))
    assert again.equals(outcomes)
    assert sorted(folder.iterdir()) == kept


def test_the_force_changes_the_eyes_and_not_the_truce():
    few, many = (scenario_of(SWEEP, force, 7000).model_dump() for force in FORCES)
    assert few.pop("sensors") != many.pop("sensors")
    assert few == many


def test_hours_to_found_verified_and_attributed_are_there_and_names_come_last(swept):
    table = summary(swept[0])
    for figure in ("hours_to_found", "hours_to_verified", "hours_to_attributed"):
        assert table.filter(force="many")[figure].item() > 0, figure
    named = table.filter(force="many")
    assert named["hours_to_attributed"].item() >= named["hours_to_found"].item()


def _outcomes(rows: list[tuple[str, float, float, tuple[float, ...]]]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"force": name, "people": people, "cameras": cameras, "arrays": 0.0, "seed": seed,
             "verified": value}
            for name, people, cameras, values in rows
            for seed, value in enumerate(values)
        ]
    )  # fmt: skip


def test_a_step_is_told_for_a_battalion_and_for_a_hundred_cameras_truce_by_truce():
    rows = [("a", 600.0, 0.0, (0.1, 0.5)), ("b", 1_800.0, 0.0, (0.2, 0.6)),
            ("c", 600.0, 200.0, (0.4, 0.8)), ("d", 900.0, 0.0, (0.9, 0.1))]  # fmt: skip
    more = gains(_outcomes(rows))
    people, after, cameras = more.to_dicts()
    assert (after["from_force"], after["to_force"]) == ("d", "b")
    assert (people["from_force"], people["to_force"], people["more"]) == ("a", "b", "people")
    assert (people["gain"], people["low"], people["high"]) == pytest.approx((0.1, 0.1, 0.1))
    assert (people["per_step"], people["step_low"]) == pytest.approx((0.05, 0.05))
    assert (cameras["from_force"], cameras["to_force"], cameras["more"]) == ("a", "c", "cameras")
    assert cameras["per_step"] == pytest.approx(0.15)


def test_forces_that_differ_in_two_things_are_no_step():
    assert gains(_outcomes([("a", 600.0, 0.0, (0.1,)), ("b", 900.0, 9.0, (0.2,))])).is_empty()


def test_the_clocks_say_saturated_and_nobody_and_never_an_average():
    forces = (Mix("nobody", 0.0, cameras=50), Mix("some", 30_000))
    found = pl.DataFrame({"force": ["nobody", "some"], "breaches_a_day": [2.0, 200.0]})
    table = clocks_by_force(forces, found, 1_200.0, np.random.default_rng(1))
    states = table.select("force", "step", "state").rows()
    assert ("nobody", "first look on the spot", "no people") in states
    assert ("some", "case file with attribution", "saturated") in states
    assert table.filter(pl.col("state") != "kept up")["late_share"].null_count() == sum(
        state != "kept up" for _, _, state in states
    )


def test_more_teams_are_never_farther_from_a_breach():
    hours = [travel_hours(teams, 1_200.0) for teams in (0, 2, 20, 200, 2_000)]
    assert all((few >= many).all() for few, many in pairwise(hours))
    assert hours[-1].min() >= 20 * 1.3 / 50


def test_a_change_is_told_truce_by_truce_with_its_interval():
    """By hand: two truces, less by 0.1 and by 0.3; Student's t of one degree at 95 % is 6.3138."""
    mix = Mix("plan", 1_000)
    (lost,) = [change for change in losses(mix, {"withdrawn: A": 0.5}) if "A" in change.what]
    rows = [
        {"force": force, "people": 1.0, "seed": seed, "verified": v, "found": v,
         "attributed": v, "unwatched": 0.5}
        for force, values in (("plan", (0.5, 0.9)), (lost.mix.name, (0.4, 0.6)))
        for seed, v in enumerate(values)
    ]  # fmt: skip
    row = stressed(pl.DataFrame(rows), [lost]).row(0, named=True)
    assert row["verified"] == pytest.approx(0.5)
    assert row["verified_change"] == pytest.approx(-0.2)
    assert row["verified_change_low"] == pytest.approx(-0.2 - 6.313752 * 0.1)
    assert row["unwatched_change"] == 0.0
    alone = stressed(pl.DataFrame(rows).filter(seed=0), [lost]).row(0, named=True)
    assert alone["verified_change_low"] is None


def _told(outcomes: pl.DataFrame, stress: pl.DataFrame) -> Told:
    table = summary(outcomes)
    clocks = clocks_by_force(FORCES, table, SWEEP.line_km, np.random.default_rng(1))
    return Told(table, gains(outcomes), clocks, stress)


def test_the_page_draws_what_a_force_was_put_to(swept):
    outcomes, _ = swept
    few, many = FORCES
    change = Changed(many.name, "drones gone", "loss", "none", few)
    page = sweep_page(SWEEP, _told(outcomes, stressed(outcomes, [change])))
    assert "What many still verify when something fails" in page
    assert "drones gone" in page


def test_the_page_says_length_assumptions_and_limits(swept):
    outcomes, _ = swept
    page = sweep_page(SWEEP, _told(outcomes, STRESS.empty()))
    for words in ("1,000 km", "deters nobody", "assumed", "<svg", "<table", "step of the ladder"):
        assert words in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("http%3A//www.w3.org", "")
