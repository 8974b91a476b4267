"""Revisions apart from new aid, and aid by month."""

import datetime as dt
from dataclasses import replace

import pytest

from truceline.accounts.aid.changes import diff_releases
from truceline.accounts.aid.evaluation import Reading
from truceline.accounts.aid.series import cumulative, monthly, months_of


@pytest.fixture(scope="module")
def later(make, invented):
    rows, shares, _ = invented
    rows = [r for r in rows if not (r[0] == "JPN" and r[5] == "allocation")]
    rows.append(("JPN", dt.date(2023, 1, 20), "day", None, "financial", "allocation", 220.0))
    rows.append(("JPN", dt.date(2023, 5, 2), "day", None, "financial", "allocation", 15.0))
    return make(rows, shares=shares, name="next", cut_off=dt.date(2023, 5, 31))


def test_a_fall_is_a_revision_and_what_is_new_is_apart(release, later):
    table = diff_releases(release, later)
    japan = table.row(0, named=True)
    assert japan["donor"] == "JPN"
    assert (japan["before"], japan["after"], japan["change"]) == (300, 235, -65)
    assert (japan["revision"], japan["new"]) == (-80, 15)
    assert table.filter(donor="FRA")["change"].to_list() == [0]


def test_where_dates_are_lacking_the_split_is_unknown(release, later):
    table = diff_releases(release, later, Reading(measure="commitment"))
    assert table["change"].to_list() == [0, 0, 0, 0]
    assert table["revision"].null_count() == 4


def test_a_release_against_itself_changes_nothing(release):
    assert diff_releases(release, release)["change"].to_list() == [0, 0, 0, 0]


def test_a_donor_that_is_new_has_no_change(make, release):
    other = make([("USA", None, "period", None, "military", "allocation", 1.0)])
    table = diff_releases(other, release)
    assert table["change"].null_count() == table.height
    assert table.filter(donor="USA")["donor_name"].to_list() == ["United States"]


def test_months_and_what_has_none(release, indicators):
    table = monthly(release, Reading(), indicators)
    france = table.filter(donor="FRA")
    assert france.drop_nulls("month")["value"].sum() == 150
    assert france.filter(france["month"].is_null())["value"].sum() == 50
    without = monthly(release, Reading(undated=False), indicators)
    assert without["month"].null_count() == 0
    assert monthly(release, Reading(kind="military"))["type"].unique().to_list() == ["military"]
    cut = monthly(release, Reading(cut_off=dt.date(2022, 4, 30)))
    assert cut["month"].drop_nulls().unique().to_list() == [dt.date(2022, 3, 1)]
    assert monthly(release, Reading(measure="commitment")).is_empty()


def test_running_sums_end_at_the_dated_total(release):
    months = months_of(release)
    assert (months[0], months[-1], len(months)) == (
        dt.date(2022, 3, 1), dt.date(2023, 3, 1), 13,
    )  # fmt: skip
    running = cumulative(monthly(release), months)
    assert running.filter(month=months[-1])["value"].sum() == 150 + 300 + 100 + 90
    steps = running.filter(donor="FRA", type="military")["value"]
    assert (steps.diff().drop_nulls() >= 0).all()
    shared = cumulative(monthly(release, Reading(eu_share=True)), months)
    assert shared.filter(month=months[-1])["value"].sum() == pytest.approx(640)


def test_a_release_of_sums_has_no_months(release):
    sums_only = replace(release, aid=release.aid.filter(precision="period"))
    assert monthly(sums_only, Reading(measure="commitment")).is_empty()
    assert months_of(sums_only)[0] == dt.date(2023, 1, 1)
