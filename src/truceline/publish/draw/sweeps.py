"""What a force buys, drawn: shares found, verified and attributed over the size of the force."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import polars as pl

from truceline.publish.draw.scale import Scale
from truceline.publish.draw.svg import Sheet, line, path, tag, text, titled

#: Figures drawn, as they are called in the table, in words, and by which stroke.
CURVES: Final = (
    ("found", "found", "e0", "f0"),
    ("verified", "verified by its own", "e1", "f1"),
    ("attributed", "attributed, rightly", "e2", "f2"),
)

_TOP, _LEFT, _RIGHT, _FOOT = 20.0, 48.0, 150.0, 74.0
_HEIGHT = 380.0

#: Least distance between two labels below the axis, pixels.
_APART = 64.0


def sweep_chart(summary: pl.DataFrame, *, width: float, ident: str, title: str) -> str:
    """Draw shares of violations against people in the theatre, with intervals over truces.

    Lines join the forces without sensors of their own; others stand as marks at their size.

    Parameters
    ----------
    summary : polars.DataFrame
        From `rehearsal.sweeps.summary.summary`: a row a force, by people.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    """
    rows = [row for row in summary.sort("people").to_dicts() if row["people"] > 0]
    low, high = rows[0]["people"] / 1.3, rows[-1]["people"] * 1.3
    x = Scale(low, high, _LEFT, width - _RIGHT, log=True)
    y = Scale(0.0, 1.0, _HEIGHT - _FOOT, _TOP)
    sheet = Sheet(ident, width, _HEIGHT, title, _told(rows))
    parts = _axes(rows, x, y)
    joined = _joined(rows)
    ends = sorted(
        ((joined[-1][figure], figure, words) for figure, words, *_ in CURVES), reverse=True
    )
    label_at = _apart([y(value) for value, *_ in ends])
    for curve in CURVES:
        parts += _track(joined, curve, x, y)
        parts += [_mark(row, curve, x, y) for row in rows]
    for (value, _, words), at in zip(ends, label_at, strict=True):
        parts.append(text(width - _RIGHT + 12, at + 4, f"{words} {value:.0%}", kind="lab"))
    return sheet.wrap(parts)


def _told(rows: list[dict[str, float]]) -> str:
    said = (
        f"{row['force']}: {row['found']:.0%} found, {row['verified']:.0%} verified, "
        f"{row['attributed']:.0%} attributed"
        for row in rows
    )
    return "; ".join(said) + "."


def _axes(rows: list[dict[str, float]], x: Scale, y: Scale) -> list[str]:
    bottom = _HEIGHT - _FOOT
    parts = [text(0, 11, "share of all violations", kind="s")]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(line(x.start, y(share), x.end, y(share), "ax" if share == 0 else "gr"))
        parts.append(text(_LEFT - 6, y(share) + 4, f"{share:.0%}", kind="s", anchor="end"))
    last = -_APART
    for row in rows:
        at = x(row["people"])
        parts.append(line(at, bottom, at, bottom + 5))
        if at - last < _APART:
            continue
        last = at
        parts += [
            text(at, bottom + 18, f"{row['people']:,.0f}", kind="s", anchor="middle"),
            text(at, bottom + 32, f"{row['people_per_km']:.1f} a km", kind="s", anchor="middle"),
        ]
    parts.append(text(x.start, bottom + 52, "people in the theatre (log scale)", kind="s"))
    return parts


def _joined(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """Return the forces that a line joins: those with the fewest sensors beside the people."""
    least = min((row["cameras"], row["arrays"]) for row in rows)
    return [row for row in rows if (row["cameras"], row["arrays"]) == least]


Curve = tuple[str, str, str, str]


def _track(rows: list[dict[str, float]], curve: Curve, x: Scale, y: Scale) -> list[str]:
    figure, _, stroke, _ = curve
    points = [(x(row["people"]), y(row[figure])) for row in rows]
    return [
        line(x0, y0, x1, y1, stroke, stroke_width=1.5) for (x0, y0), (x1, y1) in pairwise(points)
    ]


def _mark(row: dict[str, float], curve: Curve, x: Scale, y: Scale) -> str:
    figure, words, stroke, fill = curve
    px, py = x(row["people"]), y(row[figure])
    low, high = row[f"{figure}_low"], row[f"{figure}_high"]
    said = f"{row['force']}, {words}: {row[figure]:.0%}"
    marks = [tag("circle", cx=px, cy=py, r=4.0, class_=fill)]
    if low is not None and high is not None:  # one truce alone has no interval
        ends = y(max(low, 0.0)), y(min(high, 1.0))
        marks.insert(0, path(f"M{px:.1f} {ends[0]:.1f}V{ends[1]:.1f}", stroke))
        said += f" ({max(low, 0.0):.0%} to {min(high, 1.0):.0%})"
    return titled(marks, said)


def _apart(places: list[float], least: float = 16.0) -> list[float]:
    """Return the places, top to bottom, moved so that no two labels meet."""
    out: list[float] = []
    for place in places:
        out.append(max(place, out[-1] + least) if out else place)
    return out
