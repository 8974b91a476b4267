"""The report's rotation: how long so many people can be kept there, and by how many pledged."""

from __future__ import annotations

import polars as pl

from truceline.force.planning.plan import Plan
from truceline.force.planning.rotating import CONTINGENT, MONTHS, PLEDGES, Rotation
from truceline.publish.bulletins.page import Figure, Section, Sheet
from truceline.publish.draw.force.rotation_chart import rotation_chart
from truceline.publish.force.plan_cells import of_line, people, percent, said, share, sheet


def rotating(plan: Plan) -> Section:
    """Return who would be along the line month by month, and who would be missing."""
    found = plan.rotation
    if found is None or found.months.is_empty():
        text = "Not rostered in a quick plan." if found is None else "Nobody serves along the line."
        return Section("rotation", "Keeping it up", (said(text),))
    long = of_line(plan.asked.ground.line_km)
    title = f"People along {long} month by month; who is missing is hatched"

    panels = {
        f"{p:g} pledged for one there": found.months.filter(pl.col("pledged") == p) for p in PLEDGES
    }

    def drawn(width: float, ident: str) -> str | None:
        return rotation_chart(panels, width=width, ident=ident, title=title)

    return Section(
        "rotation",
        "Keeping it up",
        (
            said(
                f"Units are cut into contingents of at most {CONTINGENT:g}, which serve a tour "
                f"and rest until {plan.asked.assumed['rotation']:g} tours have passed. Of what is "
                f"wanted over {MONTHS} months is met: "
                + "; ".join(f"{p:g} pledged for one, {share(found.met(p))}" for p in PLEDGES)
                + ".",
                "The first months lack those who are not ready yet. The roster meets the most "
                "person-months, not the evenest.",
            ),
            Figure("rotation", title, drawn, _years(found)),
            _tours(found),
        ),
    )


def _years(found: Rotation) -> Sheet:
    half = (pl.col("month") // 6).alias("half")
    table = found.months.with_columns(half).group_by("pledged", "half", maintain_order=True).agg(
        pl.col("present").mean(), pl.col("needed").mean(), pl.col("gap").first(),
        pl.col("present").min().alias("least"),
    )  # fmt: skip
    rows = [
        (f"{r['pledged']:g}", f"{6 * r['half']} to {6 * r['half'] + 5}", people(r["needed"]),
         people(r["present"]), people(r["least"]), percent(round(r["gap"], 6), 2))
        for r in table.to_dicts()
    ]  # fmt: skip
    heads = ("pledged for one", "months", "wanted", "there, mean", "there, least", "certified gap")
    return sheet("People there, by half year", heads, rows, numeric=range(6), folded=True)


def _tours(found: Rotation) -> Sheet:
    groups = found.tours.group_by(
        "nation", "kind", "month_start", "month_end", maintain_order=True
    ).agg(pl.len().alias("contingents"), pl.col("persons").sum())
    rows = [
        (r["nation"], r["kind"], str(r["month_start"]), str(r["month_end"] - 1),
         people(r["contingents"]), people(r["persons"]))
        for r in groups.sort("nation", "kind", "month_start", maintain_order=True).to_dicts()
    ]  # fmt: skip
    heads = ("nation", "kind", "first month", "last month", "contingents", "people")
    return sheet(f"Tours with {PLEDGES[-1]:g} pledged for one", heads, rows,
                 numeric=range(2, 6), folded=True)  # fmt: skip
