"""`truceline serve`: the operations room of a case, and the accounts' pages."""

from __future__ import annotations

import secrets
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly

if TYPE_CHECKING:
    from truceline.web.room.room import Room

#: A text of 10,000 characters is up to nine times as long in an address, and stays readable.
_LONGEST_HEAD = 131_072

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(
    case: Annotated[
        str | None, typer.Argument(help="Case to watch; without one, only the accounts' pages.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Folder of data files.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the room.")] = Path("room"),
    database: Annotated[
        str | None,
        typer.Option(envvar="TRUCELINE_DATABASE", help="postgresql://... for a shared server."),
    ] = None,
    every: Annotated[float, typer.Option(help="Judge again at least so often, minutes.")] = 15.0,
    trial: Annotated[
        bool, typer.Option(help="Open an account of every role, on this machine alone.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8765,
) -> None:
    """Serve the room of a case, on this machine alone unless told otherwise.

    Example: truceline serve loc-2021 --trial
    """
    with said_plainly():
        import uvicorn

        from truceline.core.types.errors import InputError
        from truceline.web.app import create_app
        from truceline.web.settings import Settings

        if trial and host not in _LOOPBACK:
            raise InputError("a trial's accounts are for this machine alone.",
                             hint="Leave --trial or --host out.")  # fmt: skip
        stop, wake = Event(), Event()
        room = None
        if case is not None:
            room = _room(case, data, out, database, wake=wake, stop=stop, every=every)
            if trial:
                _open_all(room)
        typer.echo(f"http://{host}:{port}", err=True)
        # Texts under check stand in the address, so addresses are not written to a log.
        uvicorn.run(
            create_app(Settings(data=data), room),
            host=host,
            port=port,
            access_log=False,
            server_header=False,
            h11_max_incomplete_event_size=_LONGEST_HEAD,
            http="h11",
            timeout_graceful_shutdown=5,
        )
        stop.set()
        wake.set()


def _room(
    case: str,
    data: Path | None,
    out: Path,
    database: str | None,
    *,
    wake: Event,
    stop: Event,
    every: float,
) -> Room:
    from truceline.cli.room import open_case_room
    from truceline.web.room.keeping_up import keep_up

    room = open_case_room(case, data, out, database)
    room.wake = wake.set
    typer.echo("judging the case", err=True)
    room.working()
    keep_up(room, every * 60.0, wake, stop)
    return room


def _open_all(room: Room) -> None:
    """Open an account of every role and print its password, once."""
    from truceline.web.access.accounts import add_account, is_taken
    from truceline.web.access.roles import GRANTS

    with room.database.writing() as connection:
        for role in GRANTS:
            speakers = list(room.parties) if role == "liaison" else [None]
            for number, party in enumerate(speakers):
                name = f"liaison-{number + 1}" if role == "liaison" else role
                if not is_taken(connection, name):
                    password = secrets.token_urlsafe(12)
                    add_account(connection, name, role, password, party=party)
                    typer.echo(f"{name:16} {password}", err=True)
        if not is_taken(connection, "reviewer-2"):
            password = secrets.token_urlsafe(12)
            add_account(connection, "reviewer-2", "reviewer", password)
            typer.echo(f"{'reviewer-2':16} {password}", err=True)
