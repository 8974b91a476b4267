"""What several commands of `truceline plan` are given: a case with its line, and a coalition."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from truceline.agreement.case import Case
    from truceline.core.space.lines import Territory
    from truceline.force.contributions.model import Coalition

LinedCase = Annotated[str, typer.Argument(help="Folder or name of the case that has the line.")]
Data = Annotated[Path | None, typer.Option(help="Folder of the data the case names.")]
AsOf = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As stated by then.")]
Met = Annotated[list[str] | None, typer.Option(help="An event that has happened; all if left out.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True)
class Lined:
    """A case, its line of contact in degrees, and who holds which ground."""

    case: Case
    line: BaseGeometry
    territory: Territory


def read_lined(case: str, data: Path | None) -> Lined:
    """Return a case that has a line and says who holds which ground; nothing else can be planned.

    Parameters
    ----------
    case : str
        Its folder, or the name of one that ships with the package.
    data : Path or None
        Folder of the maps that it names.
    """
    from truceline.agreement.case import load_case
    from truceline.cli.case import find_case
    from truceline.core.types.errors import TermsError, Where
    from truceline.evidence.front import read_ground

    folder = find_case(case)
    loaded = load_case(folder)
    ground = read_ground(loaded, data)
    if ground.line is None or ground.territory is None:
        raise TermsError(
            "the case has no line, or does not say who holds which ground.",
            where=Where(str(folder / "case.yaml")),
            hint="Give it a `line` and areas of the parties, or a `front`.",
        )
    return Lined(loaded, ground.line, ground.territory)


def named_coalition(name: Path) -> Coalition:
    """Return the coalition of a file, or of an example where no file has that name."""
    from truceline.force.contributions.documents import read_coalition
    from truceline.force.examples import example_names, example_path

    named = str(name) in example_names() and not name.exists()
    return read_coalition(example_path(str(name)) if named else name)
