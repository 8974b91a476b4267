"""The report's last part: other missions, assumptions, and limits."""

from __future__ import annotations

from truceline.force.planning.clocks import CELL, LADDER_SOURCE
from truceline.force.planning.plan import Plan
from truceline.force.published import missions
from truceline.publish.bulletins.page import Figure, Paragraph, Points, Section
from truceline.publish.draw.force.density import density_chart
from truceline.publish.force.plan_cells import people, sheet

_LIMITS = (
    "In range is not seen: no terrain, no weather, no fog. Sites are candidates on a map, and "
    "nobody has asked whether they can be reached, leased, or are mined.",
    "Ranges, team sizes, hours and shares are assumptions unless a source says otherwise; the "
    "tornado says which of them matter.",
    "The zones of the caveats are names. A site near the line lies in none of them: hubs and the "
    "hinterland are elsewhere, and those kept there neither watch nor answer.",
    "Response has no road network, and each place calls alone. The ladder has one pool for the "
    "whole line.",
    "Failures are scored before anything is moved, one at a time. Two at once are worse.",
    "Whether presence deters anybody is not reckoned. Found, verified and attributed shares come "
    "from rehearsals only (truceline plan sweep).",
    "This is observation, presence and response. It holds no targets and no tracks of people.",
)


def compared(plan: Plan) -> Section:
    """Return other missions a kilometre."""
    others = missions()
    own = ("this plan, in the theatre", plan.per_km)
    title = "People a kilometre of line, each on its own line"

    def drawn(width: float, ident: str) -> str | None:
        return density_chart(others, own, width=width, ident=ident, title=title)

    line = plan.asked.ground.line_km
    along = plan.manning.on_line
    rows = [
        (r["mission"], people(r["people"]), f"{r['line_km']:,.0f}", f"{r['per_km']:.1f}",
         r["source"])
        for r in others.to_dicts()
    ]  # fmt: skip
    rows += [
        ("this plan, in the theatre", people(plan.people), f"{line:,.0f}", f"{plan.per_km:.1f}",
         "this report"),
        ("this plan, along the line", people(along), f"{line:,.0f}", f"{along / line:.1f}",
         "this report"),
    ]  # fmt: skip
    heads = ("mission or plan", "people", "line, km", "a km", "source")
    figure = Figure(
        "density", title, drawn, sheet(title, heads, rows, numeric=(1, 2, 3), folded=True)
    )
    return Section("compared", "Beside other missions", (figure,))


def assumptions(plan: Plan) -> Section:
    """Return every number the plan rests on, each with its source, and the limits."""
    rows = []
    for r in plan.asked.assumed.table().to_dicts():
        ends = "-" if r["low"] is None else f"{r['low']:g} to {r['high']:g}"
        rows.append((r["words"], f"{r['value']:g}", ends, r["unit"], r["basis"], r["source"]))
    rows += [
        ("people of the cell that writes case files", f"{CELL:g}", "-", "people", "assumed",
         "the planner's"),
        ("clocks of the ladder", "24 and 72", "-", "hours", "sourced", LADDER_SOURCE),
        ("cameras beside the people", f"{plan.asked.sensors.cameras:g}", "-", "cameras",
         "assumed", "given to the plan; the OSCE mission had 25 on about 500 km"),
    ]  # fmt: skip
    heads = ("assumption", "taken", "tried", "unit", "basis", "source")
    return Section(
        "assumptions",
        "On what it rests",
        (
            Points(tuple(Paragraph(text) for text in _LIMITS)),
            sheet(
                "Every number it rests on, with its source",
                heads,
                rows,
                numeric=(1, 2),
                folded=True,
            ),
        ),
    )
