"""Where each unit may stand, and which caveat says no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.caveats import SITES, Conditions, Mask
from truceline.force.contributions.model import Unit

REFUSALS = Schema(
    "refusals",
    (
        Column("unit_id", pl.String(), "The unit."),
        Column("nation", pl.String(), "Whose unit it is."),
        Column("site_id", pl.String(), "The site."),
        Column("reason", pl.String(), "Which caveat of which nation forbids it, in words."),
    ),
)


@dataclass(frozen=True)
class Allowance:
    """The answer for every unit and site.

    Attributes
    ----------
    allowed : bool array, units x sites
        Whether the unit may stand there.
    refusals : polars.DataFrame
        `REFUSALS`: one row for each caveat that forbids a unit a site.
    """

    allowed: Mask
    refusals: pl.DataFrame


def allowed(units: Sequence[Unit], sites: pl.DataFrame, conditions: Conditions) -> Allowance:
    """Say where each unit may stand under the caveats of its nation.

    Parameters
    ----------
    units : sequence of Unit
        The rows of the answer.
    sites : polars.DataFrame
        `SITES`: the columns of the answer. An unknown distance or zone counts against a
        unit whose nation asks for one.
    conditions : Conditions
        What holds on the day.
    """
    sites = SITES.conform(sites)
    mask = np.ones((len(units), sites.height), dtype=np.bool_)
    refused = [REFUSALS.empty()]
    for row, unit in enumerate(units):
        for reason, forbidden in _rules(unit, sites, conditions):
            mask[row] &= ~forbidden
            if forbidden.any():
                refused.append(_refusals(unit, sites.filter(pl.Series(forbidden)), reason))
    return Allowance(mask, REFUSALS.conform(pl.concat(refused)))


def may_stand(
    unit: Unit, role: str, conditions: Conditions, *, zone: str | None, line_km: float | None,
    by_night: bool,
) -> tuple[bool, str | None]:  # fmt: skip
    """Say whether one unit may stand at one place, and if not, why."""
    site = pl.DataFrame(
        {"site_id": [""], "role": [role], "zone": [zone], "line_km": [line_km],
         "by_night": [by_night]},
        schema=SITES.dtypes(),
    )  # fmt: skip
    answer = allowed((unit,), site, conditions)
    reasons = answer.refusals["reason"].to_list()
    return not reasons, "; ".join(reasons) or None


def _rules(unit: Unit, sites: pl.DataFrame, conditions: Conditions) -> list[tuple[str, Mask]]:
    rules = [
        (f"{unit.nation}: {unit.name} may serve {caveat.words()}",
         caveat.forbids(sites, conditions))
        for caveat in unit.caveats
    ]  # fmt: skip
    if unit.available_on is not None and conditions.day < unit.available_on:
        reason = f"{unit.nation}: {unit.name} is available from {unit.available_on} only"
        rules.append((reason, np.ones(sites.height, dtype=np.bool_)))
    return rules


def _refusals(unit: Unit, sites: pl.DataFrame, reason: str) -> pl.DataFrame:
    return sites.select(
        pl.lit(unit.unit_id).alias("unit_id"),
        pl.lit(unit.nation).alias("nation"),
        "site_id",
        pl.lit(reason).alias("reason"),
    )
