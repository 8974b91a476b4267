"""A small generated line with a force of three nations, planned in a second or two."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import shapely

from truceline.core.space.lines import Territory
from truceline.force.contributions.caveats import After, DependsOn, KeepOffLine, OnlyZones
from truceline.force.contributions.model import Coalition, Contribution, Unit
from truceline.force.planning.airborne import example_air_force
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.ground import plan_ground
from truceline.force.planning.plan import Asked, make_plan
from truceline.force.planning.standing import Sensors

DAY = dt.date(2030, 1, 1)
LINE = shapely.LineString([(30.0, 48.0), (30.6, 48.1), (31.2, 48.0)])
NORTH = shapely.Polygon([(30.0, 48.0), (30.6, 48.1), (31.2, 48.0), (31.2, 49.0), (30.0, 49.0)])
SOUTH = shapely.Polygon([(30.0, 48.0), (30.6, 48.1), (31.2, 48.0), (31.2, 47.0), (30.0, 47.0)])


def unit(name: str, nation: str, persons: int | None, kind: str = "infantry", *caveats) -> Unit:
    return Unit(name, nation, name, kind, persons, caveats=tuple(caveats))


UNITS = (
    unit("a-near", "Aland", 500, "infantry", After("ceasefire")),
    unit("b-back", "Beland", 400, "infantry", OnlyZones(("hubs",))),
    unit("c-off", "Celand", 300, "infantry", KeepOffLine(2.0), DependsOn("a guarantor")),
    unit("c-fly", "Celand", 120, "drones"),
    unit("d-unknown", "Deland", None, "infantry"),
    unit("d-ship", "Deland", 80, "naval"),
)


def coalition(units=UNITS) -> Coalition:
    nations = dict.fromkeys(u.nation for u in units)
    return Coalition(
        "a force for a test",
        tuple(
            Contribution(
                nation, dt.date(2029, 1, 1), "offers people", ("a source",),
                units=tuple(u for u in units if u.nation == nation),
            )
            for nation in nations
        ),
    )  # fmt: skip


def territory(first: str = "north", second: str = "south") -> Territory:
    return Territory({first: NORTH, second: SOUTH}, 100.0)


def asked(**more) -> Asked:
    few = Assumed({"people_wanted": 30.0})
    given = {"air": example_air_force(), "sensors": Sensors(cameras=6), "assumed": few} | more
    sides = given.pop("sides", territory())
    ground = plan_ground(LINE, sides, point_m=1500.0, sector_km=30.0)
    return Asked(
        given.pop("force", coalition()), DAY, ground,
        {name: name.title() for name in sides.parties}, **given,
    )  # fmt: skip


@pytest.fixture(scope="session")
def plan():
    return make_plan(asked(), np.random.default_rng(1))
