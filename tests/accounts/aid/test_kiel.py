"""The tracker's own releases, where they are at hand: published figures come out again."""

import datetime as dt
import sys
import time

import polars as pl
import pytest

from truceline.accounts.aid.changes import diff_releases
from truceline.accounts.aid.evaluation import Reading, aid_total, totals
from truceline.accounts.aid.indicators import load_indicators
from truceline.accounts.aid.loading import load_releases
from truceline.accounts.aid.readings import every_reading
from truceline.accounts.aid.reconciliation import reconcile

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def folder(shared_data):
    if not (shared_data / "aid").is_dir():
        pytest.skip("the releases of aid are not among the recorded data")
    return shared_data / "aid"


@pytest.fixture(scope="module")
def releases(folder):
    return load_releases(folder)


@pytest.fixture(scope="module")
def indicators(folder):
    return load_indicators(folder)


def test_all_releases_load_in_less_than_five_seconds(folder):
    start = time.process_time()
    releases = load_releases(folder)
    load_indicators(folder)
    took = time.process_time() - start
    sys.stdout.write(f"\n{len(releases)} releases and all series in {took:.2f} s\n")
    assert list(releases) == ["19", "25", "28", "29"]
    assert took < 5


@pytest.mark.parametrize(
    ("donor", "usd", "share", "share_with_eu"),
    [
        ("France", 4.923, 0.166, 0.473),
        ("Japan", 9.700, 0.196, 0.196),
        ("Denmark", 7.410, 1.860, 2.134),
    ],
)
def test_release_19_gives_the_published_figures(releases, donor, usd, share, share_with_eu):
    release = releases["19"]
    assert release.info.cut_off == dt.date(2024, 8, 31)
    assert aid_total(release, donor, unit="usd") / 1e9 == pytest.approx(usd, abs=5e-4)
    assert aid_total(release, donor, unit="gdp_share") == pytest.approx(share, abs=5e-4)
    with_eu = aid_total(release, donor, unit="gdp_share", eu_share=True)
    assert with_eu == pytest.approx(share_with_eu, abs=5e-4)


def test_totals_equal_the_releases_own_or_the_difference_is_listed(releases):
    wrong = pl.concat(reconcile(r).filter(~pl.col("agrees")) for r in releases.values()).select(
        "release", "donor", "measure", (pl.col("difference_eur") / 1e6).round(2)
    )
    assert wrong.rows() == [("28", "SVN", "allocation", 6.7)]


def test_members_shares_do_not_count_twice(releases):
    for release in releases.values():
        out = totals(release)["value"].sum()
        inside = totals(release, Reading(eu_share=True))["value"].sum()
        assert inside == pytest.approx(out, rel=1e-6)


def test_japan_was_revised_down_between_two_releases(releases):
    row = diff_releases(releases["25"], releases["28"]).filter(donor="JPN").row(0, named=True)
    assert row["before"] / 1e9 == pytest.approx(13.73, abs=0.005)
    assert row["after"] / 1e9 == pytest.approx(11.04, abs=0.005)
    assert row["revision"] < row["change"] < 0 < row["new"]


def test_undated_french_aid_is_about_a_third(releases):
    release = releases["28"]
    whole = aid_total(release, "France")
    undated = whole - aid_total(release, "France", undated=False)
    assert undated / 1e9 == pytest.approx(2.49, abs=0.005)
    assert undated / whole == pytest.approx(0.31, abs=0.005)
    assert release.aid.filter(precision="undated").height == 284


def test_dollars_at_the_rate_of_each_month_differ_from_the_fixed_rate(releases, indicators):
    french = aid_total(releases["29"], "France", unit="usd", rate="month", indicators=indicators)
    assert french / 1e9 == pytest.approx(8.61, abs=0.005)


def test_the_declared_rates_are_those_of_the_files(releases):
    assert any("1.07590 to 1.07590" in note for note in releases["19"].notes)
    first = dict(releases["19"].gdp.select("donor", "gdp_eur").iter_rows())
    for name in ("25", "28", "29"):
        then = dict(releases[name].gdp.select("donor", "gdp_eur").iter_rows())
        implied = first["FRA"] * 1.0759 / then["FRA"]
        assert implied == pytest.approx(releases[name].info.usd_per_eur, rel=1e-4)


def test_commitments_fall_below_allocations_in_places(releases):
    table = releases["29"].aid
    by_month = table.group_by("donor", "date").agg(
        pl.col("amount_eur").filter(pl.col("measure") == "commitment").sum().alias("promised"),
        pl.col("amount_eur").filter(pl.col("measure") == "allocation").sum().alias("given"),
    )
    assert by_month.filter(pl.col("promised") - pl.col("given") < -0.5).height == 406


def test_all_readings_of_a_sentence_take_less_than_a_second(releases, indicators):
    day = [dt.date(2025, 2, 20)]
    every_reading(releases, indicators, units=("usd",), cut_offs=day)
    start = time.process_time()
    table = every_reading(releases, indicators, units=("usd", "gdp_share"), cut_offs=day)
    took = time.process_time() - start
    sys.stdout.write(f"\n{table.height} values of all readings in {took:.2f} s\n")
    assert took < 1
    assert table["release"].n_unique() == 4
