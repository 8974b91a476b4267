"""A plan as plain data, so that other programs can read every number of the report."""

from __future__ import annotations

from typing import Any

import polars as pl

from truceline.force.planning.plan import Plan
from truceline.force.posts.costs import costs
from truceline.force.published import missions


def plan_record(plan: Plan) -> dict[str, Any]:
    """Return the whole plan as nested lists and numbers; what is not known is null."""
    return _numbers(plan) | {name: _rows(table) for name, table in _tables(plan).items()}


def _numbers(plan: Plan) -> dict[str, Any]:
    asked, standing = plan.asked, plan.standing
    return {
        "title": asked.coalition.title,
        "as_stated_by": asked.day.isoformat(),
        "line_km": asked.ground.line_km,
        "band_km_each_side": asked.ground.band_km,
        "people_in_theatre": plan.people,
        "people_per_km": plan.per_km,
        "people_along_the_line": plan.manning.on_line,
        "people_away_from_the_line": plan.manning.behind,
        "people_who_do_not_come": plan.manning.absent,
        "people_pledged_for_it": plan.people * asked.assumed["rotation"],
        "met": sorted(plan.conditions.met),
        "committed": sorted(plan.conditions.committed),
        "equal_sides": asked.equal_sides,
        "seen_once": standing.seen.once,
        "seen_twice": standing.seen.twice,
        "line_seen": standing.seen.line,
        "objective": standing.plan.share,
        "certified_gap": standing.plan.gap,
        "response_gap": None if plan.answering.plan is None else plan.answering.plan.gap,
        "longest_way_h": None if plan.farthest is None else plan.farthest.planned,
        "longest_way_best_h": None if plan.farthest is None else plan.farthest.best,
    }


def _tables(plan: Plan) -> dict[str, pl.DataFrame]:
    tables: dict[str, pl.DataFrame] = {
        "offered": plan.offered,
        "serving": plan.manning.serving,
        "teams": plan.manning.teams,
        "units": plan.standing.units,
        "bases": plan.answering.bases,
        "hours": plan.answering.hours,
        "prices": plan.prices,
        "ladder": plan.clocks,
        "resilience": plan.resilience,
        "sensitivity": plan.sensitivity,
        "assumptions": plan.asked.assumed.table(),
        "other_missions": missions(),
        "costs": costs(plan.people),
    }
    if plan.rotation is not None:
        tables |= {"rotation": plan.rotation.months, "tours": plan.rotation.tours}
    if plan.airborne is not None:
        tables["air_without_guarantor"] = plan.airborne.plan.without
        tables["air_with_guarantor"] = plan.airborne.plan.backed
        tables["air_presence"] = plan.airborne.presence
    return tables


def _rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    dates = [name for name, kind in table.schema.items() if kind == pl.Date()]
    return table.with_columns(pl.col(name).cast(pl.String) for name in dates).to_dicts()
