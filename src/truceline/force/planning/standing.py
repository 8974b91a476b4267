"""Where the units of a plan stand, whose people man them, and what of the band they see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from truceline.core.types.errors import TermsError
from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.caveats import Conditions
from truceline.force.contributions.model import Unit
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.crews import CrewClass, crew_classes, crews_of, sensor_classes
from truceline.force.planning.ground import PlanGround, along, stretch_of
from truceline.force.planning.people import Manning
from truceline.force.planning.symbols import sidc
from truceline.force.siting.coverage import coverage_by_range
from truceline.force.siting.covering import CoveringPlan, maximal_covering
from truceline.force.siting.laydown import LAYDOWN, laydown
from truceline.force.siting.planning import SitingQuestion, siting_question
from truceline.force.siting.rules import KINDS, Rules, distance_rule

#: Share of what a point is worth that only a second look earns: first see all, then twice.
SECOND_LOOK = 0.1

#: Least distance to the line, metres, by kind: assumptions.
KEEP_OFF = {"post": 1_000.0, "camera": 500.0, "acoustic array": 1_000.0, "drone base": 3_000.0}

STANDING = Schema(
    "who stands where",
    (
        Column("unit", pl.String(), "Name of the unit in the plan."),
        Column("kind", pl.String(), "Kind of unit."),
        Column("unit_id", pl.String(), "Unit whose people man it; null for a sensor.", True),
        Column("nation", pl.String(), "Whose people man it; null for a sensor.", True),
        Column("sidc", pl.String(), "Symbol code of APP-6 D.", True),
        Column("site_id", pl.String(), "The site."),
        Column("side", pl.String(), "Party whose ground it is."),
        Column("lon", pl.Float64(), "Longitude, degrees.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees.", low=-90, high=90),
        Column("km", pl.Float64(), "Kilometre of the line beside it.", low=0),
        Column("range_m", pl.Float64(), "How far it sees, metres.", low=0),
    ),
)


@dataclass(frozen=True)
class Sensors:
    """Sensors beside the people: fixed cameras and acoustic arrays, shared by all."""

    cameras: int = 100
    arrays: int = 0


@dataclass(frozen=True)
class Seen:
    """What of the band is seen.

    Attributes
    ----------
    once, twice : float
        Share of the band's ground seen by one or more, and by two or more.
    line : float
        Share of the line itself seen by one or more.
    """

    once: float
    twice: float
    line: float


@dataclass(frozen=True)
class Standing:
    """The siting of a plan.

    Attributes
    ----------
    question : SitingQuestion
        What was asked of the solver.
    plan : CoveringPlan
        Its answer with the certified gap.
    units : polars.DataFrame
        `STANDING`: who stands where.
    table : polars.DataFrame
        `LAYDOWN` for other tools.
    seen : Seen
        What the plan sees.
    """

    question: SitingQuestion
    plan: CoveringPlan
    units: pl.DataFrame
    table: pl.DataFrame
    seen: Seen


def stand(
    units: Sequence[Unit], manning: Manning, ground: PlanGround, conditions: Conditions,
    assumed: Assumed, sensors: Sensors, rng: np.random.Generator,
    *, equal_sides: bool = True, quick: bool = False,
) -> Standing:  # fmt: skip
    """Put posts, cameras and drone bases where they see most, each where its nation allows.

    Units whose nations allow the same sites are one kind of the solver. After siting, each
    nation mans a run of neighbouring posts among those it may man.

    Raises
    ------
    TermsError
        When there is nothing to put anywhere, or rules leave a unit no site.
    """
    classes = crew_classes(units, manning, ground.sites, conditions)
    classes += sensor_classes(ground.sites, sensors.cameras, sensors.arrays)
    if not classes:
        raise _nobody(manning)
    kinds = _kinds(classes, assumed)
    masks = np.array([c.mask for c in classes])
    rules = {"distance to the line": distance_rule(kinds, ground.sites)}
    if not masks.all():
        rules["caveats of the nations"] = masks
    question = siting_question(
        kinds, ground.sites, ground.points.select("lon", "lat", "weight"),
        Rules(rules, None, equal_sides), second=SECOND_LOOK,
    )  # fmt: skip
    rounds, tries = (250, 200) if quick else (1000, 4000)
    plan = maximal_covering(question.covering, rng, rounds=rounds, tries=tries)
    placed = _placed(laydown(question, plan), classes, ground)
    who = STANDING.conform(placed)
    return Standing(question, plan, who, LAYDOWN.conform(placed), seen_by(who, ground))


def seen_by(units: pl.DataFrame, ground: PlanGround) -> Seen:
    """Return what the units of a `STANDING` table see, each at its own range."""
    seen = coverage_by_range(
        units.select("lon", "lat").to_numpy(),
        ground.points.select("lon", "lat").to_numpy(),
        units["range_m"].to_numpy(),
    ).seen_by()
    weight = ground.points["weight"].to_numpy()
    line = ground.points["line_m"].to_numpy() == 0.0
    return Seen(
        float(weight[seen >= 1].sum() / weight.sum()),
        float(weight[seen >= 2].sum() / weight.sum()),
        float(weight[line & (seen >= 1)].sum() / weight[line].sum()),
    )


def seen_by_stretch(units: pl.DataFrame, ground: PlanGround) -> dict[str, Seen]:
    """Return what the units of a `STANDING` table see of each stretch, in the line's order."""
    where = pl.Series("stretch", stretch_of(ground, ground.points["km"].to_numpy()))
    parts = {
        name: ground.points.filter(where == name)
        for name in ground.stretches["stretch"].unique(maintain_order=True)
    }
    return {
        name: seen_by(units, replace(ground, points=points))
        for name, points in parts.items()
        if points.filter(pl.col("line_m") == 0.0).height
    }


def _nobody(manning: Manning) -> TermsError:
    why = manning.serving["why"].drop_nulls().unique(maintain_order=True).to_list()
    names = "; ".join(why) or "the force file gives no unit with a size"
    return TermsError(
        f"nobody of this force may stand along the line, and there is no sensor: {names}.",
        hint="Lift one of these, name what has been met with --met, or give --cameras.",
    )


def _kinds(classes: Sequence[CrewClass], assumed: Assumed) -> pl.DataFrame:
    reach = {"post": "post_range_km", "camera": "camera_range_km",
             "acoustic array": "camera_range_km", "drone base": "drone_range_km"}  # fmt: skip
    rows = [
        {
            "kind": c.name,
            "units": c.number,
            "range_m": assumed[reach[c.kind]] * 1000.0,
            "persons": c.people_each if c.crews else assumed["camera_people"],
            "line_m_low": KEEP_OFF[c.kind],
            "line_m_high": None,
        }
        for c in classes
    ]
    return KINDS.conform(pl.DataFrame(rows, schema=KINDS.dtypes()))


def _placed(table: pl.DataFrame, classes: Sequence[CrewClass], ground: PlanGround) -> pl.DataFrame:
    """Give each post and drone base a crew, nation by nation along the line.

    The table holds the columns of `STANDING` and of `LAYDOWN`.
    """
    km = along(ground, table["lon"].to_numpy(), table["lat"].to_numpy())
    table = table.with_columns(pl.Series("km", km)).sort("km", "site_id", maintain_order=True)
    parts = []
    for one in classes:
        mine = table.filter(pl.col("kind") == one.name)
        crews = crews_of(one, mine.height)
        parts.append(
            mine.with_columns(
                pl.lit(one.kind).alias("kind"),
                pl.Series("unit_id", [c[0] for c in crews], dtype=pl.String()),
                pl.Series("nation", [c[1] for c in crews], dtype=pl.String()),
                pl.lit(sidc(one.kind)).alias("sidc"),
            )
        )
    placed = pl.concat(parts).sort("kind", "km", "site_id", maintain_order=True)
    number = pl.int_range(1, pl.len() + 1).over("kind")
    return placed.with_columns(pl.format("{} {}", "kind", number).alias("unit"))
