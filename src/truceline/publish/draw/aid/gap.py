"""Commitments beside allocations, with the gap between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from truceline.publish.draw.aid.quantity import Quantity
from truceline.publish.draw.scale import Scale, ticks
from truceline.publish.draw.svg import Sheet, line, rect, shortened, text, titled

ROW, LABEL, HEAD = 30.0, 122.0, 62.0


@dataclass(frozen=True)
class Promise:
    """What a donor committed and what it allocated."""

    label: str
    committed: float | None
    allocated: float | None

    @property
    def gap(self) -> float | None:
        """Commitment less allocation; below zero more is allocated than was committed."""
        if self.committed is None or self.allocated is None:
            return None
        return self.committed - self.allocated


def promises(
    rows: Sequence[Promise], quantity: Quantity, *, width: float, ident: str, title: str
) -> str:
    """Draw a hollow bar of commitments over a full bar of allocations, and say the gap.

    The gap is `to be allocated`. It is negative where a release books allocations that no
    commitment stands behind, and then it is said so.
    """
    height = HEAD + ROW * max(len(rows), 1) + 26
    gaps = [row.gap for row in rows if row.gap is not None]
    said = (
        f"{len(rows)} donors in {quantity.axis}; in {sum(g < 0 for g in gaps)} more is allocated "
        f"than committed."
    )
    sheet = Sheet(ident, width, height, title, said)
    values = [v for row in rows for v in (row.committed, row.allocated) if v is not None]
    scale = Scale(0.0, max(values, default=0.0) or 1.0, LABEL, width - 150)
    parts = [text(0, 16, title, kind="head")]
    parts += [rect(0, 27, 13, 10, "paper wh"), text(18, 36, "committed", kind="s")]
    parts += [rect(96, 27, 13, 10, "k-military"), text(114, 36, "allocated", kind="s")]
    parts.append(text(width, 36, "gap", kind="s", anchor="end"))
    for value in ticks(0.0, scale.high, 4):
        parts.append(line(scale(value), HEAD - 4, scale(value), height - 26, "gr"))
        parts.append(text(scale(value), HEAD - 8, quantity.tick(value), kind="s", anchor="middle"))
    parts += [_row(row, i, scale, quantity, width) for i, row in enumerate(rows)]
    parts.append(text(LABEL, height - 2, quantity.axis, kind="s"))
    return sheet.wrap(parts)


def _row(row: Promise, place: int, scale: Scale, quantity: Quantity, width: float) -> str:
    y = HEAD + place * ROW
    parts = [text(LABEL - 8, y + 17, shortened(row.label, LABEL - 10, 12), anchor="end")]
    if row.committed is not None:
        parts.append(
            rect(scale.start, y + 3, scale(max(row.committed, 0)) - scale.start, 10, "paper wh")
        )
    if row.allocated is not None:
        end = scale(max(row.allocated, 0))
        parts.append(rect(scale.start, y + 14, end - scale.start, 10, "k-military"))
    kind = "acct" if row.gap is not None and row.gap < 0 else "lab"
    words = quantity.say(row.gap, signed=True)
    parts.append(text(width, y + 17, words, kind=kind, anchor="end"))
    told = (
        f"{row.label}: committed {quantity.say(row.committed)}, allocated "
        f"{quantity.say(row.allocated)}, gap {words}"
    )
    return titled(parts, told)
