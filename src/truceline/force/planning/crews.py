"""Crews: whose people man which posts, so that nobody stands where a nation forbids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.force.contributions.caveats import Conditions, Mask
from truceline.force.contributions.model import Unit
from truceline.force.planning.people import Manning, shared_out, task_masks

#: Kinds of the laydown that people man, by task.
CREWED = {"post": "post", "drone_orbit": "drone base"}


@dataclass(frozen=True)
class CrewClass:
    """Units of the plan of one kind whose crews may stand at the same sites.

    Attributes
    ----------
    kind, name : str
        The kind, and its name for the solver, which tells classes of one kind apart.
    number : int
        How many there are.
    mask : bool array
        Sites at which they may stand.
    crews : tuple
        Unit, nation and number of those it mans; empty for sensors.
    people_each : float
        People in the theatre for one.
    """

    kind: str
    name: str
    number: int
    mask: Mask
    crews: tuple[tuple[str, str, int], ...] = ()
    people_each: float = 0.0


def crew_classes(
    units: Sequence[Unit], manning: Manning, sites: pl.DataFrame, conditions: Conditions
) -> list[CrewClass]:
    """Return posts and drone bases, those together whose nations allow the same sites."""
    classes: list[CrewClass] = []
    row = {unit.unit_id: at for at, unit in enumerate(units)}
    for task, kind in CREWED.items():
        teams = manning.teams.filter(pl.col("task") == task)
        if teams.is_empty():
            continue
        masks = task_masks(units, sites, conditions, task)
        groups: dict[bytes, list[dict[str, object]]] = {}
        for team in teams.iter_rows(named=True):
            groups.setdefault(masks[row[team["unit_id"]]].tobytes(), []).append(team)
        for at, (key, members) in enumerate(groups.items()):
            crews = tuple((str(m["unit_id"]), str(m["nation"]), int(str(m["number"])))
                          for m in members)  # fmt: skip
            classes.append(
                CrewClass(
                    kind,
                    kind if at == 0 else f"{kind} ({at + 1})",
                    sum(count for _, _, count in crews),
                    np.frombuffer(key, dtype=np.bool_),
                    crews,
                    float(teams["people_each"][0]),
                )
            )
    return classes


def sensor_classes(sites: pl.DataFrame, cameras: int, arrays: int) -> list[CrewClass]:
    """Return the sensors, which no nation keeps from anywhere."""
    everywhere = np.ones(sites.height, dtype=np.bool_)
    numbers = (("camera", cameras), ("acoustic array", arrays))
    return [CrewClass(kind, kind, number, everywhere) for kind, number in numbers if number]


def crews_of(one: CrewClass, standing: int) -> list[tuple[str | None, str | None]]:
    """Return unit and nation of each of so many posts, in the order of the line.

    Each nation mans a run of neighbours, in proportion to what it keeps up: fewer stand than
    there are where a number could not be halved between the sides.
    """
    if not one.crews:
        return [(None, None)] * standing
    share = shared_out(standing, np.array([float(count) for _, _, count in one.crews]))
    return [
        (unit, nation)
        for (unit, nation, _), count in zip(one.crews, share, strict=True)
        for _ in range(count)
    ]
