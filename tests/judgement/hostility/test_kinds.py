"""Kinds of testimony: what is told, in one round or several, alone or in company."""

import polars as pl
import pytest

from truceline.core.types.vocabulary import INSTRUMENTS, PHENOMENA
from truceline.judgement.hostility.kinds import (
    NOTHING,
    SIGNS,
    mark_alone,
    sign_of,
    with_kind,
)
from truceline.judgement.parameters import shipped_parameters


def kinds_of(seen, members):
    rows = members.join(seen, on="obs_id")
    return mark_alone(with_kind(rows)).sort("raw_row")["kind"].to_list()


FIRE = {"instrument": "satellite_thermal", "phenomenon": "fire"}


def test_every_instrument_has_a_sign_for_every_phenomenon():
    for instrument in INSTRUMENTS:
        for phenomenon in PHENOMENA:
            assert sign_of(instrument, phenomenon)
    told = [name for names in SIGNS.values() for name in names]
    assert sorted(told) == sorted(PHENOMENA)


def test_what_tells_of_nothing_is_nothing_whoever_says_it():
    assert {sign_of(instrument, "other") for instrument in INSTRUMENTS} == {NOTHING}


@pytest.mark.parametrize(
    ("count", "kind"),
    [(1.0, "patrol/heard/one"), (2.0, "patrol/heard/several"), (None, "patrol/heard")],
)
def test_those_who_hear_say_how_many(observe, one_incident, count, kind):
    seen = observe({"instrument": "patrol", "count": count})
    assert kinds_of(seen, one_incident(seen)) == [kind]


def test_heat_that_nobody_else_speaks_of_is_alone(observe, one_incident):
    seen = observe(FIRE, FIRE)
    assert kinds_of(seen, one_incident(seen)) == ["satellite_thermal/heat/alone"] * 2


@pytest.mark.parametrize("instrument", ["patrol", "camera", "acoustic", "news", "hotline"])
def test_heat_beside_another_witness_is_not_alone(observe, one_incident, instrument):
    seen = observe(FIRE, {"instrument": instrument})
    assert kinds_of(seen, one_incident(seen))[0] == "satellite_thermal/heat"


@pytest.mark.parametrize(
    "other",
    [{"instrument": "party_claim"}, {"instrument": "news", "phenomenon": "other"}],
)
def test_no_claim_makes_a_fire_an_attack(observe, one_incident, other):
    """A claim, or a text that names no act, is no company for heat."""
    seen = observe(FIRE, other)
    assert kinds_of(seen, one_incident(seen))[0] == "satellite_thermal/heat/alone"


def test_a_claim_is_alone_until_someone_else_speaks(observe, one_incident):
    claim = {"instrument": "party_claim"}
    both = observe(claim, {**claim, "source": "reports-south", "witness": "south"}, FIRE)
    assert kinds_of(both, one_incident(both))[:2] == ["party_claim/any/alone"] * 2
    heard = observe(claim, {"instrument": "hotline"})
    assert kinds_of(heard, one_incident(heard))[0] == "party_claim/any"


def test_company_is_of_the_same_incident(observe):
    seen = observe(FIRE, FIRE, {"instrument": "patrol"})
    members = seen.select("obs_id", incident_id=pl.Series(["a", "b", "b"]))
    assert kinds_of(seen, members)[:2] == ["satellite_thermal/heat/alone", "satellite_thermal/heat"]


def test_of_heat_that_ships_the_lone_one_weighs_less():
    worth = shipped_parameters().bits_of(["satellite_thermal/heat/alone", "satellite_thermal/heat"])
    assert worth["satellite_thermal/heat/alone"] < worth["satellite_thermal/heat"] - 2.0
