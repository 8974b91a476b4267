"""The fit finds again what made the data, and says little where it saw little."""

import numpy as np
import polars as pl
import pytest

from truceline.judgement.fit.additive import BASE, MOST_FOR_A_CLAIM, fit_terms

TRUE = {"camera/impact": 3.0, "acoustic/heard/one": -1.0, "acoustic/heard/several": 2.0}


def world(n=20_000, seed=4, base=-1.5, true=TRUE):
    """Incidents with each term at random, hostile with the odds that the terms add up to."""
    rng = np.random.default_rng(seed)
    has = {term: rng.random(n) < 0.3 for term in true}
    bits = base + sum(true[term] * has[term] for term in true)
    hostile = rng.random(n) < 1.0 / (1.0 + 2.0**-bits)
    ids = [f"i{i:06d}" for i in range(n)]
    terms = pl.concat(
        [
            pl.DataFrame({"incident_id": np.array(ids)[there].tolist()}).with_columns(
                term=pl.lit(term), factor=pl.lit(1.0)
            )
            for term, there in has.items()
        ]
    )
    return terms, pl.DataFrame({"incident_id": ids, "is_hostile": hostile})


def test_the_worth_that_made_the_data_is_found_again():
    found = fit_terms(*world())
    assert found.bits[BASE] == pytest.approx(-1.5, abs=0.1)
    for term, bits in TRUE.items():
        assert found.bits[term] == pytest.approx(bits, abs=0.15), term
    assert found.counts["camera/impact"] == pytest.approx(6_000, rel=0.05)


def test_the_order_of_rows_changes_nothing():
    terms, outcome = world(n=2_000)
    one = fit_terms(terms, outcome)
    other = fit_terms(terms.sample(fraction=1.0, shuffle=True, seed=1), outcome.reverse())
    for term, bits in one.bits.items():
        assert other.bits[term] == pytest.approx(bits, abs=1e-3)


def test_a_kind_seen_seldom_is_worth_what_its_instrument_is_worth():
    terms, outcome = world(n=4_000)
    rare = pl.DataFrame({"incident_id": ["i000000"], "term": ["camera/assault"], "factor": [1.0]})
    found = fit_terms(pl.concat([terms, rare]), outcome)
    assert found.bits["camera/assault"] == pytest.approx(found.bits["camera"], abs=0.6)


def test_a_partys_word_is_bounded_however_often_it_was_true():
    terms, outcome = world(true={"party_claim/any": 9.0})
    found = fit_terms(terms, outcome)
    assert found.bits["party_claim/any"] <= MOST_FOR_A_CLAIM


def test_what_tells_of_nothing_takes_no_part():
    terms, outcome = world(true={"news/nothing": 5.0, "camera/impact": 2.0})
    assert "news/nothing" not in fit_terms(terms, outcome).bits
