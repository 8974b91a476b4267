"""Do our sums equal the totals that the release itself prints? Where not, by how much."""

from __future__ import annotations

import polars as pl

from truceline.accounts.aid.amounts import INSTITUTIONS
from truceline.accounts.aid.donors import ALL
from truceline.accounts.aid.model import MEASURES, TYPES, AidRelease
from truceline.core.types.schema import Column, Schema

#: Differences up to so many euros are rounding: the sources print to a thousand or finer.
ROUNDING_EUR = 5_000.0

RECONCILIATION = Schema(
    "reconciliation",
    (
        Column("release", pl.String(), "The release."),
        Column("donor", pl.String(), "Code of the donor, `*` for all together."),
        Column("measure", pl.Enum(MEASURES), "What is summed."),
        Column("type", pl.Enum(TYPES), "Kind of aid; null is all kinds.", nullable=True),
        Column("ours_eur", pl.Float64(), "The sum of the rows read, euros."),
        Column("stated_eur", pl.Float64(), "The total as printed, euros."),
        Column("difference_eur", pl.Float64(), "Ours less stated, euros."),
        Column("agrees", pl.Boolean(), "True where the difference is rounding."),
        Column("where", pl.String(), "Where the stated total stands."),
    ),
)


def reconcile(release: AidRelease) -> pl.DataFrame:
    """Compare every total the release states with the sum of the rows read.

    Shares in EU aid are held against the institutions' own aid by the same rule.

    Returns
    -------
    polars.DataFrame
        Of the schema `RECONCILIATION`, the largest differences first.
    """
    ours = _ours(release.aid)
    joined = release.stated.join(
        ours, on=["donor", "measure", "type"], how="left", nulls_equal=True
    ).with_columns(pl.col("ours_eur").fill_null(0.0))
    table = joined.with_columns(pl.col("amount_eur").alias("stated_eur")).drop("amount_eur")
    both = pl.concat([table.select(_COLUMNS), _shares(release).select(_COLUMNS)])
    difference = pl.col("ours_eur") - pl.col("stated_eur")
    done = both.with_columns(
        difference.alias("difference_eur"), (difference.abs() <= ROUNDING_EUR).alias("agrees")
    )
    return RECONCILIATION.conform(
        done.sort(
            pl.col("difference_eur").abs(), "donor", "measure", descending=[True, False, False]
        )
    )


_COLUMNS = ["release", "donor", "measure", "type", "ours_eur", "stated_eur", "where"]


def _ours(aid: pl.DataFrame) -> pl.DataFrame:
    amount = pl.col("amount_eur").sum().alias("ours_eur")
    typed = aid.drop_nulls("type")
    none = pl.lit(None, dtype=aid["type"].dtype).alias("type")
    everyone = pl.lit(ALL).alias("donor")
    parts = [
        aid.group_by("donor", "measure").agg(amount).with_columns(none),
        typed.group_by("donor", "measure", "type").agg(amount),
        aid.group_by("measure").agg(amount).with_columns(none, everyone),
        typed.group_by("measure", "type").agg(amount).with_columns(everyone),
    ]
    return pl.concat(part.select("donor", "measure", "type", "ours_eur") for part in parts)


def _shares(release: AidRelease) -> pl.DataFrame:
    bodies = release.aid.filter(donor=INSTITUTIONS).group_by("measure")
    whole = bodies.agg(pl.col("amount_eur").sum().alias("stated_eur"))
    shared = release.eu_share.group_by("measure").agg(pl.col("amount_eur").sum().alias("ours_eur"))
    return shared.join(whole, on="measure").with_columns(
        pl.lit(release.name).alias("release"),
        pl.lit(INSTITUTIONS).alias("donor"),
        pl.lit(None, dtype=release.aid["type"].dtype).alias("type"),
        pl.lit("members' shares against the institutions' own aid").alias("where"),
    )
