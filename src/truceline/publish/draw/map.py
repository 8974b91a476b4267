"""A quiet map: the case's lines and sectors, incidents with their error, what was not watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from truceline.publish.draw.boxes import Box, around, beside, within
from truceline.publish.draw.geography import Geography
from truceline.publish.draw.graticule import graticule, north, scale_bar
from truceline.publish.draw.incidents import incident_marks
from truceline.publish.draw.legend import legend
from truceline.publish.draw.marks import state_mark
from truceline.publish.draw.projection import Frame, frame_of
from truceline.publish.draw.style import STATE_GLYPHS
from truceline.publish.draw.svg import SMALL, Sheet, extent_of, num, path, rect, tag, text, titled
from truceline.publish.wording import Wording

#: Pixels below which a sector's label is its name and the shape of its state alone; the
#: words stand in the table beside the map.
_ROOMY = 480.0

#: With more sectors than these only the troubled ones are named on the map.
_MOST_NAMED = 12
_TROUBLED = ("broken", "eroding")


@dataclass(frozen=True)
class MapTables:
    """What is laid over the geography.

    Attributes
    ----------
    incidents : polars.DataFrame
        Listed incidents with place, error, label, party and `p_hostile`.
    states : mapping
        Truce state by sector id.
    blind : mapping
        Largest share of the period that was not watched, by sector id.
    """

    incidents: pl.DataFrame
    states: Mapping[str, str]
    blind: Mapping[str, float]


def incident_map(
    geography: Geography,
    tables: MapTables,
    parties: Sequence[str],
    words: Wording,
    *,
    width: float,
    ident: str,
    title: str,
    disclaimer: str = "",
) -> str | None:
    """Draw the map, or return nothing where there is no place to show.

    Parameters
    ----------
    geography : Geography
        The case's lines, zones and sectors; nothing else is drawn beneath.
    tables : MapTables
        Incidents, states and what was not watched.
    parties : sequence of str
        Party ids in the case's order.
    words, width, ident, title
        The language, pixels, identity in the page, and name of the figure.
    disclaimer : str
        Standing sentence under the map.
    """
    placed = tables.incidents.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    own = [s.geometry for s in geography.sectors] or [
        item.geometry for item in geography.lines if item.kind == "line"
    ]
    frame = frame_of(own, placed.select("lon", "lat").to_numpy(), width=width)
    if frame is None:
        return None
    sheet = Sheet(ident, width, frame.height, title, words.say("map.desc"))
    clip = f"{ident}-c"
    inside, grouped = _layers(geography, tables, placed, parties, frame, sheet, words)
    notes = [*_notes(geography, tables, placed.height, words), disclaimer]
    below, height = legend(
        geography,
        parties,
        sheet,
        frame.height,
        words,
        grouped=grouped,
        notes=[note for note in notes if note],
    )
    window = tag("clipPath", rect(0, 0, width, frame.height, "ground"), id=clip)
    return Sheet(ident, width, height, title, sheet.description).wrap(
        [
            window,
            tag("g", inside, clip_path=f"url(#{clip})"),
            rect(0.5, 0.5, width - 1, frame.height - 1, "frame"),
            scale_bar(frame, words),
            north(frame, words),
            *below,
        ]
    )


def _layers(
    geography: Geography,
    tables: MapTables,
    placed: pl.DataFrame,
    parties: Sequence[str],
    frame: Frame,
    sheet: Sheet,
    words: Wording,
) -> tuple[list[str], bool]:
    """Return what lies inside the frame, from the ground up, and whether it is grouped."""
    # Names of many sectors hide the map; then only those in trouble are named on it, and
    # the table below names them all.
    crowded = len(geography.sectors) > _MOST_NAMED
    at = around(frame.pixels(placed["lon"].to_numpy(), placed["lat"].to_numpy()))
    named: list[tuple[str, Box]] = []
    for s in geography.sectors:
        if not crowded or tables.states.get(s.id) in _TROUBLED:
            taken = [*at, *(box for _, box in named)]
            named.append(
                _sector_name(
                    s.id, s.name, s.geometry, frame, tables, sheet, words, taken, brief=crowded
                )
            )
    marks = incident_marks(placed, parties, frame, words, [box for _, box in named])
    return [
        rect(0, 0, frame.width, frame.height, "ground"),
        *graticule(frame),
        *(path(_outline(frame.project(z.geometry)), "zone") for z in geography.zones),
        *(_sector_ground(s.id, s.geometry, frame, tables, sheet) for s in geography.sectors),
        *(_line(item.geometry, item.kind, frame) for item in geography.lines),
        *(label for label, _ in named),
        *marks.parts,
    ], marks.grouped


def _notes(geography: Geography, tables: MapTables, placed: int, words: Wording) -> list[str]:
    """Return what could not be drawn, in words."""
    notes = []
    if placed < tables.incidents.height:
        missing = words.number(tables.incidents.height - placed)
        notes.append(words.say("map.unplaced", n=missing))
    off_map = sorted(set(tables.blind) - {s.id for s in geography.sectors})
    if off_map:
        sectors = ", ".join(words.name(s, "sector") for s in off_map)
        notes.append(words.say("map.off_map", sectors=sectors))
    return notes


def _outline(shape: BaseGeometry) -> str:
    rings: list[str] = []
    for part in getattr(shape, "geoms", [shape]):
        if isinstance(part, Polygon):
            for ring in (part.exterior, *part.interiors):
                rings.append(_track(np.asarray(ring.coords)[:-1]) + "Z")
        elif isinstance(part, LineString):
            rings.append(_track(np.asarray(part.coords)))
    return "".join(rings)


def _track(points: np.ndarray) -> str:
    return "M" + "L".join(f"{num(x)} {num(y)}" for x, y in points[:, :2])


def _line(shape: BaseGeometry, kind: str, frame: Frame) -> str:
    style = {"line": "loc", "coast": "coast", "border": "coast", "disputed": "disputed"}[kind]
    return path(_outline(frame.project(shape)), style)


def _sector_ground(
    sector: str, shape: BaseGeometry, frame: Frame, tables: MapTables, sheet: Sheet
) -> str:
    outline = _outline(frame.project(shape))
    share = tables.blind.get(sector, 0.0)
    hatched = "" if share <= 0 else tag("path", d=outline, fill=sheet.hatch(dense=share >= 0.5))
    return hatched + path(outline, "sector")


def _sector_name(
    sector: str,
    name: str,
    shape: BaseGeometry,
    frame: Frame,
    tables: MapTables,
    sheet: Sheet,
    words: Wording,
    taken: Sequence[Box],
    *,
    brief: bool,
) -> tuple[str, Box]:
    outline = frame.project(shape)
    state = tables.states.get(sector)
    lines = [name]
    if state is not None:
        lines.append(words.term("state", state))
    share = tables.blind.get(sector, 0.0)
    if share > 0:
        lines.append(words.say("map.blind", share=words.share(share)))
    if brief or frame.width < _ROOMY:
        lines = [f"{name} {STATE_GLYPHS[state]}" if state is not None else name]
    size = max(extent_of(item, SMALL) for item in lines) + 22
    height = 15 * len(lines) + 4
    west, top, east, _ = outline.bounds
    if brief:
        box = beside(outline.bounds, (size, height), frame, taken)
    else:
        box = within((size, height), (west + east - size) / 2, top + 5, frame)
    x, y = box[:2]
    parts = [rect(x, y, size, height, "paper", opacity=0.85, rx=2.0)]
    for number, words_of_line in enumerate(lines):
        at = y + 13 + 15 * number
        is_state = state is not None and number == 1
        if is_state:
            parts.append(state_mark(x + 10, at - 4, str(state), sheet.hatch(), 4))
        parts.append(
            text(x + (19 if is_state else 5), at, words_of_line, kind="lab" if number else "b")
        )
    return titled(parts, " \u00b7 ".join(lines)), box
