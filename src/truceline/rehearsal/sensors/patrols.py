"""Day patrols: what they hear and see on their track, craters they read, refusals they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.hindrance import Hindrance, denials
from truceline.rehearsal.sensors.sighting import (
    NOBODY,
    Sensed,
    Watch,
    across,
    cells_of,
    effort_rows,
    noise_cause,
    noted,
)
from truceline.rehearsal.worlds.front import azimuth
from truceline.rehearsal.worlds.signs import Sign, Signs

#: Local hours at which a patrol leaves and is back.
LEAVES, BACK = 7.5, 16.5

#: A crater is read within so many days.
_CRATER_DAYS = 2.0

#: Error of a direction read from a crater, degrees, one sigma.
_CRATER_SIGMA_DEG = 12.0

_HEARD = {int(Sign.SHOT): "burst"}
_SEEN = {
    int(Sign.PRESENCE): "weapon_present",
    int(Sign.ADVANCE): "advance",
    int(Sign.ASSAULT): "assault",
}


@dataclass(frozen=True)
class Patrol:
    """One patrol of one day in one sector."""

    name: str
    sector: int
    t0: float
    t1: float
    depth: float
    is_denied: bool

    def s(self, watch: Watch, t: FloatArray) -> FloatArray:
        """Return where it is along the line: out along the sector and back again."""
        low, high = watch.country.edges[self.sector], watch.country.edges[self.sector + 1]
        part = np.asarray((t - self.t0) / (self.t1 - self.t0)).clip(0.0, 1.0)
        return np.asarray(low + (high - low) * (1.0 - np.abs(2.0 * part - 1.0)))


def patrols(watch: Watch, rng: np.random.Generator, refused: Hindrance) -> list[Patrol]:
    """Return the patrols of a province that went out or tried to."""
    spec = watch.scenario.sensors["patrol"]
    start = watch.calendar.local_hour(np.zeros(1))[0]
    out: list[Patrol] = []
    for sector in watch.country.provinces[watch.province]:
        low, high = watch.country.edges[sector], watch.country.edges[sector + 1]
        mean = spec.per_100km * (high - low) / 100_000.0 * spec.up
        blind = bool(watch.is_blind(np.array([(low + high) / 2]))[0])
        for day in range(int(np.ceil(watch.calendar.days))):
            for k in range(0 if blind else int(rng.poisson(mean))):
                t0 = (day * 24 + (LEAVES - start) % 24) * 3600.0
                t1 = t0 + (BACK - LEAVES) * 3600.0
                if t1 <= watch.calendar.seconds:
                    name = f"{watch.country.names[sector]}-{day:03d}-{k + 1}"
                    denied = len(refused.met_by(sector, t0, t1)) > 0
                    out.append(Patrol(name, sector, t0, t1, rng.uniform(-1500, 1500), denied))
    return out


def watch_patrols(watch: Watch) -> Sensed:
    """Return what patrols report, and where and when they could have."""
    rng, refused = watch.rng(Role.PATROLS), denials(watch)
    sent = patrols(watch, rng, refused)
    spec = watch.scenario.sensors["patrol"]
    parts = [noted(0)]
    instant = _sorted(watch.signs.of(Sign.SHOT, Sign.OUTGOING, Sign.IMPACT))
    lasting = watch.signs.of(Sign.PRESENCE, Sign.ADVANCE, Sign.ASSAULT)
    impacts = _sorted(watch.signs.of(Sign.IMPACT))
    for patrol in sent:
        if patrol.is_denied:
            parts.append(_met(watch, patrol, refused, rng))
            continue
        parts.append(_heard(watch, patrol, _between(instant, patrol.t0, patrol.t1), rng))
        parts.append(_seen(watch, patrol, lasting, rng))
        old = _between(impacts, patrol.t0 - _CRATER_DAYS * 86400.0, patrol.t0)
        parts.append(_craters(watch, patrol, old, rng))
        if rng.random() < spec.false_per_day:
            parts.append(_imagined(watch, patrol, rng))
    return Sensed(pl.concat(parts), _effort(watch, sent))


def _sorted(signs: Signs) -> Signs:
    return signs.take(np.argsort(signs.t, kind="stable"))


def _between(signs: Signs, start: float, end: float) -> Signs:
    first, last = np.searchsorted(signs.t, [start, end])
    return signs.take(np.arange(first, last))


def _note(watch: Watch, patrol: Patrol, n: int, **columns: object) -> pl.DataFrame:
    delay = 60.0 * watch.scenario.sensors["patrol"].delay_minutes
    common = {
        "source": "patrols", "instrument": "patrol", "witness": patrol.name,
        "received": patrol.t1 + delay, "reliability": "A", "credibility": 2,
    }  # fmt: skip
    return noted(n, **{**common, **columns})


def _heard(watch: Watch, patrol: Patrol, signs: Signs, rng: np.random.Generator) -> pl.DataFrame:
    """Bangs and bursts in hearing, placed by ear: the error grows with distance."""
    spec = watch.scenario.sensors["patrol"]
    px, py = watch.country.front.place(patrol.s(watch, signs.t), np.full(len(signs), patrol.depth))
    r = np.hypot(signs.x - px, signs.y - py)
    near = r < spec.reach_m * signs.strength**0.35
    heard = np.flatnonzero(near & (rng.random(len(signs)) < watch.p(spec)))
    signs, r = signs.take(heard), r[heard]
    sigma = np.asarray(np.round(np.hypot(spec.sigma_m, 0.15 * r)), np.float64)
    dx, dy = watch.off(rng, sigma)
    told = rng.random(len(signs)) < 0.2
    names = [
        _HEARD.get(int(k), _exact(int(k)) if sure else "explosion_undetermined")
        for k, sure in zip(signs.sign, told, strict=True)
    ]
    return _note(
        watch, patrol, len(signs), owner=signs.owner, t0=signs.t,
        t1=signs.t + np.minimum(signs.seconds, 3600.0), x=signs.x + dx, y=signs.y + dy,
        sigma_m=sigma, phenomenon=names, count=np.maximum(rng.poisson(0.8 * signs.count), 1.0),
    )  # fmt: skip


def _exact(sign: int) -> str:
    return "explosion_outgoing" if sign == Sign.OUTGOING else "explosion_impact"


def _seen(watch: Watch, patrol: Patrol, signs: Signs, rng: np.random.Generator) -> pl.DataFrame:
    """Weapons, moved positions and fights within sight of the track, while it passes."""
    spec = watch.scenario.sensors["patrol"]
    during = (signs.t < patrol.t1) & (signs.t + signs.seconds > patrol.t0)
    inside = watch.country.sector_of(signs.s) == patrol.sector
    near = np.abs(signs.depth - patrol.depth) < 0.6 * spec.reach_m
    rows = np.flatnonzero(during & inside & near & (rng.random(len(signs)) < watch.p(spec)))
    signs = signs.take(rows)
    sigma = np.full(len(signs), 150.0)
    dx, dy = watch.off(rng, sigma)
    start = np.maximum(signs.t, patrol.t0)
    return _note(
        watch, patrol, len(signs), owner=signs.owner, t0=start,
        t1=np.minimum(signs.t + signs.seconds, patrol.t1), x=signs.x + dx, y=signs.y + dy,
        sigma_m=sigma, phenomenon=[_SEEN[int(k)] for k in signs.sign],
        weapon_class=[WEAPON_CLASSES[w] for w in signs.weapon],
        count=np.where(signs.sign == Sign.PRESENCE, signs.count, np.nan),
    )  # fmt: skip


def _craters(watch: Watch, patrol: Patrol, signs: Signs, rng: np.random.Generator) -> pl.DataFrame:
    """Craters near the track tell the place well and the direction fairly."""
    spec = watch.scenario.sensors["crater"]
    inside = watch.country.sector_of(signs.s) == patrol.sector
    near = np.abs(signs.depth - patrol.depth) < spec.reach_m
    rows = np.flatnonzero(inside & near & (rng.random(len(signs)) < watch.p(spec)))
    signs = signs.take(rows)
    n = len(signs)
    sigma = np.full(n, spec.sigma_m)
    dx, dy = watch.off(rng, sigma)
    fired = np.hypot(signs.ox - signs.x, signs.oy - signs.y) > 1.0
    towards = azimuth(signs.ox - signs.x, signs.oy - signs.y)
    bearing = towards + watch.scenario.scale.errors * _CRATER_SIGMA_DEG * rng.standard_normal(n)
    # Residents often know the hour; else all that is known is since the last visit.
    half = np.where(rng.random(n) < 0.6, 3600.0, 12 * 3600.0)
    shift = rng.uniform(-0.8, 0.8, n) * half
    known = rng.random(n) < 0.6
    weapons = [WEAPON_CLASSES[w] if k else None for w, k in zip(signs.weapon, known, strict=True)]
    return _note(
        watch, patrol, n, owner=signs.owner, t0=signs.t + shift - half, t1=signs.t + shift + half,
        x=signs.x + dx, y=signs.y + dy, sigma_m=sigma, phenomenon="explosion_impact",
        weapon_class=weapons, bearing=np.where(fired, bearing % 360.0, np.nan),
        bearing_sigma_deg=np.where(fired, _CRATER_SIGMA_DEG, np.nan),
        count=np.maximum(rng.binomial(signs.count.astype(np.int64), 0.7), 1.0),
        attributes='{"evidence":"crater"}',
    )  # fmt: skip


def _met(
    watch: Watch, patrol: Patrol, refused: Hindrance, rng: np.random.Generator
) -> pl.DataFrame:
    met = refused.met_by(patrol.sector, patrol.t0, patrol.t1)[:1]
    sigma = np.full(len(met), 200.0)
    dx, dy = watch.off(rng, sigma)
    start = np.maximum(refused.t0[met], patrol.t0)
    return _note(
        watch, patrol, len(met), owner=refused.owner[met], t0=start, t1=start + 1800.0,
        x=refused.x[met] + dx, y=refused.y[met] + dy, sigma_m=sigma, phenomenon="obstruction",
        count=1.0, attributes='{"restriction":"denial"}',
    )  # fmt: skip


def _imagined(watch: Watch, patrol: Patrol, rng: np.random.Generator) -> pl.DataFrame:
    t = rng.uniform(patrol.t0, patrol.t1, 1)
    x, y = watch.country.front.place(patrol.s(watch, t), rng.uniform(-4000, 4000, 1))
    return _note(
        watch, patrol, 1, owner=NOBODY, cause=noise_cause(), t0=t, t1=t, x=x, y=y, sigma_m=900.0,
        phenomenon="explosion_undetermined", count=1.0, credibility=3,
    )  # fmt: skip


def _effort(watch: Watch, sent: list[Patrol]) -> pl.DataFrame:
    """State the ground a patrol covered while it was out; a refused one covered none."""
    spec = watch.scenario.sensors["patrol"]
    cells, _, _, s = cells_of(watch, 6, 3_000.0, 2_000.0)
    sector = watch.country.sector_of(s)
    low, high = watch.country.edges[:-1], watch.country.edges[1:]
    # A bang far along the track is out of hearing: on average a share of the time.
    share = np.minimum(2.0 * 0.8 * spec.reach_m / (high - low), 1.0)
    rows = [np.flatnonzero(sector == patrol.sector) for patrol in sent]
    of = np.repeat(np.arange(len(sent)), [len(r) for r in rows])
    cell = np.array(cells, dtype=object)[np.concatenate([np.zeros(0, np.int64), *rows])]
    denied = np.array([patrol.is_denied for patrol in sent], np.bool_)[of]
    where = np.array([patrol.sector for patrol in sent], np.int64)[of]
    table = effort_rows(
        watch,
        source="patrols",
        instrument="patrol",
        cell=cell,
        t_start=np.array([patrol.t0 for patrol in sent])[of],
        t_end=np.array([patrol.t1 for patrol in sent])[of],
        phenomenon="explosion_undetermined",
        p_detect=np.where(denied, 0.0, watch.p(spec) * share[where]),
        reason=np.where(denied, "denied", "watching"),
    )
    return across(table, ("explosion_undetermined", "explosion_impact", "burst"))
