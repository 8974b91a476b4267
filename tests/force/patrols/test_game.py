"""The inspection game: published values, and three ways that must agree."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.force.patrols.game import (
    breach_probability,
    inspect_probability,
    value,
    value_by_program,
    value_by_recursion,
)

PUBLISHED = {
    (1, 2): Fraction(-1, 3),
    (1, 3): Fraction(-1, 2),
    (2, 3): Fraction(-1, 7),
    (1, 4): Fraction(-3, 5),
    (2, 4): Fraction(-3, 11),
    (3, 5): Fraction(-2, 13),
}


@pytest.mark.parametrize(("game", "published"), PUBLISHED.items())
def test_the_published_values(game, published):
    assert value(*game) == pytest.approx(float(published), abs=1e-15)
    assert value_by_recursion(*game) == pytest.approx(float(published), abs=1e-15)
    assert value_by_program(*game) == pytest.approx(float(published), abs=1e-9)


@pytest.mark.parametrize("periods", range(1, 12))
def test_recursion_and_closed_form_agree_to_eleven_periods(periods):
    for inspections in range(periods + 2):
        assert value_by_recursion(inspections, periods) == pytest.approx(
            value(inspections, periods), abs=1e-12
        )


@pytest.mark.parametrize("periods", range(1, 8))
def test_the_linear_program_knows_no_recursion_and_agrees(periods):
    for inspections in range(periods + 1):
        assert value_by_program(inspections, periods) == pytest.approx(
            value(inspections, periods), abs=1e-8
        )


def test_the_linear_program_agrees_at_eleven_periods():
    assert value_by_program(4, 11) == pytest.approx(value(4, 11), abs=1e-7)


def worth_against(policy, inspections, periods):
    """What the best answer of the party leaves the inspector, by enumeration."""
    if periods == 0:
        return 0.0
    p = policy(inspections, periods)
    now = p - (1 - p)
    later = (1 - p) * worth_against(policy, inspections, periods - 1)
    if p > 0:
        later += p * worth_against(policy, inspections - 1, periods - 1)
    return min(now, later)


@settings(max_examples=60, deadline=None)
@given(periods=st.integers(1, 8), inspections=st.integers(0, 8))
def test_the_schedule_assures_the_value_against_every_answer(periods, inspections):
    assert worth_against(inspect_probability, inspections, periods) == pytest.approx(
        value(inspections, periods), abs=1e-12
    )


@settings(max_examples=60, deadline=None)
@given(periods=st.integers(2, 8), inspections=st.integers(1, 7), other=st.floats(0, 1))
def test_no_other_schedule_assures_more(periods, inspections, other):
    def policy(n, m):
        return 1.0 if n >= m else (0.0 if n == 0 else other)

    assert worth_against(policy, inspections, periods) <= value(inspections, periods) + 1e-12


@settings(max_examples=60, deadline=None)
@given(periods=st.integers(1, 40), inspections=st.integers(0, 40))
def test_more_inspections_help_and_more_periods_hurt(periods, inspections):
    assert value(inspections + 1, periods) >= value(inspections, periods)
    assert value(inspections, periods + 1) <= value(inspections, periods)
    assert 0 <= inspect_probability(inspections, periods) <= 1
    assert 0 <= breach_probability(inspections, periods) <= 1


def test_the_party_leaves_the_inspector_indifferent():
    # 1 in 3: with probability q it breaks now; looking or not gives the same
    q = breach_probability(1, 3)
    look = q * 1 + (1 - q) * value(0, 2)
    wait = q * -1 + (1 - q) * value(1, 2)
    assert look == pytest.approx(wait) == pytest.approx(value(1, 3))


@pytest.mark.parametrize("game", [(-1, 3), (1, 0)])
def test_a_game_that_cannot_be_played_is_refused(game):
    for function in (value, value_by_recursion, inspect_probability, breach_probability):
        with pytest.raises(InputError):
            function(*game)


def test_the_program_says_when_it_is_too_large():
    with pytest.raises(InputError, match="too large"):
        value_by_program(3, 13)
