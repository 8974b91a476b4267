"""How soon a breakdown is told, and whether the state of each day is right."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.types.time import DAY
from truceline.rehearsal.scores.answers import Answers

#: False alarms that all programs are held to: one a sector in so many quiet days.
QUIET_DAYS_PER_ALARM = 100.0


def state_figures(answers: Answers, truth: pl.DataFrame) -> dict[str, object]:
    """Return how many sector-days a program judged rightly, wrongly and not at all.

    Parameters
    ----------
    truth : polars.DataFrame
        Schema `TRUE_STATE`.
    """
    if answers.states.is_empty() or truth.is_empty():
        return {"n": 0}
    both = truth.select("sector", "t_start", so="state").join(
        answers.states.select("sector", "t_start", "state"), on=["sector", "t_start"]
    )
    if both.is_empty():
        return {"n": 0}
    confusion = both.group_by("so", "state").len("n").sort("so", "state")
    told = both.filter(pl.col("state") != "not known")
    return {
        "n": len(both),
        "share_told": len(told) / len(both),
        "right_when_told": None if told.is_empty() else float((told["so"] == told["state"]).mean()),  # type: ignore[arg-type]
        "confusion": [{"true": str(a), "said": str(b), "n": n} for a, b, n in confusion.rows()],
    }


def breakdown_figures(
    incidents: pl.DataFrame, truth: pl.DataFrame, sectors: dict[str, str | None]
) -> dict[str, object]:
    """Return the delay to a breakdown at a stated rate of false alarms.

    Each program's sum of probabilities a sector and day is compared with the level that
    quiet sector-days pass once in 100; the delay is to the first day on which it does.

    Parameters
    ----------
    incidents : polars.DataFrame
        Columns `answer_id`, `t_start`, `p_hostile`.
    sectors : dict
        Sector of each answer.
    """
    if truth.is_empty():
        return {"sectors": 0}
    days = _levels(incidents, truth, sectors)
    quiet = days.filter(~pl.col("is_breakdown"))["level"].to_numpy()
    broken = days.filter(pl.col("is_breakdown"))
    if broken.is_empty() or not len(quiet):
        return {"sectors": 0}
    limit = float(np.quantile(quiet, 1.0 - 1.0 / QUIET_DAYS_PER_ALARM))
    first = broken.group_by("sector").agg(
        began=pl.col("day").min(),
        told=pl.col("day").filter(pl.col("level") > limit).min(),
    )
    delay = (first["told"] - first["began"]).drop_nulls().to_numpy()
    return {
        "sectors": len(first),
        "told": len(delay),
        "delay_days_median": None if not len(delay) else float(np.median(delay)),
        "level": limit,
        "quiet_days_per_alarm": QUIET_DAYS_PER_ALARM,
    }


def _levels(
    incidents: pl.DataFrame, truth: pl.DataFrame, sectors: dict[str, str | None]
) -> pl.DataFrame:
    """Return the true sector-days, each with the sum of probabilities said of it."""
    origin = int(truth["t_start"].min())  # type: ignore[arg-type]
    daily = (
        incidents.with_columns(
            sector=pl.col("answer_id").replace_strict(
                sectors, default=None, return_dtype=pl.String
            ),
            day=(pl.col("t_start") - origin) // DAY,
        )
        .group_by("sector", "day")
        .agg(level=pl.col("p_hostile").sum())
    )
    days = truth.with_columns(day=(pl.col("t_start") - origin) // DAY).join(
        daily, on=["sector", "day"], how="left"
    )
    return days.with_columns(pl.col("level").fill_null(0.0))
