"""When a missing row is a zero: the habit of the source, and those beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.types.time import DAY
from truceline.judgement.truce_state.evidence import Evidence
from truceline.judgement.truce_state.indicator import StateSettings
from truceline.judgement.truce_state.periods import Grid, Window
from truceline.judgement.truce_state.series import Timeline


@dataclass(frozen=True)
class Habit:
    """On how many periods around a truce a source reported at all.

    Attributes
    ----------
    reported_before, before, reported_after, after : int
        Periods with a row, of how many, before the truce and after the window.
    """

    reported_before: int
    before: int
    reported_after: int
    after: int

    @property
    def share(self) -> float:
        """Return the share of the periods with a report; 0 where there are none."""
        total = self.before + self.after
        return (self.reported_before + self.reported_after) / total if total else 0.0


def is_silent(evidence: Evidence) -> bool:
    """Return whether the window has effort and not one row."""
    return evidence.rows == 0 and evidence.exposure > 0


def habitual(effort: pl.DataFrame) -> pl.DataFrame:
    """Return the effort that is no more than a habit of daily reports."""
    return effort.filter(
        (pl.col("reason").cast(pl.String) == "reports_daily") & (pl.col("p_detect") > 0)
    )


def rests_on_habit(habits: pl.DataFrame, line: Timeline, window: Window) -> bool:
    """Return whether effort in the window is one of the sources' habits, from `habitual`."""
    if habits.is_empty():
        return False
    return not habits.filter(
        pl.col("source").is_in(line.indicator.sources)
        & (pl.col("t_start") < window.end)
        & (pl.col("t_end") > window.start)
    ).is_empty()


def habit(
    line: Timeline, grid: Grid, before: tuple[int, int], window: Window, settings: StateSettings
) -> Habit:
    """Return how regularly the source reported just before the truce and after the window.

    Periods after its last row are not counted: they may not have been published yet.
    """
    earlier = grid.touching(*before, whole=True)[-settings.habit_days :]
    last = int(line.output.times[-1]) if line.output.times.size else before[1]
    until = min(last, window.end + settings.habit_days * DAY)
    later = [
        Window(t, t + DAY, 0, 0) for t in range(window.end, until - DAY + 1, DAY)
    ]  # fmt: skip
    return Habit(_reported(line, earlier), len(earlier), _reported(line, later), len(later))


def _reported(line: Timeline, windows: list[Window]) -> int:
    starts = np.array([w.start for w in windows], dtype=np.int64)
    ends = np.array([w.end for w in windows], dtype=np.int64)
    return int((line.output.between(starts, ends) > 0).sum())
