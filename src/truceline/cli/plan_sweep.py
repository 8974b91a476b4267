"""`truceline plan sweep`: what forces of different sizes buy, on the same rehearsed truces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly

if TYPE_CHECKING:
    import polars as pl

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
    workers: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 2,
) -> None:
    """Rehearse forces on the same truces and draw what each finds, verifies and attributes.

    Killed and started again, it goes on where it was. Writes sweep.html, sweep.csv,
    outcomes.csv and sweep.svg.

    Example: truceline plan sweep --people 10000,30000,100000 --out sweep
    """
    with said_plainly():
        from truceline.rehearsal.sweeps.running import Sweep, run_sweep

        wanted = Sweep(
            forces=_forces(people, cameras, arrays, with_air=not without_air),
            line_km=line_km,
            scenario=scenario,
            stretch_km=stretch_km,
            days=days,
            seeds=tuple(range(7000, 7000 + truces)),
        )

        def told(done: int, total: int) -> None:
            typer.echo(f"\rrehearsed {done} of {total}", nl=done == total, err=True)

        outcomes = run_sweep(wanted, out / "rehearsals", workers=workers, tell=told)
        _write(wanted, outcomes, out)


def _forces(people: str, cameras: float, arrays: float, *, with_air: bool) -> tuple[Mix, ...]:
    from dataclasses import replace

    from truceline.core.types.errors import InputError
    from truceline.force.presence import PRESETS, Mix

    if not people:
        return tuple(replace(preset, with_air=with_air) for preset in PRESETS)
    try:
        sizes = [float(size) for size in people.split(",")]
    except ValueError as cause:
        raise InputError(
            f"{people!r} is no list of numbers.", hint="Write --people 10000,30000."
        ) from cause
    return tuple(
        Mix(f"{size:,.0f}", size, cameras=cameras, arrays=arrays, with_air=with_air)
        for size in sizes
    )


def _write(wanted: Sweep, outcomes: pl.DataFrame, out: Path) -> None:
    from truceline.publish.draw.style import standalone
    from truceline.publish.draw.sweeps import sweep_chart
    from truceline.publish.force.sweep_page import lead, sweep_page
    from truceline.rehearsal.sweeps.summary import gains, summary

    table, steps = summary(outcomes), gains(outcomes)
    title = "Violations found, verified and attributed, by the size of the force"
    outcomes.write_csv(out / "outcomes.csv")
    table.write_csv(out / "sweep.csv")
    (out / "sweep.html").write_text(sweep_page(wanted, table, steps), encoding="utf-8")
    drawn = standalone(sweep_chart(table, width=880.0, ident="sweep", title=title))
    (out / "sweep.svg").write_text(drawn, encoding="utf-8")
    typer.echo(lead(wanted, table))
    typer.echo(f"wrote {out / 'sweep.html'}")
