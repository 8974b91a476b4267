"""The mission's own drones: sorties with an endurance, a camera, and jamming against them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.rehearsal.draws import What
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.hindrance import Hindrance, jammings
from truceline.rehearsal.sensors.sighting import (
    IntArray,
    Sensed,
    Watch,
    across,
    cells_of,
    during,
    effort_rows,
    noted,
    paired,
)
from truceline.rehearsal.worlds.signs import Sign, Signs

#: Hours in the air, and metres of line that a sortie goes up and down.
ENDURANCE_H, STRETCH_M = 6.0, 20_000.0

#: Share of an instant's chance: the drone is seldom just there.
_JUST_THERE = 0.25

_SHOWN = {
    int(Sign.OUTGOING): "muzzle_flash",
    int(Sign.IMPACT): "explosion_impact",
    int(Sign.PRESENCE): "weapon_present",
    int(Sign.ADVANCE): "advance",
    int(Sign.ASSAULT): "assault",
    int(Sign.HEAT): "fire",
    int(Sign.MOVEMENT): "other",
}
_LASTING = (Sign.PRESENCE, Sign.ADVANCE, Sign.HEAT, Sign.MOVEMENT)


@dataclass(frozen=True)
class Sorties:
    """Flights over a province, one row each.

    Attributes
    ----------
    unit : array of int
        Their numbers.
    name : list of str
        What they are called.
    t0, t1 : arrays
        When they take off and land, seconds from the origin.
    low, high : arrays
        The stretch they go up and down, along the line, metres.
    jammed_by : array of int
        Row of the jamming they met, -1 for none.
    """

    unit: IntArray
    name: list[str]
    t0: FloatArray
    t1: FloatArray
    low: FloatArray
    high: FloatArray
    jammed_by: IntArray


def sorties(watch: Watch, jammed: Hindrance) -> Sorties:
    """Return the flights, day and night; those of a smaller force are among them."""
    spec = watch.scenario.sensors["uav"]
    km = (watch.high - watch.low) / 1000.0
    mean = spec.per_100km * km / 100.0 * spec.up * watch.calendar.days
    unit = np.arange(watch.draws(Role.UAVS, 0).poisson(What.NUMBER, mean)[0])
    middle = watch.draws(Role.UAVS, unit).between(What.ALONG, watch.low, watch.high)
    sighted = ~watch.is_blind(middle)
    unit, middle = unit[sighted], middle[sighted]
    latest = max(watch.calendar.seconds - ENDURANCE_H * 3600.0, 1.0)
    t0 = watch.draws(Role.UAVS, unit).between(What.TIME, 0.0, latest)
    t1 = t0 + ENDURANCE_H * 3600.0
    return Sorties(
        unit,
        [f"U{watch.province + 1:02d}-{k:05d}" for k in unit],
        t0,
        t1,
        np.maximum(middle - STRETCH_M / 2, watch.low),
        np.minimum(middle + STRETCH_M / 2, watch.high),
        jammed.met_by(watch.country.sector_of(middle), t0, t1),
    )


def watch_uavs(watch: Watch) -> Sensed:
    """Return what the mission's drones show, and when they were jammed."""
    jammed = jammings(watch)
    flown = sorties(watch, jammed)
    sightings = pl.concat([_shown(watch, flown), _jammed(flown, jammed)])
    return Sensed(sightings, _effort(watch, flown))


def _shown(watch: Watch, flown: Sorties) -> pl.DataFrame:
    spec, signs = watch.scenario.sensors["uav"], watch.signs.of(*(Sign(k) for k in _SHOWN))
    signs = signs.take(np.abs(signs.depth) < spec.reach_m).in_time()
    which, sign = during(signs, flown.t0, flown.t1)
    below = (signs.s[sign] >= flown.low[which]) & (signs.s[sign] <= flown.high[which])
    below &= flown.jammed_by[which] < 0
    which, signs = which[below], signs.take(sign[below])
    each = watch.draws(Role.UAVS, flown.unit[which], signs.event)
    seen = np.flatnonzero(each.uniform(What.SEEN) < watch.p(spec) * _worth(signs))
    which, signs, each = which[seen], signs.take(seen), each.take(seen)
    sigma = np.full(len(signs), spec.sigma_m)
    dx, dy = watch.off(each, sigma)
    names = ["weapon_present" if k == Sign.MOVEMENT else _SHOWN[int(k)] for k in signs.sign]
    weapons = [
        WEAPON_CLASSES[w] if k == Sign.PRESENCE else None
        for k, w in zip(signs.sign, signs.weapon, strict=True)
    ]
    return noted(
        len(signs), unit=each.unit, owner=signs.owner, source="mission-drones", instrument="uav",
        witness=[flown.name[k] for k in which], t0=np.maximum(signs.t, flown.t0[which]),
        t1=np.minimum(signs.t + signs.seconds, flown.t1[which]),
        received=flown.t1[which] + 60.0 * spec.delay_minutes, x=signs.x + dx, y=signs.y + dy,
        sigma_m=sigma, phenomenon=names, weapon_class=weapons,
        count=np.where(signs.sign == Sign.PRESENCE, signs.count, np.nan), reliability="A",
        credibility=2,
    )  # fmt: skip


def _worth(signs: Signs) -> FloatArray:
    """Return the share of its chance that a drone has of each sign.

    Lorries are taken for weapons or for nothing; few are worth a note.
    """
    lasting = np.isin(signs.sign, [int(k) for k in _LASTING])
    return np.where(signs.sign == Sign.MOVEMENT, 0.1, np.where(lasting, 1.0, _JUST_THERE))


def _jammed(flown: Sorties, jammed: Hindrance) -> pl.DataFrame:
    which = np.flatnonzero(flown.jammed_by >= 0)
    by = flown.jammed_by[which]
    start = np.maximum(flown.t0[which], jammed.t0[by])
    return noted(
        len(which), unit=flown.unit[which], owner=jammed.owner[by], source="mission-drones",
        instrument="uav", witness=[flown.name[k] for k in which], t0=start, t1=start + 600.0,
        received=start + 3600.0, x=jammed.x[by], y=jammed.y[by], sigma_m=1_000.0,
        phenomenon="obstruction", count=1.0, reliability="A", credibility=2,
        attributes='{"restriction":"jamming"}',
    )  # fmt: skip


def _effort(watch: Watch, flown: Sorties) -> pl.DataFrame:
    spec = watch.scenario.sensors["uav"]
    cells, _, _, s = cells_of(watch, 6, spec.reach_m, 2_000.0)
    order = np.argsort(s)
    of, rank = paired(
        np.searchsorted(s[order], flown.low), np.searchsorted(s[order], flown.high, side="right")
    )
    jammed = flown.jammed_by[of] >= 0
    parts = []
    for phenomena, share in (
        (("weapon_present", "advance", "fire"), 1.0),
        (("explosion_impact", "muzzle_flash"), _JUST_THERE),
    ):
        table = effort_rows(
            watch,
            source="mission-drones",
            instrument="uav",
            cell=np.array(cells, dtype=object)[order[rank]],
            t_start=flown.t0[of],
            t_end=flown.t1[of],
            phenomenon=phenomena[0],
            p_detect=np.where(jammed, 0.0, watch.p(spec) * share),
            reason=np.where(jammed, "jamming", "watching"),
        )
        parts.append(across(table, phenomena))
    return pl.concat(parts)
