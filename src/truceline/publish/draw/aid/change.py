"""What changed since the release before: revisions apart from new aid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from truceline.publish.draw.aid.quantity import Quantity
from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import Sheet, line, rect, shortened, text, titled

ROW, LABEL, HEAD = 30.0, 122.0, 62.0


@dataclass(frozen=True)
class Change:
    """A donor's change between two releases; parts are None where dates do not allow them."""

    label: str
    total: float
    revision: float | None = None
    new: float | None = None


def changes(
    rows: Sequence[Change], quantity: Quantity, *, width: float, ident: str, title: str
) -> str:
    """Draw the net change of each donor, with a thin bar of revision and one of new aid."""
    height = HEAD + ROW * max(len(rows), 1) + 26
    down = [row.label for row in rows if row.total < 0]
    said = f"{len(rows)} donors in {quantity.axis}; lower than before: {', '.join(down) or 'none'}."
    sheet = Sheet(ident, width, height, title, said)
    values = [0.0, *(v for r in rows for v in (r.total, r.revision, r.new) if v is not None)]
    low, high = min(values), max(values)
    scale = Scale(low, high if high > low else low + 1.0, LABEL + 6, width - 96)
    parts = [text(0, 16, title, kind="head")]
    for at, kind, words in ((0, "ink", "net"), (60, "k-financial", "new"), (124, "paper wh", "")):
        parts += [rect(at, 27, 13, 10, kind), text(at + 18, 36, words or "revised", kind="s")]
    for value in ticks(scale.low, scale.high, 5):
        kind = "ax" if value == 0 else "gr"
        parts.append(line(scale(value), HEAD - 4, scale(value), height - 26, kind))
        parts.append(text(scale(value), HEAD - 8, quantity.tick(value), kind="s", anchor="middle"))
    parts += [_row(row, i, scale, quantity, width) for i, row in enumerate(rows)]
    parts.append(text(LABEL, height - 2, f"change, {quantity.axis}", kind="s"))
    return sheet.wrap(parts)


def _row(row: Change, place: int, scale: Scale, quantity: Quantity, width: float) -> str:
    y = HEAD + place * ROW
    parts = [text(LABEL - 8, y + 16, shortened(row.label, LABEL - 10, 12), anchor="end")]
    parts.append(_bar(scale, row.total, y + 3, 9, "ink"))
    if row.new is not None:
        parts.append(_bar(scale, row.new, y + 14, 5, "k-financial"))
    if row.revision is not None:
        parts.append(_bar(scale, row.revision, y + 20, 5, "paper wh"))
    words = quantity.say(row.total, signed=True)
    parts.append(text(width, y + 16, words, kind="b", anchor="end"))
    told = f"{row.label}: {words}"
    if row.revision is not None and row.new is not None:
        told += (
            f", of it revised {quantity.say(row.revision, signed=True)} and new "
            f"{quantity.say(row.new, signed=True)}"
        )
    return titled(parts, told)


def _bar(scale: Scale, value: float, y: float, height: float, kind: str) -> str:
    start, end = sorted((scale(0.0), scale(value)))
    return rect(start, y, end - start, height, kind)
