"""The state of a truce, per indicator and sector, per period and for the whole truce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from truceline.core.types.tables import STATE
from truceline.judgement.truce_state.decision import Silence, decide
from truceline.judgement.truce_state.evidence import Evidence, weigh
from truceline.judgement.truce_state.explanation import explain
from truceline.judgement.truce_state.indicator import WHOLE_LINE, Indicator, StateSettings
from truceline.judgement.truce_state.periods import Grid, Window, grid
from truceline.judgement.truce_state.series import Timeline, timeline
from truceline.judgement.truce_state.silence import habit, habitual, is_silent, rests_on_habit
from truceline.judgement.truce_state.trend import Trend, trends


@dataclass(frozen=True)
class _Line:
    """An indicator in a sector, with the periods it is counted by."""

    timeline: Timeline
    grid: Grid

    def weigh(self, window: Window, before: tuple[int, int], settings: StateSettings) -> Evidence:
        return weigh(self.timeline, self.grid, window, before, settings)


#: What indicators count by.
COUNTED = (
    "obs_id", "source", "witness", "phenomenon", "weapon_class", "t_start", "t_end", "area",
    "lon", "lat", "count",
)  # fmt: skip


def truce_states(
    observations: pl.DataFrame,
    effort: pl.DataFrame,
    before: tuple[int, int],
    during: tuple[int, int],
    settings: StateSettings,
) -> pl.DataFrame:
    """Return whether a truce is holding, by indicator, sector and time.

    Parameters
    ----------
    observations, effort : polars.DataFrame
        Schemas `OBSERVATION` and `EFFORT`. Where both have a column `sector`, each sector
        is judged as well as the whole line.
    before : tuple of int
        The time to compare with, UTC microseconds.
    during : tuple of int
        The truce so far.
    settings : StateSettings
        The indicators, and the limits agreed.

    Returns
    -------
    polars.DataFrame
        Schema `STATE`: for each indicator and sector a row for the whole truce and one
        for each of its periods, in order of start.
    """
    rows: list[dict[str, object]] = []
    habits = habitual(effort)
    for sector in _sectors(observations, effort):
        lines = {
            indicator.name: _line(observations, effort, indicator, before, during, settings, sector)
            for indicator in settings.indicators
        }
        for indicator in settings.indicators:
            rows += _judged(indicator, lines, habits, before, during, settings)
    table = STATE.conform(pl.DataFrame(rows, schema=STATE.dtypes()))
    return table.sort("indicator", "sector", "t_start", pl.col("t_end").neg())


def _sectors(observations: pl.DataFrame, effort: pl.DataFrame) -> list[str]:
    if "sector" not in observations.columns or "sector" not in effort.columns:
        return [WHOLE_LINE]
    named = pl.concat([observations["sector"], effort["sector"]]).drop_nulls().unique().sort()
    return [WHOLE_LINE, *(name for name in named.to_list() if name != WHOLE_LINE)]


def _line(
    observations: pl.DataFrame,
    effort: pl.DataFrame,
    indicator: Indicator,
    before: tuple[int, int],
    during: tuple[int, int],
    settings: StateSettings,
    sector: str,
) -> _Line:
    zone = settings.timezone
    periods = grid(min(before[0], during[0]), during[1], indicator.period, zone)
    return _Line(timeline(observations, effort, indicator, zone, sector), periods)


def _judged(
    indicator: Indicator,
    lines: Mapping[str, _Line],
    habits: pl.DataFrame,
    before: tuple[int, int],
    during: tuple[int, int],
    settings: StateSettings,
) -> Iterator[dict[str, object]]:
    line = lines[indicator.name]
    windows = line.grid.touching(*during, whole=indicator.has_whole_periods)
    if not windows:
        yield _unfinished(indicator, line.timeline.sector, during)
        return
    found = trends(line.timeline, line.grid, windows, before, settings)
    judged = list(zip(windows, found, strict=True))
    if len(windows) > 1:
        first, last = windows[0], windows[-1]
        whole = Window(first.start, last.end, first.first, last.last)
        judged.insert(0, (whole, found[-1]))
    for window, trend in judged:
        evidence = line.weigh(window, before, settings)
        silence = _silence(evidence, lines, indicator, habits, before, settings)
        yield _row(indicator, line.timeline.sector, evidence, trend, silence, settings)


def _silence(
    evidence: Evidence,
    lines: Mapping[str, _Line],
    indicator: Indicator,
    habits: pl.DataFrame,
    before: tuple[int, int],
    settings: StateSettings,
) -> Silence | None:
    """Return why no row is, or is not, a zero; none where there are rows."""
    line = lines[indicator.name]
    if not is_silent(evidence) or line.timeline.watched is None:
        return None
    if not rests_on_habit(habits, line.timeline, evidence.window):
        return Silence(None)
    beside = [(n, lines[n].weigh(evidence.window, before, settings)) for n in indicator.beside]
    sure = settings.certainty
    return Silence(
        habit(line.timeline, line.grid, before, evidence.window, settings),
        tuple((n, e) for n, e in beside if (e.p_holding or 0.0) >= sure),
        tuple((n, e) for n, e in beside if (e.p_broken or 0.0) >= sure),
    )


def _row(
    indicator: Indicator,
    sector: str,
    evidence: Evidence,
    trend: Trend | None,
    silence: Silence | None,
    settings: StateSettings,
) -> dict[str, object]:
    decision = decide(indicator, evidence, trend, silence, settings)
    rate, ratio = evidence.rate, evidence.ratio
    is_known = evidence.exposure > 0 or evidence.rows > 0
    return {
        "indicator": indicator.name,
        "sector": sector,
        "t_start": evidence.window.start,
        "t_end": evidence.window.end,
        "count": evidence.count if is_known else None,
        "exposure": evidence.effort,
        "rate": None if rate is None else rate.value,
        "rate_low": None if rate is None else rate.low,
        "rate_high": None if rate is None else rate.high,
        "rate_before": evidence.rate_before,
        "ratio": None if ratio is None else ratio.value,
        "ratio_low": None if ratio is None else ratio.low,
        "ratio_high": None if ratio is None else ratio.high,
        "p_holding": evidence.p_holding,
        "state": decision.state,
        "alarm": trend is not None and trend.alarm,
        "why": explain(indicator, evidence, trend, silence, decision, settings),
    }


def _unfinished(indicator: Indicator, sector: str, during: tuple[int, int]) -> dict[str, object]:
    return {
        "indicator": indicator.name,
        "sector": sector,
        "t_start": during[0],
        "t_end": during[1],
        "exposure": 0.0,
        "state": "not known",
        "alarm": False,
        "why": f"No whole {indicator.period} of the truce is over yet.",
    }
