"""The tornado: what an outcome would be at each end of each assumption, widest first."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import (
    CHARACTER,
    SMALL,
    Sheet,
    extent_of,
    line,
    rect,
    shortened,
    text,
    titled,
)

_TOP, _FOOT = 30.0, 24.0


@dataclass(frozen=True)
class Outcome:
    """What a tornado is drawn of.

    Attributes
    ----------
    words : str
        What it is, with its unit.
    base : float
        Its value in the plan.
    written, tick : callable
        How a value of it is written, and how on the axis.
    """

    words: str
    base: float
    written: Callable[[float], str]
    tick: Callable[[float], str]


def tornado(
    table: pl.DataFrame, outcome: Outcome, *, width: float, ident: str, title: str, most: int = 12
) -> str:
    """Draw the widest assumptions as bars about the plan's own value.

    Parameters
    ----------
    table : polars.DataFrame
        Columns words, unit, at_low, low, at_high, high; widest first.
    outcome : Outcome
        What is drawn.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    most : int
        Bars at most.
    """
    rows = table.drop_nulls(["low", "high"]).head(most).to_dicts()
    values = [outcome.base, *(row[end] for row in rows for end in ("low", "high"))]
    low, high = min(values), max(values)
    pad = max((high - low) * 0.04, 1e-6)
    narrow = width < 480
    step = 35.0 if narrow else 24.0
    left = 0.0 if narrow else 0.42 * width
    x = Scale(low - pad, high + pad, left + 40, width - 40)
    foot = _TOP + step * len(rows)
    sheet = Sheet(ident, width, foot + _FOOT, title, _told(rows, outcome))
    parts = [text(left, 11, shortened(outcome.words, width - left, SMALL), kind="s")]
    for value in ticks(x.low, x.high, 3 if narrow else 5):
        parts += [
            line(x(value), _TOP - 6, x(value), foot, "gr"),
            text(x(value), foot + 16, outcome.tick(value), kind="s", anchor="middle"),
        ]
    for number, row in enumerate(rows):
        y = _TOP + step * number + (16 if narrow else 6)
        words = f"{row['words']} ({row['unit']})"
        parts += _narrow_label(words, y, width) if narrow else _label(words, y, left)
        parts += _bar(row, outcome, x, y)
    return sheet.wrap(parts)


def _narrow_label(words: str, y: float, width: float) -> list[str]:
    """Return a label above its bar, on paper so that lines of the grid do not cross it."""
    label = shortened(words, width, SMALL)
    return [
        rect(0, y - 14, extent_of(label, SMALL), 12, "paper"),
        text(0, y - 4, label, kind="lab"),
    ]


def _label(words: str, y: float, left: float) -> list[str]:
    """Return a label beside its bar, in two lines where one is too short for it."""
    lines = textwrap.wrap(words, max(8, int((left - 8) / (SMALL * CHARACTER))), max_lines=2,
                          placeholder="\u2026")  # fmt: skip
    first = y + 9.5 - 5.5 * (len(lines) - 1)
    return [
        text(left - 6, first + 11.5 * n, one, kind="lab", anchor="end")
        for n, one in enumerate(lines)
    ]


def _bar(row: dict[str, object], outcome: Outcome, x: Scale, y: float) -> list[str]:
    ends = sorted((float(str(row[end])), float(str(row[f"at_{end}"]))) for end in ("low", "high"))
    (least, at_least), (most, at_most) = ends
    said = (
        f"{row['words']}: {outcome.written(least)} at {at_least:g} {row['unit']}, "
        f"{outcome.written(most)} at {at_most:g} {row['unit']}"
    )
    start, stop = x(min(least, outcome.base)), x(max(most, outcome.base))
    return [
        titled(rect(x(least), y, max(x(most) - x(least), 1.0), 11.0, "bar"), said),
        line(x(outcome.base), y - 3, x(outcome.base), y + 14, "wh"),
        text(start - 4, y + 9.5, f"{at_least:g}", kind="s", anchor="end"),
        text(stop + 4, y + 9.5, f"{at_most:g}", kind="s"),
    ]


def _told(rows: list[dict[str, object]], outcome: Outcome) -> str:
    said = (
        f"{row['words']}: {outcome.written(float(str(row['low'])))} to "
        f"{outcome.written(float(str(row['high'])))}"
        for row in rows
    )
    return f"{outcome.words}; in the plan {outcome.written(outcome.base)}. " + "; ".join(said) + "."
