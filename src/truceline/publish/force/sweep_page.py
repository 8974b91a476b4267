"""The page of a sweep: what each force buys, on what assumptions, in one file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl

from truceline.force.posts.factors import factors_table
from truceline.force.presence import ALLOTMENT, Mix, presence_per_100km
from truceline.publish.draw.force.changes import changes_chart
from truceline.publish.draw.sweeps import sweep_chart
from truceline.publish.statements.shell import figure, page, table
from truceline.rehearsal.sweeps.running import Sweep

_WIDE, _NARROW = 880.0, 460.0


def sweep_page(
    sweep: Sweep, summary: pl.DataFrame, gains: pl.DataFrame, stress: pl.DataFrame
) -> str:
    """Return the page as HTML that opens offline.

    Parameters
    ----------
    sweep : Sweep
        What was compared.
    summary, gains : polars.DataFrame
        From `rehearsal.sweeps.summary`.
    stress : polars.DataFrame
        From `rehearsal.sweeps.stress`; without rows where nothing was put to the test.
    """
    title = f"What a force buys on {sweep.line_km:,.0f} km"
    caption = "Violations found, verified and attributed, by the size of the force"
    pictures = figure(
        caption,
        sweep_chart(summary, width=_WIDE, ident="wide", title=caption),
        sweep_chart(summary, width=_NARROW, ident="narrow", title=caption),
        "sweep",
        _shares(summary),
    )
    body = (
        f'<header><p class="kind">Rehearsal. Nothing in it happened.</p><h1>{escape(title)}</h1>'
        f'<p class="lead">{escape(lead(sweep, summary))}</p></header><main>'
        f"{pictures}<h2>How soon, and what is left</h2>{_times(summary)}"
        f"<h2>What the next step buys</h2>{_gains(gains)}{_stress(stress)}"
        f"<h2>What each force puts on the line</h2>{_presence(sweep.forces, sweep.line_km)}"
        f"<h2>On what it rests</h2>{_factors()}{_limits(sweep)}</main>"
    )
    return page(title, body)


def lead(sweep: Sweep, summary: pl.DataFrame) -> str:
    """Return the answer in a sentence or two, from the table."""
    rows = summary.sort("people").to_dicts()
    said = "; ".join(
        f"{row['force']} ({row['people_per_km']:.1f} a km) {row['found']:.0%}, "
        f"{row['verified']:.0%} and {row['attributed']:.0%}"
        for row in rows
    )
    return (
        "Of all violations in the rehearsed truces, the share found, verified by the mission's "
        f"own people or sensors, and rightly attributed: {said}. The line is "
        f"{sweep.line_km:,.0f} km."
    )


def _percent(row: dict[str, Any], name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    if low is None or high is None:
        return f"{row[name]:.0%}"
    return f"{row[name]:.0%} ({max(low, 0):.0%} to {min(high, 1):.0%})"


def _shares(summary: pl.DataFrame) -> str:
    heads = ["force", "people", "a km", "truces", "violations", "anyone saw", "found", "verified",
             "attributed"]  # fmt: skip
    rows = [
        [
            r["force"], f"{r['people']:,.0f}", f"{r['people_per_km']:.1f}", r["truces"],
            r["violations"], _percent(r, "seen"), _percent(r, "found"), _percent(r, "verified"),
            _percent(r, "attributed"),
        ]
        for r in summary.to_dicts()
    ]  # fmt: skip
    return table("Shares of all violations; 90 % intervals over truces", heads, rows, range(1, 9))


def _times(summary: pl.DataFrame) -> str:
    def hours(value: float | None) -> str:
        return "never" if value is None else f"{value:.1f}"

    heads = ["force", "hours to the first report", "hours to its own", "impacts not watched"]
    rows = [
        [r["force"], hours(r["hours_to_found"]), hours(r["hours_to_verified"]),
         _percent(r, "unwatched")]
        for r in summary.to_dicts()
    ]  # fmt: skip
    return table("Medians over the violations that were found, or verified", heads, rows, (1, 2, 3))


def _gains(gains: pl.DataFrame) -> str:
    def points(value: float | None) -> str:
        return "not known" if value is None or value != value else f"{100 * value:+.1f}"

    heads = ["from", "to", "people more", "gain", "low", "high", "a battalion of 600"]
    rows = [
        [r["from_force"], r["to_force"], f"{r['people_more']:,.0f}", points(r["gain"]),
         points(r["low"]), points(r["high"]), points(r["per_battalion"])]
        for r in gains.to_dicts()
    ]  # fmt: skip
    return table("Share verified, in points of a hundred, truce by truce", heads, rows, range(2, 7))


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
        wide, narrow = (
            changes_chart(rows, "verified", width=width, ident=f"{family}-{ident}", title=caption)
            for width, ident in ((_WIDE, "wide"), (_NARROW, "narrow"))
        )
        parts.append(f"<h2>{escape(caption)}</h2>")
        parts.append(figure(caption, wide or "", narrow or "", family, _changes_table(rows)))
    return "".join(parts)


def _changes_table(stress: pl.DataFrame) -> str:
    """Return the rows of a test as a table: shares, and their changes with intervals."""

    def change(row: dict[str, float | None], name: str) -> str:
        middle, low, high = (row[f"{name}_change{end}"] for end in ("", "_low", "_high"))
        if middle is None:
            return "not known"
        interval = "" if low is None else f" ({100 * low:+.1f} to {100 * (high or 0):+.1f})"
        return f"{100 * middle:+.1f}{interval}"

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
    heads = ["force", "patrols a day", "cameras and posts", "drone sorties a day", "arrays", "from"]
    rows = []
    for force in forces:
        there = presence_per_100km(force, line_km)
        kinds = ("patrol", "camera", "uav", "acoustic")
        rows.append([force.name, *(f"{there[kind]:.1f}" for kind in kinds), force.source or "made"])
    return table("On 100 km of line", heads, rows, range(1, 5))


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
