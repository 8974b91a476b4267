"""Maps of a plan: what is watched and what is not, who stands where, how soon people come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from truceline.publish.draw.force.unit_marks import KINDS, Symbol, keys, unit_mark
from truceline.publish.draw.graticule import graticule, north, scale_bar
from truceline.publish.draw.projection import Frame, frame_of
from truceline.publish.draw.svg import Sheet, num, path, rect, tag, titled
from truceline.publish.wording import Wording

_TOLD = "Map; the table beside it says the same."


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
    watch: Watch, units: pl.DataFrame, words: Wording, *, width: float, ident: str, title: str
) -> str | None:
    """Draw who stands where and what they watch; what nobody watches is hatched.

    Parameters
    ----------
    watch : Watch
        The line and the ground seen.
    units : polars.DataFrame
        Columns unit, kind, nation, lon and lat.
    words, width, ident, title
        Wording, pixels, identity in the page, and name of the figure.
    """
    frame = frame_of([watch.once, watch.unseen], np.empty((0, 2)), width=width)
    if frame is None:
        return None
    sheet = Sheet(ident, width, frame.height, title, _TOLD)
    size = 2.0 if width < 480 else 3.0
    inside = [
        path(_outline(watch.once, frame), "bar", fill_opacity="0.4"),
        path(_outline(watch.twice, frame), "bar", fill_opacity="0.6"),
        tag("path", d=_outline(watch.unseen, frame), fill=sheet.hatch()),
        path(_outline(watch.line, frame), "ax"),
        *_marks(units, frame, size),
    ]
    present = set(units["kind"].to_list())
    entries = [(partial(_key, kind, size + 1.5), kind) for kind in KINDS if kind in present]
    shades: list[tuple[Symbol, str]] = [
        (partial(_shade, 1), "in range of one"),
        (partial(_shade, 2), "in range of two or more"),
        (partial(_hatched, sheet), "not watched"),
    ]
    return _finished(sheet, frame, inside, [*entries, *shades], words)


def answer_map(
    line: BaseGeometry, places: pl.DataFrame, bases: pl.DataFrame, bands: Sequence[float],
    words: Wording, *, width: float, ident: str, title: str,
) -> str | None:  # fmt: skip
    """Draw how soon people are at each place of the line: the later, the larger and darker.

    Parameters
    ----------
    line : shapely line
        The line of contact.
    places, bases : polars.DataFrame
        Places with lon, lat, sector and hours; bases with lon, lat, unit and people.
    bands : sequence of float
        Upper ends of the bands, hours.
    words, width, ident, title
        Wording, pixels, identity in the page, and name of the figure.
    """
    frame = frame_of([line], np.empty((0, 2)), width=width)
    if frame is None:
        return None
    sheet = Sheet(ident, width, frame.height, title, _TOLD)
    scale = 0.7 if width < 480 else 1.0
    inside = [path(_outline(line, frame), "ax")]
    for place, (x, y) in zip(places.to_dicts(), _pixels(places, frame), strict=True):
        band = band_of(place["hours"], bands)
        said = "never" if place["hours"] is None else f"{place['hours']:.1f} h"
        disc = _disc(band, len(bands), scale, sheet, x, y)
        inside.append(titled(disc, f"{place['sector']}: {said}"))
    flags = bases.with_columns(pl.lit("reaction base").alias("kind"))
    inside += _marks(flags, frame, 4.5 * scale)
    used = sorted({band_of(hours, bands) for hours in places["hours"].to_list()})
    entries: list[tuple[Symbol, str]] = [(partial(_key, "reaction base", 4.5), "reaction base")]
    entries += [
        (partial(_disc, band, len(bands), 1.0, sheet), band_words(band, bands)) for band in used
    ]
    return _finished(sheet, frame, inside, entries, words)


def band_of(hours: float | None, bands: Sequence[float]) -> int:
    """Return the number of a band; one more than the last is later, two more is never.

    Examples
    --------
    >>> band_of(1.5, (1.0, 2.0)), band_of(9.0, (1.0, 2.0)), band_of(None, (1.0, 2.0))
    (1, 2, 3)
    """
    if hours is None:
        return len(bands) + 1
    return next((at for at, end in enumerate(bands) if hours <= end), len(bands))


def band_words(band: int, bands: Sequence[float]) -> str:
    """Return a band in words."""
    if band > len(bands):
        return "never"
    if band == len(bands):
        return f"later than {bands[-1]:g} h"
    return f"within {bands[band]:g} h"


def _disc(band: int, bands: int, scale: float, sheet: Sheet, x: float, y: float) -> str:
    radius = (2.6 + 1.1 * band) * scale
    if band > bands:
        return tag("circle", cx=x, cy=y, r=radius, fill=sheet.hatch(), class_="box")
    opacity = f"{min(0.2 + 0.15 * band, 0.95):.2f}"
    return tag("circle", cx=x, cy=y, r=radius, class_="ink", fill_opacity=opacity)


def _key(kind: str, size: float, x: float, y: float) -> str:
    return unit_mark(kind, x, y, size)


def _shade(looks: int, x: float, y: float) -> str:
    box = rect(x - 8, y - 6, 16, 12, "bar", fill_opacity="0.4")
    return box + (rect(x - 8, y - 6, 16, 12, "bar", fill_opacity="0.6") if looks > 1 else "")


def _hatched(sheet: Sheet, x: float, y: float) -> str:
    return tag("rect", x=x - 8, y=y - 6, width=16.0, height=12.0, fill=sheet.hatch(), class_="box")


def _marks(units: pl.DataFrame, frame: Frame, size: float) -> list[str]:
    rows = zip(units.to_dicts(), _pixels(units, frame), strict=True)
    parts = []
    for row, (x, y) in sorted(rows, key=lambda pair: KINDS.index(pair[0]["kind"])):
        who = row.get("nation")
        said = row["unit"] if who is None else f"{row['unit']}, {who}"
        parts.append(titled(unit_mark(row["kind"], x, y, size), said))
    return parts


def _pixels(table: pl.DataFrame, frame: Frame) -> list[tuple[float, float]]:
    if table.is_empty():
        return []
    found = frame.pixels(table["lon"].to_numpy(), table["lat"].to_numpy())
    return [(float(x), float(y)) for x, y in found]


def _outline(shape: BaseGeometry, frame: Frame) -> str:
    if shape.is_empty:
        return ""
    rings: list[str] = []
    for part in shapely.get_parts(frame.project(shape)):
        polygon = part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors) if polygon else (part,):
            points = shapely.get_coordinates(ring)[: -1 if polygon else None]
            if len(points) > 1:
                track = "L".join(f"{num(x)} {num(y)}" for x, y in points)
                rings.append(f"M{track}" + ("Z" if polygon else ""))
    return "".join(rings)


def _finished(
    sheet: Sheet, frame: Frame, inside: list[str], entries: Sequence[tuple[Symbol, str]],
    words: Wording,
) -> str:  # fmt: skip
    clip = f"{sheet.ident}-c"
    window = tag("clipPath", rect(0, 0, frame.width, frame.height, "ground"), id=clip)
    below, bottom = keys(entries, frame.width, frame.height)
    ground = [rect(0, 0, frame.width, frame.height, "ground"), *graticule(frame)]
    return Sheet(sheet.ident, frame.width, bottom, sheet.title, sheet.description).wrap(
        [
            window,
            tag("g", [*ground, *inside], clip_path=f"url(#{clip})"),
            rect(0.5, 0.5, frame.width - 1, frame.height - 1, "frame"),
            scale_bar(frame, words),
            north(frame, words),
            *below,
        ]
    )
