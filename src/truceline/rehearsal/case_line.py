"""A rehearsal on the line of a case."""

from __future__ import annotations

from pathlib import Path

import shapely

from truceline.agreement.case import load_case
from truceline.agreement.geometry import find_feature
from truceline.core.space.geodesy import centre_of
from truceline.core.types.errors import TermsError, Where
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.worlds.front import Frame, line_of_shape
from truceline.rehearsal.worlds.geography import Geography, geography


def scenario_on_case(scenario: Scenario, case: Path) -> tuple[Scenario, Geography]:
    """Return a scenario moved to a case's line, and the country around it.

    The scenario keeps its parties and dates; only the ground is the case's. A line of
    several pieces is rehearsed on its longest.
    """
    loaded = load_case(case)
    if loaded.settings.line is None:
        raise TermsError(
            "the case draws no line.", where=Where(str(case / "case.yaml"), field="line"),
            hint="Name a feature of its geometry as `line`.",
        )  # fmt: skip
    shape = find_feature(loaded.geometry, loaded.settings.line)
    pieces = [p for p in shapely.get_parts(shape) if p.geom_type == "LineString"]
    if not pieces:
        raise TermsError(
            "the line of the case is not a line.", where=Where(str(case), field="line"),
            hint="Draw it as a LineString.",
        )  # fmt: skip
    drawn = max(pieces, key=shapely.length)
    centre = centre_of(drawn)
    moved = scenario.model_copy(
        update={"line": scenario.line.model_copy(update={"centre": centre})}
    )
    frame = Frame(*centre, mirrored=scenario.line.mirrored)
    return moved, geography(moved, line_of_shape(drawn, frame))
