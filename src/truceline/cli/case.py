"""`truceline run` and `truceline init`: a case, from its feeds to its bulletin."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.cli.failures import said_plainly
from truceline.core.types.errors import InputError
from truceline.core.types.time import format_time, parse_time

if TYPE_CHECKING:
    from truceline.run import Result

CaseFolder = Annotated[
    str, typer.Argument(help="Folder of the case, or the name of one that comes with Truceline.")
]


def run_case(
    case: CaseFolder,
    until: Annotated[
        str | None, typer.Option(help="End of what is judged, such as 2025-04-20T21:00:00Z.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the feeds' files.", file_okay=False, exists=True)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write to; CASE.out unless told.")
    ] = None,
    published: Annotated[
        Path | None, typer.Option(help="bulletin.json of the last one, for the changes since.")
    ] = None,
    spot: Annotated[
        str | None, typer.Option(help="Write a spot report on this incident as well.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Take the feeds of a case in, judge its window, and write its bulletin.

    With --json: `period`, `states` (the whole truce, by indicator), `incidents` (number on
    each list), `findings` (clause, number above the limit), `rows` (new, repeated,
    rejected), `faults` (files that could not be read) and `files` (what was written).

    Example: truceline run loc-2021
    """
    with said_plainly(as_json=as_json):
        from truceline.agreement.case import load_case
        from truceline.evidence.sources.source import installed_sources
        from truceline.judgement.parameters import shipped_parameters
        from truceline.run import run

        folder = find_case(case)
        result = run(
            load_case(folder),
            sources=installed_sources(),
            parameters=shipped_parameters(),
            data=data,
            output=output or Path(f"{folder.name}.out"),
            until=None if until is None else parse_time(until),
            now=time.time_ns() // 1000,
            published=published,
            spot=spot,
            progress=_progress(),
            tell=_tell(),
        )
    typer.echo(json.dumps(_told(result)) if as_json else _printed(result))


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    example: Annotated[str, typer.Option(help="Case to start from.")] = "loc-2021",
) -> None:
    """Make a case to edit, from one that comes with Truceline.

    Example: truceline init my-case
    """
    with said_plainly():
        if folder.exists() and any(folder.iterdir()):
            raise InputError(f"the folder {folder} is not empty.", hint="Name a new one.")
        shutil.copytree(find_case(example), folder, dirs_exist_ok=True)
    typer.echo(f"made {folder}; next: truceline lint {folder}/agreement.yaml")


def shipped_cases() -> dict[str, Path]:
    """Return the cases that come with the package, by name."""
    root = Path(str(resources.files("truceline.publish"))).parent / "cases"
    return {path.parent.name: path.parent for path in sorted(root.glob("*/case.yaml"))}


def find_case(name: str) -> Path:
    """Return the folder of a case, given its path or the name of a shipped one."""
    if (Path(name) / "case.yaml").is_file():
        return Path(name)
    cases = shipped_cases()
    if name in cases:
        return cases[name]
    raise InputError(
        f"there is no case at {name!r}.",
        hint=f"Name a folder with case.yaml, or one of {', '.join(cases)}.",
    )


def _tell() -> Callable[[str], None]:
    """Say each step on a terminal; say nothing in a pipe."""
    if not sys.stderr.isatty():
        return lambda _step: None
    return lambda step: typer.echo(f"… {step}", err=True)


def _progress() -> Callable[..., None]:
    if not sys.stderr.isatty():
        return lambda file, rows, size: None  # noqa: ARG005

    def told(file: Path, rows: int, size: int) -> None:
        typer.echo(
            f"\r  {file.name}: {rows:,} rows of {size / 1e6:.1f} MB \x1b[K", err=True, nl=False
        )

    return told


def _told(result: Result) -> dict[str, object]:
    """Return the documented keys of a run's result."""
    judgement = result.judgement
    listed = judgement.assessments.group_by("listed").len().sort("listed")
    tally = result.ingested.tally
    above = judgement.findings.filter(judgement.findings["p_violation"] >= 0.5)
    return {
        "period": [format_time(moment) for moment in judgement.period],
        "states": _whole(result),
        "incidents": dict(listed.iter_rows()),
        "findings": dict(above.group_by("clause").len().sort("clause").iter_rows()),
        "rows": {"new": tally.fresh, "repeated": tally.repeated, "rejected": tally.rejected},
        "faults": [fault.as_dict() for fault in result.ingested.errors],
        "provenance": dict(judgement.provenance),
        "files": [str(path) for path in result.files],
    }


def _whole(result: Result) -> list[dict[str, object]]:
    """Return each indicator's state over the whole period, the longest row of each."""
    states = result.judgement.states
    length = states["t_end"] - states["t_start"]
    longest = (
        states.with_columns(length=length)
        .sort("indicator", "sector", "length")
        .unique(["indicator", "sector"], keep="last", maintain_order=True)
    )
    columns = (
        "indicator",
        "sector",
        "state",
        "count",
        "ratio",
        "ratio_low",
        "ratio_high",
        "p_holding",
        "why",
    )
    return longest.select(columns).to_dicts()


def _printed(result: Result) -> str:
    told = _told(result)
    lines = [f"{told['period'][0]} to {told['period'][1]}"]  # type: ignore[index]
    for row in _whole(result):
        ratio = ""
        if row["ratio"] is not None:
            interval = f"{row['ratio_low']:.2g} to {row['ratio_high']:.2g}"
            ratio = f", {row['ratio']:.3g} of before (90 %: {interval})"
        lines += [f"{row['indicator']}: {row['state']}{ratio}", f"  {row['why']}"]
    lines.append(f"incidents: {told['incidents'] or 'none'}")
    lines += [f"fault: {fault}" for fault in result.ingested.errors]
    pages = [path for path in result.files if path.suffix in (".html", ".pdf")]
    lines += [f"wrote {path}" for path in pages]
    return "\n".join(lines)
