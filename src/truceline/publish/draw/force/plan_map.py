"""Maps of a plan: what of the band is watched and what is not, and who stands where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from truceline.publish.draw.force.map_parts import (
    hatched,
    marks,
    outline,
    pixels,
    shade,
    unit_keys,
    window,
    with_keys,
)
from truceline.publish.draw.force.unit_marks import Symbol
from truceline.publish.draw.graticule import scale_bar
from truceline.publish.draw.projection import Frame, frame_of
from truceline.publish.draw.svg import SMALL, Sheet, extent_of, line, path, shortened, tag, text
from truceline.publish.wording import Wording

_TOLD = "Map; the table beside it says the same."

#: Opacities of ground seen by one, and laid over it where two see it.
_ONE, _TWO = 0.4, 0.6

#: Pixels between two panels, and above each for its name.
_GAP, _NAME = 12.0, 18.0


@dataclass(frozen=True)
class Watch:
    """What of the band is watched, as shapes in degrees.

    Attributes
    ----------
    line : shapely line
        The line of contact.
    once, twice, unseen : shapely polygons
        Ground seen by one or more, by two or more, and by nobody.
    """

    line: BaseGeometry
    once: BaseGeometry
    twice: BaseGeometry
    unseen: BaseGeometry


def watch_map(
    watch: Watch, starts: pl.DataFrame, words: Wording, *, width: float, ident: str, title: str
) -> str | None:
    """Draw the whole line: what is watched, once and twice; what nobody watches is hatched.

    Parameters
    ----------
    watch : Watch
        The line and the ground seen.
    starts : polars.DataFrame
        Where stretches of the line begin: columns start, lon and lat.
    words, width, ident, title
        Wording, pixels, identity in the page, and name of the figure.
    """
    frame = frame_of([watch.once, watch.unseen], np.empty((0, 2)), width=width)
    if frame is None:
        return None
    sheet = Sheet(ident, width, frame.height, title, _TOLD)
    # A narrow map has room for every third kilometre.
    told = starts.gather_every(3) if width < 480 else starts
    inside = [*_ground(watch, frame, sheet), *_kilometres(told, frame)]
    return with_keys(sheet, window(frame, ident, inside, words), frame.height, _shades(sheet))


def _kilometres(starts: pl.DataFrame, frame: Frame) -> list[str]:
    """Return a stroke off the line and the kilometre where each stretch begins."""
    parts = []
    for start, (x, y) in zip(starts["start"].to_list(), pixels(starts, frame), strict=True):
        right = x + 22 + extent_of(start, SMALL) < frame.width
        across, anchor = (1, None) if right else (-1, "end")
        down = 12 if y + 22 < frame.height else -12
        parts.append(line(x, y, x + 18 * across, y + down, "ax"))
        parts += [
            text(x + 20 * across, y + down + 5, start, kind=kind, anchor=anchor)
            for kind in ("halo", "s")
        ]
    return parts


@dataclass(frozen=True)
class Panel:
    """A stretch of the line that has a map of its own.

    Attributes
    ----------
    name : str
        What it is called.
    west, south, east, north : float
        Its edges, degrees.
    """

    name: str
    west: float
    south: float
    east: float
    north: float


def stretch_maps(
    watch: Watch, units: pl.DataFrame, panels: Sequence[Panel], words: Wording,
    *, width: float, ident: str, title: str,
) -> str:  # fmt: skip
    """Draw each stretch of the line large enough for every unit's symbol to be read.

    Parameters
    ----------
    watch, units, words, width, ident, title
        As for `watch_map`.
    panels : sequence of Panel
        The stretches, in the order of the line.
    """
    sheet = Sheet(ident, width, 0.0, title, _TOLD)
    parts: list[str] = []
    top = 0.0
    for row, height in _rows(watch, units, panels, words, sheet):
        parts.append(tag("g", row, transform=f"translate(0 {top:.1f})"))
        top += height + _GAP
    return with_keys(sheet, parts, top - _GAP, [*unit_keys(units), *_shades(sheet)])


def stretch_pieces(
    watch: Watch, units: pl.DataFrame, panels: Sequence[Panel], words: Wording,
    *, width: float, ident: str, title: str,
) -> list[str]:  # fmt: skip
    """Draw the same in pieces, a row of maps each, the last with the legend.

    Parameters
    ----------
    watch, units, panels, words, width, ident, title
        As for `stretch_maps`.
    """
    sheet = Sheet(ident, width, 0.0, title, _TOLD)
    rows = list(_rows(watch, units, panels, words, sheet))
    pieces = [
        Sheet(f"{ident}-r{n}", width, height, title, _TOLD).wrap(row)
        for n, (row, height) in enumerate(rows[:-1])
    ]
    row, height = rows[-1]
    return [*pieces, with_keys(sheet, row, height, [*unit_keys(units), *_shades(sheet)])]


def _rows(
    watch: Watch, units: pl.DataFrame, panels: Sequence[Panel], words: Wording, sheet: Sheet
) -> Iterator[tuple[list[str], float]]:
    """Yield each row of maps with its height."""
    across = 1 if sheet.width < 480 else 2
    wide = (sheet.width - _GAP * (across - 1)) / across
    for first in range(0, len(panels), across):
        drawn = [
            _panel(watch, units, panel, words, wide, f"{sheet.ident}-{first + n}", sheet)
            for n, panel in enumerate(panels[first : first + across])
        ]
        row = [
            tag("g", content, transform=f"translate({n * (wide + _GAP):.1f} 0)")
            for n, (content, _) in enumerate(drawn)
        ]
        yield row, max(height for _, height in drawn)


def _panel(
    watch: Watch, units: pl.DataFrame, panel: Panel, words: Wording, width: float, ident: str,
    sheet: Sheet,
) -> tuple[list[str], float]:  # fmt: skip
    box = shapely.box(panel.west, panel.south, panel.east, panel.north)
    frame = frame_of([box], np.empty((0, 2)), width=width, margin=0.02)
    if frame is None:  # pragma: no cover - a box always has a frame
        raise ValueError("a stretch without a place")
    near = box.buffer(0.1)
    here = Watch(*(part.intersection(near) for part in (watch.line, watch.once, watch.twice,
                                                        watch.unseen)))  # fmt: skip
    mine = units.filter(
        pl.col("lon").is_between(panel.west - 0.2, panel.east + 0.2)
        & pl.col("lat").is_between(panel.south - 0.2, panel.north + 0.2)
    )
    inside = [*_ground(here, frame, sheet), *marks(mine, frame, 4.4)]
    content = [*window(frame, ident, inside, None), scale_bar(frame, words)]
    name = text(0, 12, shortened(panel.name, width, SMALL), kind="lab")
    return [name, tag("g", content, transform=f"translate(0 {_NAME})")], frame.height + _NAME


def _ground(watch: Watch, frame: Frame, sheet: Sheet) -> list[str]:
    return [
        path(outline(watch.once, frame), "bar", fill_opacity=f"{_ONE:g}"),
        path(outline(watch.twice, frame), "bar", fill_opacity=f"{_TWO:g}"),
        tag("path", d=outline(watch.unseen, frame), fill=sheet.hatch()),
        path(outline(watch.line, frame), "loc"),
    ]


def _shades(sheet: Sheet) -> list[tuple[Symbol, str]]:
    return [
        (partial(shade, (_ONE,)), "in range of one"),
        (partial(shade, (_ONE, _TWO)), "in range of two or more"),
        (partial(hatched, sheet), "not watched"),
        (lambda x, y: path(f"M{x - 9:.1f} {y:.1f}h18", "loc"), "the line"),
    ]
