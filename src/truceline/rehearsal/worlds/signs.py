"""What can be seen, heard or felt of a happening, whoever caused it.

Sensors know signs alone. A sign carries the row of its owner, so that the truth can be
written beside what was seen; no sensor reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.worlds.acts import Acts
from truceline.rehearsal.worlds.benign import CAUSE, Benign
from truceline.rehearsal.worlds.calendar import Calendar
from truceline.rehearsal.worlds.geography import Geography

IntArray = npt.NDArray[np.int64]

_UNKNOWN = WEAPON_CLASSES.index("unknown")


class Sign(IntEnum):
    """Kinds of signs."""

    SHOT = 0
    OUTGOING = 1
    IMPACT = 2
    RUMBLE = 3
    HEAT = 4
    FLIGHT = 5
    PRESENCE = 6
    MOVEMENT = 7
    ADVANCE = 8
    OBSTRUCTION = 9
    HARM = 10
    RUMOUR = 11
    ASSAULT = 12


#: Loudness of one round, mortar = 1.
LOUDNESS = {
    "small_arms": 0.08,
    "heavy_machine_gun": 0.15,
    "grenade_launcher": 0.4,
    "mortar": 1.0,
    "tank": 2.0,
    "artillery_under_100mm": 2.0,
    "artillery_100mm": 3.0,
    "mlrs": 3.0,
    "uav_small": 0.7,
}
_QUARRY_LOUDNESS, _THUNDER_LOUDNESS, _FIREWORK_LOUDNESS = 20.0, 2.0, 0.25


@dataclass(frozen=True)
class Signs:
    """Signs of a province, one row each.

    Attributes
    ----------
    owner : array of int
        Row of the happening: acts first, harmless ones after them.
    sign : array of int
        Position in `Sign`.
    t, seconds : arrays
        Start from the origin of the calendar, and duration.
    x, y, s, depth : arrays
        Place on the plane; distance along the line; depth across it, metres.
    ox, oy : arrays
        Where the fire came from; the place itself where nothing was fired.
    strength : array
        Loudness (mortar = 1) or power, MW.
    count : array
        How many.
    weapon : array of int
        Position in `WEAPON_CLASSES`.
    """

    owner: IntArray
    sign: IntArray
    t: FloatArray
    seconds: FloatArray
    x: FloatArray
    y: FloatArray
    s: FloatArray
    depth: FloatArray
    ox: FloatArray
    oy: FloatArray
    strength: FloatArray
    count: FloatArray
    weapon: IntArray

    def __len__(self) -> int:
        return len(self.t)

    @property
    def event(self) -> IntArray:
        """Return a number that no two signs of a province share: of the owner and the kind."""
        return 16 * self.owner + self.sign

    def take(self, index: npt.NDArray[np.generic]) -> Signs:
        """Return the rows of an index or mask."""
        return Signs(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def in_time(self) -> Signs:
        """Return the signs in the order in which they begin."""
        return self.take(np.argsort(self.t, kind="stable"))

    def of(self, *kinds: Sign) -> Signs:
        """Return the signs of some kinds."""
        return self.take(np.isin(self.sign, [int(k) for k in kinds]))


def concatenated(parts: list[Signs]) -> Signs:
    """Return several tables of signs as one."""
    return Signs(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Signs)}
    )


@dataclass(frozen=True)
class ActPlaces:
    """Where acts land and come from, on the plane, and their weapons."""

    x: FloatArray
    y: FloatArray
    ox: FloatArray
    oy: FloatArray
    weapon: IntArray


def signs_of(
    scenario: Scenario,
    country: Geography,
    acts: Acts,
    benign: Benign,
    province: int,
    calendar: Calendar,
) -> tuple[Signs, ActPlaces]:
    """Return the signs of all that happens in a province, and the places of its acts."""
    rng = stream(scenario.seed, Role.SIGNS, province, calendar.era)
    placed = _places_of(scenario, country, acts, rng)
    parts = [*_act_signs(scenario, acts, placed, rng), *_benign_signs(country, benign, len(acts))]
    return concatenated(parts), placed


def _places_of(
    scenario: Scenario, country: Geography, acts: Acts, rng: np.random.Generator
) -> ActPlaces:
    x, y = country.front.place(acts.s, acts.depth)
    aside = acts.s + 0.15 * np.abs(acts.origin_depth) * rng.standard_normal(len(acts))
    ox, oy = country.front.place(aside.clip(0, country.front.length_m), acts.origin_depth)
    own = np.array([k.on_own_ground for k in scenario.acts.values()])[acts.kind]
    u, weapon = rng.random(len(acts)), np.full(len(acts), _UNKNOWN)
    for i, kind in enumerate(scenario.acts.values()):
        rows = acts.kind == i
        codes = np.array([WEAPON_CLASSES.index(name) for name in kind.weapons])
        edges = np.cumsum(list(kind.weapons.values()))
        weapon[rows] = codes[np.searchsorted(edges / edges[-1], u[rows]).clip(0, len(codes) - 1)]
    return ActPlaces(x, y, np.where(own, x, ox), np.where(own, y, oy), weapon)


@dataclass(frozen=True)
class _Giving:
    """Acts that give signs, with where they land and how loud they are."""

    acts: Acts
    at: ActPlaces
    loud: FloatArray

    def made(
        self,
        sign: Sign,
        rows: npt.NDArray[np.bool_],
        *,
        at_origin: bool = False,
        strength: FloatArray | None = None,
        count: FloatArray | None = None,
        lasts: FloatArray | None = None,
    ) -> Signs:
        """Return one sign of each act in some rows."""
        i, acts, at = np.flatnonzero(rows), self.acts, self.at
        x, y = (at.ox, at.oy) if at_origin else (at.x, at.y)
        return Signs(
            owner=i,
            sign=np.full(len(i), int(sign)),
            t=acts.t[i],
            seconds=(60.0 * acts.minutes if lasts is None else lasts)[i],
            x=x[i],
            y=y[i],
            s=acts.s[i],
            depth=(acts.origin_depth if at_origin else acts.depth)[i],
            ox=at.ox[i],
            oy=at.oy[i],
            strength=(self.loud if strength is None else strength)[i],
            count=(acts.rounds.astype(np.float64) if count is None else count)[i],
            weapon=at.weapon[i],
        )


def _act_signs(
    scenario: Scenario, acts: Acts, at: ActPlaces, rng: np.random.Generator
) -> list[Signs]:
    names = np.array([kind.phenomenon for kind in scenario.acts.values()])
    name = names[acts.kind]
    loud = np.array([LOUDNESS.get(w, 1.0) for w in WEAPON_CLASSES])[at.weapon]
    made = _Giving(acts, at, loud).made
    n, kinds = len(acts), list(scenario.acts.values())
    burns = rng.random(n) < np.array([k.heat for k in kinds])[acts.kind]
    power = np.array([k.heat_mw for k in kinds])[acts.kind] * np.exp(0.8 * rng.standard_normal(n))
    hours = rng.exponential(np.array([k.heat_hours for k in kinds])[acts.kind])
    hurts = rng.random(n) < np.array([k.harm for k in kinds])[acts.kind]
    impact, uav_small = name == "explosion_impact", at.weapon == WEAPON_CLASSES.index("uav_small")
    one = np.ones(n)
    return [
        made(Sign.SHOT, np.isin(name, ("burst", "shot", "assault")), at_origin=True),
        made(Sign.OUTGOING, impact & ~uav_small, at_origin=True, strength=0.7 * loud),
        made(Sign.IMPACT, impact),
        made(Sign.FLIGHT, impact & uav_small, lasts=np.full(n, 900.0), count=one),
        made(Sign.FLIGHT, np.isin(name, ("uav", "aircraft"))),
        made(Sign.ASSAULT, name == "assault"),
        made(Sign.PRESENCE, name == "weapon_present"),
        made(Sign.ADVANCE, name == "advance"),
        made(Sign.OBSTRUCTION, name == "obstruction"),
        made(Sign.HEAT, burns, strength=power, lasts=3600.0 * hours, count=one),
        made(Sign.HARM, hurts, count=one),
    ]


def _benign_signs(country: Geography, benign: Benign, offset: int) -> list[Signs]:
    depth = country.front.depth(benign.x, benign.y, benign.s)

    def made(sign: Sign, causes: tuple[str, ...], strength: FloatArray | float) -> Signs:
        rows = np.flatnonzero(np.isin(benign.cause, [CAUSE[c] for c in causes]))
        x, y = benign.x[rows], benign.y[rows]
        level = np.broadcast_to(strength, len(benign))[rows]
        return Signs(
            rows + offset, np.full(len(rows), int(sign)), benign.t[rows],
            60.0 * benign.minutes[rows], x, y, benign.s[rows], depth[rows], x, y, level,
            benign.count[rows], np.full(len(rows), _UNKNOWN),
        )  # fmt: skip

    return [
        made(Sign.HEAT, ("farm_fire", "furnace", "accident"), benign.megawatt),
        made(Sign.IMPACT, ("quarry_blast",), _QUARRY_LOUDNESS),
        made(Sign.IMPACT, ("celebration", "accident"), _FIREWORK_LOUDNESS),
        made(Sign.SHOT, ("hunting",), LOUDNESS["small_arms"]),
        made(Sign.RUMBLE, ("storm",), _THUNDER_LOUDNESS),
        made(Sign.MOVEMENT, ("traffic",), 1.0),
        made(Sign.FLIGHT, ("civil_drone",), 1.0),
        made(Sign.HARM, ("late_bodies", "accident"), 1.0),
        made(Sign.RUMOUR, ("false_news",), 1.0),
    ]
