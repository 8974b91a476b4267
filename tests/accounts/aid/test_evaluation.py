"""Totals by hand, and what must hold of any release."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.aid.donors import donor_of, group_of
from truceline.accounts.aid.evaluation import (
    Reading,
    aid_total,
    basis,
    group_total,
    parse_unit,
    totals,
)
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.readings import AID_VALUE, every_reading
from truceline.core.types.errors import InputError


def of(release, donor, indicators=None, **choices):
    return aid_total(release, donor, indicators=indicators, **choices)


def test_kinds_cut_off_and_undated_by_hand(release):
    assert of(release, "France") == 200
    assert of(release, "France", undated=False) == 150
    assert of(release, "France", kind="military") == 130
    assert of(release, "France", cut_off=dt.date(2022, 4, 30)) == 120  # booked later: out
    assert of(release, "France", cut_off=dt.date(2022, 12, 31)) == 200
    assert of(release, "France", cut_off=dt.date(2022, 12, 30)) == 170
    assert of(release, "Japan", kind="military") == 0
    assert of(release, "France", measure="commitment") == 400
    assert of(release, "France", measure="disbursement") is None


def test_a_sum_of_the_whole_period_is_unknown_before_its_end(release):
    assert of(release, "France", measure="commitment", cut_off=dt.date(2023, 3, 30)) is None
    assert of(release, "France", measure="commitment", cut_off=dt.date(2023, 4, 1)) == 400
    assert of(release, "France", measure="commitment", unit="constant") is None


def test_units_by_hand(release, indicators):
    assert of(release, "France", unit="usd") == pytest.approx(220)
    assert of(release, "Japan", indicators, unit="usd", rate="month") == pytest.approx(360)
    # months March 2022 to March 2023: ten at 1.0, three at 1.2
    mean = (10 * 1.0 + 3 * 1.2) / 13
    undated = of(release, "France", indicators, unit="usd", rate="month") - 150
    assert undated == pytest.approx(50 * mean)
    assert of(release, "Japan", indicators, unit="national", rate="month") == 300 * 150
    assert of(release, "Denmark", indicators, unit="national") == pytest.approx(90 * 7.5)
    assert of(release, "Japan", indicators, unit="constant") == pytest.approx(300 / 1.142536)
    assert of(release, "Denmark", unit="gdp_share") == pytest.approx(9.0)
    assert of(release, "Denmark", indicators, unit="gdp_share", gdp_year=2021) == 4.5
    assert of(release, "Denmark", indicators, unit="per_head") == 45
    assert of(release, "Denmark", unit="per_head") is None


def test_the_eu_share_is_added_once(release):
    assert of(release, "France", eu_share=True) == 275
    assert of(release, "Denmark", eu_share=True) == 115
    assert of(release, "Japan", eu_share=True) == 300
    assert of(release, "EU", eu_share=True) is None
    assert of(release, "EU") == 100
    # by kind and day the share follows the institutions' own aid
    assert of(release, "France", eu_share=True, kind="financial") == 50 + 60
    assert of(release, "Denmark", eu_share=True, cut_off=dt.date(2022, 12, 31)) == 90 + 20
    # no shares of commitments are stated: a member's sum is unknown, another state's is not
    assert of(release, "France", eu_share=True, measure="commitment") is None
    assert of(release, "Japan", eu_share=True, measure="commitment") == 250


def test_institutions_have_no_gdp_and_no_heads(release, indicators):
    for unit in ("gdp_share", "per_head"):
        assert of(release, "EU", indicators, unit=unit, gdp_year=2021) is None


def test_groups_count_a_state_from_when_it_joined(release, indicators):
    eu = group_of("eu")
    assert group_total(release, eu) == 200 + 90 + 100
    assert group_total(release, eu, Reading(eu_share=True)) == pytest.approx(275 + 115)
    share = group_total(release, eu, Reading("gdp_share"))
    assert share == pytest.approx(390 / 11_000 * 100)
    assert group_total(release, eu, Reading("national"), indicators) is None
    nato = group_of("nato")
    assert "FIN" not in nato.on(dt.date(2023, 4, 3))
    assert "FIN" in nato.on(dt.date(2023, 4, 4))
    with pytest.raises(InputError, match="the group 'axis' is unknown"):
        group_of("axis")


def test_the_basis_names_release_rate_and_denominator(release, indicators):
    said = basis(release, Reading("usd"), indicators)
    assert "release test" in said
    assert "1 EUR = 1.1 USD" in said
    assert "undated amounts included" in said
    assert "GDP of 2021, the release's own" in basis(release, Reading("gdp_share"), indicators)
    assert "World Bank" in basis(release, Reading("gdp_share", gdp_year=2021), indicators)
    assert "HICP" in basis(release, Reading("constant")) or "Harmonised" in basis(
        release, Reading("constant")
    )
    assert "each month" in basis(release, Reading("national", rate="month"), indicators)
    both = basis(release, Reading(), indicators, units=("usd", "gdp_share"))
    assert "with and without" in both
    assert "1 EUR = 1.1 USD" in both


def test_words_for_donors_and_units():
    assert donor_of("Türkiye").code == "TUR"
    assert donor_of("EU (Commission and Council)").institution
    with pytest.raises(InputError, match="the donor 'Narnia' is unknown"):
        donor_of("Narnia")
    assert parse_unit("GDP") == "gdp_share"
    with pytest.raises(InputError, match="the unit 'gold' is unknown"):
        parse_unit("gold")


CODES = ("FRA", "JPN", "DNK", "USA", "EUU")
DATES = st.one_of(
    st.tuples(st.just("day"), st.dates(dt.date(2022, 1, 1), dt.date(2023, 3, 31)), st.none()),
    st.tuples(
        st.just("undated"),
        st.none(),
        st.one_of(st.none(), st.dates(dt.date(2022, 1, 1), dt.date(2023, 3, 31))),
    ),
)
AMOUNTS = st.floats(0, 1e9, allow_nan=False).map(lambda x: round(x, 2))
ANY_ROWS = st.lists(
    st.tuples(
        st.sampled_from(CODES),
        DATES,
        st.sampled_from(["military", "financial", "humanitarian"]),
        AMOUNTS,
    ),
    min_size=1,
    max_size=25,
)


def built(make, rows, swap=None):
    named = {swap[0]: swap[1], swap[1]: swap[0]} if swap else {}
    return make(
        [
            (named.get(code, code), when[1], when[0], when[2], kind, "allocation", amount)
            for code, when, kind, amount in rows
        ],
        gdp=[(named.get(c, c), 1000.0 + 500 * i) for i, c in enumerate(CODES[:-1])],
    )


@settings(max_examples=60, deadline=None)
@given(ANY_ROWS)
def test_kinds_add_up_and_undated_is_between_two_bounds(make, rows):
    release = built(make, rows)
    cut = Reading(cut_off=dt.date(2022, 9, 30))
    for reading in (Reading(), cut):
        whole = totals(release, reading)["value"]
        parts = [totals(release, replace(reading, kind=k))["value"] for k in
                 ("military", "financial", "humanitarian")]  # fmt: skip
        assert sum(parts).to_list() == pytest.approx(whole.to_list(), abs=1e-3)
        without = totals(release, replace(reading, undated=False))["value"]
        assert (without <= whole + 1e-6).all()
    assert (totals(release, cut)["value"] <= totals(release)["value"] + 1e-6).all()


@settings(max_examples=60, deadline=None)
@given(ANY_ROWS, st.floats(0, 1), st.booleans())
def test_eu_shares_move_aid_and_make_none(make, rows, part, early):
    release = built(make, rows)
    body = release.aid.filter(donor="EUU")["amount_eur"].sum()
    shares = pl.DataFrame(
        [("test", "FRA", "allocation", body * part), ("test", "DNK", "allocation",
                                                      body * (1 - part))],
        schema=release.eu_share.schema, orient="row",
    )  # fmt: skip
    present = set(release.aid["donor"])
    if body == 0 or not {"FRA", "DNK"} <= present:
        return
    shared = replace(release, eu_share=shares)
    cut = dt.date(2022, 9, 30) if early else None
    out = totals(shared, Reading(cut_off=cut))["value"].sum()
    inside = totals(shared, Reading(cut_off=cut, eu_share=True))["value"].sum()
    assert inside == pytest.approx(out, rel=1e-9, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(ANY_ROWS, st.sampled_from(["usd", "eur", "gdp_share"]))
def test_swapping_two_donors_swaps_their_totals_and_moves_nothing_else(make, rows, unit):
    straight = dict(totals(built(make, rows), Reading(unit)).select("donor", "value").iter_rows())
    swapped = dict(
        totals(built(make, rows, ("FRA", "JPN")), Reading(unit))
        .select("donor", "value")
        .iter_rows()
    )
    swapped["FRA"], swapped["JPN"] = swapped.pop("JPN", None), swapped.pop("FRA", None)
    assert {k: v for k, v in swapped.items() if v is not None} == {
        k: v for k, v in straight.items() if v is not None
    }


def test_every_reading_agrees_with_the_single_answer(release, indicators):
    day = dt.date(2022, 12, 31)
    table = every_reading(
        {"test": release}, indicators, units=("usd", "gdp_share"), cut_offs=[day], gdp_years=(2021,)
    )
    assert table.schema == AID_VALUE.empty().schema
    row = table.filter(
        donor="Denmark", unit="gdp_share", cutoff="2022-12-31", eu_share="in", undated="in",
        measure="allocation", gdp="2021, World Bank",
    )  # fmt: skip
    expected = of(
        release, "DNK", indicators, unit="gdp_share", cut_off=day, eu_share=True, gdp_year=2021
    )
    assert row["value"].to_list() == [expected]
    choices = ["release", "cutoff", "measure", "eu_share", "rate", "gdp", "undated", "unit",
               "aid_type", "donor"]  # fmt: skip
    assert not table.select(choices).is_duplicated().any()
    assert every_reading({}, Indicators()).is_empty()


def test_the_fixture_is_what_the_figures_above_stand_on(invented):
    rows, shares, product = invented
    assert sum(r[-1] for r in rows if r[0] == "FRA" and r[5] == "allocation") == 200
    assert dict(product)["DNK"] == 1000
    assert sum(s[2] for s in shares) == sum(
        r[-1] for r in rows if r[0] == "EUU" and r[5] == "allocation"
    )
