"""The front of a case: who holds which ground, and the line between, from maps or feeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from truceline.agreement.case import Case, Front
from truceline.agreement.geometry import find_feature, read_features
from truceline.core.space.lines import Territory
from truceline.core.types.errors import InputError, Where
from truceline.evidence.sources.frontline.control import read_control
from truceline.evidence.sources.frontline.line import derive_line


@dataclass(frozen=True)
class Ground:
    """What a case knows of the ground.

    Attributes
    ----------
    territory : Territory or None
        Who holds what; null where the case does not say.
    line : shapely line or None
        The line of contact, degrees.
    """

    territory: Territory | None
    line: BaseGeometry | None


def read_ground(case: Case, data: Path | None) -> Ground:
    """Return the case's drawn ground, or where it names a published map the one derived."""
    drawn = case.settings.line
    line = None if drawn is None else find_feature(case.geometry, drawn)
    if case.settings.front is None:
        return Ground(case.territory(), line)
    return _derived(case, case.settings.front, data)


def _derived(case: Case, front: Front, data: Path | None) -> Ground:
    control = read_control(_found(case, data, front.control))
    previous = None if front.previous is None else read_control(_found(case, data, front.previous))
    boundary = None
    if front.boundary is not None:
        land = read_features(_found(case, data, front.boundary))
        boundary = shapely.union_all([shape for _, shape in land])
    derived = derive_line(control, boundary, previous=previous)
    parties = [party.id for party in case.terms.agreement.parties]
    areas = {party: control.geometry if party == front.held_by else None for party in parties}
    line = derived.geometry
    if front.within:
        line = shapely.intersection(line, shapely.Polygon(front.within))
    return Ground(Territory(areas, derived.sigma_m), line)


def _found(case: Case, data: Path | None, name: str) -> Path:
    for folder in (case.folder, data):
        if folder is not None and (folder / name).is_file():
            return folder / name
    raise InputError(
        f"the map {name!r} is not there.",
        where=Where(str(case.folder / "case.yaml"), field="front"),
        hint="Name the folder of the data with `--data FOLDER`.",
    )
