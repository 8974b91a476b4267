"""The planning report: one model, set as HTML and as PDF, with its data beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from truceline.core.types.errors import InputError
from truceline.core.types.time import DAY
from truceline.force.planning.plan import Plan
from truceline.force.planning.record import plan_record
from truceline.force.siting.laydown import write_laydown
from truceline.publish.bulletins.catalogue import catalogue
from truceline.publish.bulletins.hypertext import hypertext
from truceline.publish.bulletins.page import Page
from truceline.publish.bulletins.print import printed
from truceline.publish.force.plan_answering import answering
from truceline.publish.force.plan_failing import air, failing, hanging, ladder
from truceline.publish.force.plan_people import manned, offered, summary
from truceline.publish.force.plan_places import overview, places
from truceline.publish.force.plan_prices import prices
from truceline.publish.force.plan_rehearsed import Rehearsed, rehearsed
from truceline.publish.force.plan_rotation import rotating
from truceline.publish.force.plan_setting import assumptions, compared
from truceline.publish.wording import Wording

_LABELS = {
    "contents": "Contents",
    "table": "The figure as a table",
    "languages": "Languages",
    "skip": "Skip to the answer",
    "annexes": "Annexes: the tables",
    "data": "Beside this page: plan.json with every number, and the laydown as laydown.geojson, "
    "laydown.gpkg and laydown.xlsx.",
    "number": "page",
}

#: Days from the year 0001 to 1970, to count a date in the clock of the tables.
_EPOCH = 719_163


def plan_page(plan: Plan, beside: Rehearsed | None = None) -> Page:
    """Return the report, ready to be set.

    Parameters
    ----------
    plan : Plan
        What was planned.
    beside : Rehearsed or None
        A sweep of forces to stand beside it.
    """
    words = Wording("en", catalogue("en"), {})
    asked = plan.asked
    facts = (
        ("as stated by", asked.day.isoformat()),
        ("line", f"{asked.ground.line_km:,.0f} km as drawn"),
        ("people", f"{plan.people:,.0f} in the theatre, {plan.per_km:.1f} a km"),
    )
    rehearsals = () if beside is None else (rehearsed(beside),)
    return Page(
        issued=(asked.day.toordinal() - _EPOCH) * DAY,
        language="en",
        title=asked.coalition.title,
        kind="Planning report: observation, presence and response",
        facts=facts,
        banner="",
        sections=(
            summary(plan, overview(plan, words)), offered(plan), manned(plan), rotating(plan),
            places(plan, words), prices(plan), answering(plan, words), ladder(plan), air(plan),
            failing(plan), hanging(plan), *rehearsals, compared(plan), assumptions(plan),
        ),
        reference=f"{asked.coalition.title}, {asked.day.isoformat()}",
        disclaimer="The line is as the case draws it and says nothing of anybody's border.",
        labels=_LABELS,
    )  # fmt: skip


def write_report(
    plan: Plan, out: Path, beside: Rehearsed | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Path]:  # fmt: skip
    """Write plan.html, plan.pdf, plan.json and the laydown; say what had to be left out."""
    out.mkdir(parents=True, exist_ok=True)
    page = plan_page(plan, beside)
    record = json.dumps(plan_record(plan), ensure_ascii=False, indent=1)
    (out / "plan.html").write_text(hypertext(page), encoding="utf-8")
    (out / "plan.pdf").write_bytes(printed(page))
    (out / "plan.json").write_text(record + "\n", encoding="utf-8")
    written = [out / name for name in ("plan.html", "plan.pdf", "plan.json")]
    for suffix in (".geojson", ".gpkg", ".xlsx"):
        path = out / f"laydown{suffix}"
        try:
            write_laydown(plan.standing.table, path)
            written.append(path)
        except InputError as lacking:
            tell(f"{path.name} is left out: {lacking}")
    return written
