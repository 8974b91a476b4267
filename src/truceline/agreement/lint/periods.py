"""Periods that contradict one another, or leave a gap between them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from truceline.agreement.lint.checks import Hits, KeyPath, Terms
from truceline.agreement.terms import Clause, Period
from truceline.core.types.time import format_time


def contradictions(terms: Terms) -> Hits:
    """Find periods that end before they start, or lie outside the time in force."""
    agreement = terms.agreement
    whole = agreement.in_force
    if _is_reversed(whole):
        yield ("in_force",), "the agreement ends before it starts."
    owned: list[tuple[KeyPath, str, Period | None]] = [
        *((("clauses", i, "period"), c.id, c.period) for i, c in enumerate(agreement.clauses)),
        *((("zones", i, "period"), z.id, z.period) for i, z in enumerate(agreement.zones)),
        *(
            (("notices", i, "period"), n.exemption, n.period)
            for i, n in enumerate(agreement.notices)
        ),
    ]
    for path, name, period in owned:
        if period is None:
            continue
        if _is_reversed(period):
            yield path, f"the period of {name!r} ends before it starts."
        elif not _within(period, whole):
            yield path, f"the period of {name!r} lies outside the time in force."
    yield from _before_their_zone(terms)
    for i, duty in enumerate(agreement.duties):
        if None not in (duty.start_day, duty.complete_days) and (
            (duty.complete_days or 0.0) < (duty.start_day or 0.0)
        ):
            yield ("duties", i), f"the duty {duty.id!r} is due before it begins."


def gaps(terms: Terms) -> Hits:
    """Find clauses that are alike but for their periods, with time between these."""
    alike: dict[tuple[object, ...], list[tuple[int, Clause, Period]]] = defaultdict(list)
    for i, clause in enumerate(terms.agreement.clauses):
        if clause.period is not None:
            key = (
                clause.kind,
                frozenset(clause.phenomena),
                frozenset(clause.weapon_classes),
                clause.zone,
                frozenset(clause.parties),
            )
            alike[key].append((i, clause, clause.period))
    for group in alike.values():
        group.sort(key=lambda item: item[2].micros()[0])
        for (_, earlier, first), (i, later, second) in pairwise(group):
            end, start = first.micros()[1], second.micros()[0]
            if end is not None and end < start:
                yield (
                    ("clauses", i, "period"),
                    f"nothing holds between {earlier.id!r} and {later.id!r}, from "
                    f"{format_time(end)} to {format_time(start)}.",
                )


def _before_their_zone(terms: Terms) -> Hits:
    zones = {zone.id: zone for zone in terms.agreement.zones}
    for i, clause in enumerate(terms.agreement.clauses):
        zone = zones.get(clause.zone or "")
        if zone is None or zone.period is None:
            continue
        held = clause.period or terms.agreement.in_force
        if not _within(held, zone.period):
            yield (
                ("clauses", i),
                f"clause {clause.id!r} holds at times at which its zone {zone.id!r} does not.",
            )


def _is_reversed(period: Period) -> bool:
    start, end = period.micros()
    return end is not None and end <= start


def _within(inner: Period, outer: Period) -> bool:
    """Tell whether a period lies in another; an open end is as long as the other's."""
    start, end = inner.micros()
    first, last = outer.micros()
    return first <= start and (last is None or (start < last and (end is None or end <= last)))
