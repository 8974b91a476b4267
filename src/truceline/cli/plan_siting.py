"""`truceline plan siting`: where posts, cameras, arrays and drones should stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly
from truceline.cli.plan_inputs import (
    AsJson,
    AsOf,
    Data,
    LinedCase,
    Met,
    named_coalition,
    read_lined,
)

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from shapely.geometry.base import BaseGeometry

    from truceline.agreement.case import Case
    from truceline.force.planning.manned import Manned
    from truceline.force.siting.covering import CoveringPlan
    from truceline.force.siting.planning import SitingQuestion
    from truceline.force.terrain.viewshed import BoolArray

#: Name, range in metres, people each, least distance to the line in metres: assumptions.
KINDS = (
    ("camera", 5_000.0, 2.0, 500.0),
    ("post", 4_000.0, 40.0, 1_000.0),
    ("acoustic array", 8_000.0, 4.0, 1_000.0),
    ("drone base", 15_000.0, 30.0, 3_000.0),
)

#: Height of the eye above the ground, metres, of the kinds that look from the ground: a mast,
#: a tower. Sound goes over a hill and a drone flies over it. What is to be seen is 2 m tall.
EYES, TARGET_M = {"camera": 10.0, "post": 5.0}, 2.0


Cameras = Annotated[int, typer.Option(min=0)]
Posts = Annotated[int, typer.Option(min=0)]
Arrays = Annotated[int, typer.Option(min=0, help="Acoustic arrays.")]
Drones = Annotated[int, typer.Option(min=0, help="Drone bases.")]
Persons = Annotated[float | None, typer.Option(help="People there are for all.")]
Mans = Annotated[
    Path | None, typer.Option(help="Who mans them: a force in YAML, or an example's name.")
]
Forbid = Annotated[
    list[str] | None, typer.Option(help="Zone or feature of the case where nobody may be.")
]
Terrain = Annotated[Path | None, typer.Option(help="Terrain model, a GeoTIFF in metres.")]
KeepAway = Annotated[float, typer.Option(help="Nobody nearer to the line.")]
EqualSides = Annotated[bool, typer.Option(help="As many on each side.")]
Second = Annotated[float, typer.Option(help="Worth of a second look, 0 to 0.5.")]
Spacing = Annotated[float, typer.Option(help="Between sites, metres.")]
Prices = Annotated[bool, typer.Option(help="Say what each rule costs.")]
Seed = Annotated[int, typer.Option(help="Seed of the search.")]
Laydown = Annotated[Path | None, typer.Option(help=".geojson, .csv, .xlsx or .gpkg.")]


def siting(
    case: LinedCase,
    data: Data = None,
    cameras: Cameras = 100,
    posts: Posts = 40,
    arrays: Arrays = 0,
    drones: Drones = 0,
    persons: Persons = None,
    coalition: Mans = None,
    on: AsOf = None,
    met: Met = None,
    forbid: Forbid = None,
    dem: Terrain = None,
    keep_away_m: KeepAway = 0.0,
    equal_sides: EqualSides = False,
    second: Second = 0.0,
    spacing_m: Spacing = 3_000.0,
    prices: Prices = False,
    seed: Seed = 1,
    out: Laydown = None,
    as_json: AsJson = False,
) -> None:
    """Put so many units where they see most of the line, with a certified gap.

    Example: truceline plan siting easter-2025 --data data --cameras 100 --posts 40
    --coalition april-2025-30000 --on 2026-01-06 --prices
    """
    import numpy as np

    from truceline.force.siting.planning import plan_siting, siting_question
    from truceline.force.siting.rules import Rules, distance_rule

    with said_plainly(as_json=as_json):
        ground = _ground(case, data, spacing_m, tuple(forbid or ()))
        kinds = _kinds((cameras, posts, arrays, drones), keep_away_m)
        crews = _crews(kinds, ground.sites, coalition, on, met)
        rules = {"distance to the line": distance_rule(crews.kinds, ground.sites)}
        rules |= {**crews.caveats, **_closed(ground, crews.kinds.height)}
        question = siting_question(
            crews.kinds, ground.sites, ground.points, Rules(rules, persons, equal_sides),
            second=second, visible=_seen(dem, crews, ground),
        )  # fmt: skip
        rng = np.random.default_rng(seed)
        plan = plan_siting(question, rng)
        _say(question, plan, crews, rng, prices=prices, out=out, as_json=as_json)


@dataclass(frozen=True)
class _Ground:
    """Where units could stand, what they should see, and the zones closed to all."""

    sites: pl.DataFrame
    points: pl.DataFrame
    closed: Mapping[str, BaseGeometry]


def _kinds(numbers: tuple[int, ...], keep_away_m: float) -> pl.DataFrame:
    import polars as pl

    from truceline.force.siting import rules

    rows = [
        {
            "kind": name,
            "units": number,
            "range_m": reach,
            "persons": persons,
            "line_m_low": max(least, keep_away_m),
            "line_m_high": None,
        }
        for number, (name, reach, persons, least) in zip(numbers, KINDS, strict=True)
        if number > 0
    ]
    return rules.KINDS.conform(pl.DataFrame(rows, schema=rules.KINDS.dtypes()))


def _ground(case: str, data: Path | None, spacing_m: float, forbid: tuple[str, ...]) -> _Ground:
    from truceline.force.siting.sites import candidate_sites, line_points

    lined = read_lined(case, data)
    sites = candidate_sites(lined.line, lined.territory, (1_000.0, 3_000.0, 6_000.0), spacing_m)
    closed = {name: _zone(lined.case, name) for name in forbid}
    return _Ground(sites, line_points(lined.line, 100.0), closed)


def _zone(case: Case, name: str) -> BaseGeometry:
    """Return the ground of a zone of the agreement, or of a feature of the case's geometry."""
    import shapely

    from truceline.agreement.geometry import read_features, zone_polygon
    from truceline.core.types.errors import TermsError, Where

    agreement = case.terms.agreement
    for zone in agreement.zones:
        if zone.id == name:
            drawn = [zone_polygon(agreement, zone, case.geometry, p) for p in zone.line_of or ("",)]
            shapes = [shape for shape in drawn if shape is not None]
            if shapes:
                return shapely.union_all(shapes)
    for path in sorted(case.geometry.glob("*.geojson")):
        for properties, shape in read_features(path):
            if properties.get("id") == name:
                return shape
    raise TermsError(
        f"the case draws no zone or feature {name!r}.",
        where=Where(str(case.geometry)),
        hint="Name a zone of the agreement that has a width or a polygon, or a feature's `id`.",
    )


def _crews(
    kinds: pl.DataFrame, sites: pl.DataFrame, coalition: Path | None, on: dt.datetime | None,
    met: list[str] | None,
) -> Manned:  # fmt: skip
    from truceline.core.types.errors import InputError
    from truceline.force.contributions.caveats import Conditions
    from truceline.force.planning.manned import Manned, manned

    if coalition is None:
        return Manned(kinds, {}, tuple(kinds["kind"]), (None,) * kinds.height)
    if on is None:
        raise InputError(
            "a coalition's caveats need a day.", hint="Give it, as in --on 2026-01-06."
        )
    said = named_coalition(coalition).as_of(on.date())
    hangs_on = frozenset(name for position in said.positions for name in position.hangs_on())
    holds = Conditions(on.date(), hangs_on if met is None else frozenset(met), hangs_on)
    return manned(kinds, said.units(), sites, holds)


def _closed(ground: _Ground, kinds: int) -> dict[str, BoolArray]:
    from truceline.force.siting.rules import forbidden_zones

    return {
        f"zone {name}": forbidden_zones(shape, kinds, ground.sites)
        for name, shape in ground.closed.items()
    }


def _seen(dem: Path | None, crews: Manned, ground: _Ground) -> dict[str, BoolArray]:
    """Return what the ground lets each kind see that looks from it; flat ground hides nothing."""
    from truceline.force.terrain.elevations import in_sight, open_elevations

    if dem is None:
        return {}
    sites, points = (
        table.select("lon", "lat").to_numpy() for table in (ground.sites, ground.points)
    )
    reach = dict(zip(crews.base, crews.kinds["range_m"].to_list(), strict=True))
    with open_elevations(dem) as elevations:
        looks: dict[str, BoolArray] = {
            base: in_sight(elevations, sites, points, reach[base], eye_m, TARGET_M)
            for base, eye_m in EYES.items()
            if base in reach
        }
    pairs = zip(crews.kinds["kind"].to_list(), crews.base, strict=True)
    return {kind: looks[base] for kind, base in pairs if base in looks}


def _say(
    question: SitingQuestion, plan: CoveringPlan, crews: Manned, rng: np.random.Generator,
    *, prices: bool, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    from truceline.force.siting.laydown import laydown, write_laydown
    from truceline.force.siting.planning import rule_prices

    units = _with_nations(laydown(question, plan), crews)
    if out is not None:
        write_laydown(units, out)
    typer.echo(_summary(plan, units, question.sites.height, question.points.height), err=as_json)
    for why in crews.kept_away:
        typer.echo(f"# mans nothing here: {why}", err=as_json)
    if prices:
        table = rule_prices(question, plan, rng)
        typer.echo(table.write_csv(), nl=False, err=as_json)
    if as_json or out is None:
        typer.echo(units.write_json() if as_json else units.write_csv(), nl=as_json)


def _with_nations(units: pl.DataFrame, crews: Manned) -> pl.DataFrame:
    import polars as pl

    named = pl.DataFrame(
        {"kind": crews.kinds["kind"], "base": crews.base, "flag": crews.nation},
        schema={"kind": pl.String, "base": pl.String, "flag": pl.String},
    )
    joined = units.join(named, on="kind", how="left", maintain_order="left")
    filled = joined.with_columns(pl.col("base").alias("kind"), pl.col("flag").alias("nation"))
    return filled.select(units.columns)


def _summary(plan: CoveringPlan, units: pl.DataFrame, sites: int, points: int) -> str:
    people = float(units["persons"].sum())
    twice = f", {int((plan.counts >= 2).sum()):,} of {len(plan.counts):,} points by two or more"
    return (
        f"# units: {units.height}; {people:,.0f} people, {sites:,} sites, {points:,} points: "
        f"{plan.share:.1%} of {plan.total:,.1f} km covered, certified gap {plan.gap:.2%}{twice}"
    )
