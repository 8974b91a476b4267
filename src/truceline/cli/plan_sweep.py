"""`truceline plan sweep`: what forces of different sizes buy, on the same rehearsed truces."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from truceline.force.planning.stress import Changed
    from truceline.force.presence import Mix
    from truceline.rehearsal.sweeps.running import Sweep


def sweep(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write, or to go on in.")],
    people: Annotated[
        str, typer.Option(help="Sizes in the theatre, with commas; else the published plans.")
    ] = "",
    cameras: Annotated[float, typer.Option(min=0, help="Fixed cameras beside the people.")] = 0,
    arrays: Annotated[float, typer.Option(min=0, help="Acoustic arrays beside them.")] = 0,
    line_km: Annotated[float, typer.Option(min=1, help="Length of the whole line.")] = 1200,
    scenario: Annotated[str, typer.Option(help="The truce.")] = "creeping-erosion",
    stretch_km: Annotated[float, typer.Option(min=50, help="How much of it is rehearsed.")] = 200,
    days: Annotated[float, typer.Option(min=1, help="For how long.")] = 14,
    truces: Annotated[int, typer.Option(min=1, help="How many truces, for intervals.")] = 4,
    without_air: Annotated[bool, typer.Option(help="No drones may fly.")] = False,
    stress: Annotated[
        float,
        typer.Option(min=0, help="A size to try after each loss and each assumption's ends too."),
    ] = 0,
    coalition: Annotated[
        str, typer.Option(help="Force in YAML, or an example: who leaves in the losses.")
    ] = "",
    on: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The coalition as stated by then."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 2,
) -> None:
    """Rehearse forces on the same truces and draw what each finds, verifies and attributes.

    Killed and started again, it goes on where it was. Writes sweep.html, sweep.csv,
    outcomes.csv and sweep.svg; with --stress also stress.csv.

    Example: truceline plan sweep --people 10000,30000,100000 --stress 30000 --out sweep
    """
    with said_plainly():
        from dataclasses import replace

        from truceline.rehearsal.sweeps.running import Sweep, run_sweep

        left = {"drone_orbit": 0.0} if without_air else {}
        wanted = Sweep(
            forces=_forces(people, cameras, arrays, left),
            line_km=line_km,
            scenario=scenario,
            stretch_km=stretch_km,
            days=days,
            seeds=tuple(range(7000, 7000 + truces)),
        )

        def told(done: int, total: int) -> None:
            typer.echo(f"\rrehearsed {done} of {total}", nl=done == total, err=True)

        planned, changes = _changes(wanted.forces, stress, cameras, arrays, coalition, on)
        wanted = replace(wanted, forces=(*wanted.forces, *planned))
        every = replace(wanted, forces=(*wanted.forces, *(change.mix for change in changes)))
        outcomes = run_sweep(every, out / "rehearsals", workers=workers, tell=told)
        _write(wanted, outcomes, out, changes)


def _changes(
    forces: Sequence[Mix], stress: float, cameras: float, arrays: float, coalition: str,
    on: dt.datetime | None,
) -> tuple[tuple[Mix, ...], tuple[Changed, ...]]:  # fmt: skip
    """Return the force put to the test, where it is not swept anyway, and all its changes."""
    from truceline.force.contributions.documents import read_coalition
    from truceline.force.examples import example_names, example_path
    from truceline.force.planning.stress import ends, losses, shares_leaving
    from truceline.force.presence import Mix

    if not stress:
        return (), ()
    swept = [force for force in forces if force.people == stress]
    base = swept[0] if swept else Mix(f"{stress:,.0f}", stress, cameras=cameras, arrays=arrays)
    leaving = {}
    if coalition:
        path = example_path(coalition) if coalition in example_names() else Path(coalition)
        stated = read_coalition(path)
        leaving = shares_leaving(stated.as_of(dt.date.max if on is None else on.date()).units())
    return () if swept else (base,), (*losses(base, leaving), *ends(base))


def _forces(
    people: str, cameras: float, arrays: float, left: Mapping[str, float]
) -> tuple[Mix, ...]:
    from dataclasses import replace

    from truceline.core.types.errors import InputError
    from truceline.force.presence import PRESETS, Mix

    if not people:
        return tuple(replace(preset, left=left) for preset in PRESETS)
    try:
        sizes = [float(size) for size in people.split(",")]
    except ValueError as cause:
        raise InputError(
            f"{people!r} is no list of numbers.", hint="Write --people 10000,30000."
        ) from cause
    return tuple(
        Mix(f"{size:,.0f}", size, cameras=cameras, arrays=arrays, left=left) for size in sizes
    )


def _write(wanted: Sweep, outcomes: pl.DataFrame, out: Path, changes: tuple[Changed, ...]) -> None:
    import polars as pl

    from truceline.publish.draw.style import standalone
    from truceline.publish.draw.sweeps import sweep_chart
    from truceline.publish.force.sweep_page import lead, sweep_page
    from truceline.rehearsal.sweeps.stress import STRESS, stressed
    from truceline.rehearsal.sweeps.summary import gains, summary

    swept = outcomes.filter(pl.col("force").is_in([force.name for force in wanted.forces]))
    table, steps, stress = summary(swept), gains(swept), STRESS.empty()
    if changes:
        stress = stressed(outcomes, changes)
        stress.write_csv(out / "stress.csv")
    outcomes.write_csv(out / "outcomes.csv")
    table.write_csv(out / "sweep.csv")
    (out / "sweep.html").write_text(sweep_page(wanted, table, steps, stress), encoding="utf-8")
    title = "Violations found, verified and attributed, by the size of the force"
    drawn = standalone(sweep_chart(table, width=880.0, ident="sweep", title=title))
    (out / "sweep.svg").write_text(drawn, encoding="utf-8")
    typer.echo(lead(wanted, table))
    typer.echo(f"wrote {out / 'sweep.html'}")
