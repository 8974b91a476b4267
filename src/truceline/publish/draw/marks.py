"""Marks: a party's shape at a place, and the shape of a truce state."""

from __future__ import annotations

from truceline.publish.draw.style import party_class
from truceline.publish.draw.svg import num, path, tag


def party_mark(x: float, y: float, position: int | None, size: float = 5.0, **more: object) -> str:
    """Return the shape of a party: triangle, square, diamond, inverted triangle, or a ring."""
    if position is None:
        return tag("circle", cx=float(x), cy=float(y), r=float(size * 0.85), class_="ring", **more)
    s = size
    outline = (
        ((0, -s * 1.1), (s, s * 0.8), (-s, s * 0.8)),
        (
            (-s * 0.85, -s * 0.85),
            (s * 0.85, -s * 0.85),
            (s * 0.85, s * 0.85),
            (-s * 0.85, s * 0.85),
        ),
        ((0, -s * 1.2), (s * 1.2, 0), (0, s * 1.2), (-s * 1.2, 0)),
        ((0, s * 1.1), (s, -s * 0.8), (-s, -s * 0.8)),
    )[position % 4]
    d = "M" + "L".join(f"{num(x + dx)} {num(y + dy)}" for dx, dy in outline) + "Z"
    return path(d, f"f{party_class(position)}", **more)


def state_mark(x: float, y: float, state: str, hatch: str, size: float = 5.0) -> str:
    """Return the shape of a truce state, centred at a place."""
    s = size
    if state == "holding":
        return path(f"M{num(x - s)} {num(y - 2)}h{num(2 * s)}v4h{num(-2 * s)}Z", "ink")
    if state == "eroding":
        return path(f"M{num(x - s)} {num(y + s)}h{num(2 * s)}v{num(-2 * s)}Z", "ink")
    if state == "broken":
        return path(
            f"M{num(x - s)} {num(y - s)}L{num(x + s)} {num(y + s)}"
            f"M{num(x + s)} {num(y - s)}L{num(x - s)} {num(y + s)}",
            "wh",
        )
    return tag(
        "rect",
        x=float(x - s),
        y=float(y - s),
        width=float(2 * s),
        height=float(2 * s),
        fill=hatch,
        class_="box",
    )
