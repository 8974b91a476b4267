"""Statements by month: one timeline, and the same for each speaker."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from truceline.publish.draw.scale import Scale, round_step
from truceline.publish.draw.svg import Sheet, line, num, rect, shortened, tag, text, titled

#: How plainly a threat is spoken, from the base of a bar upwards, with its paint.
STRENGTH_KINDS: Final = (
    ("explicit", "ink", "explicit"),
    ("implicit", "bar", "implicit"),
    ("veiled", "ground frame", "veiled"),
    (None, "hatched", "not coded"),
)


@dataclass(frozen=True)
class Event:
    """Something that happened, to be marked on a timeline."""

    date: dt.date
    label: str
    link: str | None = None


def timeline(
    statements: pl.DataFrame,
    *,
    width: float,
    ident: str,
    title: str,
    events: Sequence[Event] = (),
    link: str | None = "#month={month}",
) -> str:
    """Draw statements by month, stacked by how plainly they are spoken, with events.

    Statements without a date are not drawn; the description says how many there are. A
    date known only to the year stands in its January.

    Parameters
    ----------
    statements : polars.DataFrame
        Rows with `date` and `strength`.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    events : sequence of Event
        Marked with a dashed line and a number; the labels stand below.
    link : str or None
        Where a month leads, with `{month}` for `2024-09`.
    """
    dated = statements.filter(pl.col("date").is_not_null())
    months = _months(dated)
    counts = Counter(_keys(dated))
    undated = statements.height - dated.height
    peak = max((sum(counts[m, s] for s, _, _ in STRENGTH_KINDS) for m in months), default=1)
    height = 230.0 + 17 * len(events)
    said = f"{dated.height} statements by month, at most {peak} in one; {undated} without a date."
    leads = link is not None or any(event.link for event in events)
    sheet = Sheet(ident, width, height, title, said, "group" if leads else "img")
    x = Scale(0, max(len(months), 1), 34, width - 8)
    y = Scale(0, peak, 180, 22)
    parts = [*_rows(y, peak, width), *_legend(sheet), *_years(months, x, width)]
    parts += [_month(month, i, counts, (x, y), sheet, link) for i, month in enumerate(months)]
    parts += _events(events, months, x, width)
    return sheet.wrap(parts)


def small_multiples(
    statements: pl.DataFrame, *, width: float, ident: str, title: str, by: str, most: int = 8
) -> str:
    """Draw one small timeline by year for each of the most frequent values of a column.

    All have the same scales, so that they can be compared.
    """
    dated = statements.filter(pl.col("date").is_not_null())
    names = dated[by].value_counts().sort(["count", by], descending=[True, False])[by].to_list()
    shown = names[:most]
    years = _year_range(dated)
    counts = Counter(zip(dated[by].to_list(), dated["date"].dt.year().to_list(), strict=True))
    peak = max((counts[name, year] for name in shown for year in years), default=1)
    columns = 4 if width > 600 else 2
    cell = (width - 8) / columns
    rows = -(-len(shown) // columns) or 1
    said = f"The {len(shown)} most frequent of {len(names)}; each bar is a year, up to {peak}."
    sheet = Sheet(ident, width, rows * 108.0 + 6, title, said)
    parts = []
    for place, name in enumerate(shown):
        left, top = (place % columns) * cell, (place // columns) * 108.0
        by_year = {year: counts[name, year] for year in years}
        parts.append(_multiple(str(name), by_year, left, top, cell, peak))
    return sheet.wrap(parts)


def _keys(dated: pl.DataFrame) -> list[tuple[str, str | None]]:
    months = dated["date"].dt.strftime("%Y-%m").to_list()
    return list(zip(months, dated["strength"].to_list(), strict=True))


def _months(dated: pl.DataFrame) -> list[str]:
    if not dated.height:
        return []
    known = dated["date"].dt.strftime("%Y-%m").to_list()
    first, last = min(known), max(known)
    years = range(int(first[:4]), int(last[:4]) + 1)
    every = (f"{year}-{month:02d}" for year in years for month in range(1, 13))
    return [month for month in every if first <= month <= last]


def _year_range(dated: pl.DataFrame) -> list[int]:
    if not dated.height:
        return []
    years = dated["date"].dt.year()
    return list(range(int(years.min()), int(years.max()) + 1))  # type: ignore[arg-type]


def _rows(y: Scale, peak: int, width: float) -> list[str]:
    step = max(1, round(round_step(peak, 4)))
    made = []
    for value in range(0, peak + 1, step):
        made.append(line(34, y(value), width - 8, y(value), "gr"))
        made.append(text(28, y(value) + 4, str(value), kind="s", anchor="end"))
    return made


def _legend(sheet: Sheet) -> list[str]:
    made, x = [text(0, 12, "statements a month", kind="s")], 132.0
    for _, paint, name in STRENGTH_KINDS:
        if x + 70 > sheet.width:
            break
        made += [_block(x, 4, 9, 9, paint, sheet), text(x + 13, 12, name, kind="s")]
        x += 20 + 7 * len(name)
    return made


def _years(months: Sequence[str], x: Scale, width: float) -> list[str]:
    made, last = [], -99.0
    for place, month in enumerate(months):
        if (month.endswith("-01") or place == 0) and x(place) - last > 34 and x(place) < width - 30:
            made.append(line(x(place), 180, x(place), 185))
            made.append(text(x(place), 197, month[:4], kind="s"))
            last = x(place)
    return made


def _month(
    month: str,
    place: int,
    counts: Mapping[tuple[str, str | None], int],
    scales: tuple[Scale, Scale],
    sheet: Sheet,
    link: str | None,
) -> str:
    x, y = scales
    base, blocks, said = 0, [], []
    left, wide = x(place), max(x(place + 1) - x(place) - 1, 0.8)
    for strength, paint, name in STRENGTH_KINDS:
        count = counts[month, strength]
        if count:
            top, foot = y(base + count), y(base)
            blocks.append(_block(left, top, wide, foot - top, paint, sheet))
            said.append(f"{count} {name}")
            base += count
    if not blocks:
        return ""
    group = titled(blocks, f"{month}: {', '.join(said)}")
    if link is None:
        return group
    label = f"{month}, {base} statements: show them"
    return tag("a", group, href=link.format(month=month), aria_label=label)


def _block(x: float, y: float, width: float, height: float, paint: str, sheet: Sheet) -> str:
    if paint == "hatched":
        over = rect(x, y, width, height, "frame")
        return rect(x, y, width, height, "none", fill=sheet.hatch()) + over
    return rect(x, y, width, height, paint)


def _events(events: Sequence[Event], months: Sequence[str], x: Scale, width: float) -> list[str]:
    made: list[str] = []
    marks: list[tuple[float, list[int]]] = []
    for number, event in enumerate(events, start=1):
        place = sum(month < event.date.strftime("%Y-%m") for month in months)
        at = x(place + event.date.day / 31)
        made.append(line(at, 22, at, 186, "dash"))
        if marks and at - marks[-1][0] < 14:
            marks[-1][1].append(number)
        else:
            marks.append((at, [number]))
        words = shortened(f"{number}  {event.date.isoformat()}  {event.label}", width - 8)
        label = text(0, 228 + 17 * (number - 1), words, kind="lab")
        made.append(tag("a", label, href=event.link) if event.link else label)
    for at, numbers in marks:
        ends = "–".join(dict.fromkeys((str(numbers[0]), str(numbers[-1]))))
        made.append(text(at, 208, ends, kind="acct", anchor="middle"))
    return made


def _multiple(
    name: str, by_year: Mapping[int, int], left: float, top: float, cell: float, peak: int
) -> str:
    total = sum(by_year.values())
    y = Scale(0, peak, top + 82, top + 24)
    x = Scale(0, max(len(by_year), 1), left, left + cell - 16)
    parts = [
        text(left, top + 12, shortened(name, cell - 52), kind="lab"),
        text(left + cell - 16, top + 12, str(total), kind="s", anchor="end"),
        line(left, y(0), left + cell - 16, y(0), "gr"),
    ]
    for place, (year, count) in enumerate(by_year.items()):
        if count:
            wide = max(x(place + 1) - x(place) - 1, 1)
            parts.append(
                titled(rect(x(place), y(count), wide, y(0) - y(count), "bar"), f"{year}: {count}")
            )
    if by_year:
        first, last = min(by_year), max(by_year)
        parts.append(text(left, top + 96, str(first), kind="s"))
        parts.append(text(left + cell - 16, top + 96, str(last), kind="s", anchor="end"))
    said = ", ".join(f"{year} {count}" for year, count in by_year.items() if count)
    return tag("g", "".join(parts), aria_label=f"{name}: {total} ({said})", data_h=num(peak))
