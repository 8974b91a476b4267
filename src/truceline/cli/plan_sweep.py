"""`truceline plan sweep`: what forces of different sizes buy, on the same rehearsed truces."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly
from truceline.cli.plan_inputs import AsOf, named_coalition

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from truceline.force.planning.stress import Changed
    from truceline.force.presence import Mix
    from truceline.rehearsal.sweeps.running import Sweep


Goes = Annotated[Path, typer.Option("--out", "-o", help="Folder to write, or to go on in.")]
People = Annotated[str, typer.Option(help="Sizes in the theatre, with commas; else twenty forces.")]
Cameras = Annotated[str, typer.Option(help="Fixed cameras beside them, with commas.")]
Arrays = Annotated[str, typer.Option(help="Acoustic arrays beside them, with commas.")]
Stations = Annotated[float, typer.Option(min=0, help="Stations kept in the air.")]
Backstop = Annotated[float, typer.Option(min=0, help="How many of them are the guarantor's.")]
LineKm = Annotated[float, typer.Option(min=1, help="Length of the whole line.")]
Scenario = Annotated[str, typer.Option(help="The truce.")]
StretchKm = Annotated[float, typer.Option(min=50, help="How much of it is rehearsed.")]
Days = Annotated[float, typer.Option(min=1, help="For how long.")]
Truces = Annotated[int, typer.Option(min=1, help="How many truces, for intervals.")]
WithoutAir = Annotated[bool, typer.Option(help="No drones may fly.")]
Stress = Annotated[
    float, typer.Option(min=0, help="A size to try after each loss and assumption too.")
]
Leaving = Annotated[
    Path | None, typer.Option(help="Force in YAML, or an example: who leaves in the losses.")
]
Workers = Annotated[int, typer.Option(min=1, help="Processes to use.")]


def sweep(
    out: Goes,
    people: People = "",
    cameras: Cameras = "0",
    arrays: Arrays = "0",
    stations: Stations = 0,
    backstop: Backstop = 0,
    line_km: LineKm = 1200,
    scenario: Scenario = "creeping-erosion",
    stretch_km: StretchKm = 200,
    days: Days = 14,
    truces: Truces = 4,
    without_air: WithoutAir = False,
    stress: Stress = 0,
    coalition: Leaving = None,
    on: AsOf = None,
    workers: Workers = 2,
) -> None:
    """Rehearse forces on the same truces and draw what each finds, verifies and attributes.

    Killed and started again, it goes on where it was. Sizes and sensors are tried in every mix.

    Example: truceline plan sweep --people 10000,30000 --cameras 0,100,500 --out sweep
    """
    from dataclasses import replace
    from itertools import product

    from truceline.force.presence import mix_of, presets
    from truceline.rehearsal.sweeps.running import Sweep

    with said_plainly():
        left = {"drone_orbit": 0.0, "station": 0.0} if without_air else {}
        _check_stations(stations, backstop)
        mixes = product(_numbers(people), _numbers(cameras), _numbers(arrays), [stations])
        forces = tuple(mix_of(*mix, left=left) for mix in mixes)
        forces = forces or tuple(replace(force, left=left) for force in presets(line_km))
        seeds = tuple(range(7000, 7000 + truces))
        wanted = Sweep(forces, line_km, scenario, stretch_km, days, seeds)
        planned, changes = _changes(forces, stress, stations, _leaving(coalition, on), backstop)
        _rehearse(replace(wanted, forces=(*forces, *planned)), changes, out, workers)


def _rehearse(wanted: Sweep, changes: tuple[Changed, ...], out: Path, workers: int) -> None:
    from dataclasses import replace

    from truceline.rehearsal.sweeps.running import run_sweep

    def told(done: int, total: int) -> None:
        typer.echo(f"\rrehearsed {done} of {total}", nl=done == total, err=True)

    every = replace(wanted, forces=(*wanted.forces, *(change.mix for change in changes)))
    outcomes = run_sweep(every, out / "rehearsals", workers=workers, tell=told)
    _write(wanted, outcomes, out, changes)


def _numbers(listed: str) -> tuple[float, ...]:
    from truceline.core.types.errors import InputError

    try:
        numbers = tuple(float(one) for one in listed.split(",")) if listed else ()
    except ValueError as cause:
        raise InputError(
            f"{listed!r} is no list of numbers.", hint="Write --people 10000,30000."
        ) from cause
    return tuple(dict.fromkeys(numbers))


def _check_stations(stations: float, backstop: float) -> None:
    from truceline.core.types.errors import InputError

    if backstop > stations:
        raise InputError(
            f"the guarantor keeps {backstop:g} stations in the air, and there are {stations:g}.",
            hint="Count its stations in --stations too.",
        )


def _leaving(coalition: Path | None, on: dt.datetime | None) -> Mapping[str, float]:
    """Return the share of the people that goes with each nation, guarantor and event."""
    from truceline.force.planning.stress import shares_leaving

    if coalition is None:
        return {}
    stated = named_coalition(coalition)
    return shares_leaving(stated.as_of(dt.date.max if on is None else on.date()).units())


def _changes(
    forces: tuple[Mix, ...], stress: float, stations: float, leaving: Mapping[str, float],
    backstop: float,
) -> tuple[tuple[Mix, ...], tuple[Changed, ...]]:  # fmt: skip
    """Return the force put to the test, where it is not swept anyway, and all its changes."""
    from truceline.force.planning.stress import ends, losses
    from truceline.force.presence import mix_of

    if not stress:
        return (), ()
    swept = [f for f in forces if f.people == stress and f.stations == stations]
    base = swept[0] if swept else mix_of(stress, stations=stations)
    return () if swept else (base,), (*losses(base, leaving, backstop), *ends(base))


def _write(wanted: Sweep, outcomes: pl.DataFrame, out: Path, changes: tuple[Changed, ...]) -> None:
    import numpy as np
    import polars as pl

    from truceline.publish.draw.style import standalone
    from truceline.publish.draw.sweeps import sweep_chart
    from truceline.publish.force.sweep_page import Told, lead, sweep_page
    from truceline.rehearsal.sweeps.ladder import clocks_by_force
    from truceline.rehearsal.sweeps.stress import STRESS, stressed
    from truceline.rehearsal.sweeps.summary import gains, summary

    swept = outcomes.filter(pl.col("force").is_in([force.name for force in wanted.forces]))
    table = summary(swept)
    clocks = clocks_by_force(wanted.forces, table, wanted.line_km, np.random.default_rng(1))
    stress = stressed(outcomes, changes) if changes else STRESS.empty()
    told = Told(table, gains(swept), clocks, stress)
    files = {"outcomes": outcomes, "sweep": table, "gains": told.gains, "ladder": clocks}
    for name, rows in {**files, **({"stress": stress} if changes else {})}.items():
        rows.write_csv(out / f"{name}.csv")
    (out / "sweep.html").write_text(sweep_page(wanted, told), encoding="utf-8")
    title = "Violations found, verified and attributed, by the size of the force"
    drawn = standalone(sweep_chart(table, width=880.0, ident="sweep", title=title))
    (out / "sweep.svg").write_text(drawn, encoding="utf-8")
    typer.echo(lead(wanted, table))
    typer.echo(f"wrote {out / 'sweep.html'}")
