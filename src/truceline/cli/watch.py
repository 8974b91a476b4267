"""`truceline watch`: follow a case's feeds, and keep its incidents up with them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from truceline.cli.case import CaseFolder, find_case
from truceline.cli.failures import said_plainly


def watch_case(
    case: CaseFolder,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the feeds' files.", file_okay=False, exists=True)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write to; CASE.out unless told.")
    ] = None,
    every: Annotated[float, typer.Option(help="Seconds between two rounds.", min=0.1)] = 10.0,
    settle: Annotated[
        float, typer.Option(help="Seconds for which a file must be left alone.", min=0.0)
    ] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Look once and end.")] = False,
) -> None:
    """Follow the feeds of a case; print a line of JSON for each thing that becomes of an incident.

    A line has `number`, `at`, `incident_id`, `what` (appeared, changed, superseded, returned),
    `members` and `superseded_by`. Stop it at any moment and start it again: it goes on where
    it was. A file that cannot be read is named on standard error and stops nothing.

    Example: truceline watch easter-2025 --data feeds --once
    """
    with said_plainly():
        from truceline.agreement.case import load_case
        from truceline.evidence.sources.source import installed_sources
        from truceline.watch import follow, left_alone, watch

        folder = find_case(case)
        loaded, sources = load_case(folder), installed_sources()

        def now() -> int:
            return time.time_ns() // 1000

        def rest() -> bool:
            if not once:
                time.sleep(every)
            return not once

        rounds = watch(
            lambda: follow(
                loaded, sources, data, settled=lambda path: left_alone(path, now(), settle)
            ),
            output or Path(f"{folder.name}.out"),
            clock=now,
            rest=rest,
        )
        for told in rounds:
            for error in told.ingested.errors:
                typer.echo(f"error: {error}", err=True)
            for event in told.events:
                typer.echo(json.dumps(vars(event)))
