"""Marks of a plan's units: each kind has a shape of its own, none has a colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from truceline.publish.draw.svg import SMALL, extent_of, num, path, rect, tag, text

#: Kinds in the order of the legend; what is drawn last lies on top.
KINDS = ("camera", "acoustic array", "post", "drone base", "reaction base")

Symbol = Callable[[float, float], str]


def unit_mark(kind: str, x: float, y: float, size: float) -> str:
    """Return the shape of a kind of unit: diamond, ring, triangle, cross or square."""
    s = size
    if kind == "post":
        return _closed(
            "ink", (x, y - s * 1.2), (x + s * 1.2, y), (x, y + s * 1.2), (x - s * 1.2, y)
        )
    if kind == "acoustic array":
        return _closed("ring", (x, y - s), (x + s, y + s * 0.8), (x - s, y + s * 0.8))
    if kind == "drone base":
        arm = (
            f"M{num(x - s)} {num(y - s)}L{num(x + s)} {num(y + s)}"
            f"M{num(x + s)} {num(y - s)}L{num(x - s)} {num(y + s)}"
        )
        return path(arm, "wh")
    if kind == "reaction base":
        return rect(x - s, y - s, 2 * s, 2 * s, "ring")
    return tag("circle", cx=float(x), cy=float(y), r=float(s * 0.8), class_="ring")


def _closed(style: str, *points: tuple[float, float]) -> str:
    return path("M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) + "Z", style)


def keys(
    entries: Sequence[tuple[Symbol, str]], width: float, top: float
) -> tuple[list[str], float]:
    """Return a legend that flows from left to right under a figure, and where it ends."""
    parts: list[str] = []
    x, y = 0.0, top + 20
    for symbol, label in entries:
        room = 26 + extent_of(label, SMALL) + 12
        if x and x + room > width:
            x, y = 0.0, y + 19
        parts += [symbol(x + 10, y - 4), text(x + 26, y, label, kind="lab")]
        x += room
    return parts, y + 10
