"""The command `truceline`: each desk is a command of it."""

from __future__ import annotations

import typer

from truceline import __version__
from truceline.cli import (
    aid,
    case,
    check,
    fetch,
    fit,
    lint,
    plan,
    record,
    rehearse,
    room,
    serve,
    sources,
    statements,
    watch,
)

app = typer.Typer(
    name="truceline",
    help="Monitor, verify and help to police a ceasefire.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

app.command("run")(case.run_case)
app.command("init")(case.init)
app.command("lint")(lint.lint)
app.command("check")(check.check)
app.command("rehearse")(rehearse.rehearse)
app.command("score")(rehearse.score_answers)
app.command("fit")(fit.fit)
app.command("watch")(watch.watch_case)
app.command("serve")(serve.serve)
app.add_typer(sources.app, name="sources")
app.add_typer(fetch.app, name="fetch")
app.add_typer(aid.app, name="aid")
app.add_typer(statements.app, name="statements")
app.add_typer(plan.app, name="plan")
app.add_typer(record.app, name="record")
app.add_typer(room.app, name="room")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)
