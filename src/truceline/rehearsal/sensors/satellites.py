"""Polar satellites that see heat: passes, cloud, power and the size of a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.time import format_time
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.sensors.sighting import (
    NOBODY,
    IntArray,
    Sensed,
    Watch,
    cells_of,
    effort_rows,
    noise_cause,
    noted,
)
from truceline.rehearsal.worlds.calendar import Calendar
from truceline.rehearsal.worlds.signs import Sign

#: Part of a pixel's side taken as one sigma, in each direction.
_SIGMA_OF_PIXEL = 0.45

#: Power for which effort is stated, MW.
REFERENCE_MW = 10.0

#: False alarms, a pass and 100 km of line.
_FALSE = 0.004

#: Half of the time in which a pass can fall, as stated in effort, seconds.
_PASS_S = 300.0


@dataclass(frozen=True)
class Passes:
    """Passes over the whole line in order of time, the same for all provinces."""

    t: FloatArray
    satellite: IntArray
    pixel_m: FloatArray
    names: list[str]


def passes(scenario: Scenario, calendar: Calendar) -> Passes:
    """Return when which satellite passes, and how large its pixels then are on the ground."""
    rng = stream(scenario.seed, Role.SATELLITES, 1_000_000, calendar.era)
    start = calendar.local_hour(np.zeros(1))[0]
    days = np.arange(-1, int(np.ceil(calendar.days)) + 1)
    t, which = [], []
    for i, satellite in enumerate(scenario.satellites):
        for hour in satellite.hours:
            jitter = 1500.0 * rng.uniform(-1, 1, len(days))
            t.append((days * 24 + hour - start) * 3600.0 + jitter)
            which.append(np.full(len(days), i))
    when, satellite_of = np.concatenate(t), np.concatenate(which)
    inside = (when >= 0) & (when < calendar.seconds)
    when, satellite_of = when[inside], satellite_of[inside]
    order = np.argsort(when)
    when, satellite_of = when[order], satellite_of[order]
    pixel = np.array([s.pixel_m for s in scenario.satellites])[satellite_of]
    names = [
        f"{scenario.satellites[k].name} {format_time(int(m))[:16]}"
        for k, m in zip(satellite_of, calendar.micros(when), strict=True)
    ]
    return Passes(when, satellite_of, pixel * (1.0 + 0.8 * rng.random(len(when)) ** 2), names)


def detection(power_mw: FloatArray, half_mw: FloatArray) -> FloatArray:
    """Return the probability that a clear pass sees a fire of some power.

    Examples
    --------
    >>> float(detection(np.array([3.0]), np.array([3.0]))[0])
    0.5
    """
    return np.asarray(1.0 / (1.0 + (half_mw / np.maximum(power_mw, 1e-9)) ** 2))


def watch_heat(watch: Watch) -> Sensed:
    """Return what satellites see of a province, and under what sky."""
    rng, over = watch.rng(Role.SATELLITES), passes(watch.scenario, watch.calendar)
    fires = watch.signs.of(Sign.HEAT)
    first = np.searchsorted(over.t, fires.t)
    after = np.searchsorted(over.t, fires.t + fires.seconds)
    which = np.repeat(np.arange(len(fires)), after - first)
    pass_ = np.arange(len(which)) - np.repeat(
        np.cumsum(after - first) - (after - first), after - first
    )
    pass_ = pass_ + first[which]
    half = np.array([s.half_mw for s in watch.scenario.satellites])[over.satellite[pass_]]
    power = fires.strength[which] * np.exp(0.25 * rng.standard_normal(len(which)))
    p = detection(power, half) * min(watch.scenario.scale.detection, 1.0)
    cloudy = watch.weather.is_cloudy(fires.x[which], fires.y[which], over.t[pass_])
    seen = (rng.random(len(which)) < p) & ~cloudy
    which, pass_, power = which[seen], pass_[seen], power[seen]
    pixels = 1 + np.minimum(rng.poisson(power / 40.0), 6)
    rows = np.repeat(np.arange(len(which)), pixels)
    owner, x, y = fires.owner[which][rows], fires.x[which][rows], fires.y[which][rows]
    seen_now = _rows(watch, over, rng, owner, x, y, pass_[rows], (power / pixels)[rows])
    return Sensed(pl.concat([seen_now, _false(watch, over, rng)]), _effort(watch, over))


def _rows(
    watch: Watch,
    over: Passes,
    rng: np.random.Generator,
    owner: IntArray,
    x: FloatArray,
    y: FloatArray,
    pass_: IntArray,
    power: FloatArray,
) -> pl.DataFrame:
    sigma = _SIGMA_OF_PIXEL * over.pixel_m[pass_]
    dx, dy = watch.off(rng, sigma)
    t = over.t[pass_]
    night = watch.calendar.is_night(t)
    confidence = np.where(power > 15, "h", np.where(power > 2, "n", "l"))
    cause = np.where(owner == NOBODY, float(noise_cause()), np.nan)
    attributes = [
        f'{{"confidence":"{c}","daynight":"{"N" if dark else "D"}","frp":{mw:.2f}}}'
        for c, dark, mw in zip(confidence, night, power, strict=True)
    ]
    return noted(
        len(t), owner=owner, source="thermal", instrument="satellite_thermal",
        witness=[over.names[k] for k in pass_], t0=t, t1=t, received=t + 3 * 3600.0,
        x=x + dx, y=y + dy, sigma_m=np.round(sigma, 1), phenomenon="fire", reliability="B",
        credibility=2, attributes=attributes,
    ).with_columns(cause=pl.Series(cause, nan_to_null=True).cast(pl.Int64))  # fmt: skip


def _false(watch: Watch, over: Passes, rng: np.random.Generator) -> pl.DataFrame:
    km = (watch.high - watch.low) / 1000.0
    pass_ = np.flatnonzero(rng.random(len(over.t)) < _FALSE * km / 100.0)
    s = rng.uniform(watch.low, watch.high, len(pass_))
    x, y = watch.country.front.place(s, rng.uniform(-20_000.0, 20_000.0, len(pass_)))
    power = rng.gamma(2.0, 1.0, len(pass_))
    return _rows(watch, over, rng, np.full(len(pass_), NOBODY), x, y, pass_, power)


def _effort(watch: Watch, over: Passes) -> pl.DataFrame:
    """State for each pass and cell what a fire of 10 MW would have had for a chance."""
    cells, x, y, _ = cells_of(watch, 5, 20_000.0, 5_000.0)
    n = len(cells)
    t = np.repeat(over.t, n)
    cloudy = watch.weather.is_cloudy(np.tile(x, len(over.t)), np.tile(y, len(over.t)), t)
    half = np.array([s.half_mw for s in watch.scenario.satellites])[over.satellite]
    p = np.repeat(detection(np.full(len(half), REFERENCE_MW), half), n)
    p = p * min(watch.scenario.scale.detection, 1.0)
    return effort_rows(
        watch, source="thermal", instrument="satellite_thermal",
        cell=np.tile(np.array(cells, dtype=object), len(over.t)), t_start=t - _PASS_S,
        t_end=t + _PASS_S, phenomenon="fire", p_detect=np.where(cloudy, 0.0, p),
        reason=np.where(cloudy, "cloud", "watching"),
    )  # fmt: skip
