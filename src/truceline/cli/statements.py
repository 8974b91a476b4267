"""`truceline statements`: the register of what was said."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.core.types.errors import InputError, TrucelineError, Where
from truceline.core.types.time import format_time, to_micros

if TYPE_CHECKING:
    from truceline.publish.draw.statements.timeline import Event
    from truceline.publish.statements.register_page import RegisterView

app = typer.Typer(help="The register of statements.", no_args_is_help=True)

RegisterPath = Annotated[Path, typer.Option("--register", help="The register's file.")]
By = Annotated[str, typer.Option(help="Your name.")]
Day = Annotated[str | None, typer.Option(help="As of which day; today if left out.")]


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="Statements in YAML or JSON.")],
    register: RegisterPath,
    by: By,
    why: Annotated[str | None, typer.Option(help="Reason, to change what is there.")] = None,
) -> None:
    """Enter statements; with --why, enter new versions of statements that are there."""
    from truceline.accounts.statements.form import read_entries, statement_from
    from truceline.accounts.statements.register import Register, added, amended

    with _errors():
        made = [
            statement_from(entry, Where(str(file), row))
            for row, entry in enumerate(read_entries(file), start=1)
        ]
        kept = Register(register)
        known = {s.statement_id for s in kept.statements()}
        changes = [
            added(s) if why is None or s.statement_id not in known else amended(s, why)
            for s in made
        ]
        kept.enter(changes, by=by, at=_now())
        typer.echo(f"{len(made)} entered.")


@app.command()
def seed(register: RegisterPath, by: By) -> None:
    """Enter the small register in own words that ships with the package."""
    from truceline.accounts.statements.register import Register, added, coded
    from truceline.accounts.statements.seed import seed_codings, seed_statements

    with _errors():
        said = [added(s, "seed that ships with the package") for s in seed_statements()]
        changes = [*said, *(coded(coding) for coding in seed_codings())]
        Register(register).enter(changes, by=by, at=_now())
        typer.echo(f"{len(seed_statements())} statements and {len(seed_codings())} codings.")


@app.command()
def code(
    file: Annotated[Path, typer.Argument(help="Codings in YAML or JSON.")],
    register: RegisterPath,
    by: By,
) -> None:
    """Enter what a coder found to have followed, as facts; the rule makes the outcome."""
    from truceline.accounts.statements.form import coding_from, read_entries
    from truceline.accounts.statements.register import coded, existing

    with _errors():
        made = [
            coding_from(entry, Where(str(file), row))
            for row, entry in enumerate(read_entries(file), start=1)
        ]
        existing(register).enter([coded(coding) for coding in made], by=by, at=_now())
        typer.echo(f"{len(made)} codings entered.")


@app.command()
def retract(
    statement: Annotated[str, typer.Argument(help="Identity of the statement.")],
    register: RegisterPath,
    by: By,
    why: Annotated[str, typer.Option(help="The reason.")],
) -> None:
    """Take a statement out of the counts; its history stays."""
    from truceline.accounts.statements.register import existing

    with _errors():
        existing(register).retract(statement, by=by, at=_now(), why=why)
        typer.echo(f"{statement} retracted.")


@app.command()
def history(
    register: RegisterPath,
    statement: Annotated[str | None, typer.Argument(help="One statement; else all.")] = None,
) -> None:
    """Show every change, and verify that none was made around the register."""
    from truceline.accounts.statements.register import existing

    with _errors():
        kept = existing(register)
        for e in kept.entries(statement):
            typer.echo(
                f"{e.seq}  {format_time(e.at)}  {e.action} {e.statement_id}  {e.by}: {e.why}"
            )
        typer.echo(f"{kept.verify()} entries verified.")


@app.command()
def disagreements(register: RegisterPath, as_of: Day = None) -> None:
    """List the statements whose coders differ, and how far they agree beyond chance."""
    from truceline.accounts.statements.alpha import disagreements as differing
    from truceline.accounts.statements.alpha import nominal_alpha
    from truceline.accounts.statements.outcomes import MAIN, codes_by_coder
    from truceline.accounts.statements.register import existing

    with _errors():
        kept = existing(register)
        codes = codes_by_coder(kept.statements(), kept.codings(), MAIN, _day(as_of))
        for statement, by_coder in differing(codes).items():
            said = "; ".join(f"{coder}: {outcome}" for coder, outcome in by_coder.items())
            typer.echo(f"{statement}  {said}")
        twice = sum(len(by_coder) > 1 for by_coder in codes.values())
        alpha = nominal_alpha([list(by_coder.values()) for by_coder in codes.values()])
        told = "cannot be measured" if alpha is None else f"{alpha:.3f}"
        typer.echo(f"{twice} statements coded by two or more; Krippendorff's alpha {told}.")


@app.command()
def contributions(
    data: Annotated[Path, typer.Option(help="Folder with statements/positions/ in it.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write (YAML).")],
    title: Annotated[str, typer.Option(help="What it is about.")] = "Positions as stated",
) -> None:
    """Write what nations stated as contributions to a force, for `truceline plan`.

    Example: truceline statements contributions --data DATA -o coalition.yaml
    """
    from truceline.accounts.claims.evidence import positions_of
    from truceline.accounts.statements.contributions import contributions_yaml

    with _errors():
        positions = positions_of(data)
        if positions is None:
            raise InputError(
                "there are no positions.",
                where=Where(str(data)),
                hint="Give a folder with statements/positions/positions.csv in it.",
            )
        out.write_text(contributions_yaml(positions, title=title), encoding="utf-8")
        typer.echo(f"{out} written.")


@app.command()
def report(
    register: Annotated[
        Path | None, typer.Option(help="The register; the seed that ships if left out.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with statements/ in it.", exists=True, file_okay=False),
    ] = None,
    as_of: Day = None,
    since: Annotated[
        str | None,
        typer.Option(help="First day counted; else of the first statement."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the page, CSV and JSON-LD.")] = None,
    title: Annotated[str, typer.Option(help="Name of the page.")] = "What was said",
    events: Annotated[
        Path | None, typer.Option(help="Events to mark (YAML: date, label, link).")
    ] = None,
) -> None:
    """Say what the register supports; write the page, the table and schema.org claims."""
    from truceline.accounts.statements.answers import outcome_sentence

    with _errors():
        days = (None if since is None else _day(since), _day(as_of))
        view, claims = _view(register, data, days, title, events)
        typer.echo(f"Counted from {view.start} to {view.end}.")
        for row in view.counts.iter_rows(named=True):
            by_year = ", ".join(f"{y['year']}: {y['count']}" for y in row["years"])
            typer.echo(f"{row['count']:6d}  {row['reading']} ({by_year})")
        typer.echo(outcome_sentence(view.shares))
        if out is not None:
            _write(out, view, claims)
            typer.echo(f"Written to {out}.")


def _view(
    register: Path | None,
    data: Path | None,
    days: tuple[dt.date | None, dt.date],
    title: str,
    marked: Path | None,
) -> tuple[RegisterView, list[dict[str, object]]]:
    from truceline.accounts.claims.evidence import gather_register
    from truceline.publish.statements.register_view import register_claims, register_view

    if data is not None and not (data / "statements").is_dir():
        raise InputError(
            "there is no folder statements/ in the folder of data.",
            where=Where(str(data)),
            hint="Give the folder that has statements/positions/positions.csv in it.",
        )
    since, day = days
    known = gather_register(register, data, day)
    view = register_view(known, day, since=since, title=title, events=_marked(marked))
    return view, register_claims(known, day)


def _marked(path: Path | None) -> list[Event]:
    """Read events, such as changes of the state of a truce, from a file."""
    from truceline.accounts.statements.form import read_entries
    from truceline.publish.draw.statements.timeline import Event

    made = []
    for row, entry in enumerate([] if path is None else read_entries(path), start=1):
        link = None if entry.get("link") is None else str(entry["link"])
        if "date" not in entry or "label" not in entry:
            raise InputError("an event needs date and label.", where=Where(str(path), row))
        made.append(
            Event(
                _day(str(entry["date"])), str(entry["label"]), None if link is None else str(link)
            )
        )
    return made


def _write(out: Path, view: RegisterView, claims: list[dict[str, object]]) -> None:
    from truceline.accounts.statements.exports import register_csv
    from truceline.publish.statements.register_page import register_page

    out.mkdir(parents=True, exist_ok=True)
    (out / "statements.html").write_text(register_page(view), encoding="utf-8")
    (out / "statements.csv").write_text(register_csv(view.rows), encoding="utf-8")
    text = json.dumps(claims, ensure_ascii=False, indent=1)
    (out / "statements.jsonld").write_text(text, encoding="utf-8")


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError as cause:
        raise InputError(f"the day {text!r} is not a date.", hint="Write 2025-02-18.") from cause


def _now() -> int:
    return to_micros(dt.datetime.now(dt.UTC))


class _errors:  # noqa: N801 - reads as a statement
    """Turn an error of the package into its message and exit code."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, TrucelineError):
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(error.exit_code) from error
