"""Outcomes follow from facts by a fixed rule, whoever spoke."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.accounts.statements.outcomes import (
    INCLUSIVE,
    MAIN,
    STRICT,
    OutcomeRule,
    codes_by_coder,
    decide,
    settle,
)
from truceline.accounts.statements.statement import Coding, Statement
from truceline.accounts.statements.vocabulary import CONDITION_STATES, OUTCOMES, RESPONSES

DAY = date(2024, 3, 1)
LATE = date(2026, 1, 1)


def outcome(statement, coding, rule=MAIN, as_of=LATE):
    return decide(statement, coding, rule, as_of).outcome


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"condition": "not_met"}, "untested"),
        ({"condition": "contested"}, "contested"),
        ({"condition": "met", "condition_on": DAY}, "not_carried_out"),
        (
            {"condition": "met", "condition_on": DAY, "response": "full", "response_on": DAY},
            "carried_out",
        ),
        (
            {"condition": "met", "condition_on": DAY, "response": "partial", "response_on": DAY},
            "partly",
        ),
        (
            {
                "condition": "met",
                "condition_on": DAY,
                "response": "full",
                "response_on": DAY + timedelta(days=181),
            },
            "not_carried_out",
        ),
        ({"condition": "met", "condition_on": DAY, "response": "contested"}, "contested"),
        ({"condition": "not_met", "withdrawn_on": DAY}, "withdrawn"),
        ({"condition": "unconditional"}, "not_carried_out"),
    ],
)
def test_facts_give_the_outcome_of_the_rule(statement, coding, facts, expected):
    assert outcome(statement(), coding(**facts)) == expected


def test_within_the_window_it_is_pending_and_a_deadline_replaces_the_window(statement, coding):
    facts = coding(condition="met", condition_on=DAY)
    assert outcome(statement(), facts, as_of=DAY + timedelta(days=180)) == "pending"
    assert outcome(statement(), facts, as_of=DAY + timedelta(days=181)) == "not_carried_out"
    early = statement(deadline=DAY + timedelta(days=5))
    assert outcome(early, facts, as_of=DAY + timedelta(days=6)) == "not_carried_out"


def test_strict_leaves_inferences_untested_and_inclusive_counts_disputed_answers(statement, coding):
    inferred = coding(condition="met_inferred", condition_on=DAY)
    assert outcome(statement(), inferred, STRICT) == "untested"
    assert outcome(statement(), inferred, MAIN) == "not_carried_out"
    disputed = coding(condition="met", condition_on=DAY, response="contested")
    assert outcome(statement(), disputed, INCLUSIVE) == "carried_out"


def test_coders_who_differ_leave_it_contested_until_a_third_settles_it(statement, coding):
    one = coding(coder="one", condition="met", condition_on=DAY)
    two = coding(coder="two")
    settled = settle([statement()], [one, two], MAIN, LATE)["s1"]
    assert settled.outcome == "contested"
    assert "one: not_carried_out; two: untested" in settled.reason
    third = coding(coder="three", condition="met", condition_on=DAY, adjudicates=True)
    assert settle([statement()], [one, two, third], MAIN, LATE)["s1"].outcome == "not_carried_out"
    assert settle([statement()], [], MAIN, LATE)["s1"].reason == "nobody has coded it"
    units = codes_by_coder([statement()], [one, two, third], MAIN, LATE)
    assert units == {"s1": {"one": "not_carried_out", "two": "untested"}}


_DAYS = st.dates(date(2022, 1, 1), date(2025, 12, 31))
_MAYBE_DAY = st.none() | _DAYS
_CODINGS = st.builds(
    Coding,
    statement_id=st.just("s"),
    coder=st.just("c"),
    condition=st.sampled_from(CONDITION_STATES),
    reason=st.just("r"),
    condition_on=_MAYBE_DAY,
    response=st.sampled_from(RESPONSES),
    response_on=_MAYBE_DAY,
    withdrawn_on=_MAYBE_DAY,
)
_RULES = st.builds(
    OutcomeRule,
    window_days=st.integers(0, 400),
    inferred_counts=st.booleans(),
    contested_response=st.sampled_from(("contested", "carried_out", "not_carried_out")),
)


@settings(max_examples=100)
@given(coding=_CODINGS, rule=_RULES, as_of=_DAYS, said=_MAYBE_DAY, deadline=_MAYBE_DAY)
def test_swapping_who_spoke_for_whom_changes_no_verdict(coding, rule, as_of, said, deadline):
    spoken = Statement(
        "s", "red_line", said, "day", "X", "minister", "Northland", "words",
        addressee="Southland", deadline=deadline,
    )  # fmt: skip
    swapped = replace(
        spoken, state="Southland", addressee="Northland", speaker="Y", standing="legislator"
    )
    first, second = decide(spoken, coding, rule, as_of), decide(swapped, coding, rule, as_of)
    assert first == second
    assert first.outcome in OUTCOMES


@settings(max_examples=60)
@given(coding=_CODINGS, as_of=_DAYS)
def test_a_longer_window_never_turns_carried_out_into_not(coding, as_of):
    spoken = Statement("s", "red_line", DAY, "day", "X", "minister", "N", "words")
    short = decide(spoken, coding, OutcomeRule(window_days=30), as_of).outcome
    long = decide(spoken, coding, OutcomeRule(window_days=300), as_of).outcome
    if short == "carried_out":
        assert long == "carried_out"
