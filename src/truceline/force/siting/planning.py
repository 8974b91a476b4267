"""A siting plan: units of several kinds put on sites under rules, and what each rule costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from truceline.core.types.schema import Column, Schema
from truceline.force.siting.coverage import (
    BoolArray,
    Coverage,
    IntArray,
    coverage_by_range,
    coverage_of,
)
from truceline.force.siting.covering import Covering, CoveringPlan, maximal_covering
from truceline.force.siting.rules import KINDS, Rules, check_rules, groups_of
from truceline.force.siting.sites import POINTS, SITES

RULE_PRICES = Schema(
    "price of each rule",
    (
        Column("rule", pl.String(), "The rule lifted, all others kept."),
        Column("share_with", pl.Float64(), "Share of the weight seen under all rules."),
        Column("share_without", pl.Float64(), "Share seen without this one."),
        Column("price_low", pl.Float64(), "Share of all weight it costs at least.", low=0),
        Column("price_high", pl.Float64(), "Share of all weight it costs at most.", low=0),
    ),
)


@dataclass(frozen=True)
class SitingQuestion:
    """What may stand where, and what it would see.

    Attributes
    ----------
    kinds, sites, points : polars.DataFrame
        `KINDS`, `SITES` and `POINTS`.
    rules : Rules
        Who may not stand where.
    kind, site : int arrays
        Kind and site of each row that the rules allow.
    covering : Covering
        The question put to the solver, its rows in the same order.
    visible : mapping
        By kind, sites x points: what the ground lets it see. A kind that is not named sees all
        within its range.
    """

    kinds: pl.DataFrame
    sites: pl.DataFrame
    points: pl.DataFrame
    rules: Rules
    kind: IntArray
    site: IntArray
    covering: Covering
    visible: Mapping[str, BoolArray] = field(default_factory=dict)


def siting_question(
    kinds: pl.DataFrame,
    sites: pl.DataFrame,
    points: pl.DataFrame,
    rules: Rules | None = None,
    *,
    second: float = 0.0,
    visible: Mapping[str, BoolArray] | None = None,
) -> SitingQuestion:
    """Put units, sites, points and rules together, or say which of them clash.

    Parameters
    ----------
    kinds, sites, points : polars.DataFrame
        `KINDS`, `SITES` and `POINTS`.
    rules : Rules or None
        Who may not stand where; no rules when left out.
    second : float
        Share of a point's weight that only a second look earns, 0 to 0.5.
    visible : mapping or None
        By kind, sites x points: what the ground lets it see, from a viewshed. Range counts
        too, and a kind that is not named sees over all ground.
    """
    kinds, sites, points = KINDS.conform(kinds), SITES.conform(sites), POINTS.conform(points)
    asked = rules or Rules()
    check_rules(kinds, sites, asked)
    kind, site = np.nonzero(asked.allowed(kinds.height, sites.height))
    group, budget = groups_of(kind, site, kinds, sites, asked)
    seen = coverage_by_range(
        sites.select("lon", "lat").to_numpy()[site],
        points.select("lon", "lat").to_numpy(),
        kinds["range_m"].to_numpy()[kind],
    )
    hidden = dict(visible or {})
    if hidden:
        seen = _unhidden(seen, [hidden.get(name) for name in kinds["kind"]], kind, site)
    question = Covering(seen, points["weight"].to_numpy(), group, budget, second)
    return SitingQuestion(kinds, sites, points, asked, kind, site, question, hidden)


def _unhidden(
    seen: Coverage, visible: Sequence[BoolArray | None], kind: IntArray, site: IntArray
) -> Coverage:
    """Return the coverage without what the ground hides from each row."""
    row = np.repeat(np.arange(seen.n_rows), np.diff(seen.start))
    kept = np.ones(len(row), dtype=np.bool_)
    for at, mask in enumerate(visible):
        if mask is not None:
            mine = kind[row] == at
            kept[mine] = mask[site[row[mine]], seen.points[mine]]
    pairs = (np.ones(int(kept.sum())), (row[kept], seen.points[kept]))
    return coverage_of(csr_array(pairs, shape=(seen.n_rows, seen.n_points)))


def plan_siting(question: SitingQuestion, rng: np.random.Generator) -> CoveringPlan:
    """Return the plan that sees most, with its certified gap."""
    return maximal_covering(question.covering, rng)


def rule_prices(
    question: SitingQuestion, plan: CoveringPlan, rng: np.random.Generator
) -> pl.DataFrame:
    """Say what each rule costs: the share seen without it, less the share seen with it.

    Both plans have a gap, so the price is an interval: from what is lost at least (the
    objective without, less the bound with) to what is lost at most (the bound without, less
    the objective with).
    """
    lifted = {name: question.rules.without(name) for name in question.rules.allow}
    if question.rules.equal_sides:
        lifted["equal effort on both sides"] = Rules(question.rules.allow, question.rules.persons)
    rows = []
    for name, rules in lifted.items():
        free = siting_question(
            question.kinds,
            question.sites,
            question.points,
            rules,
            second=question.covering.second,
            visible=question.visible,
        )
        start = _same_rows(question, plan, free)
        other = maximal_covering(free.covering, rng, start=start)
        total = max(plan.total, 1e-300)
        rows.append(
            {
                "rule": name,
                "share_with": plan.share,
                "share_without": other.share,
                "price_low": max(other.objective - plan.bound, 0.0) / total,
                "price_high": max(other.bound - plan.objective, 0.0) / total,
            }
        )
    return RULE_PRICES.conform(pl.DataFrame(rows, schema=RULE_PRICES.dtypes()))


def _same_rows(question: SitingQuestion, plan: CoveringPlan, free: SitingQuestion) -> IntArray:
    """Return the rows of the freer question that the plan of the stricter one chose."""
    width = question.sites.height
    place = free.kind * width + free.site
    wanted = question.kind[plan.chosen] * width + question.site[plan.chosen]
    return np.searchsorted(place, wanted).astype(np.int64)
