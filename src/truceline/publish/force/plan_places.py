"""The report's second part: what is in range along the line, and who stands where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import shapely

from truceline.core.space.geodesy import centre_of, local_plane, to_degrees, to_plane
from truceline.force.planning.ground import stretch_of
from truceline.force.planning.plan import Plan
from truceline.force.planning.standing import seen_by_stretch
from truceline.force.planning.symbols import SIDC, SYMBOL_WORDS
from truceline.publish.bulletins.page import Figure, Section, Sheet
from truceline.publish.draw.force.plan_map import (
    Panel,
    Watch,
    stretch_maps,
    stretch_pieces,
    watch_map,
)
from truceline.publish.draw.force.stretches import stretch_chart
from truceline.publish.force.plan_cells import of_line, people, percent, said, share, sheet
from truceline.publish.wording import Wording

#: Maps of stretches in one figure, and the ground shown around each, km.
_PANELS, _ROOM_KM = 6, 10.0

#: Height over width of such a map.
_SHAPE = 0.6


def watch_of(plan: Plan) -> Watch:
    """Return the ground that the plan's units see, as shapes for the map."""
    ground, units = plan.asked.ground, plan.standing.units
    plane = local_plane(*centre_of(ground.line))
    flat = to_plane(ground.line, plane)
    band = flat.buffer(ground.band_km * 1000.0)
    x, y = plane.transform(units["lon"].to_numpy(), units["lat"].to_numpy())
    discs = shapely.buffer(shapely.points(x, y), units["range_m"].to_numpy(), quad_segs=8)
    once = shapely.union_all(discs)
    pairs = shapely.STRtree(discs).query(discs, predicate="intersects")
    first, second = pairs[:, pairs[0] < pairs[1]]
    twice = shapely.union_all(shapely.intersection(discs[first], discs[second]))
    parts = (once.intersection(band), twice.intersection(band), band.difference(once))
    # Rings that all but touch in metres may cross in degrees, and could not be cut to a map.
    shapes = (
        shapely.make_valid(to_degrees(part, plane), method="structure", keep_collapsed=False)
        for part in parts
    )
    return Watch(ground.line, *shapes)


def overview(plan: Plan, words: Wording) -> Figure:
    """Return the map of the whole line, with what is seen of each stretch as rows."""
    watch = watch_of(plan)
    stretches = plan.asked.ground.stretches
    starts = stretches.group_by("stretch", maintain_order=True).first()
    starts = starts.with_columns(start=pl.col("stretch").str.extract(r"^(km [\d,]+)"))
    long = of_line(plan.asked.ground.line_km)
    title = f"What of the band along {long} is in somebody's range"

    def drawn(width: float, ident: str) -> str | None:
        return watch_map(watch, starts, words, width=width, ident=ident, title=title)

    rows = [
        (name, percent(seen.line), percent(seen.once), percent(seen.twice))
        for name, seen in seen_by_stretch(plan.standing.units, plan.asked.ground).items()
    ]
    heads = ("stretch", "line in range", "band in range of one", "of two or more")
    beside = sheet("In range by stretch", heads, rows, numeric=range(1, 4), folded=True)
    return Figure("map", title, drawn, beside, paper=72)


def places(plan: Plan, words: Wording) -> Section:
    """Return who stands where, stretch by stretch, and whose people they are."""
    sheets = _stretch_figures(plan, watch_of(plan), words)
    along = "Whose people stand beside which kilometre"
    units = plan.standing.units
    length = float(plan.asked.ground.points["km"].max() or 0.0)  # type: ignore[arg-type]

    def straight(width: float, ident: str) -> str | None:
        return stretch_chart(units, length, width=width, ident=ident, title=along)

    seen, solved = plan.standing.seen, plan.standing.plan
    return Section(
        "places",
        "Where they stand",
        (
            said(
                f"{plan.standing.question.sites.height:,} sites at 1, 3 and 6 km from the line, "
                "on both sides"
                + (", as many units on each" if plan.asked.equal_sides else "")
                + f"; {plan.asked.ground.points.height:,} points of the band.",
                "First everything is to be seen, then seen twice: a tenth of a point's worth is "
                "earned by the second look.",
                f"In range of one or more: {share(seen.once)} of the band and {share(seen.line)} "
                f"of the line itself; of two or more: {share(seen.twice)}.",
                f"Certified gap {solved.gap * 100:.2f} %.",
                "In range is not seen: ground, weather and darkness take their share.",
                f"Kilometres run along the longest piece of the line, {length:,.0f} km, from its "
                "western end; other pieces are counted with the nearest kilometre.",
            ),
            _kinds(plan),
            *sheets,
            Figure("stretches", along, straight, _by_nation(plan)),
        ),
    )


def _stretch_figures(plan: Plan, watch: Watch, words: Wording) -> list[Figure]:
    """Return maps of the stretches of the line, some to a figure, with their units as rows."""
    panels = stretch_panels(plan)
    return [
        _stretch_figure(plan, watch, words, panels[first : first + _PANELS], f"map-{number}")
        for number, first in enumerate(range(0, len(panels), _PANELS), start=1)
    ]


def _stretch_figure(
    plan: Plan, watch: Watch, words: Wording, panels: Sequence[Panel], ident: str
) -> Figure:
    names, units = [panel.name for panel in panels], plan.standing.units
    title = f"Who stands where, {names[0].split(' to ')[0]} to {names[-1].split(' to ')[-1]}"

    def drawn(width: float, ident: str) -> str:
        return stretch_maps(watch, units, panels, words, width=width, ident=ident, title=title)

    def pieces(width: float, ident: str) -> list[str]:
        return stretch_pieces(watch, units, panels, words, width=width, ident=ident, title=title)

    return Figure(ident, title, drawn, _units_of(plan, names), pieces=pieces)


def stretch_panels(plan: Plan) -> list[Panel]:
    """Return the edges of each stretch of the line, with room for those who stand beside it.

    All have one shape, so that their maps stand in rows.
    """
    panels = []
    table = plan.asked.ground.stretches
    for (name,), mine in table.group_by("stretch", maintain_order=True):
        west, east = float(mine["lon"].min()), float(mine["lon"].max())  # type: ignore[arg-type]
        south, north = float(mine["lat"].min()), float(mine["lat"].max())  # type: ignore[arg-type]
        lon, lat = (west + east) / 2, (south + north) / 2
        degree = 111.2 * np.cos(np.radians(lat))
        across = (east - west) / 2 * degree + _ROOM_KM
        up = (north - south) / 2 * 111.2 + _ROOM_KM
        across, up = max(across, up / _SHAPE), max(up, across * _SHAPE)
        side, rise = across / degree, up / 111.2
        panels.append(Panel(str(name), lon - side, lat - rise, lon + side, lat + rise))
    return panels


def _units_of(plan: Plan, names: list[str]) -> Sheet:
    """Return how many units of each kind stand beside some stretches, and who mans them."""
    units = plan.standing.units
    where = stretch_of(plan.asked.ground, units["km"].to_numpy())
    units = units.with_columns(pl.Series("stretch", where, dtype=pl.String()))
    kinds = units["kind"].unique().sort().to_list()
    rows = []
    for name in names:
        mine = units.filter(pl.col("stretch") == name)
        crews = mine.drop_nulls("nation")["nation"].value_counts().sort("nation").rows()
        manned = ", ".join(f"{nation} {count}" for nation, count in crews)
        counts = [people(mine.filter(pl.col("kind") == kind).height) for kind in kinds]
        rows.append((name, *counts, manned or "-"))
    heads = ("stretch", *kinds, "posts and drone bases manned by")
    caption = f"Units by stretch, {names[0]} and on; every place is in laydown.geojson"
    return sheet(caption, heads, rows, numeric=range(1, 1 + len(kinds)), folded=True)


def _kinds(plan: Plan) -> Sheet:
    units = plan.standing.units
    sides = list(plan.asked.parties)
    rows = []
    for kind in units["kind"].unique(maintain_order=True).sort():
        mine = units.filter(pl.col("kind") == kind)
        on = [people(mine.filter(pl.col("side") == side).height) for side in sides]
        rows.append((kind, people(mine.height), *on, f"{mine['range_m'][0] / 1000:g}",
                     SIDC.get(kind), SYMBOL_WORDS.get(kind)))  # fmt: skip
    bases = plan.answering.bases
    on = [people(bases.filter(pl.col("side") == side).height) for side in sides]
    rows.append(("reaction base", people(bases.height), *on, "-", SIDC["reaction base"],
                 SYMBOL_WORDS["reaction base"]))  # fmt: skip
    names = [f"on the ground of {name}" for name in plan.asked.parties.values()]
    heads = ("kind", "number", *names, "range, km", "APP-6 code", "symbol")
    return sheet("Units by kind; every place is in laydown.geojson", heads, rows,
                 numeric=range(1, 3 + len(sides)))  # fmt: skip


def _by_nation(plan: Plan) -> Sheet:
    units = plan.standing.units.with_columns(pl.col("nation").fill_null("sensors, no nation's"))
    rows = []
    for (nation, kind), mine in units.group_by("nation", "kind", maintain_order=True):
        rows.append((nation, kind, people(mine.height), people(mine["km"].min()),  # type: ignore[arg-type]
                     people(mine["km"].max())))  # type: ignore[arg-type]  # fmt: skip
    rows.sort(key=lambda row: (str(row[0]), str(row[1])))
    return sheet("Units by nation", ("nation", "kind", "number", "from km", "to km"), rows,
                 numeric=(2, 3, 4), folded=True)  # fmt: skip
