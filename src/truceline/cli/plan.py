"""`truceline plan`: what a force could do, and on what it hangs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli import plan_report, plan_response, plan_roster, plan_siting, plan_sweep
from truceline.cli.failures import said_plainly
from truceline.cli.plan_inputs import AsJson

if TYPE_CHECKING:
    import polars as pl

app = typer.Typer(help="Plan a force: who watches, who answers.", no_args_is_help=True)
app.command("sweep")(plan_sweep.sweep)
app.command("game")(plan_response.game)
app.command("air")(plan_response.air)
app.command("response")(plan_response.response)
app.command("tasking")(plan_response.tasking)
app.command("siting")(plan_siting.siting)
app.command("roster")(plan_roster.roster)
app.command("report")(plan_report.report)


@app.command()
def contributions(
    on: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="As stated by this day.")],
    file: Annotated[
        Path | None, typer.Option(help="Positions in YAML; the built-in ones if left out.")
    ] = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Say who offers what, where it may stand, and what it hangs on, as stated by a day.

    Example: truceline plan contributions --on 2026-01-06
    """
    from truceline.force.contributions.documents import read_coalition
    from truceline.force.contributions.listing import listing
    from truceline.force.examples import example_path

    with said_plainly(as_json=as_json):
        coalition = read_coalition(file or example_path("coalition")).as_of(on.date())
        table = listing(coalition)
        if as_json:
            typer.echo(table.write_json())
        elif as_csv:
            typer.echo(table.write_csv(), nl=False)
        else:
            _print_listing(f"{coalition.title}, as stated by {on.date()}", table)


def _print_listing(title: str, table: pl.DataFrame) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    shown = Table(title=title, show_lines=True)
    for name in ("nation", "said", "what", "persons", "where and when allowed", "hangs on"):
        shown.add_column(name)
    for row in table.iter_rows(named=True):
        cells = (
            row["nation"],
            str(row["date"]),
            row["stance"] if row["unit"] is None else f"{row['unit']} ({row['kind']})",
            _size(row["persons"], row["troops_low"], row["troops_high"]),
            row["allowed"] or "no rule stated",
            row["hangs_on"] or "-",
        )
        shown.add_row(*(escape(cell) for cell in cells))
    Console().print(shown)


def _size(persons: int | None, low: int | None, high: int | None) -> str:
    if persons is not None:
        return f"{persons:,}"
    if high == 0:
        return "sends nobody"
    if low is None and high is None:
        return "unknown"
    least = "unknown" if low is None else f"{low:,}"
    most = "unknown" if high is None else f"{high:,}"
    return f"unknown; nation as a whole {least} to {most}"
