"""All that the register's page shows, from what is known of the statements on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from truceline.accounts.claims.evidence import Known
from truceline.accounts.statements import answers, outcomes
from truceline.accounts.statements.alpha import nominal_alpha
from truceline.accounts.statements.exports import claim_jsonld, register_table
from truceline.accounts.statements.statement import Coding
from truceline.publish.draw.statements.timeline import Event
from truceline.publish.statements.register_page import RegisterView


def register_view(
    known: Known, day: dt.date, *, title: str, since: dt.date | None = None,
    events: Sequence[Event] = (),
) -> RegisterView:  # fmt: skip
    """Return the counts, outcomes and rows of a register as of a day.

    Parameters
    ----------
    known : Known
        Statements, codings, positions and polls.
    day : date
        The last day counted.
    title : str
        The page's name.
    since : date or None
        The first day counted; that of the register's first dated statement where not given.
    events : sequence of Event
        Marked on the timeline beside the days on which conditions came about.
    """
    everything = (*known.statements, *known.collected)
    settled = outcomes.settle(everything, known.codings, outcomes.MAIN, day)
    codes = outcomes.codes_by_coder(known.statements, known.codings, outcomes.MAIN, day)
    start = since or min((s.date for s in known.statements if s.date), default=day)
    counted = known.collected or known.statements
    return RegisterView(
        title,
        register_table(everything, settled),
        answers.narrowed_counts(register_table(counted, settled), start, day),
        answers.outcome_shares(known.statements, known.codings, day),
        start,
        day,
        alpha=nominal_alpha([list(c.values()) for c in codes.values()]),
        coded_twice=sum(len(c) > 1 for c in codes.values()),
        positions=known.positions,
        polls=known.polls,
        events=[*_conditions(known.codings, day), *events],
    )


def register_claims(known: Known, day: dt.date) -> list[dict[str, object]]:
    """Return every statement as a schema.org claim with its outcome on a day."""
    everything = (*known.statements, *known.collected)
    settled = outcomes.settle(everything, known.codings, outcomes.MAIN, day)
    return [claim_jsonld(s, settled[s.statement_id]) for s in everything]


def _conditions(codings: Iterable[Coding], day: dt.date) -> list[Event]:
    """Mark the days on which conditions came about, linked to their statements."""
    met = {(c.condition_on, c.statement_id) for c in codings if c.condition_on is not None}
    return [
        Event(when, f"condition of {statement}", f"#s-{statement}")
        for when, statement in sorted(met)
        if when <= day
    ]
