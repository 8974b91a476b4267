"""Day patrols: what they hear and see on their track, craters they read, refusals they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.tables import EFFORT
from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.rehearsal.draws import What
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.hindrance import Hindrance, denials
from truceline.rehearsal.sensors.sighting import (
    NOBODY,
    IntArray,
    Sensed,
    Watch,
    across,
    cells_of,
    during,
    effort_rows,
    noise_cause,
    noted,
    paired,
)
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY
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


#: Patrols of a sector and day, and days, that have a number of their own.
_MOST = 1 << 20


@dataclass(frozen=True)
class Patrols:
    """Patrols of a sector, one row each, that went out or tried to.

    Attributes
    ----------
    sector : int
        Theirs.
    unit : array of int
        Their numbers, of sector, day and place among the patrols of the day.
    name : list of str
        What they are called.
    t0, t1 : arrays
        When they leave and are back, seconds from the origin.
    depth : array
        How far from the line they keep, metres.
    denied_by : array of int
        Row of the refusal they met, -1 for none.
    """

    sector: int
    unit: IntArray
    name: list[str]
    t0: FloatArray
    t1: FloatArray
    depth: FloatArray
    denied_by: IntArray

    def __len__(self) -> int:
        return len(self.unit)

    def take(self, rows: IntArray) -> Patrols:
        """Return the patrols of an index."""
        return Patrols(
            self.sector,
            self.unit[rows],
            [self.name[k] for k in rows],
            self.t0[rows],
            self.t1[rows],
            self.depth[rows],
            self.denied_by[rows],
        )

    def s(self, watch: Watch, rows: IntArray, t: FloatArray) -> FloatArray:
        """Return where each is along the line: out along the sector and back again."""
        low, high = watch.country.edges[self.sector], watch.country.edges[self.sector + 1]
        part = ((t - self.t0[rows]) / (self.t1 - self.t0)[rows]).clip(0.0, 1.0)
        return np.asarray(low + (high - low) * (1.0 - np.abs(2.0 * part - 1.0)))


def patrols(watch: Watch, sector: int, refused: Hindrance) -> Patrols:
    """Return the patrols of a sector; those of a smaller force are among them."""
    spec = watch.scenario.sensors["patrol"]
    start = watch.calendar.local_hour(np.zeros(1))[0]
    low, high = watch.country.edges[sector], watch.country.edges[sector + 1]
    blind = bool(watch.is_blind(np.array([(low + high) / 2]))[0])
    mean = 0.0 if blind else spec.per_100km * (high - low) / 100_000.0 * spec.up
    first = (sector * _MOST + np.arange(int(np.ceil(watch.calendar.days)))) * _MOST
    sent = watch.draws(Role.PATROLS, first).poisson(What.NUMBER, mean)
    day, number = paired(np.zeros_like(sent), sent)
    t0 = (day * 24 + (LEAVES - start) % 24) * 3600.0
    t1 = t0 + (BACK - LEAVES) * 3600.0
    in_time = t1 <= watch.calendar.seconds
    day, number, t0, t1 = day[in_time], number[in_time], t0[in_time], t1[in_time]
    unit, where = first[day] + number, watch.country.names[sector]
    return Patrols(
        sector,
        unit,
        [f"{where}-{d:03d}-{k + 1}" for d, k in zip(day, number, strict=True)],
        t0,
        t1,
        watch.draws(Role.PATROLS, unit).between(What.ACROSS, -1500.0, 1500.0),
        refused.met_by(np.full(len(unit), sector), t0, t1),
    )


def watch_patrols(watch: Watch) -> Sensed:
    """Return what patrols report, and where and when they could have."""
    refused = denials(watch)
    instant = watch.signs.of(Sign.SHOT, Sign.OUTGOING, Sign.IMPACT).in_time()
    beside = watch.country.sector_of(watch.signs.s)
    parts, sent = [noted(0)], []
    for sector in watch.country.provinces[watch.province]:
        tried = patrols(watch, sector, refused)
        out = tried.take(np.flatnonzero(tried.denied_by < 0))
        here = watch.signs.take(beside == sector)
        parts += [
            _heard(watch, out, instant),
            _seen(watch, out, here.of(Sign.PRESENCE, Sign.ADVANCE, Sign.ASSAULT).in_time()),
            _craters(watch, out, here.of(Sign.IMPACT).in_time()),
            _imagined(watch, out),
            _met(watch, tried.take(np.flatnonzero(tried.denied_by >= 0)), refused),
        ]
        sent.append(tried)
    return Sensed(pl.concat(parts), _effort(watch, sent))


def _note(watch: Watch, out: Patrols, which: IntArray, **columns: object) -> pl.DataFrame:
    delay = 60.0 * watch.scenario.sensors["patrol"].delay_minutes
    common = {
        "unit": out.unit[which], "source": "patrols", "instrument": "patrol",
        "witness": [out.name[k] for k in which], "received": out.t1[which] + delay,
        "reliability": "A", "credibility": 2,
    }  # fmt: skip
    return noted(len(which), **{**common, **columns})


def _heard(watch: Watch, out: Patrols, signs: Signs) -> pl.DataFrame:
    """Bangs and bursts in hearing, placed by ear: the error grows with distance."""
    spec = watch.scenario.sensors["patrol"]
    which, sign = paired(*(np.searchsorted(signs.t, t) for t in (out.t0, out.t1)))
    px, py = watch.country.front.place(out.s(watch, which, signs.t[sign]), out.depth[which])
    r = np.hypot(signs.x[sign] - px, signs.y[sign] - py)
    each = watch.draws(Role.PATROLS, out.unit[which], signs.event[sign])
    near = r < spec.reach_m * signs.strength[sign] ** 0.35
    heard = np.flatnonzero(near & (each.uniform(What.SEEN) < watch.p(spec)))
    which, signs, r, each = which[heard], signs.take(sign[heard]), r[heard], each.take(heard)
    sigma = np.asarray(np.round(np.hypot(spec.sigma_m, 0.15 * r)), np.float64)
    dx, dy = watch.off(each, sigma)
    told = each.uniform(What.KIND) < 0.2
    names = [
        _HEARD.get(int(k), _exact(int(k)) if sure else "explosion_undetermined")
        for k, sure in zip(signs.sign, told, strict=True)
    ]
    return _note(
        watch, out, which, owner=signs.owner, t0=signs.t,
        t1=signs.t + np.minimum(signs.seconds, 3600.0), x=signs.x + dx, y=signs.y + dy,
        sigma_m=sigma, phenomenon=names,
        count=np.maximum(each.poisson(What.COUNT, 0.8 * signs.count), 1.0),
    )  # fmt: skip


def _exact(sign: int) -> str:
    return "explosion_outgoing" if sign == Sign.OUTGOING else "explosion_impact"


def _seen(watch: Watch, out: Patrols, signs: Signs) -> pl.DataFrame:
    """Weapons, moved positions and fights within sight of the track, while it passes."""
    spec = watch.scenario.sensors["patrol"]
    which, sign = during(signs, out.t0, out.t1)
    each = watch.draws(Role.PATROLS, out.unit[which], signs.event[sign])
    near = np.abs(signs.depth[sign] - out.depth[which]) < 0.6 * spec.reach_m
    seen = np.flatnonzero(near & (each.uniform(What.SEEN) < watch.p(spec)))
    which, signs, each = which[seen], signs.take(sign[seen]), each.take(seen)
    sigma = np.full(len(signs), 150.0)
    dx, dy = watch.off(each, sigma)
    return _note(
        watch, out, which, owner=signs.owner, t0=np.maximum(signs.t, out.t0[which]),
        t1=np.minimum(signs.t + signs.seconds, out.t1[which]), x=signs.x + dx, y=signs.y + dy,
        sigma_m=sigma, phenomenon=[_SEEN[int(k)] for k in signs.sign],
        weapon_class=[WEAPON_CLASSES[w] for w in signs.weapon],
        count=np.where(signs.sign == Sign.PRESENCE, signs.count, np.nan),
    )  # fmt: skip


def _craters(watch: Watch, out: Patrols, signs: Signs) -> pl.DataFrame:
    """Craters near the track tell the place well and the direction fairly."""
    spec = watch.scenario.sensors["crater"]
    since = out.t0 - _CRATER_DAYS * SECONDS_PER_DAY
    which, sign = paired(*(np.searchsorted(signs.t, t) for t in (since, out.t0)))
    each = watch.draws(Role.PATROLS, out.unit[which], signs.event[sign])
    near = np.abs(signs.depth[sign] - out.depth[which]) < spec.reach_m
    read = np.flatnonzero(near & (each.uniform(What.SEEN) < watch.p(spec)))
    which, signs, each = which[read], signs.take(sign[read]), each.take(read)
    sigma = np.full(len(signs), spec.sigma_m)
    dx, dy = watch.off(each, sigma)
    fired = np.hypot(signs.ox - signs.x, signs.oy - signs.y) > 1.0
    towards = azimuth(signs.ox - signs.x, signs.oy - signs.y)
    error = watch.scenario.scale.errors * _CRATER_SIGMA_DEG * each.normal(What.BEARING)
    # Residents often know the hour; else all that is known is since the last visit.
    half = np.where(each.uniform(What.SPAN) < 0.6, 3600.0, 12 * 3600.0)
    shift = each.between(What.SHIFT, -0.8, 0.8) * half
    known = each.uniform(What.WEAPON) < 0.6
    weapons = [WEAPON_CLASSES[w] if k else None for w, k in zip(signs.weapon, known, strict=True)]
    return _note(
        watch, out, which, owner=signs.owner, t0=signs.t + shift - half, t1=signs.t + shift + half,
        x=signs.x + dx, y=signs.y + dy, sigma_m=sigma, phenomenon="explosion_impact",
        weapon_class=weapons, bearing=np.where(fired, (towards + error) % 360.0, np.nan),
        bearing_sigma_deg=np.where(fired, _CRATER_SIGMA_DEG, np.nan),
        count=np.maximum(each.binomial(What.COUNT, np.floor(signs.count), 0.7), 1.0),
        attributes='{"evidence":"crater"}',
    )  # fmt: skip


def _met(watch: Watch, kept_out: Patrols, refused: Hindrance) -> pl.DataFrame:
    met, every = kept_out.denied_by, np.arange(len(kept_out))
    sigma = np.full(len(met), 200.0)
    dx, dy = watch.off(watch.draws(Role.PATROLS, kept_out.unit), sigma)
    start = np.maximum(refused.t0[met], kept_out.t0)
    return _note(
        watch, kept_out, every, owner=refused.owner[met], t0=start, t1=start + 1800.0,
        x=refused.x[met] + dx, y=refused.y[met] + dy, sigma_m=sigma, phenomenon="obstruction",
        count=1.0, attributes='{"restriction":"denial"}',
    )  # fmt: skip


def _imagined(watch: Watch, out: Patrols) -> pl.DataFrame:
    own = watch.draws(Role.PATROLS, out.unit)
    false = watch.scenario.sensors["patrol"].false_per_day
    which = np.flatnonzero(own.uniform(What.FALSE_NUMBER) < false)
    own = own.take(which)
    t = own.between(What.FALSE_TIME, out.t0[which], out.t1[which])
    depth = own.between(What.FALSE_ACROSS, -4000.0, 4000.0)
    x, y = watch.country.front.place(out.s(watch, which, t), depth)
    return _note(
        watch, out, which, owner=NOBODY, cause=noise_cause(), t0=t, t1=t, x=x, y=y, sigma_m=900.0,
        phenomenon="explosion_undetermined", count=1.0, credibility=3,
    )  # fmt: skip


def _effort(watch: Watch, sent: list[Patrols]) -> pl.DataFrame:
    """State the ground a patrol covered while it was out; a refused one covered none."""
    spec = watch.scenario.sensors["patrol"]
    cells, _, _, s = cells_of(watch, 6, 3_000.0, 2_000.0)
    cell, sector = np.array(cells, dtype=object), watch.country.sector_of(s)
    length = np.diff(watch.country.edges)
    # A bang far along the track is out of hearing: on average a share of the time.
    share = np.minimum(2.0 * 0.8 * spec.reach_m / length, 1.0)
    parts = [EFFORT.empty()]
    for tried in sent:
        own = cell[sector == tried.sector]
        denied = np.repeat(tried.denied_by >= 0, len(own))
        parts.append(effort_rows(
            watch, source="patrols", instrument="patrol", cell=np.tile(own, len(tried)),
            t_start=np.repeat(tried.t0, len(own)), t_end=np.repeat(tried.t1, len(own)),
            phenomenon="explosion_undetermined",
            p_detect=np.where(denied, 0.0, watch.p(spec) * share[tried.sector]),
            reason=np.where(denied, "denied", "watching"),
        ))  # fmt: skip
    return across(pl.concat(parts), ("explosion_undetermined", "explosion_impact", "burst"))
