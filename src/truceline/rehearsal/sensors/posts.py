"""Sensors that stand in one place: cameras, acoustic arrays and seismic arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.draws import Draws, What
from truceline.rehearsal.scenarios.scenario import SensorSpec
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.sighting import (
    NOBODY,
    IntArray,
    Sensed,
    Watch,
    across,
    cells_of,
    effort_rows,
    noise_cause,
    noted,
    paired,
    runs,
)
from truceline.rehearsal.sensors.standing import (
    Posts,
    acoustic_arrays,
    cameras,
    seismic_arrays,
)
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY
from truceline.rehearsal.worlds.signs import Sign, Signs

#: How fast reach grows with loudness (mortar = 1).
_LOUDNESS_POWER = 0.35

#: Speed of sound times the error of arrival, metres, and distance of microphones.
_SOUND_ERROR_M, _BASELINE_M = 4.0, 1_200.0


def watch_cameras(watch: Watch) -> Sensed:
    """Return what fixed cameras see: flashes and impacts in range, by day and night."""
    spec, stand = watch.scenario.sensors["camera"], cameras(watch)
    signs = watch.signs.of(Sign.OUTGOING, Sign.IMPACT, Sign.ASSAULT)
    post, sign, _ = _pairs(stand, signs, np.full(len(signs), spec.reach_m))
    each = watch.draws(Role.CAMERAS, stand.unit[post], signs.event[sign])
    seen = stand.works(post, signs.t[sign]) & (each.uniform(What.SEEN) < watch.p(spec))
    post, what, each = post[seen], signs.take(sign[seen]), each.take(seen)
    sigma = np.full(len(what), spec.sigma_m)
    dx, dy = watch.off(each, sigma)
    kind = np.array(["", "muzzle_flash", "explosion_impact", *[""] * 9, "assault"])[what.sign]
    table = noted(
        len(what), unit=each.unit, owner=what.owner, source="cameras", instrument="camera",
        witness=stand.named(post), t0=what.t,
        t1=what.t + np.minimum(what.seconds, 1800.0), received=what.t + 60.0 * spec.delay_minutes,
        x=what.x + dx, y=what.y + dy, sigma_m=sigma, phenomenon=kind,
        count=np.where(kind == "assault", np.nan, _counted(each, what.count)), reliability="A",
        credibility=2,
    )  # fmt: skip
    false = _false(watch, spec, stand, Role.CAMERAS, "cameras", "camera")
    phenomena = ("explosion_impact", "muzzle_flash", "assault")
    effort = _effort(watch, stand, spec, "cameras", "camera", phenomena, 7, _flat)
    return Sensed(pl.concat([table, false]), effort)


def watch_acoustics(watch: Watch) -> Sensed:
    """Return what acoustic arrays place by differences of arrival; wind carries and hides."""
    spec, stand = watch.scenario.sensors["acoustic"], acoustic_arrays(watch)
    signs = watch.signs.of(Sign.SHOT, Sign.OUTGOING, Sign.IMPACT, Sign.RUMBLE)
    reach = spec.reach_m * signs.strength**_LOUDNESS_POWER
    post, sign, r = _pairs(stand, signs, 1.5 * reach)
    wx, wy = watch.weather.wind(signs.t[sign])
    ahead = (stand.x[post] - signs.x[sign]) * wx + (stand.y[post] - signs.y[sign]) * wy
    carried = reach[sign] * (1.0 + 0.04 * ahead / np.maximum(r, 1.0)).clip(0.4, 1.5)
    p = watch.p(spec) * _fading(r, carried)
    p = np.where(signs.sign[sign] == Sign.RUMBLE, 0.04 * p, p)
    each = watch.draws(Role.ACOUSTICS, stand.unit[post], signs.event[sign])
    seen = stand.works(post, signs.t[sign]) & (each.uniform(What.SEEN) < p)
    post, what, r, each = post[seen], signs.take(sign[seen]), r[seen], each.take(seen)
    sigma = np.asarray(np.round(np.hypot(spec.sigma_m, _gdop_error(r)), 1), np.float64)
    dx, dy = watch.off(each, sigma)
    table = noted(
        len(what), unit=each.unit, owner=what.owner, source="acoustics", instrument="acoustic",
        witness=stand.named(post), t0=what.t,
        t1=what.t + np.minimum(what.seconds, 3600.0), received=what.t + 60.0 * spec.delay_minutes,
        x=what.x + dx, y=what.y + dy, sigma_m=sigma, phenomenon=_heard_as(each, what.sign),
        count=_counted(each, what.count), reliability="B", credibility=2,
    )  # fmt: skip
    false = _false(watch, spec, stand, Role.ACOUSTICS, "acoustics", "acoustic")
    explosions = ("explosion_undetermined", "explosion_impact", "explosion_outgoing")
    effort = _effort(watch, stand, spec, "acoustics", "acoustic", explosions, 7, _fading)
    return Sensed(pl.concat([table, false]), effort)


def watch_seismic(watch: Watch) -> Sensed:
    """Return what seismic arrays feel: heavy blasts, as far as 200 km, within 15 minutes."""
    spec, stand = watch.scenario.sensors["seismic"], seismic_arrays(watch)
    felt = watch.signs.of(Sign.IMPACT)
    felt = felt.take(felt.strength >= 2.0)
    post, sign, r = _pairs(stand, felt, np.full(len(felt), spec.reach_m))
    p = watch.p(spec) * _quiet(r, felt.strength[sign] * np.sqrt(felt.count[sign]))
    each = watch.draws(Role.SEISMIC, stand.unit[post], felt.event[sign])
    seen = stand.works(post, felt.t[sign]) & (each.uniform(What.SEEN) < p)
    post, what, r, each = post[seen], felt.take(sign[seen]), r[seen], each.take(seen)
    sigma = np.round(spec.sigma_m * (1.0 + r / 100_000.0))
    dx, dy = watch.off(each, sigma)
    table = noted(
        len(what), unit=each.unit, owner=what.owner, source="seismic", instrument="seismic",
        witness=stand.named(post), t0=what.t, t1=what.t + 60.0,
        received=what.t + 60.0 * spec.delay_minutes, x=what.x + dx, y=what.y + dy, sigma_m=sigma,
        phenomenon="explosion_undetermined", count=1.0, reliability="B", credibility=3,
    )  # fmt: skip
    cells, cx, cy, _ = cells_of(watch, 5, 20_000.0, 5_000.0)
    r_cell = np.hypot(cx[:, None] - stand.x, cy[:, None] - stand.y)
    size = np.full(len(stand.x), 9.0)
    p_cell = 1.0 - np.prod(1.0 - watch.p(spec) * _quiet(r_cell, size), axis=1)
    effort = effort_rows(
        watch, source="seismic", instrument="seismic", cell=cells, t_start=0.0,
        t_end=watch.calendar.seconds, phenomenon="explosion_undetermined",
        p_detect=spec.up * p_cell, reason="watching",
    )  # fmt: skip
    return Sensed(table, effort)


def _quiet(r: FloatArray, size: FloatArray) -> FloatArray:
    """Return how a blast's chance falls with distance and grows with its size."""
    return np.asarray(np.exp(-((r / 150_000.0) ** 2)) * (size / 12.0).clip(0.0, 1.0))


def _fading(r: FloatArray, reach: FloatArray) -> FloatArray:
    return np.asarray(np.where(r < reach, 1.0 - 0.5 * (r / np.maximum(reach, 1.0)) ** 2, 0.0))


def _flat(r: FloatArray, reach: FloatArray) -> FloatArray:
    return np.asarray(np.where(r <= reach, 1.0, 0.0))


def _gdop_error(r: FloatArray) -> FloatArray:
    """Return the error of a place from differences of arrival, m; it grows as range squared."""
    across, along = r / _BASELINE_M, (r / _BASELINE_M) ** 2
    return np.asarray(_SOUND_ERROR_M * np.sqrt((across**2 + along**2) / 2.0))


def _heard_as(each: Draws, sign: IntArray) -> npt.NDArray[np.str_]:
    """Name what was heard; most explosions stay undetermined."""
    told = each.uniform(What.KIND) < 0.25
    surest = np.full(len(Sign), "explosion_undetermined")
    surest[Sign.OUTGOING], surest[Sign.IMPACT] = "explosion_outgoing", "explosion_impact"
    exact = np.where(told, surest[sign], "explosion_undetermined")
    return np.where(sign == Sign.SHOT, "burst", exact)


def _counted(each: Draws, count: FloatArray) -> FloatArray:
    return np.maximum(each.binomial(What.COUNT, np.floor(np.maximum(count, 1.0)), 0.85), 1.0)


def _pairs(stand: Posts, signs: Signs, reach: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return post, sign and distance of all pairs within reach."""
    post_parts, sign_parts, r_parts = [], [], []
    for k in range(len(stand.x)):
        r = np.hypot(signs.x - stand.x[k], signs.y - stand.y[k])
        near = np.flatnonzero(r <= reach)
        post_parts.append(np.full(len(near), k))
        sign_parts.append(near)
        r_parts.append(r[near])
    if not post_parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    return np.concatenate(post_parts), np.concatenate(sign_parts), np.concatenate(r_parts)


def _false(
    watch: Watch, spec: SensorSpec, stand: Posts, role: Role, source: str, instrument: str
) -> pl.DataFrame:
    """Return alarms of nothing, each post's own."""
    mean = spec.false_per_day * watch.calendar.days
    n = watch.draws(role, stand.unit).poisson(What.FALSE_NUMBER, mean)
    post, number = paired(np.zeros_like(n), n)
    each = watch.draws(role, stand.unit[post], number)
    t = each.between(What.FALSE_TIME, 0.0, watch.calendar.seconds)
    works = stand.works(post, t)
    post, t, each = post[works], t[works], each.take(works)
    angle = each.between(What.FALSE_ALONG, 0.0, 2 * np.pi)
    r = spec.reach_m * np.sqrt(each.uniform(What.FALSE_ACROSS))
    return noted(
        len(t), unit=each.unit, owner=NOBODY, cause=noise_cause(), source=source,
        instrument=instrument, witness=stand.named(post), t0=t, t1=t,
        received=t + 60.0 * spec.delay_minutes, x=stand.x[post] + r * np.cos(angle),
        y=stand.y[post] + r * np.sin(angle), sigma_m=max(spec.sigma_m, 250.0),
        phenomenon="explosion_undetermined", count=1.0, reliability="B", credibility=3,
    )  # fmt: skip


def _effort(
    watch: Watch,
    stand: Posts,
    spec: SensorSpec,
    source: str,
    instrument: str,
    phenomena: tuple[str, ...],
    resolution: int,
    fall: Callable[[FloatArray, FloatArray], FloatArray],
) -> pl.DataFrame:
    """State for each post, cell and stretch of days what the post could see there."""
    cells, x, y, _ = cells_of(watch, resolution, spec.reach_m + 3_000.0, 1_000.0)
    r = np.hypot(x - stand.x[:, None], y - stand.y[:, None])
    chance = watch.p(spec) * fall(r, np.full(r.shape, spec.reach_m))
    near_post, near_cell = np.nonzero(chance > 0)
    edge = np.searchsorted(near_post, np.arange(len(stand.x) + 1))
    post, first, after = runs(stand.up)
    run, pair = paired(edge[post], edge[post + 1])
    works = stand.up[post, first][run]
    table = effort_rows(
        watch, source=source, instrument=instrument,
        cell=np.array(cells, dtype=object)[near_cell[pair]], t_start=first[run] * SECONDS_PER_DAY,
        t_end=np.minimum(after[run] * SECONDS_PER_DAY, watch.calendar.seconds),
        phenomenon=phenomena[0], p_detect=chance[near_post, near_cell][pair] * works,
        reason=np.where(works, "watching", "down"),
    )  # fmt: skip
    return across(table, phenomena)
