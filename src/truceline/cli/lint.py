"""`truceline lint`: what will be disputed in an agreement, and what cannot be watched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly

if TYPE_CHECKING:
    from truceline.agreement.lint import Finding


def lint(
    path: Annotated[
        str,
        typer.Argument(help="agreement.yaml, a case, or the name of a shipped case or example."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find what will be disputed in an agreement, and what cannot be watched.

    What can be seen is taken from the feeds in `sources.yaml` beside the agreement, or where
    there is none from all installed sources. Exit code 4 where there is an error, else 0.

    With --json: `agreement` (its file), `sources` (whose eyes were counted on), `counts`
    (findings by severity) and `findings`, each with `rule`, `severity`, `file`, `row`,
    `field`, `message`, `why` and `wording`.

    Example: truceline lint minsk-2
    """
    with said_plainly(as_json=as_json):
        from truceline.agreement.lint import lint_file

        file = _agreement(path)
        observable = _observable(file.parent)
        findings = lint_file(file, observable)
    counts = _counts(findings)
    if as_json:
        told = {"agreement": str(file), "sources": sorted(observable), "counts": counts}
        typer.echo(json.dumps({**told, "findings": [finding.as_dict() for finding in findings]}))
    else:
        for finding in findings:
            typer.echo(_printed(finding))
        typer.echo(", ".join(f"{n} {_plural(name, n)}" for name, n in counts.items()))
    if counts["error"]:
        raise typer.Exit(4)


def _agreement(name: str) -> Path:
    """Return the agreement at a path, or that of a shipped case or example."""
    from truceline.agreement.examples import example_names, example_path
    from truceline.cli.case import find_case, shipped_cases

    given = Path(name)
    if (given / "agreement.yaml").is_file():
        return given / "agreement.yaml"
    if given.exists():
        return given / "agreement.yaml" if given.is_dir() else given
    if name in example_names() and name not in shipped_cases():
        return example_path(name)
    return find_case(name) / "agreement.yaml"


def _observable(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return what the listed sources can see; where none are listed, what the installed can."""
    from truceline.agreement.case import SourcesFile
    from truceline.agreement.documents import read_document
    from truceline.core.types.vocabulary import PHENOMENA
    from truceline.evidence.sources.source import installed_sources

    seen = {name: source.info.phenomena for name, source in installed_sources().items()}
    listed = folder / "sources.yaml"
    if listed.is_file():
        feeds = read_document(listed, SourcesFile)[0].feeds
        return {feed.source: seen.get(feed.source, ()) for feed in feeds}
    # A reader of any table at all is no eye of its own.
    return {name: phenomena for name, phenomena in seen.items() if set(phenomena) < set(PHENOMENA)}


def _counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    from truceline.agreement.lint.rules import SEVERITIES

    return {name: sum(f.severity == name for f in findings) for name in SEVERITIES}


def _plural(name: str, number: int) -> str:
    return name if number == 1 else f"{name}s"


def _printed(finding: Finding) -> str:
    return (
        f"{finding.severity.upper()} {finding.rule}  {finding.where}\n"
        f"  {finding.message}\n"
        f"  why      {finding.why}\n"
        f"  wording  {finding.wording}\n"
    )
