"""The mission's own drones: sorties with an endurance, a camera, and jamming against them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.hindrance import Hindrance, jammings
from truceline.rehearsal.sensors.sighting import (
    Sensed,
    Watch,
    across,
    cells_of,
    effort_rows,
    noted,
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
class Sortie:
    """One flight."""

    name: str
    t0: float
    t1: float
    low: float
    high: float
    jammed_by: int | None


def sorties(watch: Watch, rng: np.random.Generator, jammed: Hindrance) -> list[Sortie]:
    """Return the flights over a province, day and night."""
    spec = watch.scenario.sensors["uav"]
    km = (watch.high - watch.low) / 1000.0
    n = int(rng.poisson(spec.per_100km * km / 100.0 * spec.up * watch.calendar.days))
    t0 = np.sort(rng.uniform(0, max(watch.calendar.seconds - ENDURANCE_H * 3600.0, 1.0), n))
    middle = rng.uniform(watch.low, watch.high, n)
    out = []
    for i in np.flatnonzero(~watch.is_blind(middle)):
        low = max(middle[i] - STRETCH_M / 2, watch.low)
        high = min(middle[i] + STRETCH_M / 2, watch.high)
        t1 = t0[i] + ENDURANCE_H * 3600.0
        sector = int(watch.country.sector_of(middle[i : i + 1])[0])
        met = jammed.met_by(sector, t0[i], t1)
        by = int(met[0]) if len(met) else None
        out.append(Sortie(f"U{watch.province + 1:02d}-{i:05d}", t0[i], t1, low, high, by))
    return out


def watch_uavs(watch: Watch) -> Sensed:
    """Return what the mission's drones show, and when they were jammed."""
    rng, jammed = watch.rng(Role.UAVS), jammings(watch)
    flown = sorties(watch, rng, jammed)
    signs = watch.signs.of(*(Sign(k) for k in _SHOWN))
    parts = [noted(0)]
    for sortie in flown:
        if sortie.jammed_by is None:
            parts.append(_shown(watch, sortie, signs, rng))
        else:
            parts.append(_jammed(sortie, jammed, sortie.jammed_by))
    return Sensed(pl.concat(parts), _effort(watch, flown))


def _shown(watch: Watch, sortie: Sortie, signs: Signs, rng: np.random.Generator) -> pl.DataFrame:
    spec = watch.scenario.sensors["uav"]
    during = (signs.t < sortie.t1) & (signs.t + signs.seconds > sortie.t0)
    below = (
        (signs.s >= sortie.low) & (signs.s <= sortie.high) & (np.abs(signs.depth) < spec.reach_m)
    )
    lasting = np.isin(signs.sign, [int(k) for k in _LASTING])
    # Lorries are taken for weapons or for nothing; few are worth a note.
    worth = np.where(signs.sign == Sign.MOVEMENT, 0.1, np.where(lasting, 1.0, _JUST_THERE))
    seen = np.flatnonzero(during & below)
    seen = seen[rng.random(len(seen)) < (watch.p(spec) * worth)[seen]]
    signs = signs.take(seen)
    sigma = np.full(len(signs), spec.sigma_m)
    dx, dy = watch.off(rng, sigma)
    names = ["weapon_present" if k == Sign.MOVEMENT else _SHOWN[int(k)] for k in signs.sign]
    weapons = [
        WEAPON_CLASSES[w] if k == Sign.PRESENCE else None
        for k, w in zip(signs.sign, signs.weapon, strict=True)
    ]
    return noted(
        len(signs), owner=signs.owner, source="mission-drones", instrument="uav",
        witness=sortie.name, t0=np.maximum(signs.t, sortie.t0),
        t1=np.minimum(signs.t + signs.seconds, sortie.t1),
        received=sortie.t1 + 60.0 * spec.delay_minutes, x=signs.x + dx, y=signs.y + dy,
        sigma_m=sigma, phenomenon=names, weapon_class=weapons,
        count=np.where(signs.sign == Sign.PRESENCE, signs.count, np.nan), reliability="A",
        credibility=2,
    )  # fmt: skip


def _jammed(sortie: Sortie, jammed: Hindrance, by: int) -> pl.DataFrame:
    start = max(sortie.t0, float(jammed.t0[by]))
    return noted(
        1, owner=[int(jammed.owner[by])], source="mission-drones", instrument="uav",
        witness=sortie.name, t0=start, t1=start + 600.0, received=start + 3600.0,
        x=[float(jammed.x[by])], y=[float(jammed.y[by])], sigma_m=1_000.0,
        phenomenon="obstruction", count=1.0, reliability="A", credibility=2,
        attributes='{"restriction":"jamming"}',
    )  # fmt: skip


def _effort(watch: Watch, flown: list[Sortie]) -> pl.DataFrame:
    spec = watch.scenario.sensors["uav"]
    cells, _, _, s = cells_of(watch, 6, spec.reach_m, 2_000.0)
    rows = [np.flatnonzero((s >= sortie.low) & (s <= sortie.high)) for sortie in flown]
    of = np.repeat(np.arange(len(flown)), [len(r) for r in rows])
    cell = np.array(cells, dtype=object)[np.concatenate([np.zeros(0, np.int64), *rows])]
    jammed = np.array([sortie.jammed_by is not None for sortie in flown], np.bool_)[of]
    parts = []
    for phenomena, share in (
        (("weapon_present", "advance", "fire"), 1.0),
        (("explosion_impact", "muzzle_flash"), _JUST_THERE),
    ):
        table = effort_rows(
            watch,
            source="mission-drones",
            instrument="uav",
            cell=cell,
            t_start=np.array([sortie.t0 for sortie in flown])[of],
            t_end=np.array([sortie.t1 for sortie in flown])[of],
            phenomenon=phenomena[0],
            p_detect=np.where(jammed, 0.0, watch.p(spec) * share),
            reason=np.where(jammed, "jamming", "watching"),
        )
        parts.append(across(table, phenomena))
    return pl.concat(parts)
