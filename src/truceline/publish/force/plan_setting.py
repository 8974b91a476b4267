"""The report's last part: other missions, a sweep beside it, assumptions, and limits."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.force.planning.clocks import CELL, LADDER_SOURCE
from truceline.force.planning.comparison import missions
from truceline.force.planning.plan import Plan
from truceline.publish.bulletins.page import Figure, Paragraph, Points, Section
from truceline.publish.draw.force.density import density_chart
from truceline.publish.draw.sweeps import sweep_chart
from truceline.publish.force.plan_cells import hours, people, percent, said, sheet

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


def read_sweep(folder: Path) -> pl.DataFrame:
    """Return the table of a folder that `truceline plan sweep` wrote."""
    path = folder / "sweep.csv"
    try:
        return pl.read_csv(path)
    except (OSError, pl.exceptions.PolarsError) as cause:
        raise InputError(
            "the sweep cannot be read.",
            where=Where(str(path)),
            hint="Give the folder that `truceline plan sweep --out FOLDER` wrote.",
        ) from cause


def compared(plan: Plan, sweep: pl.DataFrame | None) -> Section:
    """Return other missions a kilometre, and the curves of a sweep where one is given."""
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
    blocks: list[Figure | Paragraph] = [
        Figure("density", title, drawn, sheet(title, heads, rows, numeric=(1, 2, 3)))
    ]
    blocks += [] if sweep is None else _curves(sweep)
    return Section("compared", "Beside other missions", tuple(blocks))


def _curves(sweep: pl.DataFrame) -> list[Figure | Paragraph]:
    title = "Rehearsed: violations found, verified and attributed, by the size of the force"

    def drawn(width: float, ident: str) -> str | None:
        return sweep_chart(sweep, width=width, ident=ident, title=title)

    rows = [
        (r["force"], people(r["people"]), f"{r['people_per_km']:.1f}", percent(r["found"]),
         percent(r["verified"]), percent(r["attributed"]), hours(r["hours_to_verified"]))
        for r in sweep.to_dicts()
    ]  # fmt: skip
    heads = ("force", "people", "a km", "found", "verified", "attributed", "hours to verify")
    return [
        said(
            "Forces of other sizes on the same rehearsed truces; nothing in them happened.",
            f"Reckoned on {_line_km(sweep):,.0f} km of line.",
        ),
        Figure("sweep", title, drawn, sheet(title, heads, rows, numeric=range(1, 7))),
    ]


def _line_km(sweep: pl.DataFrame) -> float:
    first = sweep.filter(pl.col("people") > 0).row(0, named=True)
    return float(first["people"] / first["people_per_km"])


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
            sheet("Assumptions", heads, rows, numeric=(1, 2)),
            Points(tuple(Paragraph(text) for text in _LIMITS)),
        ),
    )
