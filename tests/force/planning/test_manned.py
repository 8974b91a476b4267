"""Posts handed to nations: no unit stands where its nation forbids, whatever the caveats."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.space.lines import Territory
from truceline.core.types.errors import TermsError
from truceline.force.contributions.allowance import may_stand
from truceline.force.contributions.caveats import After, Conditions, KeepOffLine, OnlyRoles
from truceline.force.contributions.model import Unit
from truceline.force.planning.manned import manned
from truceline.force.planning.people import LINE_ZONE
from truceline.force.siting.planning import plan_siting, siting_question
from truceline.force.siting.rules import KINDS, Rules
from truceline.force.siting.sites import candidate_sites, line_points

LINE = shapely.LineString([(37.0, 48.0), (37.3, 48.05), (37.6, 48.0)])
NORTH = shapely.Polygon([*LINE.coords, (37.6, 49.0), (37.0, 49.0)])
SOUTH = shapely.Polygon([*LINE.coords, (37.6, 47.0), (37.0, 47.0)])
SITES = candidate_sites(
    LINE, Territory({"north": NORTH, "south": SOUTH}, 100.0), (1000.0, 3000.0, 6000.0), 3000.0
)
POINTS = line_points(LINE, 500.0)
DAY = Conditions(dt.date(2030, 1, 1), frozenset({"ceasefire"}))


def kinds(posts, cameras):
    rows = [("post", posts, 4000.0, 40.0), ("camera", cameras, 5000.0, 2.0)]
    names = ("kind", "units", "range_m", "persons")
    return KINDS.conform(
        pl.DataFrame(rows, schema=names, orient="row").with_columns(
            pl.lit(None, pl.Float64).alias("line_m_low"),
            pl.lit(None, pl.Float64).alias("line_m_high"),
        )
    )


CAVEATS = st.lists(
    st.sampled_from(
        [KeepOffLine(2.0), KeepOffLine(5.0), OnlyRoles(("post",)), OnlyRoles(("hub",)),
         After("ceasefire"), After("a vote")]
    ),
    max_size=2,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(CAVEATS, min_size=1, max_size=4), st.integers(1, 9))
def test_no_unit_stands_where_its_nation_forbids(given_caveats, posts):
    units = {
        f"nation {at}": Unit(f"u{at}", f"nation {at}", "foot", "infantry", 100 + at,
                             caveats=tuple(caveats))
        for at, caveats in enumerate(given_caveats)
    }  # fmt: skip
    try:
        crews = manned(kinds(posts, 3), list(units.values()), SITES, DAY)
    except TermsError as clash:
        assert "may serve only" in str(clash)
        return
    assert crews.kinds["units"].sum() == posts + 3
    question = siting_question(crews.kinds, SITES, POINTS, Rules(crews.caveats))
    plan = plan_siting(question, np.random.default_rng(1))
    for row in plan.chosen:
        nation = crews.nation[question.kind[row]]
        if nation is None:
            continue
        away = SITES["line_m"][int(question.site[row])] / 1000.0
        place = {"zone": LINE_ZONE, "line_km": away, "by_night": True}
        allowed, why = may_stand(units[nation], "post", DAY, **place)
        assert allowed, why


def test_sizes_share_out_the_posts_and_who_has_no_size_gets_none():
    units = [
        Unit("a", "Aland", "foot", "infantry", 300),
        Unit("b", "Beland", "foot", "infantry", 100, caveats=(KeepOffLine(5.0),)),
        Unit("c", "Celand", "foot", "infantry", None),
        Unit("d", "Deland", "ship", "naval", 500),
        Unit("e", "Eland", "foot", "infantry", 300, caveats=(OnlyRoles(("hub",)),)),
    ]
    crews = manned(kinds(8, 2), units, SITES, DAY)
    assert crews.kinds["kind"].to_list() == ["post of Aland", "post of Beland", "camera"]
    assert crews.kinds["units"].to_list() == [6, 2, 2]
    assert list(crews.caveats) == ["caveats of Beland"]
    assert crews.caveats["caveats of Beland"][[0, 2]].all()
    assert crews.kept_away == ("Eland: foot may serve only for hub",)


def test_nobody_to_man_a_post_names_the_caveats():
    units = [Unit("a", "Aland", "foot", "infantry", 300, caveats=(After("a vote"),))]
    with pytest.raises(TermsError, match="Aland: foot may serve only after a vote"):
        manned(kinds(2, 0), units, SITES, DAY)
    with pytest.raises(TermsError, match="no unit of known size"):
        manned(kinds(2, 0), [], SITES, DAY)
