"""The sentence on Japan, Denmark and France, against the figures of release 19."""

import time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.claims.aid import check_comparison, check_rank, check_ratio, check_total
from truceline.accounts.claims.check import Evidence, check
from truceline.accounts.claims.extraction import extract


@pytest.fixture(scope="module")
def verdict(release_19, day):
    text = (
        "In U.S. dollars and as a proportion of GDP, even remote Japan or tiny Denmark gives "
        "considerably more to Ukraine than France."
    )
    return check(text, Evidence(aid=release_19), on=day).verdicts[0]


def part(verdict, subject, unit):
    return next(p for p in verdict.parts if (p.subject, p.unit) == (subject, unit))


def bilateral(judged):
    return judged.judgement.readings.filter(eu_share="out", measure="allocation")


def test_in_dollars_it_is_true_for_both(verdict):
    for donor, times in (("Japan", 1.97), ("Denmark", 1.51)):
        rows = bilateral(part(verdict, donor, "usd"))
        assert rows["holds"].all()
        assert rows["value"][0] == pytest.approx(times, abs=0.005)


def test_denmark_by_gdp_is_true_about_eleven_times(verdict):
    judged = part(verdict, "Denmark", "gdp_share")
    assert judged.word == "true in every reading"
    assert bilateral(judged)["value"][0] == pytest.approx(11.2, abs=0.05)


def test_japan_by_gdp_is_true_only_narrowly_and_false_with_the_eu_share(verdict):
    judged = part(verdict, "Japan", "gdp_share")
    assert judged.word == "true only narrowly, and false with the share in EU aid"
    rows = bilateral(judged)
    assert rows["value"][0] == pytest.approx(1.18, abs=0.005)
    assert dict(rows.select("threshold", "holds").iter_rows()) == {
        "1.1 times": True, "1.25 times": False, "1.5 times": False,
    }  # fmt: skip
    with_share = judged.judgement.readings.filter(eu_share="in", measure="allocation")
    assert not with_share["holds"].any()
    assert with_share["value"][0] == pytest.approx(0.414, abs=0.005)
    assert "more in 50 % of readings, considerably more in 8 %" in judged.sentence
    assert (
        "By release 19, allocated to 2024-08-31, Japan against France: 0.196 % of GDP against "
        "0.166 % of GDP without the share in EU aid; 0.196 % of GDP against 0.473 % of GDP with"
    ) in judged.sentence


def test_the_verdict_names_what_decides(verdict):
    deciders = {d.dimension for d in part(verdict, "Japan", "gdp_share").judgement.deciders}
    assert {"eu_share", "threshold", "measure"} == deciders
    usd = part(verdict, "Japan", "usd").judgement
    assert usd.deciders[0].dimension == "eu_share"
    assert usd.deciders[0].shares == {"out": 1.0, "in": 0.0}
    assert part(verdict, "Japan", "usd").word == "true, but false with the share in EU aid"
    assert verdict.word == "true in 1, with reservations in 3 of 4 parts"


def test_less_is_the_mirror_of_more(release_19):
    more = extract("Japan gives more than France as a share of GDP.").claims[0]
    less = extract("France gives less than Japan as a share of GDP.").claims[0]
    first = check_comparison(more, release_19).parts[0].judgement
    second = check_comparison(less, release_19).parts[0].judgement
    assert (first.held, first.total) == (second.held, second.total) == (2, 4)


def test_equal_is_neither_more_nor_less(make_values):
    table = make_values({("allocation", "out", "usd"): {"France": 5.0, "Japan": 5.0}})
    for word in ("more", "less"):
        claim = extract(f"Japan has allocated {word} dollars than France.").claims[0]
        assert check_comparison(claim, table).word == "false in every reading"


def test_ratio_rank_and_total(release_19):
    ratio = extract("Denmark has allocated 11 times as much as France as a share of GDP.").claims[0]
    judged = check_ratio(ratio, release_19).parts[0]
    assert judged.judgement.readings.filter(eu_share="out")["holds"].all()
    rank = extract("Japan is the largest donor in dollars.").claims[0]
    ranked = check_rank(rank, release_19).parts[0].judgement
    assert ranked.readings.filter(eu_share="out")["holds"].all()
    assert not ranked.readings.filter(eu_share="in")["holds"].any()
    total = extract("France has allocated about $4.9bn to Ukraine.").claims[0]
    told = check_total(total, release_19).parts[0]
    assert told.judgement.readings.filter(eu_share="out")["holds"].all()
    assert "4.92 bn dollars to 13.98 bn dollars" in told.sentence


def test_a_donor_that_no_table_has_cannot_be_checked(release_19, day):
    text = "Norway gives more than France in dollars."
    verdict = check(text, Evidence(aid=release_19), on=day).verdicts[0]
    assert verdict.word == "cannot be checked"
    assert verdict.share is None
    assert check(text, Evidence(), on=day).verdicts[0].sentence == (
        "This cannot be checked: no table of aid was given."
    )


@settings(max_examples=60)
@given(
    st.floats(0.1, 100), st.floats(0.1, 100), st.sampled_from(["more", "less"]),
)  # fmt: skip
def test_swapping_names_swaps_the_verdict_and_nothing_else(make_values, first, second, word):
    def run(a, b, table):
        claim = extract(f"{a} has allocated {word} dollars than {b}.").claims[0]
        return check_comparison(claim, table).parts[0]

    one = make_values({("allocation", "out", "usd"): {"Japan": first, "France": second}})
    other = make_values({("allocation", "out", "usd"): {"France": first, "Japan": second}})
    straight, swapped = run("Japan", "France", one), run("France", "Japan", other)
    assert straight.word == swapped.word
    renamed = swapped.sentence.replace("France", "X").replace("Japan", "France")
    assert straight.sentence == renamed.replace("X", "Japan")


def test_ten_thousand_readings_take_less_than_a_second(release_19, day):
    many = pl.concat(
        release_19.with_columns(pl.lit(f"release {n}").alias("release")) for n in range(400)
    )
    text = "Japan or Denmark gives considerably more than France in dollars and by GDP."
    check(text, Evidence(aid=release_19), on=day)
    start = time.process_time()
    verdict = check(text, Evidence(aid=many), on=day).verdicts[0]
    assert verdict.readings == 400 * 42
    assert time.process_time() - start < 1.0
