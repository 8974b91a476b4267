"""Polls as bars to either side of a middle: for to the right, against to the left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from truceline.publish.draw.scale import Scale
from truceline.publish.draw.svg import Sheet, line, rect, shortened, text, titled

ROW, HEAD, GROUP = 40.0, 40.0, 24.0


@dataclass(frozen=True)
class Asked:
    """One poll.

    Attributes
    ----------
    country, date, question : str
        Where, when, and what was asked.
    support, oppose : float or None
        Percent in favour and against; None where it was not published.
    flips : bool
        Whether the sign is another than in the last poll of that country.
    other_wording : bool
        Whether the question is another than in the last poll of that country.
    """

    country: str
    date: str
    question: str
    support: float | None
    oppose: float | None
    flips: bool = False
    other_wording: bool = False


def poll_bars(polls: Sequence[Asked], *, width: float, ident: str, title: str) -> str:
    """Draw polls by country and date; where the sign turns, a word says so.

    What was not published is hatched from the middle outwards, never drawn as none.
    """
    countries = list(dict.fromkeys(p.country for p in polls))
    height = HEAD + ROW * len(polls) + GROUP * len(countries) + 8
    turned = sum(p.flips for p in polls)
    said = f"{len(polls)} polls in {len(countries)} countries; the sign turns {turned} times."
    sheet = Sheet(ident, width, height, title, said)
    x = Scale(-100, 100, 4, width - 4)
    parts = _axis(x, height)
    y = HEAD
    for country in countries:
        parts.append(text(0, y + 16, country, kind="b"))
        y += GROUP
        for poll in (p for p in polls if p.country == country):
            parts.append(_poll(sheet, poll, x, y))
            y += ROW
    return sheet.wrap(parts)


def _axis(x: Scale, height: float) -> list[str]:
    made = [
        text(x(0) - 8, 14, "against, %", kind="s", anchor="end"),
        text(x(0) + 8, 14, "for, %", kind="s"),
    ]
    for value in (-75, -50, -25, 25, 50, 75):
        made.append(line(x(value), 32, x(value), height - 8, "gr"))
        made.append(text(x(value), 28, str(abs(value)), kind="s", anchor="middle"))
    return [*made, line(x(0), 20, x(0), height - 8, "ax")]


def _poll(sheet: Sheet, poll: Asked, x: Scale, y: float) -> str:
    words = shortened(f"{poll.date}  {poll.question}", sheet.width - 4, 10.5)
    parts = [text(0, y + 11, words, kind="halo"), text(0, y + 11, words, kind="lab")]
    parts += _side(sheet, poll.support, x, y, 1)
    parts += _side(sheet, poll.oppose, x, y, -1)
    told = f"{poll.country}, {poll.date}: for {_said(poll.support)}, against {_said(poll.oppose)}"
    if poll.flips:
        note = "turned, other wording" if poll.other_wording else "turned"
        short = note if sheet.width > 500 else "turned"
        parts.append(text(x(100), y + 27, short, kind="b", anchor="end"))
        told += f"; the sign {note}"
    return titled(parts, f"{told}. {poll.question}")


def _side(sheet: Sheet, value: float | None, x: Scale, y: float, way: int) -> list[str]:
    anchor = "start" if way > 0 else "end"
    if value is None:
        left, right = sorted((x(0), x(12 * way)))
        block = rect(left, y + 16, right - left, 13, "none", fill=sheet.hatch())
        return [block, text(x(13 * way), y + 27, "not known", kind="s", anchor=anchor)]
    left, right = sorted((x(0), x(value * way)))
    block = rect(left, y + 16, right - left, 13, "ink" if way > 0 else "bar")
    return [block, text(right + 4 if way > 0 else left - 4, y + 27, f"{value:.0f}", anchor=anchor)]


def _said(value: float | None) -> str:
    return "not known" if value is None else f"{value:.0f} %"
