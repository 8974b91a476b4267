"""The page of positions: what each nation said it would do for a force, and when that changed."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from truceline.accounts.statements.contributions import contributions_yaml
from truceline.accounts.statements.positions import positions_on
from truceline.publish.draw.statements.stances import STANCE_WORDS, Stated, stance_rows
from truceline.publish.statements.shell import download, figure, page, rows_csv, table

_WIDE, _NARROW = 920.0, 328.0
_LATEST_HEADS: Final = (
    "Nation", "Would do", "Stance", "Caveat", "Troops named", "Stated on", "Changed",
)  # fmt: skip
_HISTORY_HEADS: Final = ("Stated on", "Would do", "In own words", "Caveat", "Troops named",
                         "Source")  # fmt: skip


@dataclass(frozen=True)
class PositionsView:
    """What the page shows.

    Attributes
    ----------
    positions : polars.DataFrame
        Every position, of the schema `POSITIONS`.
    day : date
        The day it is as of.
    embed : str
        Address under which the figure alone can be framed, or nothing.
    """

    positions: pl.DataFrame
    day: dt.date
    embed: str = ""


def positions_page(view: PositionsView) -> str:
    """Return the page as one HTML file that needs nothing else."""
    names = nations_of(view.positions)
    body = (
        '<a class="skip" href="#latest">To the latest positions</a>'
        '<header><p class="kind">Register of statements</p><h1>Who would do what</h1>'
        f'<p class="lead">{html.escape(_lead(view))}</p>{_links(view)}</header><main>'
        f'<section id="latest"><h2>Over time</h2>{positions_figure(view)}</section>'
        f"{_histories(view, names)}</main><footer><p>A position is what a nation said, in own "
        "words, with its source. A figure of the press that no nation stated is marked small and "
        "replaces nothing. Undated positions stand last. The same form holds for every nation."
        "</p></footer>"
    )
    return page("Who would do what", body)


def positions_figure(view: PositionsView) -> str:
    """Return the figure of all nations over time, with the latest position of each as a table."""
    histories = _dated(view)
    caption = f"Every position stated to {view.day}, and the latest in words"
    wide, narrow = (
        stance_rows(
            histories, last=view.day, width=width, ident=f"stances-{i}", title=caption,
            link="#n-{place}",
        )
        for i, width in enumerate((_WIDE, _NARROW))
    )  # fmt: skip
    rows = [
        [r["nation"], r["role"], STANCE_WORDS[r["stance"]], r["caveat"] or "none stated",
         troops(r), r["date"], "yes" if r["changed"] else "no"]
        for r in positions_on(view.positions, view.day).iter_rows(named=True)
    ]  # fmt: skip
    beside = table(f"The latest position of each nation on {view.day}", _LATEST_HEADS, rows, (4,))
    csv = rows_csv(_LATEST_HEADS, rows)
    return figure(caption, wide, narrow, "positions", beside, csv=csv, embed=view.embed)


def nations_of(positions: pl.DataFrame) -> list[str]:
    """Return the nations in the order of the page."""
    return sorted(positions["nation"].unique().to_list())


def troops(row: Mapping[str, Any]) -> str:
    """Return the troops that a position names, in words."""
    low, high = row["troops_min"], row["troops_max"]
    if low is None and high is None:
        return "not named"
    if not high and not low:
        return "none"
    ends = [f"{value:,.0f}" for value in (low, high) if value is not None]
    if low is None:
        return f"up to {ends[0]}"
    return f"{ends[0]} or more" if high is None else " to ".join(dict.fromkeys(ends))


def _lead(view: PositionsView) -> str:
    latest = positions_on(view.positions, view.day)
    counts = latest["stance"].value_counts().sort(["count", "stance"], descending=[True, False])
    told = ", ".join(f"{n} {STANCE_WORDS[s]}" for s, n in counts.iter_rows())
    changed = latest.filter("changed")["nation"].to_list()
    turned = f" Their last word differs from the one before: {', '.join(changed)}."
    return (
        f"{view.positions.height} positions of {view.positions['nation'].n_unique()} nations or "
        f"groups. On {view.day}, by their own last word: {told}.{turned if changed else ''}"
    )


def _links(view: PositionsView) -> str:
    whole = rows_csv(view.positions.columns, list(view.positions.iter_rows()))
    force = contributions_yaml(view.positions, title="Positions as stated")
    items = (
        download("Every position (CSV)", "positions.csv", "text/csv", whole),
        download("As contributions to a force (YAML)", "coalition.yaml", "text/yaml", force),
    )
    return f'<ul class="links">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def _dated(view: PositionsView) -> dict[str, list[Stated]]:
    known = view.positions.filter(pl.col("date") <= view.day).sort("date", maintain_order=True)
    return {
        nation: [
            Stated(r["date"], r["stance"], r["official"], f"{r['role']}. {r['position']}")
            for r in known.filter(nation=nation).iter_rows(named=True)
        ]
        for nation in nations_of(view.positions)
    }


def _histories(view: PositionsView, names: list[str]) -> str:
    parts = "".join(
        f'<section id="n-{place}"><h3>{html.escape(nation)}</h3>'
        f"{_history(nation, view.positions.filter(nation=nation))}</section>"
        for place, nation in enumerate(names, start=1)
    )
    return f"<section><h2>Nation by nation</h2>{parts}</section>"


def _history(nation: str, rows: pl.DataFrame) -> str:
    newest = rows.sort("date", descending=True, nulls_last=True, maintain_order=True)
    listed = [
        [r["date"] or "undated", r["role"], r["position"], r["caveat"] or "none stated",
         troops(r), r["source"] if r["official"] else f"press figure: {r['source']}"]
        for r in newest.iter_rows(named=True)
    ]  # fmt: skip
    return table(f"{nation}, newest first", _HISTORY_HEADS, listed, (4,))
