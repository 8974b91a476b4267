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
from truceline.publish.statements.shell import download, figure, page, table

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


def register_page(view: RegisterView) -> str:
    """Return the page as one HTML file that needs nothing else."""
    body = (
        '<a class="skip" href="#register">To the statements</a>'
        f'<header><p class="kind">Register of statements</p><h1>{html.escape(view.title)}</h1>'
        f'<p class="lead">{html.escape(_lead(view))}</p>{_links(view)}</header><main>'
        f"{_counts(view)}{_times(view)}{_outcomes(view)}{_positions(view)}{_polls(view)}"
        f"{_statements(view)}</main>{_foot()}"
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


def _counts(view: RegisterView) -> str:
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
    strengths = tally(view.rows, "conditionality")
    told = table(
        "How often a condition is named (share with its 90 % interval)",
        ["Condition", "Statements", "Share", "Interval"],
        [_tally_row(row) for row in strengths.iter_rows(named=True)],
        (1, 2, 3),
    )
    return (
        f"<section><h2>How many</h2>{figure(caption, *pictures, 'counts', beside)}{told}</section>"
    )


def _tally_row(row: Mapping[str, object]) -> list[object]:
    if row["share"] is None:
        return ["not coded", row["count"], "", ""]
    return [
        row["value"],
        row["count"],
        f"{row['share']:.0%}",
        f"{row['low']:.0%} to {row['high']:.0%}",
    ]


def _times(view: RegisterView) -> str:
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
    who = "Who: the most frequent speakers, by year"
    first, second = (
        small_multiples(view.rows, width=width, ident=f"who-{i}", title=who, by="speaker")
        for i, width in enumerate((_WIDE, _NARROW))
    )
    speakers = tally(view.rows, "speaker").select("value", "count")
    listed = table("By speaker", ["Speaker", "Statements"], list(speakers.iter_rows()), (1,))
    return (
        f"<section><h2>When and who</h2>{figure(caption, wide, narrow, 'timeline', beside)}"
        f"{figure(who, first, second, 'speakers', listed)}</section>"
    )


def _outcomes(view: RegisterView) -> str:
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
    agreed = f"Two people coded {view.coded_twice} of them; " + (
        "their agreement cannot be measured yet."
        if view.alpha is None
        else f"Krippendorff's alpha of the outcomes is {view.alpha:.2f}."
    )
    return (
        f"<section><h2>What came of them</h2><p>{html.escape(outcome_sentence(view.shares))} "
        f"{html.escape(agreed)}</p>{figure(caption, *pictures, 'outcomes', beside)}</section>"
    )


def _positions(view: RegisterView) -> str:
    if view.positions is None or not view.positions.height:
        return ""
    rows = [
        [r["nation"], r["role"], r["caveat"] or "none stated", _troops(r), r["date"],
         "yes" if r["changed"] else "no"]
        for r in view.positions.iter_rows(named=True)
    ]  # fmt: skip
    heads = ["Nation", "Would do", "Caveat", "Troops named", "Stated on", "Changed"]
    listed = table(f"The latest position of each nation on {view.end}", heads, rows, (3,))
    return f"<section><h2>Who would do what</h2>{listed}</section>"


def _troops(row: Mapping[str, object]) -> str:
    low, high = row["troops_min"], row["troops_max"]
    if low is None and high is None:
        return "not named"
    ends = [f"{value:,.0f}" for value in (low, high) if value is not None]
    return " to ".join(dict.fromkeys(ends))


def _polls(view: RegisterView) -> str:
    if view.polls is None or not view.polls.height:
        return ""
    rows = [
        [r["country"], r["date"], r["pollster"], r["question"], r["support_pct"], r["oppose_pct"],
         r["margin_points"], "yes" if r["flips"] else ""]
        for r in view.polls.iter_rows(named=True)
    ]  # fmt: skip
    heads = ["Country", "Date", "Pollster", "Asked about", "For, %", "Against, %", "Margin",
             "Sign flips"]  # fmt: skip
    listed = table("Polls, with their wording", heads, rows, (4, 5, 6))
    return f"<section><h2>What people think</h2>{listed}</section>"


def _statements(view: RegisterView) -> str:
    newest = view.rows.sort("date", "statement_id", descending=[True, False], nulls_last=True)
    rows = "".join(_row(r) for r in newest.iter_rows(named=True))
    options = "".join(
        f'<div><label for="f-{name}">{label}</label><select id="f-{name}" name="{name}">'
        f'<option value="">all</option>{_options(view.rows[column])}</select></div>'
        for name, label, column in (
            ("kind", "Kind", "kind"),
            ("state", "State", "state"),
            ("outcome", "Outcome", "outcome"),
        )
    )  # fmt: skip
    return (
        '<section id="register"><h2>Every statement</h2><form class="filter" role="search">'
        '<div><label for="f-q">Search</label><input id="f-q" name="q" type="search"></div>'
        f"{options}"
        '<div><label for="f-month">Month or year</label>'
        '<input id="f-month" name="month" placeholder="2024-09" size="8"></div>'
        '<button type="reset">Show all</button></form>'
        f'<p class="count" id="told" role="status">{view.rows.height} statements shown.</p>'
        '<div class="scroll"><table><caption>Statements, newest first; undated at the end</caption>'
        '<thead><tr><th scope="col">Date</th><th scope="col">Speaker</th><th scope="col">Statement'
        '</th><th scope="col">Outcome</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _options(values: pl.Series) -> str:
    names = sorted({str(v) for v in values.to_list() if v is not None})
    return "".join(
        f'<option value="{html.escape(n)}">{html.escape(n.replace("_", " "))}</option>'
        for n in names
    )


def _row(row: Mapping[str, object]) -> str:
    e = html.escape
    length = {"day": 10, "month": 7, "year": 4}.get(str(row["date_precision"]), 0)
    date = str(row["date"])[:length] if row["date"] else "undated"
    words = f"<strong>{e(str(row['kind']).replace('_', ' '))}</strong>: {e(str(row['summary']))}"
    if row["condition"] and row["consequence"]:
        words += f"<br>If {e(str(row['condition']))}: {e(str(row['consequence']))}."
    if row["quote"]:
        words += (
            f"<details><summary>The words ({e(str(row['language']))})</summary>"
            f'<blockquote lang="{e(str(row["language"]))}">{e(str(row["quote"]))}</blockquote>'
            "</details>"
        )
    repeats = row["repeats"]
    if isinstance(repeats, list) and repeats:
        links = ", ".join(f'<a href="#s-{e(r)}">{e(r)}</a>' for r in repeats)
        words += f"<br>repeats {links}"
    source = str(row["source"] or "")
    shown = f'<a href="{e(source)}">source</a>' if source.startswith("http") else e(source)
    words += f'<br><span class="note">{shown}</span>'
    outcome = f"{e(str(row['outcome']).replace('_', ' '))}"
    why = e(str(row["outcome_reason"] or ""))
    office = f"{row['state']}, {str(row['standing']).replace('_', ' ')}"
    who = f'{e(str(row["speaker"]))}<br><span class="note">{e(office)}</span>'
    place = f"s-{e(str(row['statement_id']))}"
    return (
        f'<tr id="{place}" data-kind="{row["kind"]}" '
        f'data-state="{e(str(row["state"]))}" data-outcome="{row["outcome"]}" data-date="{date}">'
        f'<td class="d" data-h="Date"><span>{date}</span></td>'
        f'<td data-h="Speaker"><span>{who}</span></td>'
        f'<td data-h="Statement"><div>{words}</div></td>'
        f'<td data-h="Outcome"><span>{outcome}<br><span class="note">{why}</span></span></td></tr>'
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
