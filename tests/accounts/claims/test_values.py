"""The readings of aid made from the recorded releases give the published figures."""

import datetime as dt
import time

import polars as pl
import pytest

from truceline.accounts.claims.aid import check_comparison
from truceline.accounts.claims.check import check
from truceline.accounts.claims.evidence import gather
from truceline.accounts.claims.extraction import extract
from truceline.accounts.claims.values import aid_history, aid_values, load_aid
from truceline.core.types.errors import InputError

pytestmark = pytest.mark.real_data
DAY = dt.date(2025, 2, 20)


@pytest.fixture(scope="module")
def loaded(shared_data):
    return load_aid(shared_data / "aid")


@pytest.fixture(scope="module")
def values(loaded):
    return aid_values(*loaded, DAY)


def figure(values, donor, unit, eu_share):
    rows = values.filter(
        (pl.col("release") == "release 19")
        & (pl.col("donor") == donor)
        & (pl.col("unit") == unit)
        & (pl.col("eu_share") == eu_share)
        & (pl.col("measure") == "allocation")
        & (pl.col("aid_type") == "all")
        & (pl.col("rate") == "of the release")
        & pl.col("gdp").is_in(["none", "2021, as in the release"])
    )
    assert rows.height == 1
    return rows["value"][0]


@pytest.mark.parametrize(
    ("donor", "dollars", "share", "with_eu"),
    [
        ("France", 4.923, 0.166, 0.473),
        ("Japan", 9.700, 0.196, 0.196),
        ("Denmark", 7.410, 1.860, 2.134),
    ],
)
def test_release_19_as_printed(values, donor, dollars, share, with_eu):
    assert figure(values, donor, "usd", "out") == pytest.approx(dollars * 1e9, rel=2e-4)
    assert figure(values, donor, "gdp_share", "out") == pytest.approx(share, abs=6e-4)
    assert figure(values, donor, "gdp_share", "in") == pytest.approx(with_eu, abs=6e-4)


def test_dated_rows_are_cut_at_the_day_and_undated_aid_is_a_choice(values):
    own = values.filter(
        (pl.col("release") == "release 28")
        & (pl.col("donor") == "France")
        & (pl.col("unit") == "eur")
        & (pl.col("aid_type") == "all")
        & (pl.col("eu_share") == "out")
    )
    assert set(own["undated"]) == {"in", "out"}
    by_choice = dict(own.select("undated", "value").iter_rows())
    assert by_choice["in"] - by_choice["out"] == pytest.approx(2.49e9, rel=0.01)
    assert by_choice["in"] < 7.907e9


def test_types_add_up_to_all_and_no_value_is_invented_for_institutions(values):
    own = values.filter(
        (pl.col("unit") == "eur") & (pl.col("measure") == "allocation")
        & (pl.col("eu_share") == "out")
    )  # fmt: skip
    keys = ["release", "undated", "donor"]
    parts = own.filter(pl.col("aid_type") != "all").group_by(keys).agg(pl.col("value").sum())
    whole = own.filter(pl.col("aid_type") == "all").select(*keys, pl.col("value").alias("whole"))
    joined = parts.join(whole, on=keys)
    assert joined.height > 100
    assert joined.select(((pl.col("value") - pl.col("whole")).abs() < 1e6).all()).item()
    institutions = values.filter(pl.col("institution"))
    assert set(institutions["unit"]) == {"usd", "eur"}


def test_the_sentence_over_every_reading_in_under_a_second(values):
    text = (
        "In U.S. dollars and as a share of GDP, even remote Japan or tiny Denmark gives "
        "considerably more to Ukraine than France."
    )
    claim = extract(text, on=DAY).claims[0]
    check_comparison(claim, values)
    start = time.process_time()
    verdict = check_comparison(claim, values)
    assert time.process_time() - start < 1.0
    words = {(p.subject, p.unit): p.word for p in verdict.parts}
    assert words == {
        ("Japan", "usd"): "true, but false with the share in EU aid",
        ("Denmark", "usd"): "true, but false with the share in EU aid",
        ("Japan", "gdp_share"): "true only narrowly, and false with the share in EU aid",
        ("Denmark", "gdp_share"): "true in every reading",
    }


def test_history_has_three_years_and_a_later_day_leaves_the_old_sheet_out(loaded):
    history = aid_history(*loaded, DAY)
    assert sorted(set(history["cutoff"])) == [
        "2022-02-20", "2023-02-20", "2024-02-20", "2025-02-20",
    ]  # fmt: skip
    later = aid_values(*loaded, dt.date(2026, 3, 1))
    assert "release 19" not in set(later["release"])


def test_a_folder_without_releases_says_so(tmp_path, shared_data):
    for name in ("worldbank_gdp", "worldbank_population", "fx_fed_monthly"):
        (tmp_path / name).symlink_to(shared_data / "aid" / name)
    with pytest.raises(InputError, match="no release"):
        load_aid(tmp_path)
    with pytest.raises(InputError, match="is not there"):
        load_aid(tmp_path / "none")


def test_the_whole_article_is_checked(shared_data):
    path = shared_data.parent / "articles" / "article-2025-02.txt"
    if not path.is_file():
        pytest.skip(f"the article is not at {path}")
    evidence = gather(shared_data, None, DAY)
    checked = check(path.read_text(encoding="utf-8"), evidence, on=DAY)
    words = [v.word for v in checked.verdicts]
    assert words == [
        "computed, not judged",
        "true in every reading",
        "depends on the reading",
        "too few tested to tell",
        "computed, not judged",
        "true in 1, with reservations in 3 of 4 parts",
    ]
    assert "253 (all, 85 a year)" in checked.verdicts[2].sentence
