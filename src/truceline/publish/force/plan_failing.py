"""The report's fourth part: the ladder's clocks, the air, what fails, and what it hangs on."""

from __future__ import annotations

import polars as pl

from truceline.force.planning.airborne import Airborne
from truceline.force.planning.plan import Plan
from truceline.force.planning.sensitivity import spread
from truceline.publish.bulletins.page import Cell, Figure, Section, Sheet
from truceline.publish.draw.force.failing import failing_chart
from truceline.publish.draw.force.late_steps import late_steps
from truceline.publish.draw.force.tornado import Outcome, tornado
from truceline.publish.force.plan_cells import hours, of_line, people, percent, said, share, sheet


def ladder(plan: Plan) -> Section:
    """Return which steps of the response ladder are on time, by breaches a day."""
    table = plan.clocks
    if table.is_empty():
        return Section("ladder", "The ladder's clocks", (said("There is no reaction force."),))
    title = f"Share of each step on time, by breaches a day on {of_line(plan.asked.ground.line_km)}"

    def drawn(width: float, ident: str) -> str | None:
        return late_steps(table, width=width, ident=ident, title=title)

    rows = []
    for r in table.to_dicts():
        late = r["late_share"]
        stuck = r["state"] == "saturated"
        rows.append(
            (Cell(f"{r['breaches']:g}", r["breaches"]), r["step"], r["who"],
             f"{r['deadline_h']:g}", people(r["servers"]), percent(r["utilisation"]),
             Cell(r["state"], accent=stuck),
             percent(None if late is None else 1 - late),
             "-" if late is None else f"{share(1 - r['late_high'])} to {share(1 - r['late_low'])}",
             "-" if r["p90_h"] is None else f"{r['p90_h']:.1f}")
        )  # fmt: skip
    heads = ("breaches a day", "step", "who", "clock, h", "at once", "time needed", "state",
             "on time", "95 % interval", "nine in ten done, h")  # fmt: skip
    return Section(
        "ladder",
        "The ladder's clocks",
        (
            said(
                "Cases pass the steps in order and wait where all teams are busy. A step that "
                "needs as much time as there is, or more, is saturated: it has no average, and "
                "those behind it have none either.",
            ),
            Figure("ladder", title, drawn,
                   sheet("The ladder by load", heads, rows, numeric=(0, 3, 4, 5, 7, 8, 9),
                         folded=True)),
        ),
    )  # fmt: skip


def air(plan: Plan) -> Section:
    """Return which stations in the air are kept, with and without the guarantor."""
    if plan.airborne is None:
        return Section("air", "In the air", (said("No aircraft were given."),))
    flying = plan.airborne
    return Section(
        "air",
        "In the air",
        (
            said(
                "Observation and presence only. A station is kept when somebody is there round "
                "the clock: transit, turnaround, upkeep and availability counted in.",
                f"{flying.kept(backed=False)} of {flying.stations.height} are kept without the "
                f"guarantor, {flying.kept(backed=True)} with it.",
            ),
            _stations(flying),
            _soon(flying),
            _aircraft(plan),
        ),
    )


def _stations(flying: Airborne) -> Sheet:
    both = flying.plan.without.join(
        flying.plan.backed, on="station", suffix="_b", maintain_order="left"
    )
    rows = [
        (r["station"], "kept" if r["kept"] else "not kept", percent(r["cover"]),
         "kept" if r["kept_b"] else "not kept", percent(r["cover_b"]),
         f"{r['aircraft_b']:.1f}", r["why_b"] or r["why"] or "-")
        for r in both.to_dicts()
    ]  # fmt: skip
    heads = ("station", "without the guarantor", "of the time", "with the guarantor",
             "of the time", "aircraft tied up", "why not")  # fmt: skip
    return sheet("Stations along the line", heads, rows, numeric=(2, 4, 5))


def _soon(flying: Airborne) -> Sheet:
    rows = [
        (r["place"], _minutes(r["without_h"]), _minutes(r["with_h"]))
        for r in flying.presence.to_dicts()
    ]
    title = "Minutes until somebody is over the middle of a sector"
    heads = ("sector", "without the guarantor", "with the guarantor")
    return sheet(title, heads, rows, numeric=(1, 2), folded=True)


def _aircraft(plan: Plan) -> Sheet:
    force = plan.asked.air
    rows = [
        (r["base"], r["type"], people(r["aircraft"]), people(r["refuellings"]),
         "guarantor" if r["backstop"] else "own", r["source"])
        for r in ([] if force is None else force.bases.to_dicts())
    ]  # fmt: skip
    heads = ("base", "type", "aircraft", "refuellings a day", "whose", "source")
    return sheet("Aircraft the plan supposes", heads, rows, numeric=(2, 3), folded=True)


def _minutes(value: float | None) -> Cell:
    return Cell("never", float("inf")) if value is None else Cell(f"{value * 60:.0f}", value)


def failing(plan: Plan) -> Section:
    """Return the plan scored again after each failure, before anything is moved."""
    title = f"What is left of the plan on {of_line(plan.asked.ground.line_km)} when something fails"

    def drawn(width: float, ident: str) -> str | None:
        return failing_chart(plan.resilience, width=width, ident=ident, title=title)

    within = plan.asked.assumed["hours_wanted"]
    rows = []
    for r in plan.resilience.to_dicts():
        once = share(r["once"])
        if r["once_low"] is not None:
            once += f" ({share(r['once_low'])} to {share(r['once_high'])})"
        rows.append(
            (r["case"], Cell(once, r["once"]), percent(r["twice"]), hours(r["median_h"]),
             hours(r["worst_h"]), percent(r["in_time"]), people(r["stations"]), r["note"])
        )  # fmt: skip
    heads = ("what fails", "in range", "in range of two", "median h", "worst h",
             f"within {within:g} h", "air stations", "taken away")  # fmt: skip
    return Section(
        "failing",
        "When something fails",
        (
            said(
                "Nothing is moved yet: the plan as it stands on the morning after. Where posts "
                "are lost at random the share is a mean with the middle nine tenths of the draws.",
                "17 of 18 is what a flight ban once cost in outlying posts.",
            ),
            Figure("failing", title, drawn,
                   sheet(title, heads, rows, numeric=range(1, 7), folded=True)),
        ),
    )  # fmt: skip


def hanging(plan: Plan) -> Section:
    """Return the tornado: which assumptions the outcome hangs on most."""
    tried = plan.sensitivity
    if tried.is_empty():
        return Section("sensitivity", "What it hangs on", (said("Not tried in a quick plan."),))
    twice = Outcome(
        "share of the band in range of two or more", plan.standing.seen.twice, share, _round
    )
    long = of_line(plan.asked.ground.line_km)
    figures = [_tornado(tried, "twice", twice, "hang-seen", long)]
    mean = plan.answering.mean_h()
    if mean is not None:
        late = Outcome("mean hours until people are there, by day", mean, _hours_said, _hours_said)
        figures.append(_tornado(tried, "mean_h", late, "hang-hours", long))
    return Section(
        "sensitivity",
        "What it hangs on",
        (
            said(
                "One assumption at a time, the plan made again at both ends of its range. The "
                "numbers at the ends of a bar are the values tried; the upright line is the plan.",
            ),
            *figures,
            _tried(tried),
        ),
    )


def _round(value: float) -> str:
    return f"{value * 100:g} %"


def _hours_said(value: float) -> str:
    return f"{value:.1f} h"


def _tornado(table: pl.DataFrame, outcome: str, shown: Outcome, ident: str, long: str) -> Figure:
    wide = spread(table, outcome, shown.base)
    title = f"One assumption at a time on {long}: {shown.words}"

    def drawn(width: float, name: str) -> str | None:
        return tornado(wide, shown, width=width, ident=name, title=title)

    def said_of(value: float | None) -> Cell:
        return Cell("never") if value is None else Cell(shown.written(value), value)

    rows = [
        (r["words"], r["unit"], f"{r['at_low']:g}", said_of(r["low"]), f"{r['at_high']:g}",
         said_of(r["high"]))
        for r in wide.to_dicts()
    ]  # fmt: skip
    heads = ("assumption", "unit", "low", "outcome", "high", "outcome")
    return Figure(ident, title, drawn,
                  sheet(title, heads, rows, numeric=range(2, 6), folded=True))  # fmt: skip


def _tried(table: pl.DataFrame) -> Sheet:
    rows = [
        (r["words"], f"{r['value']:g} {r['unit']}", percent(r["once"]), percent(r["twice"]),
         percent(r["in_time"]), hours(r["mean_h"]), r["source"])
        for r in table.to_dicts()
    ]  # fmt: skip
    heads = ("assumption", "tried", "in range", "of two", "in time", "mean h", "range from")
    return sheet("Every assumption tried", heads, rows, numeric=range(2, 6), folded=True)
