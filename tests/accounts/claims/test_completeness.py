"""A claim that lacks something is told so; no claim that a person may write stops the check."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.claims.check import Evidence, check, check_claim
from truceline.accounts.claims.claim import SHAPES, Claim, claims_from_text
from truceline.accounts.claims.completeness import NEEDS, lacking
from truceline.core.types.errors import InputError

NUMBERS = st.sampled_from([-1.0, 0.0, 0.5, 2.0, 1e12])
CLAIMS = st.builds(
    Claim,
    text=st.just("x"),
    start=st.just(0),
    end=st.just(1),
    shape=st.sampled_from(SHAPES),
    subjects=st.lists(st.sampled_from(["Japan", "Nowhere", " "]), max_size=2).map(tuple),
    comparator=st.sampled_from(["more", "less", "at_most", "about", "exactly", "stated"]),
    thresholds=st.lists(NUMBERS, max_size=2).map(tuple),
    reference=st.sampled_from([None, "France", "Nowhere"]),
    measures=st.lists(st.sampled_from(["allocation", "commitment"]), max_size=1).map(tuple),
    units=st.lists(st.sampled_from(["usd", "persons", "nonsense"]), max_size=2).map(tuple),
    value=st.none() | NUMBERS,
    parts=st.lists(NUMBERS, max_size=2).map(tuple),
    since=st.none() | st.just(dt.date(2022, 2, 24)),
    on=st.none() | st.just(dt.date(2025, 2, 20)),
)


@settings(max_examples=100, deadline=None)
@given(CLAIMS)
def test_no_claim_stops_the_check_and_what_it_lacks_is_said(claim):
    verdict = check_claim(claim, Evidence())
    lack = lacking(claim)
    assert verdict.sentence
    if lack is not None:
        assert verdict.word == "cannot be checked"
        assert lack in verdict.sentence


def test_every_shape_has_its_needs():
    assert set(NEEDS) == set(SHAPES)


@pytest.mark.parametrize(
    ("text", "said"),
    [("30,000 troops on 0 km.", "above 0")],
)
def test_a_line_of_no_length_is_no_division(text, said):
    (verdict,) = check(text, Evidence(), on=dt.date(2025, 2, 20)).verdicts
    assert said in verdict.sentence


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
def test_what_is_no_number_is_refused_where_it_is_written(number):
    with pytest.raises(InputError, match="not in the form"):
        claims_from_text(f"- {{text: x, shape: sum, value: {number}, parts: [1]}}")
    with pytest.raises(InputError, match="nested too deep"):
        claims_from_text("[" * 5000)
