"""`truceline plan game`, `air`, `response` and `tasking`: presence, patrols and answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly
from truceline.cli.plan_inputs import AsJson

if TYPE_CHECKING:
    import polars as pl


def game(
    inspections: Annotated[int, typer.Argument(help="Inspections to spend.")],
    periods: Annotated[int, typer.Argument(help="Periods to spend them in.")],
    seed: Annotated[int, typer.Option(help="Seed of the dice; keep it secret.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Draw a schedule of inspections nobody can foresee, and say what it assures.

    Example: truceline plan game 3 5
    """
    import numpy as np

    from truceline.force.patrols.game import value
    from truceline.force.patrols.schedules import patrol_schedule, patrol_shares

    with said_plainly(as_json=as_json):
        shares = patrol_shares({"all": 1.0}, inspections, periods)
        drawn = patrol_schedule(shares, periods, np.random.default_rng(seed))
        if not as_json:
            typer.echo(f"value of the game to the inspector: {value(inspections, periods):.6f}")
        _show(drawn, as_json)


def air(
    bases: Annotated[Path, typer.Argument(help="CSV of air bases.")],
    types: Annotated[Path, typer.Argument(help="CSV of aircraft types.")],
    stations: Annotated[Path, typer.Argument(help="CSV of the stations wanted.")],
    backstop: Annotated[bool, typer.Option(help="Count the guarantor's aircraft.")] = True,
    as_json: AsJson = False,
) -> None:
    """Say which stations in the air can be kept round the clock.

    Example: truceline plan air bases.csv types.csv stations.csv --no-backstop
    """
    from truceline.core.store.declared_csv import read_declared
    from truceline.force.air.presence import air_plan
    from truceline.force.air.stations import AIR_BASES, AIRCRAFT_TYPES, STATIONS

    with said_plainly(as_json=as_json):
        plan = air_plan(
            read_declared(bases, AIR_BASES),
            read_declared(types, AIRCRAFT_TYPES),
            read_declared(stations, STATIONS),
        )
        _show(plan.backed if backstop else plan.without, as_json)


def response(
    forces: Annotated[Path, typer.Argument(help="CSV of reaction forces.")],
    sectors: Annotated[Path, typer.Argument(help="CSV of the sectors to reach.")],
    people: Annotated[int, typer.Option(help="People wanted there.")] = 100,
    road_kmh: Annotated[float, typer.Option(help="Speed on the road.")] = 50.0,
    flying: Annotated[float, typer.Option(help="Share of helicopters that can fly.")] = 1.0,
    ladder: Annotated[Path | None, typer.Option(help="CSV of the ladder and its means.")] = None,
    breaches: Annotated[float, typer.Option(help="Breaches a day that start it.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Seed of the dice.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Say how soon so many people are there, or which steps of the ladder would be late.

    With --ladder the way of a team is that of the first arrival in each sector.

    Example: truceline plan response forces.csv sectors.csv --people 100
    """
    from truceline.core.store.declared_csv import read_declared
    from truceline.force.response import travel

    with said_plainly(as_json=as_json):
        now = travel.Conditions(road_kmh=road_kmh, helicopter_share=flying)
        places = read_declared(sectors, travel.SECTORS)
        table = travel.arrivals(read_declared(forces, travel.REACTION_FORCES), places, now)
        if ladder is None:
            _show(travel.hours_to(table, places, people), as_json)
        else:
            _show(_late(ladder, travel.hours_to(table, places, 1), breaches, seed), as_json)


def _late(ladder: Path, ways: pl.DataFrame, breaches: float, seed: int) -> pl.DataFrame:
    """Return which steps of a ladder would be late, with the way to each sector in hours."""
    import numpy as np

    from truceline.core.store.declared_csv import read_declared
    from truceline.core.types.errors import TermsError
    from truceline.force.response.ladder import LADDER, Load, ladder_report, steps_of

    never = ways.filter(ways["hours"].is_null())["sector"].to_list()
    if never:
        raise TermsError(
            f"nobody can reach {', '.join(never)}, so the ladder cannot be kept there.",
            hint="Add a force that may go there, or leave the sector out.",
        )
    load = Load(breaches, travel_h=tuple(ways["hours"]))
    return ladder_report(steps_of(read_declared(ladder, LADDER)), load, np.random.default_rng(seed))


def tasking(
    tasks: Annotated[Path, typer.Argument(help="CSV of the incidents to verify.")],
    teams: Annotated[Path, typer.Argument(help="CSV of the teams.")],
    false_alarm: Annotated[float, typer.Option(help="Cost of a false alarm.")] = 1.0,
    missed: Annotated[float, typer.Option(help="Cost of a missed violation.")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Send a day's teams where a visit would change most, before the traces are gone.

    Example: truceline plan tasking tasks.csv teams.csv
    """
    from truceline.core.store.declared_csv import read_declared
    from truceline.force.patrols.information import Losses, assumed_verification
    from truceline.force.patrols.routing import plan_tasking
    from truceline.force.patrols.tasking import TASKS, TEAMS, tasking_problem

    with said_plainly(as_json=as_json):
        plan = plan_tasking(
            tasking_problem(
                read_declared(tasks, TASKS),
                read_declared(teams, TEAMS),
                assumed_verification(),
                Losses(false_alarm, missed),
            )
        )
        _show(plan.tours, as_json)
        if not as_json:
            _show(plan.unvisited, as_json)


def _show(table: pl.DataFrame, as_json: bool) -> None:
    typer.echo(table.write_json() if as_json else table.write_csv(), nl=as_json)
