"""`truceline room`: accounts of a room, its backup, and the way back."""

from __future__ import annotations

import getpass
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly

if TYPE_CHECKING:
    from truceline.core.store.sql import Database
    from truceline.web.room.room import Room

app = typer.Typer(help="Run an operations room.", no_args_is_help=True)

Folder = Annotated[Path, typer.Option("--out", "-o", help="Folder of the room.")]
Address = Annotated[
    str | None, typer.Option(envvar="TRUCELINE_DATABASE", help="postgresql://..., if it has one.")
]


@app.command("open-account")
def open_account(
    name: Annotated[str, typer.Argument(help="Name to come in by.")],
    role: Annotated[str, typer.Option(help="viewer, liaison, monitor, analyst, reviewer, ...")],
    party: Annotated[str | None, typer.Option(help="Party a liaison speaks for.")] = None,
    totp: Annotated[bool, typer.Option(help="With a second factor.")] = False,
    sign_on: Annotated[
        bool, typer.Option("--sign-on", help="Without a password: by single sign-on alone.")
    ] = False,
    out: Folder = Path("room"),
    database: Address = None,
) -> None:
    """Open an account; the password is asked for, or read from the standard input.

    Example: truceline room open-account anna --role analyst
    """
    with said_plainly():
        from truceline.web.access.accounts import add_account
        from truceline.web.room.tables import TABLES

        opened = _database(out, database)
        opened.make(TABLES)
        password = None if sign_on else _password()
        with opened.writing() as connection:
            secret = add_account(connection, name, role, password, party=party, has_totp=totp)
        typer.echo(f"opened {name}")
        if secret is not None:
            typer.echo(f"secret of the second factor, shown this once: {secret}")


@app.command("link-account")
def link_account(
    name: Annotated[str, typer.Argument(help="Name of the account.")],
    subject: Annotated[str, typer.Argument(help="What the provider calls its holder.")],
    out: Folder = Path("room"),
    database: Address = None,
) -> None:
    """Let an account's holder come in by the single sign-on of the room's sign-on.yaml.

    Example: truceline room link-account anna 248289761001
    """
    with said_plainly():
        from truceline.web.access.sign_on import demanded, link
        from truceline.web.room.tables import TABLES

        opened, settings = _database(out, database), demanded(out)
        opened.make(TABLES)
        with opened.writing() as connection:
            link(connection, settings, name, subject, time.time_ns() // 1000)
        typer.echo(f"linked {name} to {subject} of {settings.issuer}")


@app.command("unlink-account")
def unlink_account(
    subject: Annotated[str, typer.Argument(help="What the provider calls its holder.")],
    out: Folder = Path("room"),
    database: Address = None,
) -> None:
    """Take the link of a subject away, and end the sessions of its account.

    Example: truceline room unlink-account 248289761001
    """
    with said_plainly():
        from truceline.web.access.sign_on import demanded, unlink

        with _database(out, database).writing() as connection:
            name = unlink(connection, demanded(out).issuer, subject)
        typer.echo(f"unlinked {name}")


@app.command("close-account")
def shut_account(
    name: Annotated[str, typer.Argument(help="Name of the account.")],
    out: Folder = Path("room"),
    database: Address = None,
) -> None:
    """Close an account and end its sessions; what it wrote stays.

    Example: truceline room close-account anna
    """
    with said_plainly():
        from truceline.web.access.accounts import close_account

        with _database(out, database).writing() as connection:
            close_account(connection, name)
        typer.echo(f"closed {name}")


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="File to write, such as room.tar.gz.")],
    out: Folder = Path("room"),
    database: Address = None,
    with_key: Annotated[bool, typer.Option(help="With the key that signs the record.")] = False,
) -> None:
    """Write a room to one file, while it runs or not.

    Example: truceline room backup room.tar.gz
    """
    with said_plainly():
        from truceline.web.room.backup import back_up

        rows = back_up(_database(out, database), out, target, with_key=with_key)
        typer.echo(f"wrote {target}: {rows} rows")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)],
    out: Folder = Path("room"),
    database: Address = None,
) -> None:
    """Make a room from a backup, in a new folder and an empty database of either kind.

    Example: truceline room restore room.tar.gz --out new-room
    """
    with said_plainly():
        from truceline.web.room.backup import restore as restored

        out.mkdir(parents=True, exist_ok=True)
        rows = restored(_database(out, database), out, source)
        typer.echo(f"restored {rows} rows to {out}")


def open_case_room(case: str, data: Path | None, out: Path, database: str | None) -> Room:
    """Open the room of a case by the case's name or folder."""
    from truceline.agreement.case import load_case
    from truceline.cli.case import find_case
    from truceline.evidence.sources.source import installed_sources
    from truceline.judgement.parameters import shipped_parameters
    from truceline.web.room.room import open_room

    return open_room(
        load_case(find_case(case)),
        out,
        sources=installed_sources(),
        parameters=shipped_parameters(),
        data=data,
        address=database,
    )


def _password() -> str:
    return getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _database(out: Path, address: str | None) -> Database:
    from truceline.core.store.sql import open_database

    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_database(address or out / "room.sqlite")
