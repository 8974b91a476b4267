"""Releases are known by what their files hold; other crises come by a mapping."""

import datetime as dt

import pytest

from truceline.accounts.aid.evaluation import aid_total
from truceline.accounts.aid.indicators import load_indicators
from truceline.accounts.aid.loading import load_releases, with_rate
from truceline.accounts.aid.reconciliation import reconcile
from truceline.accounts.aid.releases import info_of
from truceline.core.types.errors import InputError, TrucelineError, UnknownFormatError


def test_every_shape_of_the_folder_is_recognised(folder):
    releases = load_releases(folder)
    assert list(releases) == ["19", "28", "29"]
    assert [r.info.cut_off.isoformat() for r in releases.values()] == [
        "2024-08-31", "2026-02-28", "2026-04-30",
    ]  # fmt: skip
    assert aid_total(releases["19"], "France") == 1.75e9
    assert aid_total(releases["28"], "France") == 2e9
    assert aid_total(releases["29"], "France", measure="commitment") == 2e9
    assert all(len(digest) == 64 for digest in releases["28"].files.values())


def test_names_of_files_do_not_matter(folder):
    (folder / "release_19" / "summary.csv").rename(folder / "release_19" / "zzz.csv")
    assert "19" in load_releases(folder)


def test_instruments_split_where_they_add_up_and_are_noted_where_not(folder):
    release = load_releases(folder)["19"]
    loans = release.aid.filter(instrument="loan", donor="FRA")["amount_eur"].to_list()
    assert loans == [0.2e9]
    assert aid_total(release, "Japan") == 3.5e9
    assert any("Japan differ" in note and "-0.500" in note for note in release.notes)


def test_shares_in_eu_aid_come_from_each_shape(folder):
    releases = load_releases(folder)
    for name, expected in (("19", 2.5e9), ("28", 2.5e9), ("29", 2.0e9)):
        assert aid_total(releases[name], "France", eu_share=True) == pytest.approx(expected)
        assert aid_total(releases[name], "EU", eu_share=True) is None


def test_totals_are_held_against_the_release_and_differences_listed(folder):
    found = reconcile(load_releases(folder)["28"])
    wrong = found.filter(~found["agrees"])
    assert wrong.select("donor", "difference_eur").rows() == [("JPN", -10_000_000.0)]
    assert reconcile(load_releases(folder)["19"])["agrees"].all()


def test_a_release_that_is_there_twice_is_refused(folder):
    twin = folder / "copy_of_release_29"
    twin.mkdir()
    for name in ("explorer.csv", "info.csv"):
        (twin / name).write_text((folder / "release_29" / name).read_text())
    with pytest.raises(InputError, match="release 29 is there twice"):
        load_releases(folder)


def test_an_empty_or_absent_folder_says_what_is_known(tmp_path):
    with pytest.raises(UnknownFormatError, match="country sheet, release 25"):
        load_releases(tmp_path)
    with pytest.raises(InputError, match="is not there"):
        load_releases(tmp_path / "nowhere")


def test_a_release_without_a_number_or_a_last_day_is_refused(folder):
    (folder / "release_28").rename(folder / "some_rows")
    (folder / "some_rows" / "sheet.csv").unlink()
    with pytest.raises(InputError, match="number of the release is not known"):
        load_releases(folder)
    with pytest.raises(InputError, match="last day that release 77 covers"):
        info_of("77")


def test_another_rate_can_be_set_with_its_source(folder):
    release = with_rate(load_releases(folder)["29"], 1.5, "a test")
    assert aid_total(release, "France", unit="usd") == pytest.approx(1.5e9 * 1.5)


MAPPING = """
file: gifts.csv
release: "1"
title: Invented appeal
citation: Nobody
cut_off: 2024-06-30
columns: {donor: who, amount: how much, date: day, type: what, currency: money}
scale: 1000
types: {food: humanitarian, arms: military}
rates:
  USD: {eur: 0.9, date: 2024-01-02, source: a bank}
"""
GIFTS = "who,how much,day,what,money\nNorway,5,2024-02-01,food,EUR\nJapan,10,,arms,USD\n"


@pytest.fixture
def appeal(tmp_path):
    def write(mapping=MAPPING, gifts=GIFTS):
        (tmp_path / "aid.yaml").write_text(mapping)
        (tmp_path / "gifts.csv").write_text(gifts)
        return tmp_path

    return write


def test_any_table_comes_in_by_a_mapping(appeal):
    release = load_releases(appeal())["1"]
    japan = release.aid.filter(donor="JPN").row(0, named=True)
    assert (japan["amount"], japan["currency"], japan["amount_eur"]) == (10_000, "USD", 9_000)
    assert (japan["eur_per_unit"], japan["rate_date"], japan["rate_source"]) == (
        0.9, "2024-01-02", "a bank",
    )  # fmt: skip
    assert japan["precision"] == "undated"
    assert aid_total(release, "Norway", cut_off=dt.date(2024, 1, 31)) == 0.0
    assert aid_total(release, "Norway") == 5_000


@pytest.mark.parametrize(
    ("mapping", "gifts", "words"),
    [
        (MAPPING, GIFTS.replace("USD", "GBP"), r"row 3, column 'money': the amount is in 'GBP'"),
        (MAPPING, GIFTS.replace(",USD", ","), "the amount has no currency"),
        (MAPPING, GIFTS.replace("arms", "toys"), r"says nothing of 'toys'.*under `types`"),
        (MAPPING, GIFTS.replace(",10,", ",ten,"), r"row 3, column 'how much'"),
        (MAPPING.replace("scale: 1000", "scale: -1"), GIFTS, "scale: the mapping does not say"),
        (MAPPING + "colour: red", GIFTS, "colour: the mapping does not say"),
        (MAPPING.replace("gifts.csv", "../x.csv"), GIFTS, "is not beside its mapping"),
        (MAPPING.replace("gifts.csv", "none.csv"), GIFTS, "cannot be read as comma-separated"),
        ("file: [", GIFTS, "the mapping is not YAML"),
    ],
)
def test_faults_of_a_mapping_or_its_table_are_named(appeal, mapping, gifts, words):
    with pytest.raises(TrucelineError, match=words):
        load_releases(appeal(mapping, gifts))


def test_series_are_known_by_what_they_hold(folder):
    found = load_indicators(folder)
    assert found.gdp_usd.select("donor", "value").rows() == [("FRA", 3e12), ("JPN", 5e12)]
    assert found.population["value"].to_list() == [68e6]
    rates = {(c, m.month): r for m, c, r in found.rates.iter_rows()}
    assert rates["USD", 3] == pytest.approx(1 / 0.9)
    assert rates["JPY", 4] == pytest.approx(160.0)
    assert found.usd_per_eur_in(2022) == pytest.approx((1 / 0.9 + 1 / 0.8) / 2)
    assert found.usd_per_eur_in(1999) is None


def test_a_digest_and_broken_series(folder):
    digest = folder / "series" / "wdi.json"
    digest.write_text(
        '{"hentet_dato": "2026-05-01", "indikatorer": {}, "land": {"France": {"iso3": "FRA", '
        '"bnp_usd": 3.1e12, "bnp_aar": 2024, "folketall": 68, "folketall_aar": 2024}}}'
    )
    assert load_indicators(folder).gdp_usd.filter(year=2024)["value"].to_list() == [3.1e12]
    digest.write_text("{")
    with pytest.raises(InputError, match="not JSON"):
        load_indicators(folder)
    digest.write_text("[]")
    load_indicators(folder)
    (folder / "series" / "gdp.csv").write_text(
        "Country Name,Country Code,Year,Value\nFrance,FRA,2021,many\n"
    )
    with pytest.raises(InputError, match=r"gdp.csv: a value is not of the kind expected"):
        load_indicators(folder)
