"""A text with each checkable sentence marked, its verdict, and the picture behind it."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from truceline.accounts.claims.aid import UNIT_NAMES
from truceline.accounts.claims.check import Checked
from truceline.accounts.claims.claim import claims_to_yaml
from truceline.accounts.claims.claimreview import Publication, claim_review
from truceline.accounts.claims.verdict import DIMENSION_NAMES, Part, Verdict
from truceline.publish.draw.statements.readings import Bar, Strip, reading_strips, value_bars
from truceline.publish.statements.shell import download, figure, page, table

_WIDTHS = (560.0, 320.0)

_CSS = """.text{max-width:40rem}
.text p{margin:.7rem 0}
mark{background:none;color:inherit;border-bottom:2px solid var(--ink);padding-bottom:1px}
mark.open{border-bottom-style:dashed}
mark.false{border-bottom-style:double;border-bottom-width:4px}
mark a{font-size:.72rem;font-weight:bold;text-decoration:none;margin-left:.25rem;padding:0 .35rem;
border:1px solid currentColor;white-space:nowrap;color:var(--ink);background:var(--paper)}
.missed{text-decoration:underline dotted var(--muted)}
article.verdict{border-left:3px solid var(--rule);padding:.1rem 0 .1rem 1rem;margin:1.6rem 0}
article.verdict:target{border-left-color:var(--accent)}
.answer{font-weight:bold;margin:.3rem 0}
@media (min-width:60rem){body{max-width:82rem}
.pair{display:grid;grid-template-columns:minmax(0,34rem) minmax(0,1fr);gap:3rem;align-items:start}
.text{position:sticky;top:1rem;max-height:calc(100vh - 2rem);overflow:auto;padding-right:1rem}}
"""


@dataclass(frozen=True)
class ArticleView:
    """What the page shows.

    Attributes
    ----------
    title : str
        The page's name.
    checked : Checked
        The text, its claims and verdicts.
    on : date
        The day of the text.
    publication : Publication
        Who reviews, and where the text appeared.
    reviewed : date
        The day of the review.
    embed : callable
        Gives the address under which a verdict's picture can be framed, or nothing.
    """

    title: str
    checked: Checked
    on: dt.date
    publication: Publication
    reviewed: dt.date
    embed: Callable[[Verdict], str] = lambda _: ""


def article_page(view: ArticleView) -> str:
    """Return the page as one HTML file that needs nothing else.

    The text is shown as it was given; it is the reader's own copy.
    """
    verdicts = view.checked.verdicts
    reviews = [claim_review(v, view.publication, view.reviewed) for v in verdicts]
    cards = "".join(_card(v, n, view.embed(v)) for n, v in enumerate(verdicts, start=1))
    body = (
        '<a class="skip" href="#verdicts">To the verdicts</a>'
        f'<header><p class="kind">A text, checked</p><h1>{html.escape(view.title)}</h1>'
        f'<p class="lead">{html.escape(_lead(view))}</p>{_links(view, reviews)}</header>'
        f'<main class="pair"><div class="text" tabindex="0" role="region" aria-label="The text">'
        f'<h2>The text</h2>{marked_text(view.checked)}</div><section id="verdicts">'
        f"<h2>Verdicts</h2>{_overview(verdicts)}{cards}{_missed(view.checked)}</section></main>"
        "<footer><p>A claim is read into a form by rules; a person can correct it. It is then "
        "held against every reasonable reading of the data, each weighed alike. A full line "
        "under words: true or computed; dashed: it depends or cannot be told; double: false."
        "</p></footer>"
    )
    return page(view.title, body, data=reviews, rules=_CSS)


def marked_text(checked: Checked) -> str:
    """Return the text as paragraphs, claims marked and numbered, missed places dotted."""
    text = checked.found.text
    spans = [
        (c.start, c.end, f'<mark id="m{n}" class="{_kind(v.word)}">', _end(n, v))
        for n, (c, v) in enumerate(zip(checked.found.claims, checked.verdicts, strict=True), 1)
    ]
    spans += [
        (m.start, m.end, f'<span class="missed" title="{html.escape(m.why)}">', "</span>")
        for m in checked.found.missed
    ]
    made, at = [], 0
    for start, end, before, after in sorted(spans):
        if start < at:
            # Two claims over the same words: the second is reached by its number alone.
            made.append(after.replace("</mark>", "").replace("</span>", ""))
            continue
        made += [html.escape(text[at:start]), before, html.escape(text[start:end]), after]
        at = end
    made.append(html.escape(text[at:]))
    return "".join(f"<p>{p}</p>" for p in "".join(made).split("\n") if p.strip())


def _end(number: int, verdict: Verdict) -> str:
    label = f"Verdict {number}: {verdict.word}"
    link = f'<a href="#v{number}" aria-label="{html.escape(label)}">{number}</a>'
    return f"{link}</mark>"


def _kind(word: str) -> str:
    if word.startswith("false"):
        return "false"
    if word.startswith("true in every") or word.startswith("computed"):
        return "true"
    return "open"


def _lead(view: ArticleView) -> str:
    verdicts = view.checked.verdicts
    readings = sum(v.readings for v in verdicts)
    return (
        f"{_counted(len(verdicts), 'checkable place')}, held against "
        f"{_counted(readings, 'reading')} of the data as of {view.on.isoformat()}; "
        f"{len(view.checked.found.missed)} more looked checkable and could not be understood."
    )


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _links(view: ArticleView, reviews: Sequence[object]) -> str:
    content = json.dumps(reviews, ensure_ascii=False, indent=1)
    review = download("ClaimReview (JSON-LD)", "claimreview.json", "application/json", content)
    claims = download(
        "The claims as read (YAML, to correct)", "claims.yaml", "text/yaml",
        claims_to_yaml(view.checked.found.claims),
    )  # fmt: skip
    return f'<ul class="links"><li>{review}</li><li>{claims}</li></ul>'


def _overview(verdicts: Sequence[Verdict]) -> str:
    rows = [
        [n, v.claim.text if len(v.claim.text) < 90 else v.claim.text[:88] + "…", v.word]
        for n, v in enumerate(verdicts, start=1)
    ]
    return table("All at a glance", ["No.", "Words", "Verdict"], rows, (0,))


def _card(verdict: Verdict, number: int, embed: str) -> str:
    parts = "".join(
        f"<li><strong>{html.escape(_named(part))}</strong> {html.escape(part.sentence)}</li>"
        for part in verdict.parts
    )
    spoken = f"<ul>{parts}</ul>" if len(verdict.parts) > 1 else ""
    if not spoken:
        spoken = f"<p>{html.escape(verdict.sentence)}</p>"
    note = f'<p class="note">{html.escape(verdict.claim.note)}</p>' if verdict.claim.note else ""
    basis = "; ".join(dict.fromkeys(verdict.basis))
    rests = f'<p class="note">Rests on: {html.escape(basis)}.</p>' if basis else ""
    return (
        f'<article class="verdict" id="v{number}" aria-labelledby="h{number}">'
        f'<h3 id="h{number}">{number}. {html.escape(verdict.word)}</h3>'
        f"<blockquote>{html.escape(verdict.claim.text)}</blockquote>{spoken}{note}{rests}"
        f'{verdict_figure(verdict, number, embed)}<p class="note">'
        f'<a href="#m{number}">Back to the words</a></p></article>'
    )


def _named(part: Part) -> str:
    return f"{part.subject}, {UNIT_NAMES.get(part.unit, part.unit)}: {part.word}."


def verdict_figure(verdict: Verdict, number: int, embed: str = "") -> str:
    """Return the picture behind a verdict: every reading, with its table; or nothing."""
    told = [part for part in verdict.parts if part.judgement.readings.height]
    if not told:
        return ""
    title = "Every reading"
    drawn = [_drawn(verdict, told, f"p{number}-{i}", width) for i, width in enumerate(_WIDTHS)]
    beside = "".join(_readings_table(part) for part in told)
    return figure(
        title, drawn[0], drawn[1], f"claim-{number}", beside, csv=_data(told), embed=embed
    )


def _data(parts: Sequence[Part]) -> str:
    """Return every reading of every part as CSV, under one set of columns."""
    tables = [
        part.judgement.readings.with_columns(
            pl.lit(part.subject).alias("subject"), pl.lit(part.unit).alias("unit")
        )
        for part in parts
    ]
    return pl.concat(tables, how="diagonal_relaxed").write_csv()


def _drawn(verdict: Verdict, parts: Sequence[Part], ident: str, width: float) -> str:
    title = f"{verdict.claim.shape.replace('_', ' ')}: {verdict.word}"
    if verdict.claim.shape in ("comparison", "ratio"):
        strips = [_strip(part) for part in parts]
        unit = f"times what {verdict.claim.reference} gives"
        return reading_strips(strips, width=width, ident=ident, title=title, unit=unit)
    rows = parts[0].judgement.readings
    asked = tuple(verdict.claim.thresholds) if verdict.claim.shape == "count" else ()
    bars, unit = _bars(verdict, parts[0], rows)
    return value_bars(bars, width=width, ident=ident, title=title, unit=unit, asked=asked)


def _strip(part: Part) -> Strip:
    rows = part.judgement.readings
    words = [
        ", ".join(str(row[d]) for d in part.judgement.dimensions if row[d] != "none")
        for row in rows.iter_rows(named=True)
    ]
    label = f"{part.subject}, {UNIT_NAMES.get(part.unit, part.unit)}"
    return Strip(
        label, rows["value"].to_list(), rows["holds"].to_list(), rows["bar"].to_list(), words
    )


def _bars(verdict: Verdict, part: Part, rows: pl.DataFrame) -> tuple[list[Bar], str]:
    shape = verdict.claim.shape
    if shape == "opinion":
        made = []
        for row in rows.iter_rows(named=True):
            made.append(Bar(f"{row['question']}: for", row["support_pct"], None))
            made.append(Bar(f"{row['question']}: against", row["oppose_pct"], None))
        return made, "percent of those asked"
    if shape == "outcome":
        rows = rows.filter(rule="main", window="180", repeats="each").head(1)
        names = ("carried_out", "partly", "not_carried_out", "untested", "pending", "contested")
        first = rows.row(0, named=True) if rows.height else {}
        return [Bar(n.replace("_", " "), float(first.get(n, 0))) for n in names], "statements"
    if shape == "sum":
        row = rows.row(0, named=True)
        return [Bar("stated in all", row["bar"]), Bar("sum of the parts", row["value"])], "items"
    distinct = rows.group_by(*_naming(part), "value", maintain_order=True).agg(
        pl.col("holds").all()
    )
    judged = rows["holds"].null_count() < rows.height
    return [
        Bar(", ".join(str(row[d]) for d in _naming(part)), row["value"],
            row["holds"] if judged else None)
        for row in distinct.sort("value", descending=True).head(24).iter_rows(named=True)
    ], part.unit  # fmt: skip


def _naming(part: Part) -> list[str]:
    rows = part.judgement.readings
    names = [d for d in part.judgement.dimensions if d not in ("threshold", "tolerance")]
    telling = [d for d in names if rows[d].n_unique() > 1]
    return telling or names[:1]


def _readings_table(part: Part) -> str:
    rows = part.judgement.readings
    choices = [d for d in part.judgement.dimensions if rows[d].n_unique() > 1]
    heads = [DIMENSION_NAMES.get(d, d) for d in choices] + ["value", "asked", "holds"]
    made = [
        [*(row[d] for d in choices), _number(row["value"]), _number(row.get("bar")), _holds(row)]
        for row in rows.head(400).iter_rows(named=True)
    ]
    left = f"; the first 400 of {rows.height}" if rows.height > 400 else ""
    caption = f"{part.subject}, {UNIT_NAMES.get(part.unit, part.unit)}{left}"
    return table(caption, heads, made, (len(choices), len(choices) + 1))


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.4g}" if value < 1e5 else f"{value:,.0f}"


def _holds(row: dict[str, object]) -> str:
    return {True: "yes", False: "no"}.get(row["holds"], "not judged")  # type: ignore[call-overload,no-any-return]


def _missed(checked: Checked) -> str:
    if not checked.found.missed:
        return "<h2>What was missed</h2><p>Nothing that looks checkable was left.</p>"
    rows = [[m.text, m.why] for m in checked.found.missed]
    return f"<h2>What was missed</h2>{table('Not understood', ['Words', 'Why'], rows)}"
