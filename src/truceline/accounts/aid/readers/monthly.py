"""Long monthly tables: one row a donor and month, as the tracker's own site draws them."""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.accounts.aid.donors import ALL
from truceline.accounts.aid.model import EU_SHARE, STATED, ReleaseInfo
from truceline.accounts.aid.readers.country_sheet import CountrySheet, gdp_table
from truceline.accounts.aid.readers.rows import BILLION, DonorRows, donor_rows, finished
from truceline.accounts.aid.sheets import Sheet, with_header

_TYPES: Final = ("financial", "humanitarian", "military")
_REQUIRED: Final = ["iso", "year", "month", "total", *_TYPES, "commitments", "gdp"]


def read_monthly(sheet: Sheet, info: ReleaseInfo) -> CountrySheet:
    """Read allocations by kind and commitments (not split by kind), by donor and month.

    The table has no undated class: the release books such packages in a month of its
    choosing, often the last of a range.
    """
    placed = with_header(sheet, _REQUIRED)
    rows = donor_rows(placed, "iso", ["total"])
    kinds: list[tuple[str, str, str | None]] = [
        *((kind, "allocation", kind) for kind in _TYPES),
        ("commitments", "commitment", None),
    ]
    parts = [_amounts(placed, rows, *kind) for kind in kinds]
    return CountrySheet(
        aid=finished(info.name, pl.concat(parts).filter(pl.col("amount") != 0)),
        stated=_stated(placed, rows, info),
        gdp=gdp_table(rows.codes, placed.numbers("gdp", rows.is_read) * BILLION, info),
        notes=("packages without a date are booked in a month by the release itself",),
    )


def read_eu_shares(sheet: Sheet, info: ReleaseInfo) -> pl.DataFrame:
    """Read members' shares in the allocations of the EU institutions."""
    placed = with_header(sheet, ["iso", "eu_share_bn"])
    rows = donor_rows(placed, "iso", ["eu_share_bn"])
    table = pl.DataFrame(
        {"donor": rows.codes, "amount_eur": placed.numbers("eu_share_bn", rows.is_read) * BILLION}
    ).filter(pl.col("donor").is_not_null() & (pl.col("amount_eur") > 0))
    return EU_SHARE.conform(
        table.with_columns(
            pl.lit(info.name).alias("release"), pl.lit("allocation").alias("measure")
        )
    )


def read_month_totals(sheet: Sheet, info: ReleaseInfo) -> pl.DataFrame:
    """Read the release's own totals over all donors and months."""
    placed = with_header(sheet, ["total_allocations", *_TYPES])
    rows = [
        {
            "release": info.name,
            "donor": ALL,
            "measure": "allocation",
            "type": None if heading == "total_allocations" else heading,
            "amount_eur": float(placed.numbers(heading).sum()) * BILLION,
            "where": f"{sheet.path.name}: {heading}",
        }
        for heading in ("total_allocations", *_TYPES)
    ]
    return STATED.conform(pl.DataFrame(rows))


def read_disbursements(sheet: Sheet, info: ReleaseInfo) -> pl.DataFrame:
    """Read payments of financial aid by donor and month, billions of euros."""
    placed = with_header(sheet, ["giver", "aar", "maaned", "verdi_eur_mrd"])
    rows = donor_rows(placed, "giver", ["verdi_eur_mrd"])
    table = pl.DataFrame(
        {
            "donor": rows.codes,
            "date": _first_days(placed, "aar", "maaned"),
            "amount": placed.numbers("verdi_eur_mrd", rows.is_read) * BILLION,
        }
    ).filter(pl.col("donor").is_not_null())
    return finished(
        info.name,
        table.with_columns(
            pl.lit("month").alias("precision"),
            pl.lit("financial").alias("type"),
            pl.lit("disbursement").alias("measure"),
        ),
    )


def _amounts(
    sheet: Sheet, rows: DonorRows, heading: str, measure: str, kind: str | None
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "donor": rows.codes,
            "date": _first_days(sheet, "year", "month"),
            "amount": sheet.numbers(heading, rows.is_read) * BILLION,
        }
    ).select(
        pl.all(),
        pl.lit("month").alias("precision"),
        pl.lit(measure).alias("measure"),
        pl.lit(kind, dtype=pl.String()).alias("type"),
    )


def _stated(sheet: Sheet, rows: DonorRows, info: ReleaseInfo) -> pl.DataFrame:
    table = pl.DataFrame(
        {"donor": rows.codes, "amount_eur": sheet.numbers("total", rows.is_read) * BILLION}
    )
    sums = table.drop_nulls("donor").group_by("donor", maintain_order=True).sum()
    return STATED.conform(
        sums.with_columns(
            pl.lit(info.name).alias("release"),
            pl.lit("allocation").alias("measure"),
            pl.lit(f"{sheet.path.name}: total").alias("where"),
        )
    )


def _first_days(sheet: Sheet, year: str, month: str) -> pl.Series:
    parts = pl.DataFrame({"y": sheet.numbers(year), "m": sheet.numbers(month)})
    return parts.select(
        pl.date(pl.col("y").cast(pl.Int32), pl.col("m").cast(pl.Int32), 1).alias("date")
    ).to_series()
