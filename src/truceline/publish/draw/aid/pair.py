"""One donor against another: how many times as much, under each reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from truceline.publish.draw.aid.quantity import MINUS, Quantity
from truceline.publish.draw.scale import Scale
from truceline.publish.draw.svg import Sheet, line, shortened, tag, text, titled

ROW, LABEL, HEAD = 34.0, 250.0, 74.0
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class Duel:
    """Two values under one reading."""

    label: str
    first: float | None
    second: float | None
    quantity: Quantity

    @property
    def ratio(self) -> float | None:
        """First over second; None where either is unknown or the second is zero."""
        if self.first is None or not self.second or self.first <= 0:
            return None
        return self.first / self.second


def duels(
    rows: Sequence[Duel], names: tuple[str, str], *, width: float, ident: str, title: str
) -> str:
    """Draw the ratio of two donors under each reading on a logarithmic axis around equal."""
    ratios = [row.ratio for row in rows if row.ratio is not None]
    reach = max([2.0, *ratios, *(1 / r for r in ratios)]) * 1.15
    height = HEAD + ROW * max(len(rows), 1) + 22
    more = sum(r > 1 for r in ratios)
    said = f"{names[0]} gives more in {more} of {len(ratios)} readings, {names[1]} in the others."
    sheet = Sheet(ident, width, height, title, said)
    x = Scale(1 / reach, reach, LABEL, width - 60, log=True)
    parts = [text(0, 16, title, kind="head"), *_axis(x, names, height)]
    parts += [_row(row, i, x, width, names) for i, row in enumerate(rows)]
    return sheet.wrap(parts)


def _axis(x: Scale, names: tuple[str, str], height: float) -> list[str]:
    parts = []
    for value in _TICKS:
        if x.low <= value <= x.high:
            parts.append(
                line(x(value), HEAD - 12, x(value), height - 20, "wh" if value == 1 else "gr")
            )
            words = "equal" if value == 1 else f"{value:g}\u00d7"
            parts.append(text(x(value), HEAD - 16, words, kind="s", anchor="middle"))
    parts.append(text(x(1) - 10, 42, f"{names[1]} gives more", kind="s", anchor="end"))
    parts.append(text(x(1) + 10, 42, f"{names[0]} gives more", kind="s"))
    return parts


def _row(row: Duel, place: int, x: Scale, width: float, names: tuple[str, str]) -> str:
    y = HEAD + place * ROW
    first, second = row.quantity.say(row.first), row.quantity.say(row.second)
    parts = [
        text(0, y + 10, shortened(row.label, LABEL, 11)),
        text(0, y + 24, shortened(f"{first} / {second}", LABEL - 8, 10.5), kind="s"),
    ]
    if row.ratio is None:
        parts.append(text(x(1) + 8, y + 14, f"{MINUS} not known", kind="s"))
        return titled(parts, f"{row.label}: not known")
    at = x(row.ratio)
    parts.append(line(x(1), y + 10, at, y + 10, "ax"))
    parts.append(tag("circle", cx=at, cy=y + 10, r=6.0, class_="d0" if row.ratio >= 1 else "d1"))
    parts.append(text(width, y + 14, f"{row.ratio:.2f}\u00d7", kind="b", anchor="end"))
    told = f"{row.label}: {names[0]} {first}, {names[1]} {second}, {row.ratio:.2f} times"
    return titled(parts, told)
