"""Presence: what a force of so many people, with such sensors, puts on a kilometre of line.

Presence and observation only. How many people a task takes is of `force.posts`; here stands
how a force is divided among the tasks, each share with its source or as an assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from truceline.core.types.errors import InputError
from truceline.force.posts.manning import Factors, people_for
from truceline.force.published import missions

#: Share of the people in theatre given to each task, support counted in: assumptions, with
#: the range that a sensitivity chart varies.
ALLOTMENT: Final[Mapping[str, tuple[float, float, float]]] = {
    "reaction_force": (0.30, 0.20, 0.45),
    "patrol": (0.42, 0.30, 0.55),
    "post": (0.21, 0.10, 0.35),
    "drone_orbit": (0.05, 0.02, 0.10),
    "liaison_cell": (0.02, 0.01, 0.04),
}

#: Sorties a day that keep one drone in the air round the clock: an assumption (4 hours each).
SORTIES_AN_ORBIT: Final = 6.0


@dataclass(frozen=True)
class Mix:
    """A force to compare: people, and sensors beside them.

    Attributes
    ----------
    name : str
        What it is called in tables and charts.
    people : float
        In the theatre at any time; those resting at home come on top.
    cameras, arrays : float
        Fixed cameras and acoustic arrays along the line.
    stations : float
        Stations in the air kept round the clock by aircraft that are not among the people.
    source : str
        Where a preset is from.
    allotment : mapping
        Share of the people by task; the rest of the whole is kept in hand.
    factors : Factors
        Between people in the theatre and people on duty.
    left : mapping
        What is left of a task, or of `camera`, `array` and `station`, as a share after a loss;
        what is not named is whole.
    """

    name: str
    people: float
    cameras: float = 0.0
    arrays: float = 0.0
    source: str = ""
    stations: float = 0.0
    allotment: Mapping[str, float] = field(
        default_factory=lambda: {task: share for task, (share, _, _) in ALLOTMENT.items()}
    )
    factors: Factors = field(default_factory=Factors)
    left: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        total = sum(self.allotment.values())
        if total > 1.0 + 1e-9 or min(self.allotment.values(), default=0.0) < 0:
            raise InputError(
                f"the tasks of {self.name!r} take {total:.0%} of its people.",
                hint="Give shares of 0 or more that add up to at most 1.",
            )
        if min(self.people, self.cameras, self.arrays, self.stations) < 0:
            raise InputError(f"{self.name!r} has less than no people or sensors.")


def teams(mix: Mix) -> dict[str, float]:
    """Return how many of each task a force keeps up at once, patrols by the day.

    Examples
    --------
    >>> round(teams(Mix("plan", 30_000))["patrol"])
    850
    """
    each = {task.name: people_for(task, mix.factors) for task in mix.factors.tasks}
    return {
        task: mix.people * share / each[task] * mix.left.get(task, 1.0)
        for task, share in mix.allotment.items()
    }


def presence_per_100km(mix: Mix, line_km: float) -> dict[str, float]:
    """Return what stands on 100 km of line, by the kinds of sensor that rehearsals know.

    Patrols and drone sorties by the day; a manned post watches as a camera does, a station in the
    air as a drone kept up always, and a liaison cell is a desk of the hotline.

    Examples
    --------
    >>> round(presence_per_100km(Mix("plan", 30_000, cameras=60), 1_200.0)["patrol"], 1)
    70.9
    """
    there = teams(mix)
    cameras = mix.cameras * mix.left.get("camera", 1.0)
    orbits = there.get("drone_orbit", 0.0) + mix.stations * mix.left.get("station", 1.0)
    numbers = {
        "patrol": there.get("patrol", 0.0),
        "camera": cameras + there.get("post", 0.0),
        "uav": orbits * SORTIES_AN_ORBIT,
        "acoustic": mix.arrays * mix.left.get("array", 1.0),
        "hotline": there.get("liaison_cell", 0.0),
    }
    return {kind: number * 100.0 / line_km for kind, number in numbers.items()}


#: Sizes below the published ones, and sensors beside 30,000 and fewer, that a sweep tries too.
_SMALL: Final = (1_000.0, 2_500.0)
_SENSORS: Final = (
    (10_000.0, 500.0, 0.0), (30_000.0, 100.0, 0.0), (30_000.0, 500.0, 0.0),
    (30_000.0, 1_000.0, 0.0), (30_000.0, 0.0, 200.0),
)  # fmt: skip


def mix_of(
    people: float, cameras: float = 0.0, arrays: float = 0.0, stations: float = 0.0,
    *, left: Mapping[str, float] | None = None,
) -> Mix:  # fmt: skip
    """Return a force named after what is in it.

    Examples
    --------
    >>> mix_of(30_000, 100).name, mix_of(5_000).name
    ('30,000 and 100 cameras', '5,000')
    """
    sensors = ((cameras, "cameras"), (arrays, "arrays"), (stations, "air stations"))
    words = " and ".join([f"{people:,.0f}", *(f"{n:,.0f} {what}" for n, what in sensors if n)])
    return Mix(words, people, cameras, arrays, stations=stations, left=left or {})


def presets(line_km: float) -> tuple[Mix, ...]:
    """Return the forces that are compared where nobody names others: twenty of them.

    A mission that stood is spread as thin as it was on its own line; a published plan keeps its
    people. Made sizes and mixes with sensors stand beside them.
    """
    published = []
    for row in missions().iter_rows(named=True):
        longer = line_km / row["line_km"] if row["stood"] else 1.0
        how = "spread as thin on this line" if row["stood"] else "as published"
        source = f"{row['source']}; {row['people']:,.0f} on {row['line_km']:,.0f} km, {how}"
        made = Mix(row["mission"], row["people"] * longer, row["cameras"] * longer, source=source)
        published.append(made)
    mixes = [mix_of(people) for people in _SMALL]
    return (*published, *mixes, *(mix_of(*mix) for mix in _SENSORS))
