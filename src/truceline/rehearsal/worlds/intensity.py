"""The true state of a rehearsed truce: its intensity over that of the fighting before."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.types.time import DAY
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.worlds.calendar import phase_factor
from truceline.rehearsal.worlds.geography import Geography
from truceline.rehearsal.worlds.rates import party_of_side
from truceline.rehearsal.worlds.truth import TRUE_STATE

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: Shares of the intensity before: below the first it holds, above the second it is broken.
HOLDING, BROKEN = 0.25, 0.5


def acts_by_day(scenario: Scenario, events: pl.DataFrame) -> pl.DataFrame:
    """Return the number `n` of acts of the truce by `party`, `act`, `sector` and `day`."""
    return (
        events.filter(pl.col("t_start") >= scenario.t0)
        .with_columns(day=(pl.col("t_start") - scenario.t0) // DAY)
        .group_by("party", "act", "sector", "day")
        .agg(n=pl.len())
        .sort("party", "act", "sector", "day")
    )


def true_states(scenario: Scenario, country: Geography, acts: pl.DataFrame) -> pl.DataFrame:
    """Return the state of each sector and day of the truce, schema `TRUE_STATE`.

    The ratio is that of the rates at which acts begin, so chance is no part of it.

    Parameters
    ----------
    acts : polars.DataFrame
        As `acts_by_day` gives them.
    """
    whole_days = int(np.ceil(scenario.days))
    days = np.arange(whole_days)
    counts = {
        (sector, day): n
        for sector, day, n in acts.group_by("sector", "day").agg(pl.col("n").sum()).rows()
    }
    rows = []
    for i, sector in enumerate(country.names):
        part = (i + 0.5) / country.n_sectors
        level, breaks = _level(scenario, part, days)
        for day in days:
            ratio = None if scenario.before_factor <= 0 else level[day] / scenario.before_factor
            rows.append(
                {
                    "sector": sector,
                    "t_start": scenario.t0 + int(day) * DAY,
                    "t_end": scenario.t0 + int(day + 1) * DAY,
                    "acts": counts.get((sector, int(day)), 0),
                    "ratio": ratio,
                    "state": _state(ratio),
                    "is_breakdown": bool(breaks[day]),
                }
            )
    return TRUE_STATE.conform(pl.DataFrame(rows, schema_overrides={"ratio": pl.Float64}))


def _state(ratio: float | None) -> str:
    if ratio is None:
        return "not known"
    return "holding" if ratio < HOLDING else "broken" if ratio > BROKEN else "eroding"


def _level(
    scenario: Scenario, part: float, days: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.bool_]]
]:
    """Return intensity over that of an ordinary day of truce, and whether it has broken down."""
    share = np.array([kind.share for kind in scenario.acts.values()])
    parties = [scenario.parties[party_of_side(scenario, part, side)] for side in (0, 1)]
    level, breaks = np.zeros(len(days)), np.zeros(len(days), np.bool_)
    quarters = np.linspace(0.125, 0.875, 4)
    for party in parties:
        factor = np.ones((len(share), len(days)))
        for phase in scenario.phases:
            if phase.part[0] <= part <= phase.part[1] and phase.party in (None, party.id):
                chosen = [not phase.acts or name in phase.acts for name in scenario.acts]
                mean = np.mean([phase_factor(phase, days + q) for q in quarters], axis=0)
                factor[chosen] *= mean
                if phase.is_breakdown:
                    breaks |= (days + 1 > phase.day) & (days < phase.day + phase.days)
        level += party.intensity * (share[:, None] * factor).sum(axis=0) / share.sum()
    return level / sum(party.intensity for party in parties), breaks
