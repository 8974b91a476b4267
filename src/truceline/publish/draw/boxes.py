"""Boxes on a map that labels take up, in pixels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from truceline.publish.draw.projection import FloatArray, Frame

#: Left, upper, right and lower edge.
Box = tuple[float, float, float, float]


def is_free(box: Box, taken: Iterable[Box], frame: Frame) -> bool:
    """Return whether a box lies in the frame and covers none of the others."""
    left, top, right, bottom = box
    if left < 2 or top < 2 or right > frame.width - 2 or bottom > frame.height - 2:
        return False
    return all(right < a or left > c or bottom < b or top > d for a, b, c, d in taken)


def around(points: FloatArray, reach: float = 6.0) -> list[Box]:
    """Return the boxes that marks at some points take up."""
    return [(x - reach, y - reach, x + reach, y + reach) for x, y in points]


def within(size: tuple[float, float], x: float, y: float, frame: Frame) -> Box:
    """Return the box of a size at a place, moved into the frame where it stands out."""
    width, height = size
    left = min(max(x, 4.0), frame.width - width - 4)
    top = min(max(y, 5.0), frame.height - height - 6)
    return left, top, left + width, top + height


def beside(area: Box, size: tuple[float, float], frame: Frame, taken: Sequence[Box]) -> Box:
    """Return where a label of an area stands beside it and covers nothing; else in its middle."""
    return next(
        (box for box in _places(area, size) if is_free(box, taken, frame)),
        within(size, *_middle(area, size), frame),
    )


def _places(area: Box, size: tuple[float, float]) -> Iterator[Box]:
    """Yield boxes beside an area: to its sides first, then further up and down."""
    (west, top, east, bottom), (width, height) = area, size
    across, down = _middle(area, size)
    for step in np.arange(6) * (height + 2):
        for x, y in (
            (west - width - 4, down - step), (east + 4, down - step),
            (west - width - 4, down + step), (east + 4, down + step),
            (across, top - height - 4 - step), (across, bottom + 4 + step),
        ):  # fmt: skip
            yield x, y, x + width, y + height


def _middle(area: Box, size: tuple[float, float]) -> tuple[float, float]:
    return (area[0] + area[2] - size[0]) / 2, (area[1] + area[3] - size[1]) / 2
