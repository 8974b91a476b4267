"""A plan from end to end: who comes, what they man, where they stand, how it fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from truceline.force.contributions.caveats import Conditions
from truceline.force.contributions.listing import listing
from truceline.force.contributions.model import Coalition, Unit
from truceline.force.planning.airborne import Airborne, AirForce, fly
from truceline.force.planning.answering import Answering, Farthest, answer, farthest, nearest_hours
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.caveat_prices import PRICES, caveat_prices
from truceline.force.planning.clocks import CLOCKS, clocks
from truceline.force.planning.ground import PlanGround
from truceline.force.planning.people import Manning, man
from truceline.force.planning.resilience import Made, resilience
from truceline.force.planning.rotating import Rotation, rotation
from truceline.force.planning.sensitivity import SENSITIVITY, Planned, sensitivity
from truceline.force.planning.standing import Sensors, Standing, stand


@dataclass(frozen=True)
class Asked:
    """What a plan is asked for.

    Attributes
    ----------
    coalition : Coalition
        The force, with the history of its positions.
    day : datetime.date
        As stated by this day.
    ground : PlanGround
        The line.
    parties : mapping
        Names of the parties by id, in the order of the agreement.
    met, committed : frozenset of str or None
        Events that have happened and commitments that stand; None: all that are named.
    sensors : Sensors
        Beside the people.
    air : AirForce or None
        Aircraft, where there are any to plan with.
    assumed : Assumed
        Every other number.
    equal_sides : bool
        Whether each kind stands as often on each side.
    """

    coalition: Coalition
    day: dt.date
    ground: PlanGround
    parties: Mapping[str, str]
    met: frozenset[str] | None = None
    committed: frozenset[str] | None = None
    sensors: Sensors = field(default_factory=Sensors)
    air: AirForce | None = None
    assumed: Assumed = field(default_factory=Assumed)
    equal_sides: bool = True


@dataclass(frozen=True)
class Plan:
    """A plan with all it says; see the modules of this folder for each part.

    Attributes
    ----------
    asked : Asked
        What was asked.
    conditions : Conditions
        What was taken to hold on the day.
    offered : polars.DataFrame
        `LISTING`: who offers what, as stated by the day.
    manning, standing, answering, farthest, airborne
        People, siting, response, its longest way, and the air.
    prices, clocks, resilience, sensitivity : polars.DataFrame
        Caveats, the ladder, failures, and assumptions one at a time.
    rotation : Rotation or None
        Who would be there month by month; None in a plan that is not thorough.
    """

    asked: Asked
    conditions: Conditions
    offered: pl.DataFrame
    manning: Manning
    standing: Standing
    answering: Answering
    farthest: Farthest | None
    airborne: Airborne | None
    prices: pl.DataFrame
    clocks: pl.DataFrame
    resilience: pl.DataFrame
    sensitivity: pl.DataFrame
    rotation: Rotation | None = None

    @property
    def people(self) -> float:
        """People in the theatre, wherever they serve."""
        return self.manning.on_line + self.manning.behind

    @property
    def per_km(self) -> float:
        """People in the theatre a kilometre of line."""
        return self.people / self.asked.ground.line_km


def make_plan(
    asked: Asked,
    rng: np.random.Generator,
    *,
    tell: Callable[[str], None] = lambda _: None,
    thorough: bool = True,
) -> Plan:
    """Make a plan.

    Parameters
    ----------
    asked : Asked
        The question.
    rng : numpy Generator
        Dice of the search, the queue and the losses.
    tell : callable
        Is told what is being done.
    thorough : bool
        Whether caveats are priced and every assumption is tried at both ends.
    """
    said = asked.coalition.as_of(asked.day)
    plan = _planned(asked, said, rng, tell)
    return _tried(plan, said.units(), rng, tell) if thorough else plan


def _planned(
    asked: Asked, said: Coalition, rng: np.random.Generator, tell: Callable[[str], None]
) -> Plan:
    """Return the plan of the coalition as stated by the day, without prices and rotation."""
    units, ground, assumed = said.units(), asked.ground, asked.assumed
    conditions = _conditions(asked, said)
    tell("counting people")
    manning = man(units, ground.sites, conditions, assumed, cameras=asked.sensors.cameras)
    tell("putting posts, cameras and drones along the line")
    standing = stand(
        units, manning, ground, conditions, assumed, asked.sensors, rng,
        equal_sides=asked.equal_sides,
    )  # fmt: skip
    tell("putting reaction forces")
    answering = answer(units, manning, ground, conditions, assumed)
    longest = farthest(answering, units, ground, conditions, assumed)
    airborne = None if asked.air is None else fly(asked.air, ground)
    tell("keeping the clocks of the ladder")
    late = _clocks(manning, answering, ground, assumed, rng)
    tell("taking parts away")
    made = Made(ground, standing, answering, airborne, assumed)
    failing = resilience(made, units, asked.parties, rng)
    return Plan(
        asked, conditions, listing(said), manning, standing, answering, longest, airborne,
        PRICES.empty(), late, failing, SENSITIVITY.empty(),
    )  # fmt: skip


def _clocks(
    manning: Manning, answering: Answering, ground: PlanGround, assumed: Assumed,
    rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    """Return the ladder by load; no row where there is no reaction force."""
    if answering.plan is None:
        return CLOCKS.empty()
    return clocks(manning, nearest_hours(answering.bases, ground, assumed), assumed, rng)


def _conditions(asked: Asked, said: Coalition) -> Conditions:
    """Return what holds on the day; what is not said to hold or fail is taken to hold."""
    named = frozenset(name for position in said.positions for name in position.hangs_on())
    return Conditions(
        asked.day,
        named if asked.met is None else asked.met,
        named if asked.committed is None else asked.committed,
    )


def _tried(
    plan: Plan, units: tuple[Unit, ...], rng: np.random.Generator, tell: Callable[[str], None]
) -> Plan:
    """Return the plan with its caveats priced and every assumption tried at both ends."""
    asked, conditions = plan.asked, plan.conditions
    tell("lifting each caveat")
    prices = caveat_prices(
        units, plan.manning, plan.standing, asked.ground, conditions, asked.assumed,
        asked.sensors, rng, equal_sides=asked.equal_sides,
    )  # fmt: skip
    again = Planned(
        units, conditions, asked.ground, asked.assumed, asked.sensors, asked.equal_sides
    )
    tried = sensitivity(again, plan.standing.seen, rng, tell)
    tell("rostering the units over months")
    months = rotation(units, plan.manning, asked.day, asked.assumed, rng)
    return replace(plan, prices=prices, sensitivity=tried, rotation=months)
