"""A page on a roster: who is missing where and when, and who serves which tour."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import polars as pl

from truceline.force.roster.model import Question, Roster, presence
from truceline.publish.draw.force.rotation_chart import rotation_chart
from truceline.publish.statements.shell import figure, page, rows_csv, table

_WIDE, _NARROW = 880.0, 460.0


def roster_page(question: Question, roster: Roster, clashing: Sequence[str], divided: bool) -> str:
    """Return the page as HTML that opens offline.

    Parameters
    ----------
    clashing : sequence of str
        From `clashes`: what no roster can meet.
    divided : bool
        Whether a unit may stand in several places.
    """
    title = f"A roster of {question.units.height} units over {question.months} months"
    caption = "People there month by month, by kind; who is missing is hatched"
    months = monthly(question, roster)
    panels = {
        str(kind): months.filter(pl.col("kind") == kind).drop("kind")
        for kind in months["kind"].unique(maintain_order=True)
    }
    years, heads = _half_years(months), ("kind", "months", "needed", "there, mean", "there, least")
    pictures = figure(
        caption,
        rotation_chart(panels, width=_WIDE, ident="wide", title=caption),
        rotation_chart(panels, width=_NARROW, ident="narrow", title=caption),
        "roster",
        table("People there, by half year", heads, years, numeric=range(2, 5)),
        csv=rows_csv(months.columns, months.rows()),
    )
    said = "".join(f"<li>{escape(line)}</li>" for line in clashing)
    body = (
        f'<header><p class="kind">Plan</p><h1>{escape(title)}</h1>'
        f'<p class="lead">{escape(lead(question, roster, divided))}</p></header><main>{pictures}'
        + (f"<h2>What no roster can meet</h2><ul>{said}</ul>" if said else "")
        + f"<h2>Who is missing</h2>{_gaps(roster)}<h2>Who serves</h2>{_tours(roster)}</main>"
    )
    return page(title, body)


def lead(question: Question, roster: Roster, divided: bool) -> str:
    """Return the answer in two sentences."""
    if roster.needed <= 0:
        return "Nobody is needed."
    met, most = roster.met / roster.needed, roster.bound / roster.needed
    how = "divided among places" if divided else "whole in one place"
    return (
        f"Of {roster.needed:,.0f} person-months in {question.slots.height} places {met:.1%} are "
        f"met with units {how}. No such roster can meet more than {most:.1%}."
    )


def monthly(question: Question, roster: Roster) -> pl.DataFrame:
    """Return kind, month, needed and present; people beyond the need of a place do not count."""
    need = question.need()
    there = np.minimum(presence(question, roster.tours), need)
    kinds = question.slots["kind"].to_list()
    rows = [
        (kind, month, float(need[at, month].sum()), float(there[at, month].sum()))
        for kind in dict.fromkeys(kinds)
        for at in [[i for i, own in enumerate(kinds) if own == kind]]
        for month in range(question.months)
    ]
    return pl.DataFrame(rows, schema=["kind", "month", "needed", "present"], orient="row")


def _half_years(months: pl.DataFrame) -> list[tuple[object, ...]]:
    halves = (
        months.with_columns(half=pl.col("month") // 6)
        .group_by("kind", "half", maintain_order=True)
        .agg(pl.col("needed").mean(), pl.col("present").mean(), least=pl.col("present").min())
    )
    return [
        (r["kind"], f"{6 * r['half']} to {6 * r['half'] + 5}", f"{r['needed']:,.0f}",
         f"{r['present']:,.0f}", f"{r['least']:,.0f}")
        for r in halves.to_dicts()
    ]  # fmt: skip


def _gaps(roster: Roster) -> str:
    if roster.gaps.is_empty():
        return "<p>Nobody.</p>"
    rows = (
        roster.gaps.group_by("slot", "kind", maintain_order=True)
        .agg(pl.len(), pl.col("short").mean(), worst=pl.col("short").max(),
             first=pl.col("month").min())
        .sort("worst", descending=True, maintain_order=True)
        .rows()
    )  # fmt: skip
    heads = ("place", "kind", "months short", "short, mean", "short, most", "first month")
    cells = [
        (s, k, n, f"{mean:,.0f}", f"{most:,.0f}", first) for s, k, n, mean, most, first in rows
    ]
    return table("Places that are short of people", heads, cells, numeric=range(2, 6))


def _tours(roster: Roster) -> str:
    columns = ("nation", "unit_id", "slot", "kind", "persons", "month_start", "month_end")
    cells = [
        (nation, unit, slot, kind, f"{people:,.0f}", start, end - 1)
        for nation, unit, slot, kind, people, start, end in roster.tours.sort(
            "nation", "unit_id", "month_start", "slot"
        ).select(columns).iter_rows()
    ]  # fmt: skip
    heads = ("nation", "unit", "place", "kind", "people", "first month", "last month")
    return table("Tours", heads, cells, numeric=range(4, 7))
