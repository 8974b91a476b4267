"""`truceline fetch`: bring a remote feed's files, resumable, with a key that never shows."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly
from truceline.core.types.errors import InputError

if TYPE_CHECKING:
    from truceline.evidence.fetch.fetcher import Fetcher
    from truceline.evidence.fetch.secret import Secret

app = typer.Typer(help="Fetch remote feeds: firms, ucdp.", no_args_is_help=True)

Bbox = Annotated[str, typer.Option(help="West,south,east,north in degrees.")]
Day = Annotated[str, typer.Option(help="A day, such as 2025-04-19, UTC.")]
Cache = Annotated[Path, typer.Option(help="Folder for what was fetched; asked once, kept.")]
KeyFile = Annotated[
    Path | None, typer.Option(help="File with the key; else the variable is read.", dir_okay=False)
]
Address = Annotated[str | None, typer.Option(help="Another address of the same interface.")]


@app.command()
def firms(
    bbox: Bbox,
    first: Day,
    last: Day,
    product: Annotated[str, typer.Option(help="Product of the area API.")] = "VIIRS_SNPP_NRT",
    cache: Cache = Path("fetched/firms"),
    key_file: KeyFile = None,
    address: Address = None,
) -> None:
    """Fetch thermal detections of an area; the key is in TRUCELINE_FIRMS_KEY or a file.

    Example: truceline fetch firms --bbox 30,44,41,53 --first 2025-04-15 --last 2025-04-21
    """
    with said_plainly():
        from truceline.evidence.fetch.firms import ADDRESS, FirmsArea, fetch_firms

        area = FirmsArea(product, _bbox(bbox), _day(first), _day(last), address=address or ADDRESS)
        for path in fetch_firms(_fetcher(cache), area, _key("TRUCELINE_FIRMS_KEY", key_file)):
            typer.echo(path)


@app.command()
def ucdp(
    version: Annotated[str, typer.Option(help="Version of the data set, such as 25.1.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="CSV file to write.")],
    bbox: Annotated[str | None, typer.Option(help="West,south,east,north in degrees.")] = None,
    first: Annotated[str | None, typer.Option(help="First day.")] = None,
    last: Annotated[str | None, typer.Option(help="Last day.")] = None,
    cache: Cache = Path("fetched/ucdp"),
    key_file: KeyFile = None,
    address: Address = None,
) -> None:
    """Fetch coded events; the token is in TRUCELINE_UCDP_TOKEN or a file.

    Example: truceline fetch ucdp --version 25.1 --first 2025-04-01 --out events.csv
    """
    with said_plainly():
        from truceline.evidence.fetch.ucdp import ADDRESS, UcdpEvents, fetch_ucdp

        events = UcdpEvents(
            version,
            bbox=None if bbox is None else _bbox(bbox),
            first=None if first is None else _day(first),
            last=None if last is None else _day(last),
            address=address or ADDRESS,
        )
        typer.echo(fetch_ucdp(_fetcher(cache), events, _key("TRUCELINE_UCDP_TOKEN", key_file), out))


def _fetcher(cache: Path) -> Fetcher:
    import numpy as np

    from truceline.evidence.fetch.fetcher import Fetcher
    from truceline.evidence.fetch.patience import Pace, Patience

    pace = Pace(Patience(), np.random.default_rng(), lambda: time.time_ns() // 1000, time.sleep)
    return Fetcher(cache, pace, lambda sentence: typer.echo(sentence, err=True))


def _key(variable: str, file: Path | None) -> Secret:
    from truceline.evidence.fetch.secret import Secret, read_secret

    if file is not None:
        return read_secret(file)
    value = os.environ.get(variable)
    if not value:
        raise InputError("no key was given.", hint=f"Set {variable}, or name --key-file.")
    return Secret(value)


def _bbox(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as cause:
        raise InputError(
            f"{text!r} is no area.", hint="Give west,south,east,north, such as 30,44,41,53."
        ) from cause
    return west, south, east, north


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as cause:
        raise InputError(f"{text!r} is no day.", hint="Write it as 2025-04-19.") from cause
