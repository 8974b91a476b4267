"""What the maps of a plan share: symbols at their places, outlines, shades, and the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from truceline.publish.draw.force.unit_marks import KINDS, Symbol, keys, unit_mark
from truceline.publish.draw.graticule import graticule, north, scale_bar
from truceline.publish.draw.projection import Frame
from truceline.publish.draw.svg import Sheet, num, rect, tag, titled
from truceline.publish.wording import Wording

#: Half the height of a symbol in a legend, pixels.
KEY_SIZE = 5.5


def marks(units: pl.DataFrame, frame: Frame, size: float) -> list[str]:
    """Return the symbol of each unit at its place, with its name and nation."""
    rows = zip(units.to_dicts(), pixels(units, frame), strict=True)
    parts = []
    for row, (x, y) in sorted(rows, key=lambda pair: KINDS.index(pair[0]["kind"])):
        who = row.get("nation")
        said = row["unit"] if who is None else f"{row['unit']}, {who}"
        parts.append(titled(unit_mark(row["kind"], x, y, size), said))
    return parts


def unit_keys(units: pl.DataFrame) -> list[tuple[Symbol, str]]:
    """Return legend entries for the kinds of unit that are there."""
    present = set(units["kind"].to_list())
    return [(partial(_key, kind), kind) for kind in KINDS if kind in present]


def _key(kind: str, x: float, y: float) -> str:
    return unit_mark(kind, x, y, KEY_SIZE)


def pixels(table: pl.DataFrame, frame: Frame) -> list[tuple[float, float]]:
    """Return the pixel of each row's place."""
    if table.is_empty():
        return []
    found = frame.pixels(table["lon"].to_numpy(), table["lat"].to_numpy())
    return [(float(x), float(y)) for x, y in found]


def outline(shape: BaseGeometry, frame: Frame) -> str:
    """Return the path of lines and polygons in degrees."""
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


def shade(opacities: Sequence[float], x: float, y: float, *, style: str = "bar") -> str:
    """Return a box of a legend, with shades laid over one another."""
    return "".join(
        rect(x - 9, y - 6, 18, 12, style, fill_opacity=f"{opacity:g}") for opacity in opacities
    )


def hatched(sheet: Sheet, x: float, y: float) -> str:
    """Return the box of a legend for what is not watched, or never reached."""
    return tag("rect", x=x - 9, y=y - 6, width=18.0, height=12.0, fill=sheet.hatch(), class_="box")


def window(frame: Frame, ident: str, inside: Sequence[str], words: Wording | None) -> list[str]:
    """Return a map's content cut to its frame, with degrees, scale and north where words are."""
    clip = f"{ident}-c"
    ground = [rect(0, 0, frame.width, frame.height, "ground")]
    ground += [] if words is None else graticule(frame)
    rest = [] if words is None else [scale_bar(frame, words), north(frame, words)]
    return [
        tag("clipPath", rect(0, 0, frame.width, frame.height, "ground"), id=clip),
        tag("g", [*ground, *inside], clip_path=f"url(#{clip})"),
        rect(0.5, 0.5, frame.width - 1, frame.height - 1, "frame"),
        *rest,
    ]


def with_keys(
    sheet: Sheet, parts: Sequence[str], top: float, entries: Sequence[tuple[Symbol, str]]
) -> str:
    """Return the finished figure with its legend below."""
    below, bottom = keys(entries, sheet.width, top)
    return Sheet(sheet.ident, sheet.width, bottom, sheet.title, sheet.description).wrap(
        [*parts, *below]
    )
