"""What an indicator says of one window of a truce, before any rule is applied."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from truceline.core.types.probability import Interval
from truceline.core.types.time import DAY
from truceline.judgement.truce_state.dispersion import Spread, placebo_spread, together, widened
from truceline.judgement.truce_state.indicator import StateSettings
from truceline.judgement.truce_state.periods import Grid, Window, years_off
from truceline.judgement.truce_state.rates import rate_quantiles
from truceline.judgement.truce_state.ratio import Ratio
from truceline.judgement.truce_state.series import Timeline


@dataclass(frozen=True)
class Baseline:
    """What was counted before the truce in windows that compare with one of its windows.

    Attributes
    ----------
    count, exposure : float
        In all of them; exposure in days of full effort, scaled to the season where other
        years say that the season changes the level.
    windows : int
        How many there are; 0 where the whole time before is one.
    lower : int
        How many of them had a rate as low as the window judged.
    spread : Spread
        How far one window may lie from them by chance.
    years : int
        Other years whose season was taken off.
    """

    count: float
    exposure: float
    windows: int
    lower: int
    spread: Spread
    years: int = 0


@dataclass(frozen=True)
class Evidence:
    """An indicator in one window, beside the time before.

    Attributes
    ----------
    window : Window
        The window.
    count, exposure, rows : float
        Counted, days of full effort, and rows it stands on.
    baseline : Baseline
        The time before.
    rate : Interval or None
        Rate a day; none where nothing was watched.
    ratio : Interval or None
        Rate over the rate before; none where either is not known.
    p_holding, p_broken : float or None
        Probability that the ratio is below the agreed share, and above the broken one.
    """

    window: Window
    count: float
    exposure: float
    rows: float
    baseline: Baseline
    rate: Interval | None = None
    ratio: Interval | None = None
    p_holding: float | None = None
    p_broken: float | None = None

    @property
    def days(self) -> float:
        """Return the length of the window in days."""
        return (self.window.end - self.window.start) / DAY

    @property
    def effort(self) -> float:
        """Return the share of full effort."""
        return self.exposure / self.days

    @property
    def rate_before(self) -> float | None:
        """Return the rate a day before the truce, corrected for effort."""
        base = self.baseline
        return base.count / base.exposure if base.exposure > 0 else None


def weigh(
    line: Timeline, grid: Grid, window: Window, before: tuple[int, int], settings: StateSettings
) -> Evidence:
    """Return what a timeline says of a window against comparable windows before.

    What was counted in a truce without declared effort counts all the same, while such
    counts from before do not: both err against calling a truce quiet.
    """
    span = (np.array([window.start]), np.array([window.end]))
    count = float(line.counted.between(*span)[0])
    exposure = float(line.exposure(*span)[0])
    rows = float(line.rows.between(*span)[0])
    base = baseline(line, grid, window, before, settings)
    if exposure <= 0:
        return Evidence(window, count, exposure, rows, base)
    own = rate_quantiles([0.5, 0.05, 0.95], count, exposure, base.spread)
    rate = Interval(*(float(q) for q in own))
    if base.exposure <= 0 or base.count <= 0:
        return Evidence(window, count, exposure, rows, base, rate)
    ratio = Ratio(count, exposure, base.count, base.exposure, base.spread)
    holding, broken = ratio.below([settings.holding_share, settings.broken_share])
    return Evidence(
        window, count, exposure, rows, base, rate, ratio.interval(), float(holding),
        float(1.0 - broken),
    )  # fmt: skip


def baseline(
    line: Timeline, grid: Grid, window: Window, before: tuple[int, int], settings: StateSettings
) -> Baseline:
    """Return the windows before a truce that compare with one window of it."""
    starts, ends = grid.earlier(window, before, weekly=line.indicator.is_weekly)
    exposure = line.exposure(starts, ends)
    is_used = exposure >= settings.least_effort * (ends - starts) / DAY
    starts, ends, exposure = starts[is_used], ends[is_used], exposure[is_used]
    is_smeared = line.spread_until > before[0]
    if is_smeared or starts.size < 2:
        base = _whole(line, grid, before, settings)
    else:
        counts = line.counted.between(starts, ends)
        here = np.array([window.start]), np.array([window.end])
        own = line.exposure(*here)[0]
        now = line.counted.between(*here)[0] / own if own > 0 else np.inf
        spread = _spread(counts, exposure, settings)
        if line.watched is None:
            output = line.output.between(starts, ends)
            spread = widened(spread, _spread(output, exposure, settings).log_sd)
        n = int(starts.size)
        # One window against the mean of n others.
        spread = replace(spread, log_sd=spread.log_sd * float(np.sqrt(1.0 + 1.0 / n)))
        lower = int((counts / exposure <= now).sum())
        base = Baseline(float(counts.sum()), float(exposure.sum()), n, lower, spread)
    return _in_season(base, line, window, before, settings)


def _spread(counts: np.ndarray, exposure: np.ndarray, settings: StateSettings) -> Spread:
    return placebo_spread(
        counts,
        exposure,
        default_log_sd=settings.default_log_sd,
        default_windows=settings.default_windows,
    )


def _whole(
    line: Timeline, grid: Grid, before: tuple[int, int], settings: StateSettings
) -> Baseline:
    """Return the whole time before, as far as it was watched, with the default spread."""
    periods = grid.touching(*before, whole=False)
    starts = np.array([p.start for p in periods], dtype=np.int64)
    ends = np.array([p.end for p in periods], dtype=np.int64)
    exposure = line.exposure(starts, ends)
    counts = np.where(exposure > 0, line.counted.between(starts, ends), 0.0)
    log_sds = [settings.default_log_sd] * (2 if line.watched is None else 1)
    spread = widened(Spread(0.0), *log_sds)
    return Baseline(float(counts.sum()), float(exposure.sum()), 0, 0, spread)


def _in_season(
    base: Baseline,
    line: Timeline,
    window: Window,
    before: tuple[int, int],
    settings: StateSettings,
) -> Baseline:
    """Return the baseline moved by what the same dates of other years did."""
    logs = []
    for years in line.indicator.other_years:
        ends = [years_off(t, years, settings.timezone) for t in (window.start, window.end, *before)]
        starts, stops = np.array([ends[0], ends[2]]), np.array([ends[1], ends[3]])
        exposure = line.exposure(starts, stops)
        if (exposure > 0).all():
            # Half an event more on either side keeps an empty season finite.
            during, earlier = (line.counted.between(starts, stops) + 0.5) / exposure
            logs.append(float(np.log(during / earlier)))
    n = len(logs)
    if n == 0:
        return base
    scatter = float(np.std(logs, ddof=1)) if n > 1 else settings.default_log_sd
    season = Spread(scatter * float(np.sqrt(1.0 + 1.0 / n)), float(max(n - 1, 1)))
    return replace(
        base,
        exposure=base.exposure / float(np.exp(np.mean(logs))),
        spread=together(base.spread, season),
        years=n,
    )
