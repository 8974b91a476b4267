"""Ranked bars stacked by kind: of donors, of groups of donors, of one month of a race."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from truceline.publish.draw.aid.paint import KINDS, block, dots, legend
from truceline.publish.draw.aid.quantity import Quantity
from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import Sheet, extent_of, line, shortened, text, titled

ROW = 22.0
LABEL = 122.0
#: Longest a label may be before it is cut.
WIDEST = 250.0
HEAD = 62.0


@dataclass(frozen=True)
class Bar:
    """One donor or group.

    Attributes
    ----------
    label : str
        Name.
    total : float or None
        Its value; None is not known and is hatched over the whole row.
    parts : mapping
        Value by kind, as in `KINDS`.
    note : str
        A word behind the value.
    """

    label: str
    total: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


def ranked_bars(
    bars: Sequence[Bar],
    quantity: Quantity,
    *,
    width: float,
    ident: str,
    title: str,
    top: float | None = None,
    stamp: str = "",
) -> str:
    """Draw bars in the order given, stacked by kind, each with its value.

    Parameters
    ----------
    bars : sequence of Bar
        Largest first.
    quantity : Quantity
        How values are printed.
    width, ident, title
        Pixels, identity in the page, and name of the picture.
    top : float or None
        Value at the right end; None is the largest. A race keeps it still.
    stamp : str
        Large words at the lower right, such as the month of a race.
    """
    kinds = [kind for kind in KINDS if any(bar.parts.get(kind) for bar in bars)]
    height = HEAD + ROW * max(len(bars), 1) + 26
    sheet = Sheet(ident, width, height, title, _said(bars, quantity))
    largest = top if top is not None else max((bar.total or 0.0 for bar in bars), default=0.0)
    label = min(max([LABEL, *(extent_of(b.label, 11.5) + 12 for b in bars)]), WIDEST)
    room = max((extent_of(_value(bar, quantity), 10.5) for bar in bars), default=40.0) + 10
    scale = Scale(0.0, largest or 1.0, label, max(width - room, label + 60))
    parts = [dots(sheet), text(0, 16, title, kind="head"), *legend(sheet, kinds, 0, 36)]
    parts += _axis(scale, quantity, height)
    if stamp:
        parts.append(text(width - 4, height - 34, stamp, kind="big", anchor="end"))
    parts += [_row(sheet, bar, i, scale, quantity) for i, bar in enumerate(bars)]
    return sheet.wrap(parts)


def _row(sheet: Sheet, bar: Bar, place: int, scale: Scale, quantity: Quantity) -> str:
    y = HEAD + place * ROW
    label = text(
        scale.start - 8,
        y + 14,
        shortened(bar.label, scale.start - 8, 11.5),
        anchor="end",
    )
    if bar.total is None:
        unknown = block(sheet, "undated", scale.start, y + 3, scale.end - scale.start, ROW - 8)
        words = text(scale.end + 6, y + 14, "not known", kind="s")
        return titled([label, unknown, words], f"{bar.label}: not known")
    pieces, at = [label], 0.0
    for kind in KINDS:
        value = max(bar.parts.get(kind, 0.0), 0.0)
        if value > 0:
            start, end = scale(at), scale(at + value)
            pieces.append(block(sheet, kind, start, y + 3, end - start, ROW - 8))
            at += value
    end = scale(max(at, bar.total))
    pieces.append(text(end + 6, y + 14, _value(bar, quantity), kind="lab"))
    told = ", ".join(
        f"{KINDS[kind]} {quantity.say(bar.parts[kind])}" for kind in KINDS if bar.parts.get(kind)
    )
    return titled(pieces, f"{bar.label}: {quantity.say(bar.total)} ({told})")


def _value(bar: Bar, quantity: Quantity) -> str:
    return f"{quantity.say(bar.total)}{' ' + bar.note if bar.note else ''}"


def _axis(scale: Scale, quantity: Quantity, height: float) -> list[str]:
    parts = [text(scale.start, height - 2, quantity.axis, kind="s")]
    for value in ticks(scale.low, scale.high, 4):
        x = scale(value)
        parts.append(line(x, HEAD - 4, x, height - 26, "gr"))
        parts.append(text(x, HEAD - 8, quantity.tick(value), kind="s", anchor="middle"))
    return parts


def _said(bars: Sequence[Bar], quantity: Quantity) -> str:
    known = [bar for bar in bars if bar.total is not None]
    if not known:
        return "No value is known."
    first, last = known[0], known[-1]
    return (
        f"{len(bars)} bars in {quantity.axis}. Largest: {first.label}, "
        f"{quantity.say(first.total)}. Smallest shown: {last.label}, {quantity.say(last.total)}."
    )
