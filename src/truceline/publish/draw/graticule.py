"""What makes a drawing a map: degrees, a scale bar, and north."""

from __future__ import annotations

import numpy as np

from truceline.publish.draw.projection import Frame
from truceline.publish.draw.scale import round_step
from truceline.publish.draw.svg import line, num, path, rect, text
from truceline.publish.wording import Wording

_STEPS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)


def graticule(frame: Frame) -> list[str]:
    """Return the lines of whole degrees, with their values at the left and lower edge."""
    span_lat = frame.height * frame.metres_per_pixel / 111_000
    span_lon = span_lat * frame.width / frame.height / max(0.1, np.cos(np.radians(frame.lat)))
    parts: list[str] = []
    for is_lon, middle, span in ((True, frame.lon, span_lon), (False, frame.lat, span_lat)):
        step = next((s for s in _STEPS if span / s <= 4.5), _STEPS[-1])
        first, last = (middle - span) // step, (middle + span) // step + 1
        for value in np.arange(first, last + 1) * step:
            along = np.linspace(-span, span, 33) + (frame.lat if is_lon else frame.lon)
            fixed = np.full(along.size, value)
            points = frame.pixels(fixed, along) if is_lon else frame.pixels(along, fixed)
            parts.append(_degree(points, float(value), frame, is_lon=is_lon))
    return parts


def _degree(points: np.ndarray, value: float, frame: Frame, *, is_lon: bool) -> str:
    inside = (points > -200).all(axis=1) & (points < [frame.width + 200, frame.height + 200]).all(
        axis=1
    )
    kept = points[inside]
    if len(kept) < 2:
        return ""
    d = "M" + "L".join(f"{num(x)} {num(y)}" for x, y in kept)
    letters = "EW" if is_lon else "NS"
    label = f"{abs(value):g}\u00b0{letters[0] if value >= 0 else letters[1]}"
    edge = frame.height - 5 if is_lon else 4.0
    axis = 1 if is_lon else 0
    order = np.argsort(kept[:, axis])
    other = float(np.interp(edge, kept[order, axis], kept[order, 1 - axis]))
    limit = frame.width - 150 if is_lon else frame.height - 24
    shown = 20 < other < limit
    words = (
        ""
        if not shown
        else text(*((other + 3, edge) if is_lon else (edge, other - 3)), label, kind="s")
    )
    return path(d, "gr") + words


def scale_bar(frame: Frame, words: Wording) -> str:
    """Return a scale bar in kilometres, true in the middle of the map."""
    length = round_step(frame.width * 0.08 * frame.metres_per_pixel / 1000, 1)
    pixels = length * 1000 / frame.metres_per_pixel
    right, y = frame.width - 14, frame.height - 12
    label = f"{words.figure(length)} km"
    return (
        rect(right - pixels - 6, y - 20, pixels + 12, 28, "paper", opacity=0.8)
        + text(right - pixels / 2, y - 7, label, kind="s", anchor="middle")
        + line(right - pixels, y, right, y, "wh")
        + line(right - pixels, y - 4, right - pixels, y + 4, "wh")
        + line(right, y - 4, right, y + 4, "wh")
    )


def north(frame: Frame, words: Wording) -> str:
    """Return an arrow to true north, which is up in the middle of the map."""
    x, y = frame.width - 20, 14
    return path(f"M{x:.1f} {y:.1f}l5 16l-5 -4l-5 4Z", "ink") + text(
        x, y + 28, words.say("map.north"), kind="s", anchor="middle"
    )
