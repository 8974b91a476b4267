"""Costs by published rates: the arithmetic by hand, and nothing without a source."""

import pytest

from truceline.force.posts.costs import costs, rates


def test_spending_over_heads_is_divided_by_hand():
    """7 billion over 84,309 in uniform is 83,028 a year; 122.757 million over 4,513 is 27,201."""
    year = dict(rates().select("rate", 12 * rates()["usd_month"]).iter_rows())
    assert year["UN peacekeeping, July 2007 to June 2008"] == pytest.approx(83_028, abs=1)
    assert year["UNIFIL, budget of July 1996 to June 1997"] == pytest.approx(27_201, abs=1)


def test_thirty_thousand_at_the_un_rate():
    first = costs(30_000).row(0, named=True)
    assert first["usd_million_month"] == pytest.approx(42.84)
    assert first["usd_million_year"] == pytest.approx(514.08)


def test_every_rate_has_a_source_and_says_what_is_in_it():
    assert (rates()["source"].str.len_chars() > 10).all()
    assert (rates()["holds"].str.len_chars() > 10).all()
    assert rates()["usd_month"].is_sorted()
