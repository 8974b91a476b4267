"""`truceline sources`: which feeds are known, what a file is, and how to read a stranger's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from truceline.cli.failures import said_plainly

app = typer.Typer(
    help="Feeds: list, describe, check a file, draft a mapping.", no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_sources(as_json: Json = False) -> None:
    """List the installed sources.

    Example: truceline sources list
    """
    from truceline.evidence.sources.source import installed_sources

    found = installed_sources()
    if as_json:
        typer.echo(json.dumps([{"name": n, "title": s.info.title} for n, s in found.items()]))
        return
    for name, source in found.items():
        typer.echo(f"{name:20} {source.info.title}")


@app.command()
def describe(name: str, as_json: Json = False) -> None:
    """Say what a source is: publisher, licence, witness, effort, limits, settings.

    Example: truceline sources describe firms
    """
    from truceline.core.types.errors import UnknownFormatError
    from truceline.evidence.sources.source import installed_sources

    with said_plainly(as_json=as_json):
        found = installed_sources()
        if name not in found:
            raise UnknownFormatError(
                f"there is no source {name!r}.", hint=f"Installed are {', '.join(found)}."
            )
        info = {**vars(found[name].info), "settings": dict(found[name].info.settings)}
    if as_json:
        typer.echo(json.dumps(info))
        return
    for key, value in info.items():
        typer.echo(f"{key:12} {', '.join(value) if isinstance(value, tuple) else value}")


@app.command("check")
def check_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="File to read.")],
    source: Annotated[str | None, typer.Option(help="Name of the source.")] = None,
    as_json: Json = False,
) -> None:
    """Read a file to its end and say what is in it, and what is wrong with it.

    Exit code 3 where rows were rejected or the file is not known.

    Example: truceline sources check fires.csv
    """
    from truceline.evidence.sources.source import installed_sources, recognise

    rows = good = bad = 0
    problems: dict[str, int] = {}
    with said_plainly(as_json=as_json):
        found = installed_sources()
        reader = found[source] if source in found else recognise(file, found)
        for batch in reader.read(file, {}):
            rows += batch.rows
            good += len(batch.observations)
            bad += len(batch.rejects)
            for reject in batch.rejects.iter_rows(named=True):
                key = f"{reject['field'] or 'row'}: {reject['problem']} {reject['remedy']}"
                problems[key] = problems.get(key, 0) + 1
    if as_json:
        told = {"source": reader.info.name, "rows": rows, "good": good, "rejected": bad}
        typer.echo(json.dumps({**told, "problems": problems}))
    else:
        typer.echo(f"{file}: {reader.info.name}, {rows} rows, {good} good, {bad} rejected")
        for problem, count in sorted(problems.items(), key=lambda item: -item[1]):
            typer.echo(f"  {count:6} {problem}")
    if bad:
        raise typer.Exit(3)


@app.command("draft")
def draft_mapping(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Table to read.")],
) -> None:
    """Draft how a table that no source knows is to be read, for you to check and mend.

    Prints a feed for `sources.yaml`, with what could not be told as comments above it; how many
    rows can be read so goes to standard error. Nothing is written.

    Example: truceline sources draft events.csv
    """
    import yaml

    from truceline.evidence.sources.mapped import SOURCE
    from truceline.evidence.sources.mapped.draft import draft
    from truceline.evidence.sources.source import Sample, installed_sources

    with said_plainly():
        sample = Sample.of(file)
        knowing = [name for name, one in installed_sources().items() if one.recognises(sample)]
        if len(knowing) == 1:
            known = {"feeds": [{"source": knowing[0], "files": [file.name]}]}
            typer.echo(yaml.safe_dump(known, sort_keys=False, allow_unicode=True), nl=False)
            typer.echo(f"{file}: {knowing[0]} reads it; it needs no mapping", err=True)
            return
        made = draft(file)
        rows = good = 0
        for batch in SOURCE.read(file, made.settings):
            rows, good = rows + batch.rows, good + len(batch.observations)
    for doubt in made.doubts:
        typer.echo(f"# To decide: {doubt}")
    feed = {"source": "mapped", "files": [file.name], "settings": dict(made.settings)}
    typer.echo(
        yaml.safe_dump({"feeds": [feed]}, sort_keys=False, allow_unicode=True, width=100), nl=False
    )
    typer.echo(f"{file}: {rows} rows, {good} can be read so", err=True)
