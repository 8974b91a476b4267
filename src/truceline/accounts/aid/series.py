"""Aid by month: what is dated, month by month, and what is not, beside it."""

from __future__ import annotations

import datetime as dt

import polars as pl

from truceline.accounts.aid.amounts import prepared
from truceline.accounts.aid.evaluation import STANDARD, Reading, release_factor
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import TYPES, AidRelease
from truceline.core.types.schema import Column, Schema

MONTHLY = Schema(
    "aid_monthly",
    (
        Column("donor", pl.String(), "Code of the donor."),
        Column("donor_name", pl.String(), "Name of the donor."),
        Column("month", pl.Date(), "First day; null is undated aid.", nullable=True),
        Column("type", pl.Enum(TYPES), "Kind of aid; null where not split.", nullable=True),
        Column("value", pl.Float64(), "Amount in the reading's unit.", nullable=True),
    ),
)


def monthly(
    release: AidRelease, reading: Reading = STANDARD, indicators: Indicators | None = None
) -> pl.DataFrame:
    """Return amounts by donor, month and kind; undated ones have no month.

    A release of sums over its whole period has no months: the table is empty. A month that
    is not over on the reading's last day is left out.

    Returns
    -------
    polars.DataFrame
        Of the schema `MONTHLY`, by donor, month and kind.
    """
    given = indicators if indicators is not None else Indicators()
    rows = prepared(release, given, eu_share=reading.eu_share)
    last = min(reading.cut_off or release.info.cut_off, release.info.cut_off)
    picked = rows.filter(
        (pl.col("measure") == reading.measure)
        & (pl.col("precision") != "period")
        & (pl.col("month").is_null() | (pl.col("month").dt.month_end() <= last))
    )
    if reading.kind != "all":
        picked = picked.filter(pl.col("type") == reading.kind)
    if not reading.undated:
        picked = picked.filter(pl.col("precision") != "undated")
    value = release_factor(release, reading, given).alias("value")
    summed = picked.with_columns(value).group_by("donor", "donor_name", "month", "type")
    table = summed.agg(pl.col("value").sum())
    return MONTHLY.conform(table.sort("donor", "month", "type", nulls_last=True))


def cumulative(table: pl.DataFrame, months: list[dt.date]) -> pl.DataFrame:
    """Return running sums of dated amounts by donor and kind, a row for every month.

    Parameters
    ----------
    table : polars.DataFrame
        Of the schema `MONTHLY`.
    months : list of datetime.date
        First days, in order.
    """
    dated = table.drop_nulls("month")
    keys = dated.select("donor", "donor_name", "type").unique(maintain_order=True)
    grid = keys.join(pl.DataFrame({"month": months}, schema={"month": pl.Date()}), how="cross")
    on = ["donor", "donor_name", "type", "month"]
    filled = grid.join(dated, on=on, how="left", nulls_equal=True).sort(on)
    running = pl.col("value").fill_null(0.0).cum_sum().over("donor", "type")
    return MONTHLY.conform(filled.with_columns(running.alias("value")))


def months_of(release: AidRelease) -> list[dt.date]:
    """Return the first days of all months from the first dated amount to the release's end."""
    last = release.info.cut_off.replace(day=1)
    return pl.date_range(release.first_month(), last, "1mo", eager=True).to_list()
