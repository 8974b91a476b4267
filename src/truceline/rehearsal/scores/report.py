"""The score as text, and as one page that stands alone with the pictures a reviewer wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import polars as pl

from truceline.core.types.time import DAY, format_time
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scores.score import Score

#: Columns of the table of programs: heading, part of the score, figure, digits, unit.
_COLUMNS: tuple[tuple[str, str, str, int], ...] = (
    ("Brier", "happenings", "brier", 3),
    ("log score, bits", "happenings", "log_score_bits", 3),
    ("calibration error", "happenings", "ece", 3),
    ("precision", "incidents", "precision", 3),
    ("recall", "incidents", "recall", 3),
    ("recall of seen", "incidents", "recall_of_seen", 3),
    ("share named", "attribution", "share_named", 3),
    ("right when named", "attribution", "right_when_named", 3),
    ("false accusation", "attribution", "false_accusation", 3),
    ("delay to breakdown, days", "breakdown", "delay_days_median", 1),
)


def _value(score: Score, part: str, figure: str, digits: int) -> str:
    value = getattr(score, part).get(figure)
    return "–" if value is None else f"{value:.{digits}f}"


def score_text(scores: Sequence[Score]) -> str:
    """Return the figures of one or more programs as a text table."""
    lines = [f"{scores[0].scenario}, seed {scores[0].seed}"]
    for heading, part, figure, digits in _COLUMNS:
        values = "  ".join(
            f"{_value(s, part, figure, digits):>{max(len(s.program), 8)}}" for s in scores
        )
        lines.append(f"{heading:<26}{values}")
    names = "  ".join(f"{s.program:>8}" for s in scores)
    lines.insert(1, f"{'':<26}{names}")
    return "\n".join(lines)


def score_page(scores: Sequence[Score], folder: RehearsalFolder) -> str:
    """Return a page with the table of programs and the pictures of the first of them."""
    first = scores[0]
    head = "".join(f"<th>{escape(h)}</th>" for h, *_ in _COLUMNS)
    rows = "".join(
        f"<tr><th>{escape(s.program)}</th>"
        + "".join(f"<td>{_value(s, p, f, d)}</td>" for _, p, f, d in _COLUMNS)
        + "</tr>"
        for s in scores
    )
    figures = [
        ("Reliability: what was said and what happened, with 90 % intervals", _reliability(first)),
        ("Risk and coverage: share wrong among the surest attributions", _risk(first)),
        ("True acts a day, and what was answered", _timeline(first, folder)),
    ]
    pictures = "".join(
        f"<figure><figcaption>{escape(title)}</figcaption>{svg}</figure>" for title, svg in figures
    )
    title = f"Rehearsal {first.scenario}, seed {first.seed}"
    return _PAGE.format(
        title=escape(title),
        table=f"<table><tr><th></th>{head}</tr>{rows}</table>",
        pictures=pictures,
        confusion=_confusion(first),
        unseen=_unseen(first),
    )


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #1d2226; max-width: 64rem; margin: 2rem auto;
  padding: 0 1rem; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; display: block;
  overflow-x: auto; }}
th, td {{ text-align: right; padding: .25rem .6rem; border-bottom: 1px solid #d4d8db; }}
th:first-child {{ text-align: left; }}
figure {{ margin: 1.5rem 0; }} figcaption {{ font-weight: 600; }}
svg {{ width: 100%; max-width: 40rem; height: auto; }}
</style></head><body>
<h1>{title}</h1>
<p>Exercise. Nothing in it happened. Every program was asked the same: whether each happening
that anyone saw was a hostile act. Less is better for the first three columns.</p>
{table}
{pictures}
<h2>Who was named for whose acts</h2>
{confusion}
<h2>What nobody saw</h2>
{unseen}
</body></html>
"""

_W, _H, _LEFT, _BASE = 560, 320, 48, 280


def _x(v: float) -> float:
    return _LEFT + v * (_W - _LEFT - 16)


def _y(v: float) -> float:
    return _BASE - v * (_BASE - 16)


def _axes(x_label: str, y_label: str, top: float = 1.0) -> str:
    marks = "".join(
        f'<text x="{_x(v):.0f}" y="{_BASE + 18}" font-size="12" text-anchor="middle">{v:g}</text>'
        for v in (0.0, 0.5, 1.0)
    )
    return (
        f'<path d="M{_LEFT} 16V{_BASE}H{_W - 16}" fill="none" stroke="#5b656d"/>{marks}'
        f'<text x="{_LEFT - 6}" y="24" font-size="12" text-anchor="end">{top:g}</text>'
        f'<text x="{_LEFT - 6}" y="{_BASE}" font-size="12" text-anchor="end">0</text>'
        f'<text x="{_W / 2:.0f}" y="{_H - 4}" font-size="12" text-anchor="middle">'
        f"{escape(x_label)}</text>"
        f'<text x="{_LEFT + 6}" y="14" font-size="12">{escape(y_label)}</text>'
    )


def _svg(content: str, label: str) -> str:
    return (
        f'<svg viewBox="0 0 {_W} {_H}" role="img" aria-label="{escape(label)}" '
        f'font-family="system-ui, sans-serif" fill="#1d2226">{content}</svg>'
    )


def _reliability(score: Score) -> str:
    curve = score.happenings.get("curve")
    if not isinstance(curve, Mapping):
        return "<p>No answers.</p>"
    points = zip(
        curve["said"], curve["happened"], curve["low"], curve["high"], curve["n"], strict=True
    )
    marks = "".join(
        f'<path d="M{_x(s):.1f} {_y(lo):.1f}V{_y(hi):.1f}" stroke="#5b656d"/>'
        f'<circle cx="{_x(s):.1f}" cy="{_y(h):.1f}" r="4" fill="#1d2226"><title>said {s:.2f}, '
        f"happened {h:.2f}, {n} cases</title></circle>"
        for s, h, lo, hi, n in points
    )
    diagonal = f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#b3babf" stroke-dasharray="4"/>'
    return _svg(_axes("said", "happened") + diagonal + marks, "reliability curve")


def _risk(score: Score) -> str:
    curve = score.attribution.get("risk_coverage")
    if not isinstance(curve, Mapping) or not curve["coverage"]:
        return "<p>No attributions.</p>"
    path = " ".join(
        f"{'M' if i == 0 else 'L'}{_x(c):.1f} {_y(min(r / 0.5, 1.0)):.1f}"
        for i, (c, r) in enumerate(zip(curve["coverage"], curve["risk"], strict=True))
    )
    line = f'<path d="{path}" fill="none" stroke="#1d2226" stroke-width="2"/>'
    return _svg(_axes("share answered", "share wrong", top=0.5) + line, "risk and coverage")


def _timeline(score: Score, folder: RehearsalFolder) -> str:
    start, end = folder.period
    events = folder.truth("true_event").filter(pl.col("t_start").is_between(start, end, "left"))
    days = max((end - start) // DAY, 1)
    counts = [0] * int(days)
    for day, n in events.group_by((pl.col("t_start") - start) // DAY).len().rows():
        if day < days:
            counts[day] = n
    top = max(*counts, 1)
    width = (_x(1) - _x(0)) / days
    bars = "".join(
        f'<rect x="{_x(0) + i * width:.1f}" y="{_y(n / top):.1f}" width="{max(width - 1, 1):.1f}" '
        f'height="{_BASE - _y(n / top):.1f}" fill="#8a949c"><title>'
        f"{format_time(start + i * DAY)[:10]}: {n}</title></rect>"
        for i, n in enumerate(counts)
    )
    label = f"share of {days} days; matched {score.incidents.get('matched')} episodes"
    return _svg(_axes(label, "true acts a day", top=float(top)) + bars, "true acts a day")


def _confusion(score: Score) -> str:
    cells = score.attribution.get("confusion")
    if not isinstance(cells, list) or not cells:
        return "<p>No one was named.</p>"
    rows = "".join(
        f"<tr><td>{escape(c['true'])}</td><td>{escape(c['named'])}</td><td>{c['n']}</td></tr>"
        for c in cells
    )
    return f"<table><tr><th>true party</th><th>named</th><th>incidents</th></tr>{rows}</table>"


def _unseen(score: Score) -> str:
    share = score.unseen.get("share_unseen")
    by_sector = score.unseen.get("seen_by_sector")
    if not isinstance(share, float) or not isinstance(by_sector, Mapping):
        return "<p>Nothing happened.</p>"
    rows = "".join(
        f"<tr><td>{escape(str(s))}</td><td>{v:.0%}</td></tr>" for s, v in by_sector.items()
    )
    watched, seen = (score.watching.get(k) for k in ("share_watched", "seen_when_watched"))
    effort = (
        f"<p>By the effort table {watched:.0%} of the impacts were watched; of those "
        f"{seen:.0%} were seen.</p>"
        if isinstance(watched, float) and isinstance(seen, float)
        else ""
    )
    return (
        f"<p>{share:.0%} of the true episodes left no observation at all.</p>{effort}"
        f"<table><tr><th>sector</th><th>seen</th></tr>{rows}</table>"
    )
