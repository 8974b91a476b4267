"""The register as one page: counts, timeline, outcomes, positions, polls, every statement."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

import polars as pl

from truceline.accounts.statements.answers import outcome_sentence, tally
from truceline.accounts.statements.exports import register_csv
from truceline.accounts.statements.vocabulary import OUTCOMES
from truceline.publish.draw.statements.readings import Bar, value_bars
from truceline.publish.draw.statements.timeline import Event, small_multiples, timeline
from truceline.publish.statements.listing import statement_list
from truceline.publish.statements.polls_page import PollsView, polls_figure
from truceline.publish.statements.positions_page import troops
from truceline.publish.statements.shell import download, figure, page, rows_csv, table

_WIDE, _NARROW = 920.0, 328.0


@dataclass(frozen=True)
class RegisterView:
    """All that the page shows.

    Attributes
    ----------
    title : str
        The page's name.
    rows : polars.DataFrame
        The statements with `outcome`, `outcome_reason` and `coders`.
    counts : polars.DataFrame
        From `narrowed_counts`.
    shares : polars.DataFrame
        From `outcome_shares`.
    start, end : date
        The period of the counts.
    alpha : float or None
        Agreement of the coders, and of how many units it is.
    coded_twice : int
        Statements that two people coded.
    positions, polls : polars.DataFrame or None
        From `positions_on` and `poll_signs`.
    events : sequence of Event
        Marked on the timeline.
    embed : str
        Address of a frame of one figure, to which the figure's name is added, or nothing.
    """

    title: str
    rows: pl.DataFrame
    counts: pl.DataFrame
    shares: pl.DataFrame
    start: dt.date
    end: dt.date
    alpha: float | None = None
    coded_twice: int = 0
    positions: pl.DataFrame | None = None
    polls: pl.DataFrame | None = None
    events: Sequence[Event] = field(default_factory=tuple)
    embed: str = ""


def register_page(view: RegisterView) -> str:
    """Return the page as one HTML file that needs nothing else."""
    body = (
        '<a class="skip" href="#register">To the statements</a>'
        f'<header><p class="kind">Register of statements</p><h1>{html.escape(view.title)}</h1>'
        f'<p class="lead">{html.escape(_lead(view))}</p>{_links(view)}</header><main>'
        f"<section><h2>How many</h2>{counts_figure(view)}{_tallies(view)}</section>"
        f"<section><h2>When and who</h2>{timeline_figure(view)}{speakers_figure(view)}</section>"
        f"{_outcomes(view)}{_positions(view)}{_polls(view)}"
        f"{statement_list(view.rows)}</main>{_foot()}"
    )
    script = (resources.files("truceline.publish.statements") / "templates" / "page.js").read_text(
        encoding="utf-8"
    )
    return page(view.title, body, script=script)


def _lead(view: RegisterView) -> str:
    row = view.counts.row(0, named=True)
    narrow = view.counts.filter(pl.col("count") == pl.col("count").min()).row(0, named=True)
    return (
        f"{view.rows.height} statements. Between {view.start} and {view.end}: {row['count']} on "
        f"the widest count, {narrow['count']} on the narrowest ({narrow['reading']}). "
        f"{outcome_sentence(view.shares)}"
    )


def _links(view: RegisterView) -> str:
    csv = download("The register (CSV)", "statements.csv", "text/csv", register_csv(view.rows))
    counts = view.counts.drop("years").write_csv()
    return (
        f'<ul class="links"><li>{csv}</li><li>'
        f"{download('The counts (CSV)', 'counts.csv', 'text/csv', counts)}</li></ul>"
    )


def counts_figure(view: RegisterView) -> str:
    """Return how many statements there are, from the widest count to the narrowest."""
    bars = [Bar(f"{r['reading']}: {r['meaning']}", float(r["count"])) for r in
            view.counts.iter_rows(named=True)]  # fmt: skip
    years = [str(y["year"]) for y in view.counts.row(0, named=True)["years"]]
    rows = [
        [r["reading"], r["meaning"], r["count"], *(y["count"] for y in r["years"])]
        for r in view.counts.iter_rows(named=True)
    ]
    beside = table(
        f"Statements, {view.start} to {view.end}",
        ["Reading", "What is counted", "All", *years],
        rows,
        range(2, 3 + len(years)),
    )
    caption = f"How many, by what is counted ({view.start} to {view.end})"
    pictures = _both(bars, ident="counts", title=caption, unit="statements")
    csv = rows_csv(["reading", "meaning", "all", *years], rows)
    return figure(caption, *pictures, "counts", beside, csv=csv, embed=_framed(view, "counts"))


def _tallies(view: RegisterView) -> str:
    repeated = pl.when(pl.col("repeats").list.len() > 0).then(pl.lit("repeats an earlier one"))
    rows = view.rows.with_columns(repeated.otherwise(pl.lit("says it first")).alias("repeated"))
    return "".join(
        table(
            f"{name} (share with its 90 % interval)",
            [head, "Statements", "Share", "Interval"],
            [_tally_row(row) for row in tally(rows, column).iter_rows(named=True)],
            (1, 2, 3),
        )
        for name, head, column in (
            ("Of what kind", "Kind", "kind"),
            ("How often a condition is named", "Condition", "conditionality"),
            ("How often repeated, as far as it is coded", "Repeated", "repeated"),
        )
    )


def _tally_row(row: Mapping[str, object]) -> list[object]:
    if row["share"] is None:
        return ["not coded", row["count"], "", ""]
    return [
        str(row["value"]).replace("_", " "),
        row["count"],
        f"{row['share']:.0%}",
        f"{row['low']:.0%} to {row['high']:.0%}",
    ]


def timeline_figure(view: RegisterView) -> str:
    """Return statements by month, by how plainly they are spoken, with events."""
    recent = view.rows.filter(pl.col("date").is_null() | (pl.col("date") >= view.start))
    caption = f"When: statements by month since {view.start}"
    wide, narrow = (
        timeline(recent, width=width, ident=f"time-{i}", title=caption, events=view.events)
        for i, width in enumerate((_WIDE, _NARROW))
    )
    dated = view.rows.filter(pl.col("date").is_not_null())
    months = (
        dated.group_by(pl.col("date").dt.strftime("%Y-%m").alias("month"))
        .agg(pl.len().alias("n"), (pl.col("strength") == "explicit").sum().alias("plain"))
        .sort("month")
    )
    beside = table(
        "By month", ["Month", "Statements", "Explicit"], list(months.iter_rows()), (1, 2)
    )
    csv = rows_csv(["month", "statements", "explicit"], list(months.iter_rows()))
    embed = _framed(view, "timeline")
    return figure(caption, wide, narrow, "timeline", beside, csv=csv, embed=embed)


def speakers_figure(view: RegisterView) -> str:
    """Return the most frequent speakers, each by year on the same scales."""
    caption = "Who: the most frequent speakers, by year"
    wide, narrow = (
        small_multiples(view.rows, width=width, ident=f"who-{i}", title=caption, by="speaker")
        for i, width in enumerate((_WIDE, _NARROW))
    )
    speakers = list(tally(view.rows, "speaker").select("value", "count").iter_rows())
    beside = table("By speaker", ["Speaker", "Statements"], speakers, (1,))
    csv = rows_csv(["speaker", "statements"], speakers)
    embed = _framed(view, "speakers")
    return figure(caption, wide, narrow, "speakers", beside, csv=csv, embed=embed)


def outcomes_figure(view: RegisterView) -> str:
    """Return what came of the statements that were coded, and every reading as a table."""
    main = view.shares.filter(rule="main", window_days=180, repeats="each").row(0, named=True)
    bars = [Bar(name.replace("_", " "), float(main[name])) for name in OUTCOMES]
    caption = "What came of them (window of 180 days; every statement counts)"
    pictures = _both(bars, ident="outcomes", title=caption, unit="statements")
    rows = [
        [
            r["rule"], r["window_days"], r["repeats"], r["tested"], r["carried_out"], r["partly"],
            r["untested"], "none tested" if r["share"] is None else f"{r['share']:.0%}",
            "" if r["share"] is None else f"{r['low']:.0%} to {r['high']:.0%}",
        ]
        for r in view.shares.iter_rows(named=True)
    ]  # fmt: skip
    heads = ["Coding", "Window, days", "Repeats", "Tested", "Carried out", "In part", "Untested",
             "Share", "90 % interval"]  # fmt: skip
    beside = table("Every reading of the coding", heads, rows, (1, 3, 4, 5, 6, 7, 8))
    csv = view.shares.write_csv()
    embed = _framed(view, "outcomes")
    return figure(caption, *pictures, "outcomes", beside, csv=csv, embed=embed)


def _outcomes(view: RegisterView) -> str:
    agreed = f"Two people coded {view.coded_twice} of them; " + (
        "their agreement cannot be measured yet."
        if view.alpha is None
        else f"Krippendorff's alpha of the outcomes is {view.alpha:.2f}."
    )
    return (
        f"<section><h2>What came of them</h2><p>{html.escape(outcome_sentence(view.shares))} "
        f"{html.escape(agreed)}</p>{outcomes_figure(view)}</section>"
    )


def _framed(view: RegisterView, name: str) -> str:
    return f"{view.embed}{name}" if view.embed else ""


def _positions(view: RegisterView) -> str:
    if view.positions is None or not view.positions.height:
        return ""
    rows = [
        [r["nation"], r["role"], r["caveat"] or "none stated", troops(r), r["date"],
         "yes" if r["changed"] else "no"]
        for r in view.positions.iter_rows(named=True)
    ]  # fmt: skip
    heads = ["Nation", "Would do", "Caveat", "Troops named", "Stated on", "Changed"]
    listed = table(f"The latest position of each nation on {view.end}", heads, rows, (3,))
    return f"<section><h2>Who would do what</h2>{listed}</section>"


def _polls(view: RegisterView) -> str:
    if view.polls is None or not view.polls.height:
        return ""
    embed = _framed(view, "polls")
    return (
        f"<section><h2>What people think</h2>{polls_figure(PollsView(view.polls, embed))}</section>"
    )


def _both(bars: Sequence[Bar], *, ident: str, title: str, unit: str) -> tuple[str, str]:
    wide, narrow = (
        value_bars(bars, width=width, ident=f"{ident}-{i}", title=title, unit=unit)
        for i, width in enumerate((_WIDE, _NARROW))
    )
    return wide, narrow


def _foot() -> str:
    return (
        "<footer><p>The speech act is coded, not its sincerity. A statement whose condition has "
        "not come about is untested and in no share. The same form and the same rule hold for "
        "every side.</p></footer>"
    )
