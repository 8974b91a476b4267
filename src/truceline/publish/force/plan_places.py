"""The report's second part: where units stand, what caveats cost, how soon people are there."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely

from truceline.core.space.geodesy import centre_of, local_plane, to_degrees, to_plane
from truceline.force.planning.answering import BANDS_H, MODES
from truceline.force.planning.plan import Plan
from truceline.force.planning.symbols import SIDC, SYMBOL_WORDS
from truceline.publish.bulletins.page import Figure, Section, Sheet
from truceline.publish.draw.force.plan_map import Watch, answer_map, watch_map
from truceline.publish.draw.force.stretches import stretch_chart
from truceline.publish.force.plan_cells import hours, people, percent, said, share, sheet
from truceline.publish.wording import Wording


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
            Figure("stretches", along, straight, _by_nation(plan)),
        ),
    )


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
                "Roads are the straight line times a detour; none is checked to exist.",
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
    mine = plan.answering.hours.filter(pl.col("mode") == mode).select("sector", "hours")
    table = ground.stretches.join(mine, on="sector", how="left", maintain_order="left")
    title = f"Hours until people are there, by {mode}"

    def drawn(width: float, ident: str) -> str | None:
        return answer_map(
            ground.line, table, plan.answering.bases, BANDS_H, words,
            width=width, ident=ident, title=title,
        )  # fmt: skip

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
