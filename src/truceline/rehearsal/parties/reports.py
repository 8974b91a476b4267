"""Reports of the parties on each other: part true, part exaggerated, part invented."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.types.tables import EFFORT
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
    rng = watch.rng(Role.REPORTS)
    parts = [noted(0)]
    for party in range(len(watch.scenario.parties)):
        parts.append(_true_ones(watch, acts, at, party, rng))
        parts.append(_invented(watch, acts, party, rng))
    return Sensed(pl.concat(parts), EFFORT.empty())


def _common(watch: Watch, party: int) -> dict[str, object]:
    name = watch.scenario.parties[party].id
    return {
        "source": f"reports-{name}", "instrument": "party_claim", "witness": name,
        "sigma_m": _SIGMA_M, "reliability": "D", "credibility": 4,
    }  # fmt: skip


def _falls_on(watch: Watch, acts: Acts, party: int) -> BoolArray:
    """Return whether acts land on a party's ground."""
    held = holders(watch.scenario, watch.country.n_sectors)
    return np.asarray(held[acts.sector, (acts.depth > 0).astype(np.int64)] == party)


def _true_ones(
    watch: Watch, acts: Acts, at: ActPlaces, party: int, rng: np.random.Generator
) -> pl.DataFrame:
    voice = watch.scenario.parties[party].voice
    kinds = [kind.phenomenon for kind in watch.scenario.acts.values()]
    visible = np.array([k not in _UNSEEN for k in kinds])[acts.kind]
    on_its_ground = (
        holders(watch.scenario, watch.country.n_sectors)[
            acts.sector, (acts.depth > 0).astype(np.int64)
        ]
        == party
    )
    chance = np.where(acts.is_spoiler, 1.0, voice.reports)
    rows = np.flatnonzero(visible & on_its_ground & (rng.random(len(acts)) < chance))
    told, n = acts.take(rows), len(rows)
    sigma = np.full(n, _SIGMA_M)
    dx, dy = watch.off(rng, sigma)
    about = rng.uniform(-1200.0, 1200.0, n)
    more = 1.0 + (voice.exaggerates - 1.0) * watch.scenario.scale.biases
    return noted(
        n, owner=rows, t0=told.t + about - 1200.0, t1=told.t + about + 1200.0,
        received=told.t + 1800.0 + rng.exponential(3600.0 * voice.lag_hours, n),
        x=at.x[rows] + dx, y=at.y[rows] + dy, phenomenon=[kinds[k] for k in told.kind],
        count=np.round(told.rounds * more * np.exp(0.3 * rng.standard_normal(n))).clip(1.0),
        party_claimed=opponent(watch, told.s, told.depth), **_common(watch, party),
    )  # fmt: skip


def _invented(watch: Watch, acts: Acts, party: int, rng: np.random.Generator) -> pl.DataFrame:
    """Return reports of nothing: a steady share, and a flood on its days."""
    scenario, calendar = watch.scenario, watch.calendar
    voice = scenario.parties[party].voice
    against = (
        holders(watch.scenario, watch.country.n_sectors)[
            acts.sector, (acts.depth > 0).astype(np.int64)
        ]
        == party
    )
    n = int(rng.poisson(voice.fabricates * scenario.scale.biases * voice.reports * against.sum()))
    t = rng.uniform(0.0, calendar.seconds, n) if not against.any() else acts.t[
        rng.choice(np.flatnonzero(against), n)
    ] + rng.uniform(-2, 2, n) * SECONDS_PER_DAY  # fmt: skip
    low, high = (calendar.truce_day + day for day in voice.flood_days)
    share = len(watch.country.provinces[watch.province]) / watch.country.n_sectors
    m = int(rng.poisson(voice.flood * share * (high - low))) if calendar.era == 0 else 0
    t = np.concatenate([t, rng.uniform(low, max(high, low), m) * SECONDS_PER_DAY])
    t = t[(t >= 0) & (t < calendar.seconds)]
    s = rng.uniform(watch.low, watch.high, len(t))
    side = holders(watch.scenario, watch.country.n_sectors)[watch.country.sector_of(s)] == party
    s, t, side = s[side.any(axis=1)], t[side.any(axis=1)], side[side.any(axis=1)]
    n = len(t)
    depth = np.where(side[:, 1], 1.0, -1.0) * rng.uniform(300.0, 6_000.0, n)
    x, y = watch.country.front.place(s, depth)
    return noted(
        n, owner=NOBODY, cause=CAUSE["fabricated_report"], t0=t - 1200.0, t1=t + 1200.0,
        received=t + 1800.0 + rng.exponential(3600.0 * voice.lag_hours, n), x=x, y=y,
        phenomenon=[_CALLED[i] for i in rng.integers(0, len(_CALLED), n)],
        count=1.0 + rng.poisson(8, n), party_claimed=opponent(watch, s, depth),
        **_common(watch, party),
    )  # fmt: skip
