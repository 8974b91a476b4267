"""Krippendorff's alpha against the worked examples that were published."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.statements.alpha import disagreements, nominal_alpha


def units_of(*coders):
    """Turn rows of coders (None: not coded) into units of codes."""
    return [[code for code in unit if code not in ("*", ".")] for unit in zip(*coders, strict=True)]


def test_three_coders_fifteen_units_as_published():
    """The computational example of the encyclopaedia article: 0.691."""
    units = units_of("*****34121133*3", "1*213343*******", "**21344*21133*4")
    assert nominal_alpha(units) == pytest.approx(0.691, abs=0.0005)


def test_four_coders_twelve_units_as_published():
    """Krippendorff 2011, part C: four observers, missing data, nominal 0.743."""
    units = units_of("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    assert nominal_alpha(units) == pytest.approx(0.743, abs=0.0005)


def test_two_coders_binary_as_published():
    """Krippendorff 2011, part A: ten units, two observers, 0.095."""
    units = units_of("0100000010", "1110010000")
    assert nominal_alpha(units) == pytest.approx(0.095, abs=0.0005)


def test_full_agreement_is_one_and_no_variation_is_no_answer():
    assert nominal_alpha([["a", "a"], ["b", "b"]]) == 1.0
    assert nominal_alpha([["a", "a"], ["a", "a"]]) is None
    assert nominal_alpha([["a"], ["b"]]) is None


@settings(max_examples=80)
@given(st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=4), min_size=2, max_size=20))
def test_renaming_codes_or_reordering_units_changes_nothing(units):
    before = nominal_alpha(units)
    renamed = [[{"a": "z", "b": "y", "c": "x"}[c] for c in codes] for codes in reversed(units)]
    after = nominal_alpha(renamed)
    assert (before is None and after is None) or after == pytest.approx(before)
    assert before is None or before <= 1.0


def test_disagreements_are_listed_by_coder():
    codes = {"s1": {"A": "untested", "B": "untested"}, "s2": {"A": "partly", "B": "untested"}}
    assert disagreements(codes) == {"s2": {"A": "partly", "B": "untested"}}
