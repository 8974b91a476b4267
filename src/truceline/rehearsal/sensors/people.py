"""People who tell: callers of a hotline, and warnings of what flies."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.tables import EFFORT
from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.rehearsal.draws import What
from truceline.rehearsal.scenarios.scenario import SensorSpec
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.sighting import (
    NOBODY,
    IntArray,
    Sensed,
    Watch,
    noise_cause,
    noted,
)
from truceline.rehearsal.worlds.benign import CAUSE
from truceline.rehearsal.worlds.rates import holders
from truceline.rehearsal.worlds.signs import Sign

_FLYING = [WEAPON_CLASSES.index(w) for w in ("uav_large", "aircraft", "uav_small")]


def nearest_village(watch: Watch, x: FloatArray, y: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the nearest settlement to each place, and its distance, metres."""
    if len(x) == 0:
        return np.zeros(0, np.int64), np.zeros(0)
    distance, index = cKDTree(watch.around.villages).query(np.column_stack([x, y]))
    return np.asarray(index, dtype=np.int64), np.asarray(distance)


def opponent(watch: Watch, s: FloatArray, depth: FloatArray) -> list[str]:
    """Return the party on the other side of the line from each place."""
    ids = np.array(watch.scenario.party_ids(), dtype=object)
    held = holders(watch.scenario, watch.country.n_sectors)
    across = np.where(np.asarray(depth) > 0, 0, 1)
    return list(ids[held[watch.country.sector_of(s), across]])


def answered(spec: SensorSpec) -> float:
    """Return the share of calls that somebody takes: one desk on 100 km is enough for all.

    Examples
    --------
    >>> [answered(SensorSpec(per_100km=desks)) for desks in (0.25, 1.0, 4.5)]
    [0.25, 1.0, 1.0]
    """
    return min(1.0, spec.per_100km)


def answer_hotline(watch: Watch) -> Sensed:
    """Return calls: what was heard near a village, at about what time, and who is blamed.

    Who calls is the unit, so that a call that nobody answers changes no other call's identity.
    """
    spec = watch.scenario.sensors["hotline"]
    signs = watch.signs.of(Sign.IMPACT, Sign.SHOT, Sign.HARM)
    village, r = nearest_village(watch, signs.x, signs.y)
    each = watch.draws(Role.HOTLINE, 0, signs.event)
    chance = watch.p(spec) * answered(spec)
    called = np.flatnonzero((r < spec.reach_m) & (each.uniform(What.SEEN) < chance))
    signs, village, each = signs.take(called), village[called], each.take(called)
    n, at = len(signs), watch.around.villages[village]
    # A caller tells what he heard, not where his village is: the place is better than that.
    sigma = np.full(n, spec.sigma_m)
    dx, dy = watch.off(each, sigma)
    names = {int(Sign.IMPACT): "explosion_undetermined", int(Sign.SHOT): "burst"}
    blames = each.uniform(What.BLAMES) < 0.5
    depth = watch.country.front.depth(at[:, 0], at[:, 1], signs.s)
    others = opponent(watch, signs.s, depth)
    about = signs.t + each.between(What.SHIFT, -1800.0, 1800.0)
    delay = each.exponential(What.DELAY, 60.0 * spec.delay_minutes)
    table = noted(
        n, unit=each.event, owner=signs.owner, source="hotline", instrument="hotline",
        witness=[f"call {watch.area}-{i:06d}" for i in called], t0=about - 1800.0,
        t1=about + 1800.0, received=signs.t + 1800.0 + delay, x=signs.x + dx,
        y=signs.y + dy, sigma_m=sigma,
        phenomenon=[names.get(int(k), "casualty") for k in signs.sign],
        count=np.maximum(each.poisson(What.COUNT, signs.count), 1.0),
        party_claimed=[o if b else None for o, b in zip(others, blames, strict=True)],
        reliability="C", credibility=3,
    )  # fmt: skip
    return Sensed(pl.concat([table, _mistaken(watch)]), EFFORT.empty())


def _mistaken(watch: Watch) -> pl.DataFrame:
    spec, own = watch.scenario.sensors["hotline"], watch.draws(Role.HOTLINE, 0)
    n = own.poisson(What.FALSE_NUMBER, _false_mean(watch, spec) * answered(spec))[0]
    each = watch.draws(Role.HOTLINE, 0, np.arange(n))
    at = watch.around.villages[each.below(What.FALSE_ALONG, len(watch.around.villages))]
    t = each.between(What.FALSE_TIME, 0.0, watch.calendar.seconds)
    return noted(
        n, unit=-1 - np.arange(n), owner=NOBODY, cause=noise_cause(), source="hotline",
        instrument="hotline", witness=[f"call {watch.area}-x{i:05d}" for i in range(n)],
        t0=t - 1800.0, t1=t + 1800.0, received=t + 3 * 3600.0, x=at[:, 0], y=at[:, 1],
        sigma_m=spec.sigma_m, phenomenon="explosion_undetermined", count=1.0, reliability="C",
        credibility=4,
    )  # fmt: skip


def _false_mean(watch: Watch, spec: SensorSpec) -> float:
    """Return how many false tellings a province has to expect, by its length and days."""
    km = (watch.high - watch.low) / 1000.0
    return spec.false_per_day * watch.calendar.days * km / 100.0


def sound_alerts(watch: Watch) -> Sensed:
    """Return warnings of a province: true ones for what flies, and false ones."""
    spec, own = watch.scenario.sensors["alert"], watch.draws(Role.ALERTS, 0)
    flights = watch.signs.of(Sign.FLIGHT)
    flights = flights.take(np.isin(flights.weapon, _FLYING))
    chance = watch.p(spec) * np.where(flights.seconds < 1000, 0.2, 1.0)
    true = watch.draws(Role.ALERTS, 0, flights.event)
    heard = np.flatnonzero(true.uniform(What.SEEN) < chance)
    flights, true = flights.take(heard), true.take(heard)
    n_false = own.poisson(What.FALSE_NUMBER, _false_mean(watch, spec))[0]
    false = watch.draws(Role.ALERTS, 0, np.arange(n_false))
    t = np.concatenate([flights.t, false.between(What.FALSE_TIME, 0.0, watch.calendar.seconds)])
    owner = np.concatenate([flights.owner, np.full(n_false, NOBODY)])
    cause = np.where(owner == NOBODY, float(noise_cause()), np.nan)
    lengths = (true.exponential(What.LENGTH, 1800.0), false.exponential(What.FALSE_LENGTH, 1800.0))
    table = noted(
        len(t), unit=0, owner=owner, source="alerts", instrument="alert",
        witness=[f"{watch.area} {i:06d}" for i in range(len(t))], t0=t,
        t1=t + 600.0 + np.concatenate(lengths),
        received=t + 60.0 * spec.delay_minutes, area=watch.area, phenomenon="alert",
        reliability="B", credibility=3,
    ).with_columns(cause=pl.Series(cause, nan_to_null=True).cast(pl.Int64))  # fmt: skip
    return Sensed(table, EFFORT.empty())


def network_outages(watch: Watch) -> Sensed:
    """Return outages of the whole country's network: they say nothing of any place.

    They are the first province's to write, so that each is written once.
    """
    mean = watch.scenario.outages_per_month * watch.calendar.days / 30.0
    drawn = watch.draws(Role.NETWORK, 0).poisson(What.NUMBER, mean)[0]
    n = drawn if watch.province == 0 else 0
    each = watch.draws(Role.NETWORK, np.arange(n))
    t = np.sort(each.between(What.TIME, 0.0, watch.calendar.seconds))
    parts = [
        noted(
            n, unit=0, owner=NOBODY, cause=CAUSE["network_outage"], source=source,
            instrument="dataset", witness=[f"{source} {i:04d}" for i in range(n)], t0=t,
            t1=t + 2 * 3600.0, received=t + 900.0, area="ALL", phenomenon="other",
            reliability="B", credibility=2, attributes=f'{{"signal":"{source}"}}',
        )
        for source in ("internet-outage", "bgp-drop", "reachability")
    ]  # fmt: skip
    return Sensed(pl.concat(parts), EFFORT.empty())
