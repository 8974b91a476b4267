"""The report's first part: the answer, who offers what, and what so many people man."""

from __future__ import annotations

from typing import Any

import polars as pl

from truceline.force.planning.answering import MODES
from truceline.force.planning.people import TASK_ROLES
from truceline.force.planning.plan import Plan
from truceline.force.posts.costs import costs
from truceline.publish.bulletins.page import Cell, Figure, Paragraph, Points, Section, Sheet
from truceline.publish.force.plan_cells import people, percent, said, share, sheet

_TASK_WORDS = {
    "post": "posts, round the clock",
    "patrol": "patrols a day of 8 hours",
    "reaction_force": "reaction teams of 30 on duty",
    "liaison_cell": "liaison cells",
    "drone_orbit": "drones kept up always",
}


def summary(plan: Plan, overview: Figure) -> Section:
    """Return the answer in sentences, each of which a later part explains, and on one map."""
    said = Points(tuple(Paragraph(text) for text in (*_who(plan), *_what(plan), *_weak(plan))))
    return Section("summary", "The answer", (said, overview))


def _who(plan: Plan) -> list[str]:
    manning, km = plan.manning, plan.asked.ground.line_km
    return [
        f"{plan.people:,.0f} people in the theatre for {km:,.0f} km of line, {plan.per_km:.1f} a "
        f"kilometre. To keep them there {plan.people * plan.asked.assumed['rotation']:,.0f} must "
        "be pledged.",
        f"{manning.on_line:,.0f} of them may serve along the line. "
        f"{manning.behind:,.0f} may not: their nations keep them in hubs, in other zones or in "
        "neighbouring states."
        + (f" {manning.absent:,.0f} more do not come on the day." if manning.absent else ""),
    ]


def _what(plan: Plan) -> list[str]:
    seen, manning = plan.standing.seen, plan.manning
    band = plan.asked.ground.band_km
    wanted = plan.asked.assumed["people_wanted"]
    within = plan.asked.assumed["hours_wanted"]
    day, night = (plan.answering.within(within, mode) for mode in (MODES[0], MODES[2]))
    return [
        f"They man {manning.number('post'):,} posts, {manning.number('patrol'):,} patrols a day, "
        f"{manning.number('drone_orbit'):,} drones and {manning.number('reaction_force'):,} "
        f"reaction teams; {plan.asked.sensors.cameras:,} cameras stand beside them.",
        f"By day and on flat ground {share(seen.once)} of the band {band:g} km on each side of the "
        f"line is in somebody's range, {share(seen.twice)} in that of two. No other choice of "
        f"these sites does better by more than {plan.standing.plan.gap * 100:.2f} %.",
        f"{wanted:,.0f} people are there within {within:g} hours on {share(day)} of the line by "
        f"day and on {share(night)} by night.",
    ]


def _weak(plan: Plan) -> list[str]:
    out = []
    stuck = plan.clocks.filter(pl.col("state") == "saturated").sort("breaches")
    if not stuck.is_empty():
        first = stuck.row(0, named=True)
        out.append(
            f"At {first['breaches']:g} breaches a day the step \u201c{first['step']}\u201d is "
            "saturated: its backlog grows without end."
        )
    single = pl.col("family").is_in(["means", "a nation leaves", "the guarantor", "access"])
    rest = plan.resilience.filter(single).sort("once")
    if not rest.is_empty():
        worst = rest.row(0, named=True)
        out.append(
            "Of all means, nations, guarantors and grounds taken away alone, what costs most is "
            f"\u201c{worst['case']}\u201d: "
            f"{share(worst['once'])} in range, {share(worst['twice'])} in range of two."
        )
    priced = plan.prices.filter(~pl.col("nation").is_in(["rule of the plan", "all nations"]))
    if not priced.is_empty():
        dear = priced.sort("people", descending=True).row(0, named=True)
        out.append(
            f"The caveat that keeps most people away is that of {dear['nation']} "
            f"({dear['caveat']}): {dear['people']:,.0f} people, {dear['posts_more']:,} posts and "
            f"{dear['teams_more']:,} reaction teams."
        )
    if plan.airborne is not None:
        out.append(
            f"In the air {plan.airborne.kept(backed=False)} of {plan.airborne.stations.height} "
            f"stations are kept without the guarantor, {plan.airborne.kept(backed=True)} with it."
        )
    return out


def offered(plan: Plan) -> Section:
    """Return who offers what, what it may do, and what it hangs on."""
    rows = [
        (r["nation"], r["date"], r["unit"] or r["stance"], r["kind"] or "-", _size(r),
         r["allowed"] or "no rule stated", r["hangs_on"] or "-")
        for r in plan.offered.to_dicts()
    ]  # fmt: skip
    heads = ("nation", "said on", "what", "kind", "people", "may serve", "hangs on")
    origin = plan.offered.select("nation", "date", "sources", "source_kind").unique(
        maintain_order=True
    )
    events = ", ".join(sorted(plan.conditions.met)) or "none"
    return Section(
        "offered",
        "Who offers what",
        (
            said(
                f"Positions as stated by {plan.asked.day}; a later word replaces an earlier one.",
                f"Taken to have happened: {events}.",
                "A size marked assumed is the planner's and nobody's pledge.",
            ),
            sheet("Positions", heads, rows, numeric=(4,)),
            sheet("Where each position can be read", ("position", "where", "what it is worth"),
                  [(f"{nation}, {day}", where, worth) for nation, day, where, worth
                   in origin.rows()], folded=True),
            _serving(plan),
        ),
    )  # fmt: skip


def _size(row: dict[str, Any]) -> Cell:
    """Return a unit's size, with the mark of an assumption."""
    if row["persons"] is None:
        return Cell("sends nobody", 0) if row["troops_high"] == 0 else Cell("not known")
    mark = " (assumed)" if row["basis"] == "assumed" else ""
    return Cell(f"{row['persons']:,}{mark}", row["persons"])


def _serving(plan: Plan) -> Sheet:
    rows = [
        (r["nation"], r["unit"], people(r["persons"]), r["serves"], r["why"] or "-")
        for r in plan.manning.serving.to_dicts()
    ]
    return sheet(
        "Where each unit may serve on the day", ("nation", "unit", "people", "serves", "because"),
        rows, numeric=(2,), folded=True,
    )  # fmt: skip


def manned(plan: Plan) -> Section:
    """Return the way from a headcount to people on duty, and what they keep up."""
    return Section(
        "manned",
        "From people to posts",
        (
            said(
                "People on duty are fewer than people in the theatre: some support the others, "
                "some are on leave, and a post of four needs three shifts.",
                "Each nation supports its own, unless the assumptions say otherwise.",
            ),
            _steps(plan),
            _teams(plan),
            _costs(plan),
        ),
    )


def _steps(plan: Plan) -> Sheet:
    manning, assumed = plan.manning, plan.asked.assumed
    total = plan.people
    rows = [
        ("pledged, to keep so many in place", people(total * assumed["rotation"]),
         f"{assumed['rotation']:g} for one"),
        ("in the theatre", people(total), "as the file states"),
        ("of them may serve along the line", people(manning.on_line), "no caveat forbids it"),
        ("of them kept away from it", people(manning.behind), "caveats of place or role"),
        ("keep cameras up", people(plan.asked.sensors.cameras * assumed["camera_people"]),
         f"{assumed['camera_people']:g} for each"),
        ("on tasks along the line, leave and shifts counted in", people(manning.duty),
         f"{assumed['support_share']:.0%} support the others"),
    ]  # fmt: skip
    return sheet("From a headcount to people on tasks", ("step", "number", "why"), rows,
                 numeric=(1,))  # fmt: skip


def _costs(plan: Plan) -> Sheet:
    rows = [
        (r["rate"], people(r["usd_month"]), people(r["usd_million_month"]),
         people(r["usd_million_year"]), r["holds"], r["source"])
        for r in costs(plan.people).to_dicts()
    ]  # fmt: skip
    heads = ("published rate", "dollars a person and month", "millions a month",
             "millions a year", "what is in it", "source")  # fmt: skip
    note = (
        "Dollars of their day, not adjusted. Those at home between tours, aircraft and sensors are "
        "not in it: a force costs its nations more than the first rate."
    )
    title = f"What {plan.people:,.0f} people in the theatre cost, by published rates"
    return sheet(title, heads, rows, numeric=(1, 2, 3), note=note)


def _teams(plan: Plan) -> Sheet:
    teams = plan.manning.teams
    nations = teams["nation"].unique(maintain_order=True).to_list()
    shares = plan.asked.assumed.allotment()
    rows = []
    for task in TASK_ROLES:
        mine = teams.filter(pl.col("task") == task)
        by = {
            n: int(mine.filter(pl.col("nation") == n)["number"].sum())
            for n in nations
        }  # fmt: skip
        each = mine["people_each"][0] if mine.height else None
        rows.append(
            (_TASK_WORDS[task], percent(shares[task], 0), people(each),
             people(plan.manning.number(task)), *(people(by[n]) for n in nations))
        )  # fmt: skip
    heads = ("kept up", "share of people", "people for one", "number", *nations)
    return sheet("What is kept up, and by whom", heads, rows, numeric=range(1, len(heads)))
