"""Polar satellites that see heat: passes, cloud, power and the size of a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.time import format_time
from truceline.rehearsal.draws import Draws, What, draws, number_of
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.sighting import (
    NOBODY,
    IntArray,
    Sensed,
    Watch,
    cells_of,
    effort_rows,
    noise_cause,
    noted,
    paired,
)
from truceline.rehearsal.sensors.standing import WHOLE_LINE
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

#: Passes of a satellite a day, and days, that have a number of their own.
_MOST_DAILY, _MOST_DAYS = 1 << 6, 1 << 20


@dataclass(frozen=True)
class Passes:
    """Passes over the whole line in order of time, the same for all provinces.

    Attributes
    ----------
    t : array
        When, seconds from the origin.
    satellite, unit : arrays of int
        Row of the satellite in the scenario, and a number of the pass.
    pixel_m : array
        Side of a pixel on the ground.
    names : list of str
        Satellite and minute.
    """

    t: FloatArray
    satellite: IntArray
    unit: IntArray
    pixel_m: FloatArray
    names: list[str]


def passes(scenario: Scenario, calendar: Calendar) -> Passes:
    """Return when which satellite passes, and how large its pixels then are on the ground."""
    start = calendar.local_hour(np.zeros(1))[0]
    days = np.arange(int(np.ceil(calendar.days)) + 2)
    planned = [(i, k) for i, sat in enumerate(scenario.satellites) for k in range(len(sat.hours))]
    satellite, which = (np.repeat([pair[j] for pair in planned], len(days)) for j in (0, 1))
    day = np.tile(days, len(planned))
    hour = np.array([scenario.satellites[i].hours[k] for i, k in planned]).repeat(len(days))
    # Numbered by the satellite's name, so that another one more or less moves none.
    name = np.array([number_of(sat.name) for sat in scenario.satellites])[satellite]
    unit = (name * _MOST_DAILY + which) * _MOST_DAYS + day
    each = draws(scenario.seed, Role.SATELLITES, WHOLE_LINE, calendar.era, unit=unit)
    t = ((day - 1) * 24 + hour - start) * 3600.0 + each.between(What.TIME, -1500.0, 1500.0)
    inside = np.flatnonzero((t >= 0) & (t < calendar.seconds))
    order = inside[np.argsort(t[inside])]
    t, satellite = t[order], satellite[order]
    pixel = np.array([sat.pixel_m for sat in scenario.satellites])[satellite]
    larger = 1.0 + 0.8 * each.take(order).uniform(What.ACROSS) ** 2
    names = [
        f"{scenario.satellites[k].name} {format_time(int(m))[:16]}"
        for k, m in zip(satellite, calendar.micros(t), strict=True)
    ]
    return Passes(t, satellite, unit[order], pixel * larger, names)


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
    over, fires = passes(watch.scenario, watch.calendar), watch.signs.of(Sign.HEAT)
    first = np.searchsorted(over.t, fires.t)
    which, pass_ = paired(first, np.searchsorted(over.t, fires.t + fires.seconds))
    half = np.array([s.half_mw for s in watch.scenario.satellites])[over.satellite[pass_]]
    each = watch.draws(Role.SATELLITES, over.unit[pass_], fires.event[which])
    power = fires.strength[which] * np.exp(0.25 * each.normal(What.POWER))
    p = detection(power, half) * min(watch.scenario.scale.detection, 1.0)
    seen = np.flatnonzero(each.uniform(What.SEEN) < p)
    at = which[seen]
    clear = ~watch.weather.is_cloudy(fires.x[at], fires.y[at], over.t[pass_[seen]])
    seen = seen[clear]
    which, pass_, power, each = which[seen], pass_[seen], power[seen], each.take(seen)
    pixels = 1 + np.minimum(each.poisson(What.COUNT, power / 40.0), 6)
    rows, pixel = paired(np.zeros_like(pixels), pixels)
    fires = fires.take(which[rows])
    seen_now = _rows(
        watch, over, each.take(rows).part(pixel), fires.owner, fires.x, fires.y, pass_[rows],
        (power / pixels)[rows],
    )  # fmt: skip
    return Sensed(pl.concat([seen_now, _false(watch, over)]), _effort(watch, over))


def _rows(
    watch: Watch,
    over: Passes,
    each: Draws,
    owner: IntArray,
    x: FloatArray,
    y: FloatArray,
    pass_: IntArray,
    power: FloatArray,
) -> pl.DataFrame:
    sigma = _SIGMA_OF_PIXEL * over.pixel_m[pass_]
    dx, dy = watch.off(each, sigma)
    t = over.t[pass_]
    night = watch.calendar.is_night(t)
    confidence = np.where(power > 15, "h", np.where(power > 2, "n", "l"))
    cause = np.where(owner == NOBODY, float(noise_cause()), np.nan)
    attributes = [
        f'{{"confidence":"{c}","daynight":"{"N" if dark else "D"}","frp":{mw:.2f}}}'
        for c, dark, mw in zip(confidence, night, power, strict=True)
    ]
    return noted(
        len(t), unit=each.unit, owner=owner, source="thermal", instrument="satellite_thermal",
        witness=[over.names[k] for k in pass_], t0=t, t1=t, received=t + 3 * 3600.0,
        x=x + dx, y=y + dy, sigma_m=np.round(sigma, 1), phenomenon="fire", reliability="B",
        credibility=2, attributes=attributes,
    ).with_columns(cause=pl.Series(cause, nan_to_null=True).cast(pl.Int64))  # fmt: skip


def _false(watch: Watch, over: Passes) -> pl.DataFrame:
    km = (watch.high - watch.low) / 1000.0
    each = watch.draws(Role.SATELLITES, over.unit)
    pass_ = np.flatnonzero(each.uniform(What.FALSE_NUMBER) < _FALSE * km / 100.0)
    each = each.take(pass_)
    s = each.between(What.FALSE_ALONG, watch.low, watch.high)
    x, y = watch.country.front.place(s, each.between(What.FALSE_ACROSS, -20_000.0, 20_000.0))
    power = each.gamma(What.FALSE_POWER, 2.0, 1.0)
    return _rows(watch, over, each, np.full(len(pass_), NOBODY), x, y, pass_, power)


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
