"""The report's price list: what each caveat and rule costs the plan."""

from __future__ import annotations

import polars as pl

from truceline.force.planning.plan import Plan
from truceline.publish.bulletins.page import Section
from truceline.publish.force.plan_cells import people, percent, said, share, sheet


def prices(plan: Plan) -> Section:
    """Return what each caveat costs."""
    rows = [
        (r["nation"], r["caveat"], people(r["people"]), people(r["posts_more"]),
         people(r["patrols_more"]), people(r["teams_more"]), percent(r["seen_once"]),
         percent(r["seen_twice"]),
         f"{r['price_low'] * 100:.2f} to {r['price_high'] * 100:.2f}")
        for r in plan.prices.to_dicts()
    ]  # fmt: skip
    heads = ("whose", "what is lifted", "people it frees", "posts more", "patrols more",
             "reaction teams more", "in range", "in range of two", "it costs, %")  # fmt: skip
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
