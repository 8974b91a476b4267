"""Rotation: by hand, never more than pledged, and certified."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from tests.force.planning.conftest import DAY, asked, unit

from truceline.force.contributions.caveats import Conditions
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.people import man
from truceline.force.planning.rotating import MONTHS, PLEDGES, rotation

SITES = asked().ground.sites


def rostered(units):
    assumed = Assumed()
    return rotation(
        units, man(units, SITES, Conditions(DAY), assumed), DAY, assumed, np.random.default_rng(1)
    )


def test_thirds_keep_everybody_there_but_for_the_months_of_getting_ready():
    found = rostered((unit("foot", "Aland", 600),))
    # Ready after 60 days, which end in the second month: there from the third on.
    assert found.met(3.0) == pytest.approx((MONTHS - 2) / MONTHS)
    thirds = found.months.filter(pl.col("pledged") == 3.0)
    assert thirds["present"].to_list() == [0.0, 0.0] + [600.0] * (MONTHS - 2)


def test_those_stated_and_no_others_are_there_a_third_of_the_time():
    found = rostered((unit("foot", "Aland", 600),))
    # Six months of every eighteen: two tours in 36 months.
    alone = found.months.filter(pl.col("pledged") == 1.0)
    assert float(alone["present"].sum()) == 600.0 * 12


def test_nobody_serves_before_he_is_ready_or_without_rest(plan):
    tours = plan.rotation.tours
    assert tours["month_start"].min() >= 2
    for _, mine in tours.group_by("unit_id"):
        starts = mine["month_start"].sort().to_list()
        assert all(b - a >= 18 for a, b in pairwise(starts))


def test_more_pledged_is_never_less_there(plan):
    shares = [plan.rotation.met(pledged) for pledged in PLEDGES]
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] <= 1
    assert (plan.rotation.months["present"] <= plan.rotation.months["needed"] + 1e-9).all()
    assert (plan.rotation.months["gap"] <= 0.01 + 1e-9).all()


def test_only_those_who_may_serve_along_the_line_are_rostered(plan):
    assert set(plan.rotation.tours["nation"]) == {"Aland", "Celand"}
    assert rostered((unit("ship", "Aland", 80, "naval"),)).months.is_empty()
