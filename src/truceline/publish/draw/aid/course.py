"""Aid over time: month by month, or added up; what has no date stands apart."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from truceline.publish.draw.aid.paint import DASHES, KINDS, MARKS, block, dots, legend
from truceline.publish.draw.aid.quantity import Quantity
from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import Sheet, line, num, path, tag, text, titled

LEFT, TOP, BOTTOM = 52.0, 58.0, 34.0


@dataclass(frozen=True)
class Course:
    """A donor over time.

    Attributes
    ----------
    label : str
        Name.
    values : sequence of float
        One for each month: running sums.
    undated : float
        What has no month, to be put on top at the end.
    """

    label: str
    values: Sequence[float]
    undated: float = 0.0


@dataclass(frozen=True)
class Month:
    """One month, by kind."""

    day: dt.date
    parts: Mapping[str, float] = field(default_factory=dict)


def running_lines(
    courses: Sequence[Course],
    months: Sequence[dt.date],
    quantity: Quantity,
    *,
    width: float,
    ident: str,
    title: str,
    height: float = 340.0,
) -> str:
    """Draw up to four donors as lines of running sums, each named at its end.

    Amounts without a date are a hatched column on top of the line's end: the truth of every
    month lies between the line and the line plus the column.
    """
    shown = list(courses[:4])
    peak = max((c.values[-1] + max(c.undated, 0) for c in shown if c.values), default=1.0) or 1.0
    sheet = Sheet(ident, width, height, title, _lines_said(shown, quantity))
    x = Scale(0, max(len(months) - 1, 1), LEFT, width - 150)
    y = Scale(0, peak, height - BOTTOM, TOP)
    parts = [dots(sheet), text(0, 16, title, kind="head"), *_frame(y, months, x, quantity, width)]
    ends = _spread([y(c.values[-1] + max(c.undated, 0)) if c.values else y(0) for c in shown])
    for i, course in enumerate(shown):
        parts.append(_line(sheet, course, i, x, y, ends[i], quantity))
    if any(c.undated for c in shown):
        parts += legend(sheet, ["undated"], 0, 36)
    return sheet.wrap(parts)


def month_columns(
    months: Sequence[Month],
    undated: float,
    quantity: Quantity,
    *,
    width: float,
    ident: str,
    title: str,
    height: float = 320.0,
) -> str:
    """Draw one donor's months as columns stacked by kind, and undated aid as one column apart."""
    kinds = [kind for kind in KINDS if any(m.parts.get(kind) for m in months)]
    sums = [sum(max(v, 0.0) for v in m.parts.values()) for m in months]
    peak = max([*sums, undated, 0.0]) or 1.0
    said = f"{len(months)} months, at most {quantity.say(max(sums, default=0.0))} in one; "
    said += f"{quantity.say(undated)} without a date."
    sheet = Sheet(ident, width, height, title, said)
    x = Scale(0, max(len(months), 1), LEFT, width - 70)
    y = Scale(0, peak, height - BOTTOM, TOP)
    step = (x.end - x.start) / max(len(months), 1)
    parts = [dots(sheet), text(0, 16, title, kind="head")]
    parts += legend(sheet, [*kinds, *(["undated"] if undated else [])], 0, 36)
    parts += _frame(y, [m.day for m in months], x, quantity, width - 60)
    for i, month in enumerate(months):
        parts.append(_column(sheet, month, x(i), step, y, quantity))
    if undated > 0:
        bar = block(sheet, "undated", width - 52, y(undated), 26, y(0) - y(undated))
        words = text(width - 39, y(0) + 14, "undated", kind="s", anchor="middle")
        parts.append(titled([bar, words], f"without a date: {quantity.say(undated)}"))
    return sheet.wrap(parts)


def _column(
    sheet: Sheet, month: Month, left: float, step: float, y: Scale, quantity: Quantity
) -> str:
    pieces, at = [], 0.0
    for kind in KINDS:
        value = max(month.parts.get(kind, 0.0), 0.0)
        if value > 0:
            top, bottom = y(at + value), y(at)
            pieces.append(block(sheet, kind, left, top, max(step - 1.5, 1.0), bottom - top))
            at += value
    return titled(pieces, f"{month.day:%Y-%m}: {quantity.say(at)}")


def _line(
    sheet: Sheet, course: Course, i: int, x: Scale, y: Scale, label_y: float, quantity: Quantity
) -> str:
    points = [f"{num(x(n))} {num(y(v))}" for n, v in enumerate(course.values)]
    drawn = [path("M" + "L".join(points), f"l{i}", stroke_dasharray=DASHES[i])] if points else []
    last = course.values[-1] if course.values else 0.0
    end = x(max(len(course.values) - 1, 0))
    if course.undated > 0:
        high = y(last + course.undated)
        drawn.append(block(sheet, "undated", end + 3, high, 10, y(last) - high))
    words = f"{MARKS[i]} {course.label} {quantity.say(last + max(course.undated, 0.0))}"
    drawn.append(text(end + 18, label_y + 4, words, kind=f"s d{i}"))
    drawn.append(tag("circle", cx=end, cy=y(last), r=3.0, class_=f"d{i}"))
    note = f", of it {quantity.say(course.undated)} without a date" if course.undated else ""
    return titled(drawn, f"{words}{note}")


def _frame(
    y: Scale, months: Sequence[dt.date], x: Scale, quantity: Quantity, right: float
) -> list[str]:
    parts = []
    for value in ticks(0.0, y.high, 4):
        parts.append(line(LEFT, y(value), right, y(value), "gr"))
        parts.append(text(LEFT - 6, y(value) + 4, quantity.tick(value), kind="s", anchor="end"))
    for n, month in enumerate(months):
        if month.month == 1 or n == 0:
            parts.append(line(x(n), y.start, x(n), y.start + 5, "ax"))
            if month.month == 1 and x(n) + 30 <= right:
                parts.append(text(x(n) + 2, y.start + 14, f"{month.year}", kind="s"))
    parts.append(text(LEFT, y.start + 30, quantity.axis, kind="s"))
    return parts


def _spread(places: list[float], gap: float = 14.0) -> list[float]:
    """Move labels apart so that none covers another, keeping their order."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, after in itertools.pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    return moved


def _lines_said(courses: Sequence[Course], quantity: Quantity) -> str:
    told = [
        f"{c.label} {quantity.say((c.values[-1] if c.values else 0.0) + c.undated)}"
        for c in courses
    ]
    return f"Running sums in {quantity.axis}; at the end: {'; '.join(told)}."
