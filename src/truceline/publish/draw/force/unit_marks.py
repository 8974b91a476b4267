"""APP-6 symbols of a plan's units: a frame, and an icon in it; none has a colour.

The frame is that of who draws the map: the force that observes. No party has one, so that nobody
is drawn as hostile. Geometry after APP-6 D, in half heights of the frame of a unit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from truceline.publish.draw.svg import SMALL, extent_of, num, path, tag, text

#: Kinds in the order of the legend; what is drawn last lies on top.
KINDS = ("camera", "acoustic array", "post", "drone base", "reaction base")

Symbol = Callable[[float, float], str]
Points = tuple[tuple[float, float], ...]

#: Sensors are equipment, whose frame is a circle; all others are units, in a box of 3 to 2.
_EQUIPMENT = ("camera", "acoustic array")

_BOX: Points = ((-1.5, -1), (1.5, -1), (1.5, 1), (-1.5, 1))
_OBSERVER: Points = ((0, -0.5), (0.62, 0.5), (-0.62, 0.5))
_INFANTRY: tuple[Points, Points] = (((-1.5, -1), (1.5, 1)), ((-1.5, 1), (1.5, -1)))
_UNMANNED: Points = (
    (-0.9, -0.35), (0, 0.08), (0.9, -0.35), (0.9, -0.1), (0, 0.42), (-0.9, -0.1),
)  # fmt: skip
_SENSOR: Points = (
    (0, -0.45), (0.17, 0.08), (0.7, 0.25), (0.17, 0.42), (0, 0.95), (-0.17, 0.42), (-0.7, 0.25),
    (-0.17, 0.08),
)  # fmt: skip
_EMPLACED: Points = ((-0.6, -0.5), (-0.4, -0.8), (-0.2, -0.5), (0, -0.8), (0.2, -0.5), (0.4, -0.8),
                     (0.6, -0.5))  # fmt: skip


def unit_mark(kind: str, x: float, y: float, size: float) -> str:
    """Return the APP-6 symbol of a kind of unit; `size` is half the height of a unit's frame."""
    thin = max(0.5, min(1.2, size * 0.16))

    def drawn(points: Points, style: str, *, closed: bool = True) -> str:
        track = "L".join(f"{num(x + size * a)} {num(y + size * b)}" for a, b in points)
        width = None if style == "ink" else f"{thin:.2f}"
        return path(f"M{track}" + ("Z" if closed else ""), style, stroke_width=width)

    if kind in _EQUIPMENT:
        frame = tag("circle", cx=x, cy=y, r=size * 1.15, class_="unit", stroke_width=f"{thin:.2f}")
        zigzag = drawn(_EMPLACED, "icon", closed=False)
        letter = _amplifier(x + size * 1.3, y + size, size) if kind == "acoustic array" else ""
        return frame + drawn(_SENSOR, "ink") + zigzag + letter
    frame = drawn(_BOX, "unit")
    if kind == "post":
        return frame + drawn(_OBSERVER, "icon")
    if kind == "drone base":
        return frame + drawn(_UNMANNED, "ink")
    return frame + "".join(drawn(stroke, "icon", closed=False) for stroke in _INFANTRY)


def _amplifier(x: float, y: float, size: float) -> str:
    """Return the letter beside an acoustic array, which shares a camera's symbol."""
    return text(x, y, "A", kind="s") if size >= 4.0 else ""


def keys(
    entries: Sequence[tuple[Symbol, str]], width: float, top: float
) -> tuple[list[str], float]:
    """Return a legend that flows from left to right under a figure, and where it ends."""
    parts: list[str] = []
    x, y = 0.0, top + 20
    for symbol, label in entries:
        room = 28 + extent_of(label, SMALL) + 12
        if x and x + room > width:
            x, y = 0.0, y + 19
        parts += [symbol(x + 11, y - 4), text(x + 28, y, label, kind="lab")]
        x += room
    return parts, y + 10
