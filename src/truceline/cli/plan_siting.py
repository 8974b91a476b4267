"""`truceline plan siting`: where posts, cameras, arrays and drones should stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly

if TYPE_CHECKING:
    import polars as pl

    from truceline.force.siting.covering import CoveringPlan

#: Name, range in metres, people each, least distance to the line in metres: assumptions.
KINDS = (
    ("camera", 5_000.0, 2.0, 500.0),
    ("post", 4_000.0, 40.0, 1_000.0),
    ("acoustic array", 8_000.0, 4.0, 1_000.0),
    ("drone base", 15_000.0, 30.0, 3_000.0),
)


def siting(
    case: Annotated[str, typer.Argument(help="Folder or name of the case that has the line.")],
    data: Annotated[Path | None, typer.Option(help="Folder of the data it names.")] = None,
    cameras: Annotated[int, typer.Option(min=0)] = 100,
    posts: Annotated[int, typer.Option(min=0)] = 40,
    arrays: Annotated[int, typer.Option(min=0, help="Acoustic arrays.")] = 0,
    drones: Annotated[int, typer.Option(min=0, help="Drone bases.")] = 0,
    persons: Annotated[float | None, typer.Option(help="People there are for all.")] = None,
    keep_away_m: Annotated[float, typer.Option(help="Nobody nearer to the line.")] = 0.0,
    equal_sides: Annotated[bool, typer.Option(help="As many on each side.")] = False,
    second: Annotated[float, typer.Option(help="Worth of a second look, 0 to 0.5.")] = 0.0,
    spacing_m: Annotated[float, typer.Option(help="Between sites, metres.")] = 3_000.0,
    prices: Annotated[bool, typer.Option(help="Say what each rule costs.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the search.")] = 1,
    out: Annotated[Path | None, typer.Option(help=".geojson, .csv, .xlsx or .gpkg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Put so many units where they see most of the line, with a certified gap.

    Example: truceline plan siting easter-2025 --data data --cameras 100 --posts 40
    """
    import numpy as np

    from truceline.force.siting.laydown import laydown, write_laydown
    from truceline.force.siting.planning import plan_siting, rule_prices, siting_question
    from truceline.force.siting.rules import Rules, distance_rule

    with said_plainly(as_json=as_json):
        kinds = _kinds((cameras, posts, arrays, drones), keep_away_m)
        sites, points = _ground(case, data, spacing_m)
        rules = Rules({"distance to the line": distance_rule(kinds, sites)}, persons, equal_sides)
        question = siting_question(kinds, sites, points, rules, second=second)
        rng = np.random.default_rng(seed)
        plan = plan_siting(question, rng)
        units = laydown(question, plan)
        if out is not None:
            write_laydown(units, out)
        typer.echo(_summary(plan, units, sites.height, points.height), err=as_json)
        if prices:
            table = rule_prices(question, plan, rng)
            typer.echo(table.write_csv(), nl=False, err=as_json)
        if as_json or out is None:
            typer.echo(units.write_json() if as_json else units.write_csv(), nl=as_json)


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


def _ground(case: str, data: Path | None, spacing_m: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    from truceline.agreement.case import load_case
    from truceline.cli.case import find_case
    from truceline.core.types.errors import TermsError, Where
    from truceline.evidence.front import read_ground
    from truceline.force.siting.sites import candidate_sites, line_points

    folder = find_case(case)
    ground = read_ground(load_case(folder), data)
    if ground.line is None or ground.territory is None:
        raise TermsError(
            "the case has no line, or does not say who holds which ground.",
            where=Where(str(folder / "case.yaml")),
            hint="Give it a `line` and areas of the parties, or a `front`.",
        )
    sites = candidate_sites(ground.line, ground.territory, (1_000.0, 3_000.0, 6_000.0), spacing_m)
    return sites, line_points(ground.line, 100.0)


def _summary(plan: CoveringPlan, units: pl.DataFrame, sites: int, points: int) -> str:
    people = float(units["persons"].sum())
    twice = f", {int((plan.counts >= 2).sum()):,} of {len(plan.counts):,} points by two or more"
    return (
        f"# {units.height} units, {people:,.0f} people, {sites:,} sites, {points:,} points: "
        f"{plan.share:.1%} of {plan.total:,.1f} km covered, certified gap {plan.gap:.2%}{twice}"
    )
