"""The page of polls: what people were asked, in which words, and where the sign turned."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from truceline.publish.draw.statements.opinion import Asked, poll_bars
from truceline.publish.statements.shell import figure, page, rows_csv, table

_WIDE, _NARROW = 920.0, 328.0
_LENGTH: Final = {"day": 10, "month": 7, "year": 4}
_HEADS: Final = (
    "Country", "Date", "Pollster", "For whom", "Asked about", "For, %", "Against, %",
    "Don't know, %", "Asked", "Margin", "Sign turns", "Source",
)  # fmt: skip


@dataclass(frozen=True)
class PollsView:
    """What the page shows.

    Attributes
    ----------
    polls : polars.DataFrame
        From `poll_signs`.
    embed : str
        Address under which the figure alone can be framed, or nothing.
    """

    polls: pl.DataFrame
    embed: str = ""


def polls_page(view: PollsView) -> str:
    """Return the page as one HTML file that needs nothing else."""
    body = (
        '<a class="skip" href="#polls">To the polls</a>'
        '<header><p class="kind">Register of statements</p><h1>What people think</h1>'
        f'<p class="lead">{html.escape(_lead(view.polls))}</p></header><main>'
        f'<section id="polls"><h2>For and against</h2>{polls_figure(view)}</section>'
        f"<section><h2>Where the sign turned</h2>{_turns(view.polls)}</section></main>"
        "<footer><p>Questions differ between polls, so a turn may be one of wording. A share "
        "that was not published is hatched: it is not none. The margin is for less against, in "
        "points.</p></footer>"
    )
    return page("What people think", body)


def polls_figure(view: PollsView) -> str:
    """Return the figure of all polls with its table."""
    asked = [
        Asked(r["country"], _day(r), r["question"], r["support_pct"], r["oppose_pct"],
              r["flips"], r["other_wording"])
        for r in view.polls.iter_rows(named=True)
    ]  # fmt: skip
    caption = "Every poll, by country and date"
    wide, narrow = (
        poll_bars(asked, width=width, ident=f"polls-{i}", title=caption)
        for i, width in enumerate((_WIDE, _NARROW))
    )
    rows = [
        [r["country"], _day(r), r["pollster"], r["client"] or "not named", r["question"],
         _plain(r["support_pct"]), _plain(r["oppose_pct"]), _plain(r["dont_know_pct"]),
         _plain(r["n"]), _signed(r["margin_points"]), _turned(r), r["source"]]
        for r in view.polls.iter_rows(named=True)
    ]  # fmt: skip
    beside = table("Polls, with their wording", _HEADS, rows, (5, 6, 7, 8, 9))
    csv = rows_csv(view.polls.columns, list(view.polls.iter_rows()))
    return figure(caption, wide, narrow, "polls", beside, csv=csv, embed=view.embed)


def _lead(polls: pl.DataFrame) -> str:
    turned = polls.filter("flips")
    places = turned["country"].unique(maintain_order=True).to_list()
    words = turned.filter("other_wording").height
    often = {1: "once", 2: "twice"}.get(turned.height, f"{turned.height} times")
    said = (
        f"The sign turns {often}, in {', '.join(places)}; in {words} of these the "
        "question was another one."
        if turned.height
        else "The sign turns in none of the countries."
    )
    return f"{polls.height} polls in {polls['country'].n_unique()} countries. {said}"


def _turns(polls: pl.DataFrame) -> str:
    items = []
    for country in polls["country"].unique(maintain_order=True):
        known = polls.filter(pl.col("country") == country, pl.col("margin_points").is_not_null())
        if known.height < 2:
            continue
        steps = "; then ".join(_step(r) for r in known.iter_rows(named=True))
        items.append(f"<li><strong>{html.escape(country)}</strong>: {html.escape(steps)}.</li>")
    if not items:
        return "<p>No country has two polls with a known sign.</p>"
    return f"<ul>{''.join(items)}</ul>"


def _step(row: dict[str, Any]) -> str:
    return (
        f"{row['support_pct']:.0f} to {row['oppose_pct']:.0f} ({_day(row)}, {row['pollster']}: "
        f"{row['question']})"
    )


def _turned(row: dict[str, Any]) -> str:
    if not row["flips"]:
        return "no"
    return "yes, other wording" if row["other_wording"] else "yes"


def _day(row: dict[str, Any]) -> str:
    length = _LENGTH.get(row["date_precision"], 0)
    return row["date"].isoformat()[:length] if row["date"] is not None else "undated"


def _plain(value: float | None) -> str | None:
    return None if value is None else f"{value:,.0f}"


def _signed(value: float | None) -> str | None:
    return None if value is None else f"{value:+.0f}".replace("-", "\u2212")
