"""`truceline plan report`: one plan from a force file to a report with maps and tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly
from truceline.cli.plan_inputs import Data, LinedCase, Met, Out, named_coalition, read_lined

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from truceline.agreement.case import Case
    from truceline.force.planning.assumptions import Assumed
    from truceline.force.planning.plan import Asked, Plan
    from truceline.publish.force.plan_rehearsed import Rehearsed


def report(
    case: LinedCase,
    force: Annotated[Path, typer.Option(help="Force in YAML, or the name of an example.")],
    on: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="As stated by this day.")],
    out: Out,
    data: Data = None,
    met: Met = None,
    cameras: Annotated[int, typer.Option(min=0, help="Fixed cameras beside the people.")] = 100,
    arrays: Annotated[int, typer.Option(min=0, help="Acoustic arrays.")] = 0,
    air: Annotated[
        Path | None, typer.Option(help="Folder with bases.csv and types.csv of aircraft.")
    ] = None,
    any_side: Annotated[bool, typer.Option(help="Not as many on each side.")] = False,
    assume: Annotated[
        list[str] | None, typer.Option(help="Another value, as road_kmh=40; see the report.")
    ] = None,
    sweep: Annotated[
        Path | None, typer.Option(help="Folder of a `truceline plan sweep` to stand beside it.")
    ] = None,
    quick: Annotated[bool, typer.Option(help="No prices of caveats, no sensitivity.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of all dice.")] = 1,
) -> None:
    """Plan a force from end to end and write the report.

    Example: truceline plan report easter-2025 --data DATA --force april-2025-30000
    --on 2026-01-06 -o plan
    """
    import numpy as np

    from truceline.force.planning.plan import make_plan
    from truceline.publish.force.plan_rehearsed import read_rehearsed

    with said_plainly():
        beside = None if sweep is None else read_rehearsed(sweep)
        asked = _asked(case, data, force, on.date(), air, tuple(assume or ()))
        asked = _with(asked, met, cameras, arrays, any_side=any_side)
        plan = make_plan(asked, np.random.default_rng(seed), tell=_tell, thorough=not quick)
        _write(plan, out, beside)


def _tell(words: str) -> None:
    typer.echo(words, err=True)


def _asked(
    case: str, data: Path | None, force: Path, day: dt.date, air: Path | None,
    assume: tuple[str, ...],
) -> Asked:  # fmt: skip
    from truceline.force.planning.airborne import example_air_force, read_air_force
    from truceline.force.planning.ground import plan_ground
    from truceline.force.planning.plan import Asked

    lined = read_lined(case, data)
    assumed = _assumed(assume)
    return Asked(
        named_coalition(force),
        day,
        plan_ground(
            lined.line, lined.territory, within=_land(lined.case, data), band_km=assumed["band_km"]
        ),
        {party.id: party.name for party in lined.case.terms.agreement.parties},
        air=example_air_force() if air is None else read_air_force(air),
        assumed=assumed,
    )


def _land(case: Case, data: Path | None) -> BaseGeometry | None:
    """Return the ground that the case's front lies in; outside it nobody stands."""
    import shapely

    from truceline.agreement.geometry import read_features

    front = case.settings.front
    if front is None or front.boundary is None:
        return None
    folders = [folder for folder in (case.folder, data) if folder is not None]
    path = next(f / front.boundary for f in folders if (f / front.boundary).is_file())
    return shapely.union_all([shape for _, shape in read_features(path)])


def _assumed(assume: tuple[str, ...]) -> Assumed:
    from truceline.core.types.errors import InputError
    from truceline.force.planning.assumptions import Assumed

    values = {}
    for text in assume:
        name, _, value = text.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError as cause:
            raise InputError(
                f"{text!r} is no assumption.", hint="Write it as road_kmh=40."
            ) from cause
    return Assumed(values)


def _with(
    asked: Asked, met: list[str] | None, cameras: int, arrays: int, *, any_side: bool
) -> Asked:
    from dataclasses import replace

    from truceline.force.planning.standing import Sensors

    happened = None if met is None else frozenset(met)
    return replace(
        asked, met=happened, sensors=Sensors(cameras, arrays), equal_sides=not any_side
    )  # fmt: skip


def _write(plan: Plan, out: Path, beside: Rehearsed | None) -> None:
    from truceline.publish.force.plan_cells import share
    from truceline.publish.force.plan_page import write_report

    _tell("setting the report")
    for path in write_report(plan, out, beside, _tell):
        typer.echo(f"wrote {path}")
    once, twice = share(plan.standing.seen.once), share(plan.standing.seen.twice)
    typer.echo(
        f"{plan.people:,.0f} people on {plan.asked.ground.line_km:,.0f} km of line "
        f"({plan.per_km:.1f} a km): {once} of the band in range, {twice} of two "
        f"or more, certified gap {plan.standing.plan.gap:.2%}"
    )
