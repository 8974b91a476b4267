"""One small function for each rule: where in the terms it is broken, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from truceline.agreement.terms import Agreement, Clause

KeyPath = tuple[str | int, ...]
Hits = Iterator[tuple[KeyPath, str]]

#: Kinds of clause that are kept or broken by something that happens.
_SEEN_KINDS = ("prohibition", "withdrawal", "obstruction")


@dataclass(frozen=True)
class Terms:
    """What a check is given.

    Attributes
    ----------
    agreement : Agreement
        The terms.
    observable : mapping
        Phenomena that each listed source can see, by source.
    """

    agreement: Agreement
    observable: Mapping[str, tuple[str, ...]]


def undrawn(terms: Terms) -> Hits:
    """Find lines without geometry, and zones without line or polygon."""
    for i, line in enumerate(terms.agreement.lines):
        if line.geometry is None:
            yield ("lines", i), f"the line {line.id!r} is drawn nowhere."
    for i, zone in enumerate(terms.agreement.zones):
        if zone.polygon is None and zone.line is None and not zone.line_of:
            yield ("zones", i), f"the zone {zone.id!r} has neither a line nor a polygon."
        elif zone.polygon is None and zone.width_m is None:
            yield ("zones", i), f"the zone {zone.id!r} has a line and no width."


def sides_unsaid(terms: Terms) -> Hits:
    """Find widths that do not say total or per side."""
    for i, zone in enumerate(terms.agreement.zones):
        if zone.width_m is not None and zone.width_is is None:
            yield (
                ("zones", i, "width_m"),
                f"{zone.width_m / 1000:g} km of the zone {zone.id!r} may be of both sides "
                "together, or of each.",
            )


def differing_baselines(terms: Terms) -> Hits:
    """Find zones that are measured from another line for each party."""
    for i, zone in enumerate(terms.agreement.zones):
        lines = set(zone.line_of.values()) | ({zone.line} if zone.line else set())
        if len(lines) > 1:
            yield (
                ("zones", i, "line_of"),
                f"the zone {zone.id!r} is measured from {len(lines)} lines, by party.",
            )


def unrecognised_lines(terms: Terms) -> Hits:
    """Find lines that no party recognises."""
    for i, line in enumerate(terms.agreement.lines):
        if not line.recognised_by:
            yield ("lines", i), f"no party is said to recognise the line {line.id!r}."


def mismatched_weapons(terms: Terms) -> Hits:
    """Find weapons named in a clause whose zone is a zone for others."""
    zones = {zone.id: zone for zone in terms.agreement.zones}
    for i, clause in enumerate(terms.agreement.clauses):
        zone = zones.get(clause.zone or "")
        if zone is None or not zone.weapon_classes:
            continue
        strange = [weapon for weapon in clause.weapon_classes if weapon not in zone.weapon_classes]
        if strange:
            yield (
                ("clauses", i, "weapon_classes"),
                f"the zone {zone.id!r} is none for {', '.join(strange)}.",
            )


def unobservable(terms: Terms) -> Hits:
    """Find clauses whose breach no listed source can see."""
    seen = {phenomenon for seen_by in terms.observable.values() for phenomenon in seen_by}
    for i, clause in enumerate(terms.agreement.clauses):
        if clause.kind not in _SEEN_KINDS:
            continue
        if not clause.phenomena:
            yield ("clauses", i), f"clause {clause.id!r} does not say what would be seen."
        elif not any(_can_see(seen, phenomenon) for phenomenon in clause.phenomena):
            names = ", ".join(sorted(terms.observable)) or "none is listed"
            yield (
                ("clauses", i, "phenomena"),
                f"no source sees {', '.join(clause.phenomena)} (sources: {names}).",
            )


def _can_see(seen: set[str], phenomenon: str) -> bool:
    """Tell whether a phenomenon, or one it is a kind of or has as a kind, is seen."""
    return any(
        phenomenon == one or one.startswith(f"{phenomenon}_") or phenomenon.startswith(f"{one}_")
        for one in seen
    )


def uncounted(terms: Terms) -> Hits:
    """Find clauses that do not say what one violation is."""
    for i, clause in enumerate(terms.agreement.clauses):
        if clause.unit is None and clause.kind != "duty":
            yield ("clauses", i), f"clause {clause.id!r} has no unit of count."


def undefined(terms: Terms) -> Hits:
    """Find an agreement that defines nothing."""
    if not terms.agreement.definitions:
        yield ("definitions",), "the agreement defines no term."


def undefined_self_defence(terms: Terms) -> Hits:
    """Find self-defence that is allowed and not defined."""
    defined = any("self" in term and "defen" in term for term in _casefolded(terms.agreement))
    for i, exemption in enumerate(terms.agreement.exemptions):
        if exemption.kind == "self_defence" and not defined:
            yield ("exemptions", i), f"{exemption.id!r} rests on a self-defence defined nowhere."


def _casefolded(agreement: Agreement) -> list[str]:
    return [term.casefold() for term in agreement.definitions]


def unnotified_exemptions(terms: Terms) -> Hits:
    """Find exemptions that need no notice; self-defence cannot be notified beforehand."""
    for i, exemption in enumerate(terms.agreement.exemptions):
        missing = [
            words
            for words, value in (
                ("how long before", exemption.notice_hours),
                ("to whom", exemption.notify),
            )
            if value is None
        ]
        if exemption.kind != "self_defence" and missing:
            yield ("exemptions", i), f"{exemption.id!r} does not say {' and '.join(missing)}."


def missing_ladder(terms: Terms) -> Hits:
    """Find an agreement in which nothing follows from a breach."""
    if not terms.agreement.ladder:
        yield ("ladder",), "the agreement does not say what follows a violation."


def clockless_steps(terms: Terms) -> Hits:
    """Find steps of the ladder without a time by which they are taken."""
    for i, step in enumerate(terms.agreement.ladder):
        if step.after_hours is None:
            yield ("ladder", i), f"{step.who} has no time by which to: {step.what}."


def endless_duties(terms: Terms) -> Hits:
    """Find duties without a day by which they are done."""
    for i, duty in enumerate(terms.agreement.duties):
        if duty.complete_days is None:
            yield ("duties", i), f"the duty {duty.id!r} has no deadline."


def startless_duties(terms: Terms) -> Hits:
    """Find duties that have a deadline and no first day."""
    for i, duty in enumerate(terms.agreement.duties):
        if duty.start_day is None and duty.complete_days is not None:
            yield ("duties", i), f"the duty {duty.id!r} does not say on which day it begins."


def unverified_ceilings(terms: Terms) -> Hits:
    """Find ceilings that nobody counts."""
    for i, ceiling in enumerate(terms.agreement.ceilings):
        if ceiling.verified_by is None:
            yield ("ceilings", i), f"nobody verifies {ceiling.limit:g} {ceiling.what}."


def unpunished_obstruction(terms: Terms) -> Hits:
    """Find an agreement that may be kept while its monitors are shut out."""
    if not any(_is_obstruction(clause) for clause in terms.agreement.clauses):
        yield ("clauses",), "no clause makes obstruction of the monitors a violation."


def _is_obstruction(clause: Clause) -> bool:
    return clause.kind == "obstruction" or "obstruction" in clause.phenomena


#: Checks that need the terms alone, by rule.
CHECKS: Final[dict[str, tuple[Callable[[Terms], Hits], ...]]] = {
    "undefined-line": (undrawn,),
    "width-side-unsaid": (sides_unsaid,),
    "baseline-differs": (differing_baselines,),
    "line-unrecognised": (unrecognised_lines,),
    "weapon-zone-mismatch": (mismatched_weapons,),
    "unobservable": (unobservable,),
    "no-unit": (uncounted,),
    "no-definitions": (undefined,),
    "self-defence-undefined": (undefined_self_defence,),
    "exemption-no-notice": (unnotified_exemptions,),
    "no-ladder": (missing_ladder,),
    "ladder-no-clock": (clockless_steps,),
    "duty-no-deadline": (endless_duties,),
    "start-unsaid": (startless_duties,),
    "ceiling-unverified": (unverified_ceilings,),
    "obstruction-no-violation": (unpunished_obstruction,),
}
