"""The page of a sweep: what each force buys, on what assumptions, in one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import polars as pl

from truceline.force.planning.clocks import CELL
from truceline.force.posts.factors import factors_table
from truceline.force.presence import ALLOTMENT, Mix, presence_per_100km
from truceline.publish.draw.force.changes import changes_chart, widest_first
from truceline.publish.draw.force.late_steps import late_steps
from truceline.publish.draw.sweeps import sweep_chart
from truceline.publish.force.sweep_words import (
    STEP_WORDS,
    clock_rows,
    percent_between,
    points_between,
    steps_drawn,
)
from truceline.publish.statements.shell import figure, page, table
from truceline.rehearsal.sweeps.running import Sweep

_WIDE, _NARROW = 880.0, 460.0


@dataclass(frozen=True)
class Told:
    """The tables of a sweep.

    Attributes
    ----------
    summary, gains : polars.DataFrame
        From `rehearsal.sweeps.summary`.
    clocks : polars.DataFrame
        From `rehearsal.sweeps.ladder`.
    stress : polars.DataFrame
        From `rehearsal.sweeps.stress`; without rows where nothing was put to the test.
    """

    summary: pl.DataFrame
    gains: pl.DataFrame
    clocks: pl.DataFrame
    stress: pl.DataFrame


def sweep_page(sweep: Sweep, told: Told) -> str:
    """Return the page as HTML that opens offline."""
    title = f"What a force buys on {sweep.line_km:,.0f} km"
    caption = "Violations found, verified and attributed, by the size of the force"
    pictures = figure(
        caption,
        sweep_chart(told.summary, width=_WIDE, ident="wide", title=caption),
        sweep_chart(told.summary, width=_NARROW, ident="narrow", title=caption),
        "sweep",
        _shares(told.summary),
    )
    body = (
        f'<header><p class="kind">Rehearsal. Nothing in it happened.</p><h1>{escape(title)}</h1>'
        f'<p class="lead">{escape(lead(sweep, told.summary))}</p></header><main>'
        f"{pictures}<h2>How soon, and what is left</h2>{_times(told.summary)}"
        f"<h2>What the next step buys</h2>{_steps(told.gains)}"
        f"<h2>The ladder\u2019s clocks</h2>{_clocks(told.clocks)}{_stress(told.stress)}"
        f"<h2>What each force puts on the line</h2>{_presence(sweep.forces, sweep.line_km)}"
        f"<h2>On what it rests</h2>{_factors()}{_limits(sweep)}</main>"
    )
    return page(title, body)


def lead(sweep: Sweep, summary: pl.DataFrame) -> str:
    """Return the answer in a few sentences, from the table: ends, middle, and the best."""
    rows = summary.sort("people").to_dicts()
    best = max(rows, key=lambda row: row["verified"])
    few = [rows[0], rows[len(rows) // 2], rows[-1], best]
    told = list({row["force"]: row for row in few}.values())
    said = "; ".join(
        f"{row['force']} ({row['people_per_km']:.1f} people a km) {row['found']:.0%}, "
        f"{row['verified']:.0%} and {row['attributed']:.0%}"
        for row in sorted(told, key=lambda row: row["people"])
    )
    most = f"Most are verified by {best['force']}. " if len(rows) > 1 else ""
    some = len(rows) > len(told)
    whose = f", for {len(told)} of {len(rows)} forces" if some else ""
    return (
        "Of all violations in the rehearsed truces, the share found, verified by the mission's "
        f"own people or sensors, and rightly attributed{whose}: {said}. "
        f"{most}The line is {sweep.line_km:,.0f} km."
    )


def _shares(summary: pl.DataFrame) -> str:
    heads = ["force", "people", "a km", "cameras", "arrays", "truces", "violations", "anyone saw",
             "found", "verified", "attributed"]  # fmt: skip
    rows = [
        [
            r["force"], f"{r['people']:,.0f}", f"{r['people_per_km']:.1f}",
            f"{r['cameras']:,.0f}", f"{r['arrays']:,.0f}", r["truces"], r["violations"],
            *(percent_between(r, name) for name in ("seen", "found", "verified", "attributed")),
        ]
        for r in summary.to_dicts()
    ]  # fmt: skip
    return table("Shares of all violations; 90 % intervals over truces", heads, rows, range(1, 11))


def _times(summary: pl.DataFrame) -> str:
    def hours(value: float | None) -> str:
        return "never" if value is None else f"{value:.1f}"

    heads = ["force", "hours to the first report", "to its own", "to the last a name rests on",
             "impacts not watched"]  # fmt: skip
    rows = [
        [r["force"], hours(r["hours_to_found"]), hours(r["hours_to_verified"]),
         hours(r["hours_to_attributed"]), percent_between(r, "unwatched")]
        for r in summary.to_dicts()
    ]  # fmt: skip
    caption = "Medians over the violations that were found, verified, or rightly attributed"
    return table(caption, heads, rows, range(1, 5))


def _steps(gains: pl.DataFrame) -> str:
    """Return what the next battalion and the next hundred sensors add, drawn and as a table."""
    if gains.is_empty():
        return "<p>No two forces differ in one thing only.</p>"
    heads = ["from", "to", "more", "gain", "for one step", "the step"]
    rows = [
        [r["from_force"], r["to_force"], f"{r['number']:,.0f} {r['more']}",
         points_between(r["gain"], r["low"], r["high"]),
         points_between(r["per_step"], r["step_low"], r["step_high"]), STEP_WORDS[r["more"]]]
        for r in gains.to_dicts()
    ]  # fmt: skip
    beside = table("Share verified, in points of a hundred; 90 % intervals over truces", heads,
                   rows, range(2, 5))  # fmt: skip
    asked = (
        ("people", "What the next battalion of 600 adds to the share verified", ["people"]),
        ("sensors", "What the next hundred sensors add to it", ["cameras", "arrays"]),
    )
    parts = []
    for name, caption, more in asked:
        drawn = steps_drawn(gains, more)
        if not drawn.is_empty():
            parts.append(_changes_figure(drawn, f"step-{name}", caption, beside, "for one step"))
    return "".join(parts)


def _clocks(clocks: pl.DataFrame) -> str:
    caption = "Share of each step on time, with all that the force finds on the whole line"
    heads, rows = clock_rows(clocks)
    wide, narrow = (
        late_steps(clocks, width=width, ident=f"clocks-{ident}", title=caption,
                   rows="force", columns="step", head="step of the ladder")
        for width, ident in ((_WIDE, "wide"), (_NARROW, "narrow"))
    )  # fmt: skip
    return (
        "<p>Every violation found starts the ladder. A step that needs more time than its people "
        "have is saturated: it has no average, nor have those behind it. The commission's cell of "
        f"{CELL:g} is the same for every force, so that who finds more may be who is late.</p>"
        + figure(caption, wide, narrow, "ladder", table(caption, heads, rows, range(1, 6)))
    )


def _changes_figure(rows: pl.DataFrame, name: str, caption: str, beside: str, against: str) -> str:
    wide, narrow = (
        changes_chart(rows, "verified", width=width, ident=f"{name}-{ident}", title=caption,
                      against=against)
        for width, ident in ((_WIDE, "wide"), (_NARROW, "narrow"))
    )  # fmt: skip
    return figure(caption, wide or "", narrow or "", name, beside)


def _stress(stress: pl.DataFrame) -> str:
    if stress.is_empty():
        return ""
    base = stress["base"][0]
    asked = (
        ("loss", f"What {base} still verify when something fails"),
        ("assumption", f"What the share that {base} verify hangs on"),
    )
    parts = []
    for family, caption in asked:
        rows = stress.filter(family=family)
        if rows.is_empty():
            continue
        parts.append(f"<h2>{escape(caption)}</h2>")
        drawn, beside = widest_first(rows, "verified"), _changes_table(rows)
        parts.append(
            _changes_figure(drawn, family, caption, beside, "against the force as planned")
        )
    return "".join(parts)


def _changes_table(stress: pl.DataFrame) -> str:
    """Return the rows of a test as a table: shares, and their changes with intervals."""

    def change(row: dict[str, float | None], name: str) -> str:
        return points_between(*(row[f"{name}_change{end}"] for end in ("", "_low", "_high")))

    heads = ["what", "tried", "truces", "verified", "change, points", "found", "attributed",
             "not watched"]  # fmt: skip
    rows = [
        [r["what"], r["tried"], r["truces"], f"{r['verified']:.0%}", change(r, "verified"),
         change(r, "found"), change(r, "attributed"), change(r, "unwatched")]
        for r in stress.to_dicts()
    ]  # fmt: skip
    return table("Against the force as planned; 90 % intervals of the difference over truces",
                 heads, rows, range(2, 8))  # fmt: skip


def _presence(forces: Sequence[Mix], line_km: float) -> str:
    heads = ["force", "patrols a day", "cameras and posts", "drone sorties a day", "arrays",
             "hotline desks", "from"]  # fmt: skip
    rows = []
    for force in forces:
        there = presence_per_100km(force, line_km)
        kinds = ("patrol", "camera", "uav", "acoustic", "hotline")
        rows.append([force.name, *(f"{there[kind]:.1f}" for kind in kinds), force.source or "made"])
    return table("On 100 km of line", heads, rows, range(1, 6))


def _factors() -> str:
    heads = ["factor", "taken", "unit", "basis", "source"]
    rows: list[list[object]] = [
        [f"share of the people: {task}", f"{value:g} ({low:g} to {high:g})", "share", "assumed",
         "the planner's"]
        for task, (value, low, high) in ALLOTMENT.items()
    ]  # fmt: skip
    rows += [
        [r["factor"], f"{r['value']:g}", r["unit"], r["basis"], r["source"]]
        for r in factors_table().to_dicts()
    ]
    return table("What turns people into presence", heads, rows, (1,))


def _limits(sweep: Sweep) -> str:
    return (
        f'<p class="note">Rehearsed: {sweep.stretch_km:g} km as a sample of the line, '
        f"{sweep.days:g} days of the scenario {escape(sweep.scenario)}, {len(sweep.seeds)} truces, "
        "the same for every force. Satellites, newspapers and both parties' reports are there for "
        "all of them, which is why a small force finds much that it cannot verify. The force "
        "deters nobody here: acts are the same whoever watches. Terrain is flat.</p>"
    )
