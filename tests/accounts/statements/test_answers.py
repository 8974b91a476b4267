"""Shares rest on tested statements only, and every reading of the coding is shown."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.statements.answers import (
    beta_share,
    narrowed_counts,
    outcome_sentence,
    outcome_shares,
    tally,
)
from truceline.accounts.statements.exports import claim_jsonld, register_csv, register_table
from truceline.accounts.statements.outcomes import MAIN, settle
from truceline.accounts.statements.readers.nuclear import read_nuclear_statements
from truceline.accounts.statements.seed import seed_codings, seed_statements
from truceline.accounts.statements.statement import statements_of, table_of

DAY = dt.date(2024, 3, 1)
LATE = dt.date(2026, 1, 1)


def test_jeffreys_interval_against_its_known_quantiles():
    """Beta(0.5, 5.5) at 5, 50 and 95 %; R: qbeta(c(.05,.5,.95), .5, 5.5)."""
    share = beta_share(0, 5)
    assert share.low == pytest.approx(0.000363, abs=2e-5)
    assert share.high == pytest.approx(0.3054, abs=0.02)


@settings(max_examples=60)
@given(st.integers(0, 40), st.integers(1, 40))
def test_the_interval_holds_its_median_and_mirrors(hits, trials):
    hits = min(hits, trials)
    share, mirror = beta_share(hits, trials), beta_share(trials - hits, trials)
    assert 0 <= share.low <= share.value <= share.high <= 1
    assert share.low == pytest.approx(1 - mirror.high, abs=1e-9)


def test_untested_statements_are_in_no_share(statement, coding):
    said = [statement(f"s{i}") for i in range(4)]
    codings = [
        coding("s0", condition="met", condition_on=DAY, response="full", response_on=DAY),
        coding("s1", condition="met", condition_on=DAY),
        coding("s2"),
    ]
    shares = outcome_shares(said, codings, LATE)
    main = shares.filter(rule="main", window_days=180, repeats="each").row(0, named=True)
    assert (main["tested"], main["carried_out"], main["untested"]) == (2, 1, 2)
    assert main["share"] == pytest.approx(0.5)
    assert "Of 4 coded statements 2 were tested; 1 of these" in outcome_sentence(shares)


def test_repeats_count_once_when_asked(statement, coding):
    said = [statement("s0"), statement("s1", repeats=("s0",)), statement("s2", repeats=("s1",))]
    codings = [coding(f"s{i}", condition="met", condition_on=DAY) for i in range(3)]
    shares = outcome_shares(said, codings, LATE).filter(rule="main", window_days=180)
    assert dict(shares.select("repeats", "tested").iter_rows()) == {"each": 3, "once": 1}


def test_statements_that_repeat_each_other_in_a_ring_end(statement, coding):
    said = [statement("a", repeats=("b",)), statement("b", repeats=("a",))]
    assert outcome_shares(said, [], LATE)["tested"].sum() == 0


def test_with_nothing_tested_there_is_no_share(statement):
    shares = outcome_shares([statement()], [], LATE)
    assert shares["share"].null_count() == shares.height
    assert "no share can be given" in outcome_sentence(shares)


def test_a_tally_keeps_the_unknown_out_of_the_base(statement):
    table = table_of(
        [statement("a", strength="explicit"), statement("b", strength="implicit"), statement("c")]
    )
    rows = {row["value"]: row for row in tally(table, "strength").iter_rows(named=True)}
    assert rows["explicit"]["share"] == pytest.approx(0.5)
    assert rows[None]["share"] is None


@pytest.mark.real_data
def test_inclusive_and_narrow_counts_of_nuclear_statements(shared_data):
    path = shared_data / "statements" / "hcss_redlines" / "nts_statements.json"
    table = read_nuclear_statements(path).statements
    counts = narrowed_counts(table, dt.date(2022, 2, 24), dt.date(2025, 2, 18))
    by_reading = dict(counts.select("reading", "count").iter_rows())
    assert by_reading["all"] == 253
    order = ["all", "own", "explicit", "explicit and sure", "explicit by a head of state"]
    assert [by_reading[r] for r in order] == sorted((by_reading[r] for r in order), reverse=True)
    assert by_reading["days of a head of state"] < by_reading["head of state"]


def test_the_seed_is_whole_and_says_what_it_supports():
    statements, codings = seed_statements(), seed_codings()
    assert len({s.statement_id for s in statements}) == len(statements) == 18
    assert {c.statement_id for c in codings} <= {s.statement_id for s in statements}
    assert len({s.state for s in statements}) >= 5
    known = {s.statement_id for s in statements}
    assert all(set(s.repeats) <= known for s in statements)
    shares = outcome_shares(statements, codings, dt.date(2026, 3, 1))
    strict = shares.filter(rule="strict", window_days=180, repeats="each").row(0, named=True)
    main = shares.filter(rule="main", window_days=180, repeats="each").row(0, named=True)
    assert (strict["tested"], main["tested"]) == (2, 5)
    assert main["carried_out"] == 0
    assert main["high"] < 0.35


def test_exports_carry_the_form_and_the_outcome(statement, coding):
    said = statement(
        quote="Слово", language="ru", archive="https://archive.example/1", archive_sha256="a" * 64,
        date=dt.date(2024, 1, 1), date_precision="month", repeats=("s0",),
    )  # fmt: skip
    outcomes = settle([said], [coding()], MAIN, LATE)
    claim = claim_jsonld(said, outcomes["s1"])
    assert claim["@type"] == "Claim"
    assert claim["datePublished"] == "2024-01"
    assert claim["firstAppearance"]["sha256"] == "a" * 64
    assert claim["additionalProperty"]["value"] == "untested"
    table = register_table([said], outcomes)
    assert table["outcome"].to_list() == ["untested"]
    text = register_csv(table)
    assert pl.read_csv(text.encode()).row(0, named=True)["quote"] == "Слово"
    assert statements_of(table_of([said])) == [said]
