"""Everything a plan supposes: each number with its range and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import polars as pl

from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema
from truceline.force.posts.factors import TASKS, Task
from truceline.force.posts.manning import Factors

ASSUMPTIONS = Schema(
    "assumptions of a plan",
    (
        Column("name", pl.String(), "Name by which the plan asks for it."),
        Column("words", pl.String(), "What it is, in words."),
        Column("value", pl.Float64(), "The value taken."),
        Column("low", pl.Float64(), "Lower end that the sensitivity is tried with.", True),
        Column("high", pl.Float64(), "Upper end that the sensitivity is tried with.", True),
        Column("unit", pl.String(), "Its unit."),
        Column("basis", pl.Enum(["sourced", "assumed"]), "Whether a source gives it."),
        Column("source", pl.String(), "The source, or why it is supposed."),
    ),
)

_PLANNER = "the planner's; no source found for this line"
_ALLOTTED = "the planner's, as in the sweep of forces (docs/methods/sweep.md)"

#: Name, words, value, low, high, unit, basis, source.
_ROWS: tuple[tuple[str, str, float, float | None, float | None, str, str, str], ...] = (
    ("rotation", "people pledged for one in the theatre", 3.0, None, None, "people", "sourced",
     "thirds (3:1) as a rule of thumb; 5:1 for 6 months in 30; 4:1 in The Times, April 2025 "
     "(news.online.ua 892997)"),
    ("in_theatre", "share of the stated people who are in the theatre at any time", 1.0, 0.33, 1.0,
     "share", "assumed", "stated sizes are read as people in place; the low end reads them as all "
     "who are pledged, at 3:1"),
    ("support_share", "share of people who support the others", 0.4, 0.3, 0.5, "share", "assumed",
     "staff, supply, medical, engineers; " + _PLANNER),
    ("support_behind", "share of that support given by people kept away from the line", 0.0, 0.0,
     1.0, "share", "assumed", "each nation supports its own; the high end shares support fully"),
    ("leave_share", "share of a tour on leave", 0.1, 0.05, 0.2, "share", "assumed",
     "about 18 days in six months"),
    ("shift_hours", "hours a day a person is on duty", 8.0, 6.0, 12.0, "hours", "assumed",
     "three shifts; four and two at the ends"),
    ("post_on_duty", "people on duty at a post", 4.0, 3.0, 8.0, "people", "assumed", _PLANNER),
    ("post_share", "share of people for posts", 0.21, 0.10, 0.35, "share", "assumed", _ALLOTTED),
    ("patrol_share", "share of people for patrols", 0.42, 0.30, 0.55, "share", "assumed",
     _ALLOTTED),
    ("reaction_share", "share of people for reaction forces", 0.30, 0.20, 0.45, "share", "assumed",
     _ALLOTTED),
    ("drone_share", "share of people for drones", 0.05, 0.02, 0.10, "share", "assumed", _ALLOTTED),
    ("liaison_share", "share of people for liaison", 0.02, None, None, "share", "assumed",
     _ALLOTTED),
    ("camera_people", "people who keep one camera up, support counted in", 2.0, None, None,
     "people", "assumed", _PLANNER),
    ("band_km", "half width of the band to be watched", 5.0, 2.5, 10.0, "km", "sourced",
     "a buffer of at least 10 km (GCSP Ceasefire Toolkit, March 2025, interfax.com.ua 1054486)"),
    ("post_range_km", "how far a post sees by day", 4.0, 2.0, 6.0, "km", "assumed", _PLANNER),
    ("camera_range_km", "how far a camera sees", 5.0, 3.0, 8.0, "km", "assumed", _PLANNER),
    ("drone_range_km", "how far from its base a drone kept up always watches", 10.0, 5.0, 15.0,
     "km", "assumed", _PLANNER),
    ("night_share", "share of a post's range that is left in the dark", 0.4, None, None, "share",
     "assumed", "patrols of the OSCE mission did not go out after dark; cameras and drones did "
     "(theglobalobservatory.org, April 2021)"),
    ("road_kmh", "speed of a convoy by day", 50.0, 30.0, 70.0, "km/h", "assumed", _PLANNER),
    ("night_kmh", "speed of a convoy by night", 30.0, None, None, "km/h", "assumed", _PLANNER),
    ("detour", "length of the road over the straight line", 1.3, 1.2, 1.6, "ratio", "assumed",
     _PLANNER),
    ("ready_h", "hours from the call to the first departure", 1.0, 0.5, 3.0, "hours", "assumed",
     _PLANNER),
    ("teams_a_base", "reaction teams of 30 on duty at one base", 2.0, 1.0, 4.0, "teams", "assumed",
     _PLANNER),
    ("helicopters", "helicopters for reaction forces", 12.0, 0.0, 30.0, "helicopters", "assumed",
     "none is pledged in public; " + _PLANNER),
    ("helicopter_day", "share of them that can fly by day", 0.75, None, None, "share", "assumed",
     _PLANNER),
    ("helicopter_night", "share of them that can fly by night", 0.5, None, None, "share",
     "assumed", _PLANNER),
    ("people_wanted", "people who are to be there", 100.0, None, None, "people", "assumed",
     "a company"),
    ("hours_wanted", "hours within which they are to be there", 3.0, None, None, "hours",
     "assumed", "so that traces of an incident are still there"),
    ("breaches", "breaches a day that start the ladder", 5.0, None, None, "a day", "assumed",
     "tried from 1 to 300; about 28 a day were met by UNIFIL"),
)  # fmt: skip


@dataclass(frozen=True)
class Assumed:
    """The values a plan is made with.

    Attributes
    ----------
    values : mapping
        By name; what is not named has the value of the table.

    Examples
    --------
    >>> Assumed()["road_kmh"], Assumed({"road_kmh": 30.0})["road_kmh"]
    (50.0, 30.0)
    """

    values: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.values) - set(_standard()))
        if unknown:
            raise InputError(
                f"a plan has no assumption called {unknown[0]!r}.",
                hint=f"There are: {', '.join(_standard())}.",
            )

    def __getitem__(self, name: str) -> float:
        """Return the value of an assumption."""
        return self.values[name] if name in self.values else _standard()[name]

    def changed(self, name: str, value: float) -> Assumed:
        """Return the same with one value changed."""
        return Assumed({**self.values, name: value})

    def factors(self) -> Factors:
        """Return the factors between people and people on duty."""
        tasks = tuple(
            Task(task.name, self["post_on_duty"] if task.name == "post" else task.on_duty,
                 task.hours_a_day)
            for task in TASKS
        )  # fmt: skip
        return Factors(
            self["support_share"], self["leave_share"], self["shift_hours"], self["rotation"], tasks
        )

    def allotment(self) -> dict[str, float]:
        """Return the share of people by task; where one share is changed the others give way."""
        names = {"post": "post_share", "patrol": "patrol_share", "reaction_force": "reaction_share",
                 "drone_orbit": "drone_share", "liaison_cell": "liaison_share"}  # fmt: skip
        fixed = {task: self[name] for task, name in names.items() if name in self.values}
        free = {task: self[name] for task, name in names.items() if name not in self.values}
        left = min(1.0, sum(_standard()[name] for name in names.values())) - sum(fixed.values())
        if left < -1e-9:
            raise InputError(
                f"the tasks take {1 - left:.0%} of the people.", hint="Lower a share of a task."
            )
        scale = max(left, 0.0) / sum(free.values()) if free else 1.0
        return {task: fixed.get(task, free.get(task, 0.0) * scale) for task in names}

    def table(self) -> pl.DataFrame:
        """Return every assumption with its value, range and source (`ASSUMPTIONS`)."""
        rows = [(n, w, self[n], low, high, u, b, s) for n, w, _, low, high, u, b, s in _ROWS]
        table = pl.DataFrame(rows, schema=ASSUMPTIONS.dtypes(), orient="row")
        return ASSUMPTIONS.conform(table)


@cache
def _standard() -> Mapping[str, float]:
    return MappingProxyType({row[0]: row[2] for row in _ROWS})
