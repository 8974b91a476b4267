"""Reports of the parties on each other: part true, part exaggerated, part invented."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.tables import EFFORT
from truceline.rehearsal.draws import What
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.people import opponent
from truceline.rehearsal.sensors.sighting import NOBODY, Sensed, Watch, noted
from truceline.rehearsal.sensors.stretch import BoolArray
from truceline.rehearsal.worlds.acts import Acts
from truceline.rehearsal.worlds.benign import CAUSE
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY
from truceline.rehearsal.worlds.rates import holders
from truceline.rehearsal.worlds.signs import ActPlaces

_SIGMA_M = 1_200.0

#: Acts that a party does not report, for they happen out of its sight.
_UNSEEN = ("weapon_present", "obstruction")

_CALLED = ("explosion_impact", "burst", "assault", "uav")


def party_reports(watch: Watch, acts: Acts, at: ActPlaces) -> Sensed:
    """Return what the parties report of a province.

    A party reports what lands on its side and names the other. What a spoiler of its own
    fired there it reports too, and names the other as well. In a flood it invents.
    """
    parts = [noted(0)]
    for party in range(len(watch.scenario.parties)):
        parts.append(_true_ones(watch, acts, at, party))
        parts.append(_invented(watch, acts, party))
    return Sensed(pl.concat(parts), EFFORT.empty())


def _common(watch: Watch, party: int) -> dict[str, object]:
    name = watch.scenario.parties[party].id
    return {
        "unit": party, "source": f"reports-{name}", "instrument": "party_claim", "witness": name,
        "sigma_m": _SIGMA_M, "reliability": "D", "credibility": 4,
    }  # fmt: skip


def _falls_on(watch: Watch, acts: Acts, party: int) -> BoolArray:
    """Return whether acts land on a party's ground."""
    held = holders(watch.scenario, watch.country.n_sectors)
    return np.asarray(held[acts.sector, (acts.depth > 0).astype(np.int64)] == party)


def _true_ones(watch: Watch, acts: Acts, at: ActPlaces, party: int) -> pl.DataFrame:
    voice = watch.scenario.parties[party].voice
    kinds = [kind.phenomenon for kind in watch.scenario.acts.values()]
    visible = np.array([k not in _UNSEEN for k in kinds])[acts.kind]
    chance = np.where(acts.is_spoiler, 1.0, voice.reports)
    each = watch.draws(Role.REPORTS, party, np.arange(len(acts)))
    known = visible & _falls_on(watch, acts, party)
    rows = np.flatnonzero(known & (each.uniform(What.SEEN) < chance))
    told, each, n = acts.take(rows), each.take(rows), len(rows)
    dx, dy = watch.off(each, np.full(n, _SIGMA_M))
    about = told.t + each.between(What.SHIFT, -1200.0, 1200.0)
    more = 1.0 + (voice.exaggerates - 1.0) * watch.scenario.scale.biases
    counted = told.rounds * more * np.exp(0.3 * each.normal(What.COUNT))
    return noted(
        n, owner=rows, t0=about - 1200.0, t1=about + 1200.0,
        received=told.t + 1800.0 + each.exponential(What.DELAY, 3600.0 * voice.lag_hours),
        x=at.x[rows] + dx, y=at.y[rows] + dy, phenomenon=[kinds[k] for k in told.kind],
        count=np.round(counted).clip(1.0),
        party_claimed=opponent(watch, told.s, told.depth), **_common(watch, party),
    )  # fmt: skip


def _invented(watch: Watch, acts: Acts, party: int) -> pl.DataFrame:
    """Return reports of nothing: a steady share, and a flood on its days."""
    voice = watch.scenario.parties[party].voice
    t = _times_of_invention(watch, acts, party)
    each = watch.draws(Role.REPORTS, party, np.arange(len(t)))
    s = each.between(What.FALSE_ALONG, watch.low, watch.high)
    held = holders(watch.scenario, watch.country.n_sectors)[watch.country.sector_of(s)] == party
    kept = np.flatnonzero((t >= 0) & (t < watch.calendar.seconds) & held.any(axis=1))
    t, s, held, each, n = t[kept], s[kept], held[kept], each.take(kept), len(kept)
    away = each.between(What.FALSE_ACROSS, 300.0, 6_000.0)
    depth = np.where(held[:, 1], 1.0, -1.0) * away
    x, y = watch.country.front.place(s, depth)
    return noted(
        n, owner=NOBODY, cause=CAUSE["fabricated_report"], t0=t - 1200.0, t1=t + 1200.0,
        received=t + 1800.0 + each.exponential(What.FALSE_DELAY, 3600.0 * voice.lag_hours),
        x=x, y=y, phenomenon=[_CALLED[i] for i in each.below(What.FALSE_KIND, len(_CALLED))],
        count=1.0 + each.poisson(What.FALSE_COUNT, 8.0), party_claimed=opponent(watch, s, depth),
        **_common(watch, party),
    )  # fmt: skip


def _times_of_invention(watch: Watch, acts: Acts, party: int) -> FloatArray:
    """Return when a party says what never was: around the acts against it, and in its flood."""
    scenario, calendar = watch.scenario, watch.calendar
    voice = scenario.parties[party].voice
    against = np.flatnonzero(_falls_on(watch, acts, party))
    steady = voice.fabricates * scenario.scale.biases * voice.reports * len(against)
    low, high = (calendar.truce_day + day for day in voice.flood_days)
    share = len(watch.country.provinces[watch.province]) / watch.country.n_sectors
    flood = voice.flood * share * (high - low) if calendar.era == 0 else 0.0
    number = watch.draws(Role.REPORTS, party, [0, 1])
    n, m = number.poisson(What.FALSE_NUMBER, np.array([steady, flood]))
    each = watch.draws(Role.REPORTS, party, np.arange(n + m))
    around, flooded = each.take(np.arange(n)), each.take(np.arange(n, n + m))
    aside = around.between(What.FALSE_SHIFT, -2.0, 2.0) * SECONDS_PER_DAY
    days = flooded.between(What.FALSE_TIME, low, max(high, low))
    return np.concatenate(
        [acts.t[against[around.below(What.FALSE_TIME, len(against))]] + aside,
         days * SECONDS_PER_DAY]
    )  # fmt: skip
