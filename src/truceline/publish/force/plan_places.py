"""The report's second part: where units stand, what caveats cost, how soon people are there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import polars as pl
import shapely

from truceline.core.space.geodesy import centre_of, local_plane, to_degrees, to_plane
from truceline.force.planning.answering import BANDS_H, MODES
from truceline.force.planning.isochrones import REACH_KM, isochrones
from truceline.force.planning.plan import Plan
from truceline.force.planning.symbols import SIDC, SYMBOL_WORDS
from truceline.publish.bulletins.page import Figure, Section, Sheet
from truceline.publish.draw.force.answer_map import answer_map
from truceline.publish.draw.force.plan_map import Panel, Watch, stretch_maps, watch_map
from truceline.publish.draw.force.stretches import stretch_chart
from truceline.publish.force.plan_cells import hours, people, percent, said, share, sheet
from truceline.publish.wording import Wording

#: Maps of stretches in one figure, so that it fits a page, and the ground shown around each, km.
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
    return Watch(ground.line, *(to_degrees(part, plane) for part in parts))


def places(plan: Plan, words: Wording) -> Section:
    """Return the map of posts and coverage, whose people stand where, and what is seen."""
    watch, units = watch_of(plan), plan.standing.units
    title = "Who stands where, and what is in somebody's range"

    def drawn(width: float, ident: str) -> str | None:
        return watch_map(watch, units, words, width=width, ident=ident, title=title)

    sheets = _stretch_figures(plan, watch, words)
    along = "Whose people stand beside which kilometre"
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
            ),
            Figure("map", title, drawn, _kinds(plan)),
            *sheets,
            Figure("stretches", along, straight, _by_nation(plan)),
        ),
    )


def _stretch_figures(plan: Plan, watch: Watch, words: Wording) -> list[Figure]:
    """Return maps of the stretches of the line, some to a figure, with their units as rows."""
    panels = stretch_panels(plan)
    figures = []
    for first in range(0, len(panels), _PANELS):
        some = panels[first : first + _PANELS]
        names = [panel.name for panel in some]
        title = f"Who stands where, {names[0].split(' to ')[0]} to {names[-1].split(' to ')[-1]}"

        drawn = partial(_stretches_drawn, watch, plan.standing.units, some, words, title)
        figures.append(Figure(f"map-{first // _PANELS + 1}", title, drawn, _units_of(plan, names)))
    return figures


def _stretches_drawn(
    watch: Watch, units: pl.DataFrame, panels: Sequence[Panel], words: Wording, title: str,
    width: float, ident: str,
) -> str:  # fmt: skip
    return stretch_maps(watch, units, panels, words, width=width, ident=ident, title=title)


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
    cuts = plan.asked.ground.stretches.group_by("stretch", maintain_order=True).agg(
        pl.col("km").min()
    )
    every, starts = cuts["stretch"].to_list(), [*cuts["km"].to_list()[1:], float("inf")]
    units = plan.standing.units
    at = np.searchsorted(starts, units["km"].to_numpy(), side="right")
    units = units.with_columns(pl.Series("stretch", [every[n] for n in at], dtype=pl.String()))
    kinds = units["kind"].unique().sort().to_list()
    rows = []
    for name in names:
        mine = units.filter(pl.col("stretch") == name)
        crews = mine.drop_nulls("nation")["nation"].value_counts().sort("nation").rows()
        manned = ", ".join(f"{nation} {count}" for nation, count in crews)
        counts = [people(mine.filter(pl.col("kind") == kind).height) for kind in kinds]
        rows.append((name, *counts, manned or "-"))
    heads = ("stretch", *kinds, "posts and drone bases manned by")
    return sheet("Units by stretch; every place is in laydown.geojson", heads, rows,
                 numeric=range(1, 1 + len(kinds)))  # fmt: skip


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


def prices(plan: Plan) -> Section:
    """Return what each caveat costs."""
    rows = [
        (r["nation"], r["caveat"], people(r["people"]), people(r["posts_more"]),
         people(r["patrols_more"]), people(r["teams_more"]), percent(r["seen_once"]),
         percent(r["seen_twice"]),
         f"{r['price_low'] * 100:.2f} to {r['price_high'] * 100:.2f} %")
        for r in plan.prices.to_dicts()
    ]  # fmt: skip
    heads = ("whose", "what is lifted", "people it frees", "posts more", "patrols more",
             "reaction teams more", "in range", "in range of two", "it costs")  # fmt: skip
    away = plan.manning.serving.filter(pl.col("serves") == "away from the line")
    kept = sorted({f"{r['nation']} ({r['persons']:,})" for r in away.to_dicts()})
    if not rows:
        text = "Not reckoned in a quick plan." if kept else "No caveat keeps anybody away."
        return Section("prices", "What each caveat costs", (said(text),))
    return Section(
        "prices",
        "What each caveat costs",
        (
            said(
                "People whose nation keeps them from the line: " + "; ".join(kept) + "."
                if kept
                else "No caveat keeps anybody from the line.",
                "The plan is made again without each rule, all else kept. The last column is the "
                "share of the plan's worth that the rule costs, an interval since both plans have "
                "a gap. In range with all rules: "
                f"{share(plan.standing.seen.once)}, of two {share(plan.standing.seen.twice)}.",
            ),
            sheet("Each rule lifted alone", heads, rows, numeric=range(2, 9)),
        ),
    )


def answering(plan: Plan, words: Wording) -> Section:
    """Return how soon people are there, by day and by night, and from which bases."""
    solved, wanted = plan.answering.plan, plan.asked.assumed["people_wanted"]
    if solved is None:
        return Section("answering", "Being there", (said("There is no reaction force."),))
    figures = tuple(_map(plan, words, mode) for mode in (MODES[0], MODES[2]))
    return Section(
        "answering",
        "Being there",
        (
            said(
                f"Hours from the call until {wanted:,.0f} people are there, from "
                f"{plan.answering.bases.height} bases sited by p-median (gap "
                f"{solved.gap * 100:.2f} %), each place asked for alone.",
                _longest(plan),
                "Roads are the straight line times a detour; none is checked to exist. The maps "
                f"show ground within {REACH_KM:g} km of the line.",
            ),
            *figures,
            _sectors(plan),
            _bases(plan),
        ),
    )


def _longest(plan: Plan) -> str:
    way = plan.farthest
    if way is None:
        return ""
    proven = "proven best" if way.bound >= way.best else f"at least {way.bound:.2f} h"
    return (
        f"The farthest place is {way.planned:.2f} h of road by day from its nearest base; as many "
        f"bases sited for that place alone would need {way.best:.2f} h (p-centre, {proven})."
    )


def _map(plan: Plan, words: Wording, mode: str) -> Figure:
    ground = plan.asked.ground
    bases, assumed = plan.answering.bases, plan.asked.assumed
    bands = isochrones(bases, ground, assumed, mode, BANDS_H)
    spans = [(band.low, band.high, band.ground) for band in bands]
    title = f"Hours until {assumed['people_wanted']:,.0f} people are there, by {mode}"

    def drawn(width: float, ident: str) -> str | None:
        return answer_map(
            ground.line, spans, BANDS_H, bases, words, width=width, ident=ident, title=title
        )

    rows = [
        (f"within {band:g} h", *(percent(plan.answering.within(band, m)) for m in MODES))
        for band in BANDS_H
    ]
    beside = sheet(f"Share of the line reached ({mode} is drawn)", ("hours", *MODES), rows,
                   numeric=range(1, 5), folded=mode != MODES[0])  # fmt: skip
    return Figure(f"answer-{mode.split()[0]}", title, drawn, beside)


def _sectors(plan: Plan) -> Sheet:
    table = plan.answering.hours
    rows = []
    for name in plan.asked.ground.stretches["stretch"].unique(maintain_order=True):
        row: list[object] = [name]
        for mode in MODES:
            mine = table.filter((pl.col("stretch") == name) & (pl.col("mode") == mode))["hours"]
            known = np.sort(mine.fill_null(np.inf).to_numpy())
            ends = (known[len(known) // 2], known[-1])
            row += [hours(float(v) if np.isfinite(v) else None) for v in ends]
        rows.append(row)
    heads = ("sector", *(f"{mode}: {what}" for mode in MODES for what in ("median h", "worst h")))
    return sheet("Hours by sector", heads, rows, numeric=range(1, 9))


def _bases(plan: Plan) -> Sheet:
    rows = [
        (r["unit"], r["teams"], plan.asked.parties.get(r["side"], r["side"]),
         f"{r['km']:,.0f}", people(r["people"]), people(r["helicopters"]))
        for r in plan.answering.bases.to_dicts()
    ]  # fmt: skip
    heads = ("base", "teams", "on the ground of", "km", "people on duty", "helicopters")
    return sheet("Bases of the reaction forces", heads, rows, numeric=(3, 4, 5), folded=True)
