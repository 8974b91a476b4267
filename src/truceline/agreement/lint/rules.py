"""The rules of the lint, as declared data: what is looked for, why, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]

#: From grave to slight.
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")


@dataclass(frozen=True)
class Rule:
    """One thing that will be disputed, or cannot be watched.

    Attributes
    ----------
    id : str
        Its name.
    severity : {"error", "warning", "note"}
        An error leaves a clause that cannot be decided; a warning one that will be disputed.
    title : str
        What is wrong, in a few words.
    why : str
        Why it matters, with what came of it before.
    wording : str
        Words that would settle it.
    """

    id: str
    severity: Severity
    title: str
    why: str
    wording: str


_TABLE: Final = (
    Rule(
        "unreadable",
        "error",
        "the file or a term cannot be read",
        "A term that cannot be read decides nothing, and each side will read its own into it.",
        "Correct the place named.",
    ),
    Rule(
        "unknown-name",
        "error",
        "a term names what is not declared",
        "A clause on a zone that does not exist binds nobody.",
        "Declare the name, or correct it.",
    ),
    Rule(
        "time-without-offset",
        "error",
        "a local time without an offset",
        "Easter 2025 began at 18:00 in two capitals that share the hour in summer and not in "
        "winter; an act in the hour between two readings is a breach in one and none in the other.",
        "Write the offset: 2025-04-19T18:00:00+03:00.",
    ),
    Rule(
        "start-unsaid",
        "error",
        "the start is not said",
        "Before a start that each side dates for itself, fire is lawful for one and a breach for "
        "the other. In February 2015 fighting at Debaltseve went on across a start that was said.",
        "`start: 2015-02-15T00:00:00+02:00`; for a duty: begins on day N after the start.",
    ),
    Rule(
        "period-contradiction",
        "error",
        "periods contradict",
        "Minsk counted its withdrawals from day 2 and the addendum anew; what ends before it "
        "starts, or lies outside the time in force, is never broken.",
        "This clause holds from <time> to <time>, both within the time in force.",
    ),
    Rule(
        "period-gap",
        "warning",
        "a gap between periods",
        "In the gap nothing is forbidden. Phases that end before the next begins, as in Gaza in "
        "March 2025, are where truces end.",
        "Until the next period begins, the terms of this one hold.",
    ),
    Rule(
        "undefined-line",
        "error",
        "a line or a zone that nobody has drawn",
        "At Easter 2025 one side held the truce to cover Kursk and Belgorod and the other did "
        "not say; without a line no place can be told to be in or out.",
        "The line is the one drawn in annex <file>, feature <id>, as of <day>.",
    ),
    Rule(
        "width-side-unsaid",
        "error",
        "a width that is neither total nor per side",
        "Minsk's 50, 70 and 140 km are totals, the 15 km of its addendum are per side: read "
        "wrongly, a lawful gun is a breach or a breach lawful, by a factor of two.",
        "A zone <n> metres wide in total, half on each side; or: <n> metres from the line on "
        "each side.",
    ),
    Rule(
        "baseline-differs",
        "warning",
        "the baseline differs by party",
        "Minsk II measured one side's withdrawal from the actual line and the other's from that "
        "of 19 September 2014; of the ground between the two each could say that the zone was "
        "the other's to leave.",
        "Both parties measure from one line, drawn in annex <file>; if not, draw both and say "
        "which holds where they cross.",
    ),
    Rule(
        "line-unrecognised",
        "warning",
        "neither side recognises the line",
        "In Cyprus the ceasefire lines that the United Nations delineated are not recognised by "
        "the sides, and small moves forward are a class of breach of their own.",
        "For the purpose of this agreement alone, and without prejudice to claims, both parties "
        "accept the line drawn in annex <file>.",
    ),
    Rule(
        "zone-overlap",
        "warning",
        "zones for the same weapons overlap",
        "Where two limits hold on the same ground each side quotes the one that suits it.",
        "Where zones overlap the stricter limit holds.",
    ),
    Rule(
        "zone-empty",
        "error",
        "a zone without ground",
        "Nothing can lie in it, so the clause is never broken.",
        "Give the polygon an extent, or drop the zone.",
    ),
    Rule(
        "weapon-zone-mismatch",
        "error",
        "a weapon in a clause whose zone is for other weapons",
        "Minsk gave each weapon a zone of its own; a clause that borrows the zone of another "
        "leaves its own weapon without a distance.",
        "Weapons of class <class> stay out of zone <zone>, which is a zone for them.",
    ),
    Rule(
        "unobservable",
        "warning",
        "no listed source can see it broken",
        "A clause that nobody can watch is broken unseen, or alleged unanswered. The force in "
        "Lebanon said that its radars saw trajectories and not strikes from the air or by tanks.",
        "Compliance with this clause is watched by <source>, which can see <phenomenon>.",
    ),
    Rule(
        "no-unit",
        "warning",
        "no unit of count",
        "At Easter 2025 one side counted 2,935 breaches and the other 4,900, in units that "
        "cannot be compared: assaults, shellings, and single drones.",
        "One violation is one <explosion, burst, flight, weapon> as the monitors count it.",
    ),
    Rule(
        "no-definitions",
        "warning",
        "no term is defined",
        "The Easter truce of 2025 halted 'all hostilities' and said no more; its two tallies had "
        "nothing in common. Ambiguity was the flaw for which Minsk is best remembered.",
        "`definitions:` violation, hostile act, drone, return fire, each in a sentence.",
    ),
    Rule(
        "self-defence-undefined",
        "warning",
        "self-defence is allowed and not defined",
        "In Lebanon after November 2024 strikes went on almost daily in the name of "
        "self-defence; monitors counted more than 7,500 air violations in a year.",
        "Self-defence is fire at a source of fire that is firing, no more than needed to end it, "
        "reported to the commission within <n> hours.",
    ),
    Rule(
        "exemption-no-notice",
        "warning",
        "an exemption without a rule of notice",
        "In Donbas live fire in training inside the zone counted as a breach by a decision of 3 "
        "March 2016: unannounced, nobody can tell it from an attack.",
        "Exempt only if notified to <body> at least <n> hours before, with place, radius and time.",
    ),
    Rule(
        "no-ladder",
        "warning",
        "no response ladder",
        "The monitors of 2014 to 2022 counted hundreds of thousands of breaches and nothing "
        "followed from any: counting changed no conduct.",
        "After a confirmed violation: <body> warns within 24 h; <force> acts within 48 h; the "
        "guarantors meet within 72 h.",
    ),
    Rule(
        "ladder-no-clock",
        "warning",
        "a step of the ladder without a clock",
        "A step that may be taken at any time is never late. The Mechanism for Lebanon receives "
        "reports without a time by which to answer.",
        "<Body> does this within <n> hours of the report.",
    ),
    Rule(
        "duty-no-deadline",
        "warning",
        "a duty without a deadline",
        "A duty without a day cannot be broken. In Lebanon withdrawal had 60 days and dismantling "
        "none; a year later more than 360 caches had been found.",
        "To be complete within <n> days of the start.",
    ),
    Rule(
        "ceiling-unverified",
        "warning",
        "a ceiling that nobody verifies",
        "The ceilings in Sinai have lasted for decades, with a force that counts; a number that "
        "only its owner counts is a promise.",
        "Verified by <body>, at least <n> times a month, and within 48 hours of a request.",
    ),
    Rule(
        "obstruction-no-violation",
        "warning",
        "to obstruct the monitors is itself no violation",
        "Monitors in Ukraine were turned back, jammed and shot at for years; in a fortnight of "
        "September 2021 there were 22 restrictions and 122 signal interferences, and nothing "
        "followed.",
        "Denial or delay of access, jamming of and fire at a monitor or a sensor is a violation.",
    ),
)

#: Every rule by its name, in the order of the documentation.
RULES: Final[dict[str, Rule]] = {rule.id: rule for rule in _TABLE}
