"""Whether a truce is wearing out: its recent days against its early ones, and an alarm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from truceline.core.types.time import DAY
from truceline.judgement.truce_state.alarm import calibrated_cusum
from truceline.judgement.truce_state.dispersion import Spread
from truceline.judgement.truce_state.evidence import baseline
from truceline.judgement.truce_state.indicator import StateSettings
from truceline.judgement.truce_state.periods import Grid, Window
from truceline.judgement.truce_state.rates import rate_quantiles
from truceline.judgement.truce_state.ratio import ratio_below
from truceline.judgement.truce_state.series import Timeline


@dataclass(frozen=True)
class Trend:
    """Where an indicator is going within a truce, after one of its periods.

    Attributes
    ----------
    early, recent : float
        Rates a day, corrected for effort.
    p_rising : float
        Probability that the recent rate is above the early one by the agreed factor.
    alarm : bool
        Whether the sequential alarm stands.
    """

    early: float
    recent: float
    p_rising: float
    alarm: bool


def trends(
    line: Timeline,
    grid: Grid,
    windows: list[Window],
    before: tuple[int, int],
    settings: StateSettings,
) -> list[Trend | None]:
    """Return the trend after each period; none until there are two stretches to compare."""
    length = settings.trend_periods
    found: list[Trend | None] = [None] * len(windows)
    if len(windows) < 2 * length:
        return found
    starts = np.array([w.start for w in windows], dtype=np.int64)
    ends = np.array([w.end for w in windows], dtype=np.int64)
    counts, exposure = line.counted.between(starts, ends), line.exposure(starts, ends)
    early_y, early_e = float(counts[:length].sum()), float(exposure[:length].sum())
    if early_e < settings.least_effort * float((ends - starts)[:length].sum()) / DAY:
        return found
    stretch = Window(
        windows[0].start, windows[length - 1].end, windows[0].first, windows[length - 1].last
    )
    spread = baseline(line, grid, stretch, before, settings).spread
    daily = baseline(line, grid, windows[0], before, settings).spread
    alarms = _alarms(counts, exposure, (ends - starts) / DAY, daily, settings)
    for i in range(2 * length - 1, len(windows)):
        recent = slice(i - length + 1, i + 1)
        y, e = float(counts[recent].sum()), float(exposure[recent].sum())
        if e <= 0:
            continue
        calm = float(ratio_below(settings.erosion_ratio, y, e, early_y, early_e, spread))
        found[i] = Trend(early_y / early_e, y / e, 1.0 - calm, bool(alarms[i]))
    return found


def _alarms(
    counts: np.ndarray,
    exposure: np.ndarray,
    days: np.ndarray,
    spread: Spread,
    settings: StateSettings,
) -> np.ndarray:
    """Return whether the alarm stands after each period, from the end of the early ones.

    The accepted level is the upper end of what the early rate may be, so that a rate
    known from few days does not raise false alarms by itself.
    """
    length = settings.trend_periods
    typical = float(np.median(days))
    early_y, early_e = float(counts[:length].sum()), float(exposure[:length].sum())
    accepted = float(rate_quantiles(0.9, early_y, early_e)) * typical
    excess = float(np.expm1(spread.log_sd**2))
    alarm = calibrated_cusum(
        accepted,
        accepted * settings.alarm_ratio,
        false_alarm_periods=settings.false_alarm_periods,
        shape=1.0 / excess if excess > 1e-6 else float("inf"),
    )
    path = alarm.alarms(counts[length:], exposure[length:] / typical)
    return np.concatenate([np.zeros(length, dtype=bool), path])
