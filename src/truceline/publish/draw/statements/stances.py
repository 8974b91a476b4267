"""Positions on a force over time: one row a nation, a mark for every position stated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from truceline.publish.draw.scale import Scale
from truceline.publish.draw.svg import Sheet, extent_of, line, path, rect, shortened, tag, text
from truceline.publish.draw.svg import titled as group

#: What a stance is called, from the fullest to the barest, and its mark.
STANCE_WORDS: Final[Mapping[str, str]] = {
    "troops": "troops",
    "support": "support without troops inside",
    "open": "open, undecided",
    "no_troops": "no troops",
    "opposed": "against the force",
    "other": "something else",
}
SHORT_WORDS: Final[Mapping[str, str]] = {
    "troops": "troops", "support": "support", "open": "open",
    "no_troops": "no troops", "opposed": "against", "other": "other",
}  # fmt: skip

ROW, HEAD, FOOT, MARK = 22.0, 26.0, 26.0, 5.0


@dataclass(frozen=True)
class Stated:
    """One position: when, what it amounts to, whether the nation itself said it, and words."""

    date: dt.date
    stance: str
    official: bool
    words: str


def stance_rows(
    nations: Mapping[str, Sequence[Stated]],
    *,
    last: dt.date,
    width: float,
    ident: str,
    title: str,
    link: str | None = None,
) -> str:
    """Draw each nation's positions on one time axis, joined, with the latest in words.

    Marks differ in shape, not in colour: a full square, a half square, a ring, an empty
    square, a cross and a dot. A press figure that no nation stated is a small mark.

    Parameters
    ----------
    nations : mapping
        Each nation's dated positions, oldest first.
    last : date
        Right end of the axis.
    width, ident, title
        Pixels, identity in the page, and name of the figure.
    link : str or None
        Where a nation's name leads, with `{place}` for its number, counted from 1.
    """
    first = min((s.date for rows in nations.values() for s in rows), default=last)
    key = _key(width)
    top = HEAD + 18.0 * (len(key) and key[-1][0] + 1)
    height = top + ROW * max(len(nations), 1) + FOOT
    changed = sum(len({s.stance for s in rows if s.official}) > 1 for rows in nations.values())
    said = f"{len(nations)} nations or groups, {first} to {last}; {changed} changed what they said."
    sheet = Sheet(ident, width, height, title, said, "img" if link is None else "group")
    label = 150.0 if width > 500 else 104.0
    after = 78.0 if width > 500 else 66.0
    x = Scale(first.toordinal(), max(last.toordinal(), first.toordinal() + 1), label, width - after)
    parts = [_legend(key), *_axis(x, first, last, top, height)]
    for place, (nation, rows) in enumerate(nations.items()):
        parts.append(_row(nation, rows, place, x, (top + place * ROW, label), link))
    return sheet.wrap(parts)


def _key(width: float) -> list[tuple[int, float, str]]:
    """Lay the legend out in lines: (line, left, stance)."""
    made: list[tuple[int, float, str]] = []
    row, at = 0, 0.0
    for stance, words in STANCE_WORDS.items():
        room = 18 + extent_of(words, 10.5) + 10
        if at and at + room > width:
            row, at = row + 1, 0.0
        made.append((row, at, stance))
        at += room
    return made


def _legend(key: Sequence[tuple[int, float, str]]) -> str:
    return "".join(
        mark(stance, at + 6, 10 + 18 * row)
        + text(at + 17, 14 + 18 * row, STANCE_WORDS[stance], kind="s")
        for row, at, stance in key
    )


def mark(stance: str, x: float, y: float, size: float = MARK) -> str:
    """Return the mark of a stance, centred on a point."""
    box = (x - size, y - size, 2 * size, 2 * size)
    if stance == "troops":
        return rect(*box, "ink")
    if stance == "support":
        return rect(*box, "paper wh") + rect(x - size, y, 2 * size, size, "ink")
    if stance == "open":
        return tag("circle", cx=float(x), cy=float(y), r=float(size), class_="ring")
    if stance == "no_troops":
        return rect(*box, "paper wh")
    if stance == "opposed":
        arms = f"M{x - size:.1f} {y - size:.1f}L{x + size:.1f} {y + size:.1f}"
        return path(f"{arms}M{x - size:.1f} {y + size:.1f}L{x + size:.1f} {y - size:.1f}", "wh")
    return tag("circle", cx=float(x), cy=float(y), r=size * 0.5, class_="ink")


def _axis(x: Scale, first: dt.date, last: dt.date, top: float, height: float) -> list[str]:
    made, before = [], -99.0
    for year in range(first.year, last.year + 1):
        for month in (1, 7):
            day = dt.date(year, month, 1)
            if not first <= day <= last:
                continue
            at = x(day.toordinal())
            made.append(line(at, top, at, height - FOOT + 4, "gr"))
            if at - before > 58:
                made.append(text(at, height - 8, f"{day:%b %Y}", kind="s", anchor="middle"))
                before = at
    return made


def _row(
    nation: str,
    rows: Sequence[Stated],
    place: int,
    x: Scale,
    corner: tuple[float, float],
    link: str | None,
) -> str:
    top, label = corner
    y = top + ROW / 2
    name = text(label - 12, y + 4, shortened(nation, label - 14, 11.5), kind="t", anchor="end")
    if link is not None:
        name = tag("a", name, href=link.format(place=place + 1), aria_label=f"{nation}: history")
    parts = [name, line(label, top + ROW, x.end, top + ROW, "gr")]
    official = [s for s in rows if s.official]
    if len(official) > 1:
        ends = (x(official[0].date.toordinal()), x(official[-1].date.toordinal()))
        parts.append(line(ends[0], y, ends[1], y, "ax"))
    for s in rows:
        drawn = mark(s.stance, x(s.date.toordinal()), y, MARK if s.official else MARK * 0.6)
        parts.append(group(drawn, f"{nation}, {s.date}: {s.words}"))
    if official:
        words = SHORT_WORDS.get(official[-1].stance, official[-1].stance)
        parts.append(text(x.end + 12, y + 4, words, kind="lab"))
    return tag("g", "".join(parts))
