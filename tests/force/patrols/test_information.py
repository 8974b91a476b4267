"""The value of looking: by hand, never below 0, falling with time, symmetric."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.core.types.vocabulary import PHENOMENA
from truceline.force.patrols.information import (
    Losses,
    assumed_verification,
    sensitivity_after,
    value_of_visit,
)

UNIT = st.floats(0, 1)


def worth(p, sensitivity, specificity, losses=Losses()):  # noqa: B008
    return value_of_visit(
        np.array([p]), np.array([sensitivity]), np.array([specificity]), losses
    ).item()


def test_by_hand():
    # p 0.4: without a visit the answer is no, loss 0.4. Found: 0.36 against 0.06, so yes, 0.06.
    # Nothing: 0.04 against 0.54, so no, 0.04. Spared: 0.4 - 0.1
    assert worth(0.4, 0.9, 0.9) == pytest.approx(0.3)


def test_what_is_certain_is_not_worth_a_visit():
    assert worth(0.0, 0.9, 0.9) == 0
    assert worth(1.0, 0.9, 0.9) == 0
    assert worth(0.02, 0.9, 0.9) == 0  # even if found, the answer would stay no


def test_a_perfect_visit_spares_all_of_the_loss():
    losses = Losses(false_alarm=4.0, missed=1.0)
    assert worth(0.6, 1.0, 1.0, losses) == pytest.approx(0.6)


@settings(max_examples=100)
@given(p=UNIT, se=UNIT, sp=UNIT, a=st.floats(0.1, 5), b=st.floats(0.1, 5))
def test_never_below_zero_and_never_more_than_the_loss(p, se, sp, a, b):
    value = worth(p, se, sp, Losses(a, b))
    assert 0 <= value <= min((1 - p) * a, p * b) + 1e-12


@settings(max_examples=100)
@given(p=UNIT, se=UNIT, sp=UNIT, early=st.floats(0, 100), later=st.floats(0, 100))
def test_a_later_visit_is_never_worth_more(p, se, sp, early, later):
    def after(hours):
        left = sensitivity_after(*(np.array([x]) for x in (se, sp, 24.0, hours)))
        return worth(p, left.item(), sp)

    assert after(early + later) <= after(early) + 1e-12


@settings(max_examples=50)
@given(p=UNIT, se=UNIT, sp=UNIT)
def test_swapping_yes_and_no_swaps_nothing(p, se, sp):
    assert worth(p, se, sp) == pytest.approx(worth(1 - p, sp, se), abs=1e-12)


def test_half_the_traces_go_in_a_half_life():
    left = sensitivity_after(*(np.array([x]) for x in (0.9, 1.0, 24.0, 24.0)))
    assert left.item() == pytest.approx(0.45)


def test_the_shipped_table_names_known_kinds_and_says_it_assumes():
    table = assumed_verification()
    assert set(table["kind"]) <= set(PHENOMENA)
    assert table["source"].str.starts_with("assumption").all()


def test_a_probability_beyond_one_is_refused():
    with pytest.raises(InputError):
        worth(1.2, 0.5, 0.5)
