"""What heat seen from space weighs, over the background of its place and season."""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.evidence.background.permanent_heat import mark_permanent
from truceline.evidence.background.rates import (
    CELL_KM2,
    Background,
    expected_rate,
    probability_of_any,
)
from truceline.judgement.parameters import Parameters

#: Chance a day that a spot of permanent heat is seen burning.
PERMANENT_RATE: Final = 0.5

#: Chance of heat on a day where no background was fitted.
UNFITTED_RATE: Final = 0.02


def heat_of(
    rows: pl.DataFrame, background: Background, permanent: pl.DataFrame, parameters: Parameters
) -> list[pl.Series]:
    """Return `heat`, the bits of heat over its background, and what it stands on.

    All are null in rows that are no heat seen from space.

    Parameters
    ----------
    rows : polars.DataFrame
        Columns `instrument`, `source`, `phenomenon`, `lon`, `lat` and `t_start`.
    background, permanent, parameters
        As for `witness_terms`.

    Returns
    -------
    list of polars.Series
        `heat`; `rate`, the chance a day of heat here without a hostile act; and of `permanent`
        and `fitted`, whether the rate is that of permanent heat, or of a fitted background.
    """
    at = (rows["instrument"] == "satellite_thermal").arg_true()
    hot = rows.select("source", "phenomenon", "lon", "lat", "t_start")[at]
    placed = mark_permanent(expected_rate(background, hot), permanent)
    site = parameters.site_km2 / CELL_KM2
    local = probability_of_any(placed["background_rate"], placed["background_shape"], site)
    p = parameters.heat_report
    found = placed.select(
        "permanent",
        fitted=pl.col("background_rate").is_not_null(),
        rate=pl.when("permanent")
        .then(PERMANENT_RATE)
        .when(pl.col("background_rate").is_not_null())
        .then(pl.Series(local))
        .otherwise(UNFITTED_RATE)
        .clip(1e-6, 1.0),
    ).select(
        "permanent",
        "fitted",
        "rate",
        heat=((p + pl.col("rate") - p * pl.col("rate")) / pl.col("rate")).log(2),
    )
    # Scattered back among the rows that are none.
    where = pl.Series([None], dtype=pl.UInt32).new_from_index(0, len(rows))
    where = where.scatter(at, pl.int_range(len(at), dtype=pl.UInt32, eager=True))
    return found.select(pl.all().gather(where)).get_columns()


def heat_words() -> pl.Expr:
    """Return the sentence on what the weight of heat stands on; null where there is none."""
    return (
        pl.when(pl.col("heat").is_null())
        .then(pl.lit(None, pl.String))
        .when("permanent")
        .then(pl.lit("permanent heat: burns without any hostile act"))
        .when("fitted")
        .then(
            pl.format(
                "heat; background shows it here on {} % of days in this season",
                (100 * pl.col("rate")).round_sig_figs(2),
            )
        )
        .otherwise(pl.lit("heat, where no background is known"))
    )
