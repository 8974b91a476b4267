"""`truceline watch`: follow a case's feeds, and keep its incidents up with them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.case import CaseFolder, find_case
from truceline.cli.failures import said_plainly

if TYPE_CHECKING:
    from truceline.evidence.ingest import Entry
    from truceline.judgement.incidents.history import History
    from truceline.watch import Round


Feeds = Annotated[
    Path | None, typer.Option(help="Folder of the feeds' files.", file_okay=False, exists=True)
]
Reports = Annotated[
    Path | None, typer.Option(help="Folder of forms sent in, a folder a source.", file_okay=False)
]
Broker = Annotated[
    Path | None,
    typer.Option(help="Settings of a Kafka broker, a line name = value each.", dir_okay=False),
]
Topic = Annotated[
    str | None, typer.Option(help="Topic to which the history is published, by incident.")
]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="Folder to write to; CASE.out unless told.")
]
Every = Annotated[float, typer.Option(help="Seconds between two rounds.", min=0.1)]
Settle = Annotated[
    float, typer.Option(help="Seconds for which a file must be left alone.", min=0.0)
]
Once = Annotated[bool, typer.Option("--once", help="Look once and end.")]


def watch_case(
    case: CaseFolder,
    data: Feeds = None,
    reports: Reports = None,
    broker: Broker = None,
    publish: Topic = None,
    output: Out = None,
    every: Every = 10.0,
    settle: Settle = 2.0,
    once: Once = False,
) -> None:
    """Follow the feeds of a case; print a line of JSON for each thing that becomes of an incident.

    A line has `number`, `at`, `incident_id`, `what` (appeared, changed, superseded, returned),
    `members` and `superseded_by`. Stop it at any moment and start it again: it goes on where
    it was. A file that cannot be read, or of which rows were rejected, is named on standard
    error and stops nothing.

    With a broker, feeds that name a topic are taken from it, each message once, and the same
    lines are published to the topic that you name.

    Example: truceline watch easter-2025 --data feeds --once
    """
    with said_plainly():
        from truceline.agreement.case import load_case
        from truceline.core.topics.broker import read_broker
        from truceline.evidence.feeds import sent_in
        from truceline.evidence.sources.source import installed_sources
        from truceline.evidence.topics import receivers
        from truceline.watch import follow, left_alone, watch

        folder = find_case(case)
        loaded, sources = load_case(folder), installed_sources()
        to = output or Path(f"{folder.name}.out")
        settings = None if broker is None else read_broker(broker)

        def rest() -> bool:
            if not once:
                time.sleep(every)
            return not once

        def look() -> list[Entry]:
            settled = partial(left_alone, now=_now(), seconds=settle)
            found = follow(loaded, sources, data, to, settled=settled)
            return found if reports is None else found + sent_in(sources, reports)

        with receivers(loaded, settings, to) as topics:
            intakes = [topic.receive for topic in topics]
            outlets = _outlets(settings, publish)
            for told in watch(look, to, clock=_now, rest=rest, intakes=intakes, outlets=outlets):
                _tell(told, to)


def _now() -> int:
    """Return the time, UTC microseconds."""
    return time.time_ns() // 1000


def _tell(told: Round, to: Path) -> None:
    """Print what a round gave; what was wrong, on standard error."""
    for error in (*told.faults, *told.ingested.errors):
        typer.echo(f"error: {error}", err=True)
    for file in told.ingested.files:
        if bad := file.tally.rejected:
            typer.echo(
                f"note: {file.path}: {bad} of {file.tally.rows} rows rejected; "
                f"each with its reason in {to / 'store' / 'rejects'}",
                err=True,
            )
    for event in told.events:
        typer.echo(json.dumps(vars(event)))


def _outlets(
    settings: dict[str, str] | None, topic: str | None
) -> list[Callable[[History], object]]:
    """Return what tells a topic of the history, where one was named."""
    from truceline.core.types.errors import InputError
    from truceline.watch import publish

    if topic is None:
        return []
    if settings is None:
        raise InputError(
            f"there is no broker to publish {topic!r} to.",
            hint="Name the file of its settings with `--broker FILE`.",
        )
    from truceline.core.topics.sending import send

    return [lambda history: publish(history, topic, partial(send, settings, topic))]
