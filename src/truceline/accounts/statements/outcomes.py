"""What came of a statement, by rules that are fixed before anything is coded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from truceline.accounts.statements.statement import Coding, Statement


@dataclass(frozen=True)
class OutcomeRule:
    """How facts become an outcome.

    Attributes
    ----------
    name : str
        What the reading is called in a table.
    window_days : int
        Days after the condition within which the consequence must come about. A deadline
        that the speaker named replaces it.
    inferred_counts : bool
        Whether a condition whose meaning is inferred counts as met.
    contested_response : str
        What a disputed consequence counts as: `contested` (left out), `carried_out` or
        `not_carried_out`.
    """

    name: str = "main"
    window_days: int = 180
    inferred_counts: bool = True
    contested_response: str = "contested"


STRICT = OutcomeRule("strict", inferred_counts=False)
INCLUSIVE = OutcomeRule("inclusive", contested_response="carried_out")
MAIN = OutcomeRule()


@dataclass(frozen=True)
class Outcome:
    """What came of one statement under one rule, with the reason in words."""

    statement_id: str
    outcome: str
    reason: str
    coders: tuple[str, ...] = ()
    coder_reasons: tuple[str, ...] = field(default=())


def decide(statement: Statement, coding: Coding, rule: OutcomeRule, as_of: date) -> Outcome:
    """Return the outcome that the rule makes of one coder's facts.

    The speaker, the state and the addressee are not looked at: the same facts give the
    same outcome whoever spoke.
    """
    outcome, reason = _decide(statement, coding, rule, as_of)
    return Outcome(statement.statement_id, outcome, reason, (coding.coder,), (coding.reason,))


def _decide(
    statement: Statement, coding: Coding, rule: OutcomeRule, as_of: date
) -> tuple[str, str]:
    start = _start(statement, coding)
    if coding.withdrawn_on is not None and (start is None or coding.withdrawn_on <= start):
        return "withdrawn", "the speaker took it back before the condition came about"
    if coding.condition == "not_met" or (start is not None and start > as_of):
        return "untested", "the condition has not come about"
    if coding.condition == "contested":
        return "contested", "whether the condition came about is in dispute"
    if coding.condition == "met_inferred" and not rule.inferred_counts:
        return "untested", "that this event is the condition is only inferred"
    if start is None:
        return "untested", "no day is known from which a window could run"
    end = statement.deadline or start + timedelta(days=rule.window_days)
    return _after(coding, rule, end, as_of)


def _after(coding: Coding, rule: OutcomeRule, end: date, as_of: date) -> tuple[str, str]:
    if coding.response == "contested":
        return rule.contested_response, "whether the consequence came about is in dispute"
    came = coding.response in ("full", "partial") and coding.response_on is not None
    if came and coding.response_on is not None and coding.response_on <= min(end, as_of):
        outcome = "carried_out" if coding.response == "full" else "partly"
        return outcome, f"the consequence came about by {end.isoformat()}, the end of the window"
    if as_of <= end:
        return "pending", f"the window runs until {end.isoformat()}"
    late = " (it came later)" if came else ""
    return "not_carried_out", f"no consequence by {end.isoformat()}, the end of the window{late}"


def _start(statement: Statement, coding: Coding) -> date | None:
    return statement.date if coding.condition == "unconditional" else coding.condition_on


def settle(
    statements: Iterable[Statement],
    codings: Iterable[Coding],
    rule: OutcomeRule,
    as_of: date,
) -> dict[str, Outcome]:
    """Return one outcome for each statement from all its codings.

    One adjudication decides. Else, coders who agree decide. Coders who differ leave the
    statement `contested` until a third person adjudicates. No coding at all is `untested`
    with the reason that nobody has coded it.
    """
    by_statement: dict[str, list[Coding]] = {}
    for coding in codings:
        by_statement.setdefault(coding.statement_id, []).append(coding)
    return {
        s.statement_id: _settle_one(s, by_statement.get(s.statement_id, []), rule, as_of)
        for s in statements
    }


def _settle_one(
    statement: Statement, codings: list[Coding], rule: OutcomeRule, as_of: date
) -> Outcome:
    if not codings:
        return Outcome(statement.statement_id, "untested", "nobody has coded it")
    final = [c for c in codings if c.adjudicates]
    decided = [decide(statement, c, rule, as_of) for c in (final[-1:] or codings)]
    coders = tuple(c for o in decided for c in o.coders)
    reasons = tuple(r for o in decided for r in o.coder_reasons)
    if len({o.outcome for o in decided}) == 1:
        return replace(decided[0], coders=coders, coder_reasons=reasons)
    said = "; ".join(f"{o.coders[0]}: {o.outcome}" for o in decided)
    return Outcome(
        statement.statement_id, "contested", f"the coders differ ({said})", coders, reasons
    )


def codes_by_coder(
    statements: Iterable[Statement], codings: Iterable[Coding], rule: OutcomeRule, as_of: date
) -> dict[str, dict[str, str]]:
    """Return the outcome that each coder's facts give, by statement: the units of alpha."""
    by_id: Mapping[str, Statement] = {s.statement_id: s for s in statements}
    made: dict[str, dict[str, str]] = {}
    for coding in codings:
        statement = by_id.get(coding.statement_id)
        if statement is not None and not coding.adjudicates:
            outcome = decide(statement, coding, rule, as_of).outcome
            made.setdefault(coding.statement_id, {})[coding.coder] = outcome
    return made
