"""What a later release changed: revisions of the past apart from what is new."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from truceline.accounts.aid.evaluation import STANDARD, Reading, totals
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import AidRelease
from truceline.core.types.schema import Column, Schema

CHANGE = Schema(
    "aid_change",
    (
        Column("donor", pl.String(), "Code of the donor."),
        Column("donor_name", pl.String(), "Name of the donor."),
        Column("before", pl.Float64(), "Total in the earlier release.", nullable=True),
        Column("after", pl.Float64(), "Total in the later release.", nullable=True),
        Column("change", pl.Float64(), "Later less earlier.", nullable=True),
        Column(
            "same_period",
            pl.Float64(),
            "Total in the later release up to the earlier one's last day.",
            nullable=True,
        ),
        Column(
            "revision",
            pl.Float64(),
            "Change of the same period: what was rewritten, not what is new.",
            nullable=True,
        ),
        Column("new", pl.Float64(), "What came after the earlier one's last day.", nullable=True),
    ),
)


def diff_releases(
    before: AidRelease,
    after: AidRelease,
    reading: Reading = STANDARD,
    indicators: Indicators | None = None,
) -> pl.DataFrame:
    """Compare two releases donor by donor, and split the change where dates allow.

    A total that falls can only be a revision. A total that rises is part revision, part new
    aid; the two are told apart where the later release has dates. Undated amounts that are
    booked in no month count as of the same period. The reading's unit is computed anew for
    both: printed shares of GDP of two releases cannot be compared.

    Returns
    -------
    polars.DataFrame
        Of the schema `CHANGE`, the largest change first.
    """
    earlier = totals(before, reading, indicators).select(
        "donor", pl.col("donor_name").alias("_name"), pl.col("value").alias("before")
    )
    later = totals(after, reading, indicators).select(
        "donor", "donor_name", pl.col("value").alias("after")
    )
    cut = replace(reading, cut_off=before.info.cut_off)
    same = totals(after, cut, indicators).select("donor", pl.col("value").alias("same_period"))
    joined = earlier.join(later, on="donor", how="full", coalesce=True).join(
        same, on="donor", how="left"
    )
    table = joined.with_columns(
        pl.coalesce("donor_name", "_name").alias("donor_name"),
        (pl.col("after") - pl.col("before")).alias("change"),
        (pl.col("same_period") - pl.col("before")).alias("revision"),
        (pl.col("after") - pl.col("same_period")).alias("new"),
    )
    return CHANGE.conform(
        table.sort(pl.col("change").abs(), "donor", descending=[True, False], nulls_last=True)
    )
