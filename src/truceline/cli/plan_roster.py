"""`truceline plan roster`: which unit serves where and when, and who is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly
from truceline.cli.plan_inputs import AsJson

if TYPE_CHECKING:
    from truceline.force.roster.model import Question, Roster


def roster(
    units: Annotated[Path, typer.Argument(help="CSV of units.", dir_okay=False)],
    slots: Annotated[Path, typer.Argument(help="CSV of places.", dir_okay=False)],
    caveats: Annotated[
        Path | None, typer.Option(help="CSV of nation and slot: who keeps out of where.")
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=120, help="How far ahead.")] = 36,
    whole: Annotated[bool, typer.Option(help="No unit is divided among places.")] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="Longest search of a program.")] = 60.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
    seed: Annotated[int, typer.Option(help="Seed of the search for whole units.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder to write to.")] = None,
    as_json: AsJson = False,
) -> None:
    """Meet most of the need with tours and rest within caveats, with a certified gap.

    Units have unit_id, nation, kind, persons, first_month, tour, cycle; places slot, kind, persons.

    Example: truceline plan roster units.csv places.csv --caveats caveats.csv --months 36 -o roster
    """
    with said_plainly(as_json=as_json):
        import numpy as np

        from truceline.force.roster.clashes import clashes
        from truceline.force.roster.divided import divided_roster
        from truceline.force.roster.documents import read_question
        from truceline.force.roster.exact import exact_roster

        question = read_question(units, slots, caveats, months)
        if whole:
            rng = np.random.default_rng(seed)
            found = exact_roster(question, rng, seconds=seconds, workers=workers)
        else:
            found = divided_roster(question, seconds=seconds, workers=workers)
        clashing = clashes(question)
        files = {} if out is None else _write(out, question, found, clashing, divided=not whole)
        _say(question, found, clashing, files, divided=not whole, as_json=as_json)


def _write(
    out: Path, question: Question, found: Roster, clashing: list[str], *, divided: bool
) -> dict[str, str]:
    """Write tours, gaps and the page; return where each is."""
    from truceline.publish.force.roster_page import roster_page

    out.mkdir(parents=True, exist_ok=True)
    texts = {
        "tours.csv": found.tours.write_csv(),
        "gaps.csv": found.gaps.write_csv(),
        "roster.html": roster_page(question, found, clashing, divided),
    }
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
    return {name: str(out / name) for name in texts}


def _say(
    question: Question, found: Roster, clashing: list[str], files: dict[str, str],
    *, divided: bool, as_json: bool,
) -> None:  # fmt: skip
    from truceline.publish.force.roster_page import lead

    if as_json:
        said = {
            "person_months_needed": found.needed, "met": found.met, "bound": found.bound,
            "gap": found.gap, "clashes": clashing, "files": files,
        }  # fmt: skip
        typer.echo(json.dumps(said))
        return
    typer.echo(lead(question, found, divided))
    for line in [*clashing, *(f"wrote {path}" for path in files.values())]:
        typer.echo(line)
