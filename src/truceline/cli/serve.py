"""`truceline serve`: the accounts' pages on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

#: A text of 10,000 characters is up to nine times as long in an address, and stays readable.
_LONGEST_HEAD = 131_072


def serve(
    data: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Folder with aid/.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8765,
) -> None:
    """Serve the accounts' pages, on this machine alone unless told otherwise.

    Example: truceline serve --data DATA
    """
    import uvicorn

    from truceline.web.app import create_app
    from truceline.web.settings import Settings

    typer.echo(f"http://{host}:{port}", err=True)
    # Texts under check stand in the address, so addresses are not written to a log.
    uvicorn.run(
        create_app(Settings(data=data)),
        host=host,
        port=port,
        access_log=False,
        server_header=False,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        http="h11",
    )
