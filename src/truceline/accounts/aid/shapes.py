"""What a file of aid data is, from its headings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from truceline.accounts.aid.sheets import plain


@dataclass(frozen=True)
class Shape:
    """A published layout and the headings that give it away."""

    name: str
    marks: tuple[str, ...]
    title: str


SHAPES: Final = (
    Shape(
        "country_sheet_r19",
        ("financial_allocations__billion", "total_bilateral_and_eu_commitments__billion"),
        "country sheet in euros, release 19",
    ),
    Shape(
        "country_sheet_usd",
        ("financial_allocations__billion", "total_bilateral_and_eu_assistance__billion"),
        "country sheet in dollars, release 19",
    ),
    Shape(
        "country_sheet_r25",
        ("Total bilateral and EU allocations", "Allocations % GDP 2021"),
        "country sheet, release 25",
    ),
    Shape(
        "country_sheet_norway",
        ("land", "total_allocation_inkl_eu", "total_commitment_inkl_eu"),
        "country sheet with EU shares, release 28",
    ),
    Shape("relative", ("land", "bnp_eur_mrd", "andel_bnp_pct"), "denominators, release 28"),
    Shape("activities", ("giver", "dato", "kategori", "maal", "verdi_eur"), "activities"),
    Shape("disbursements", ("giver", "aar", "maaned", "verdi_eur_mrd"), "payments by month"),
    Shape("monthly", ("iso", "commitments", "to_be_allocated", "pct_gdp"), "monthly site data"),
    Shape("eu_shares", ("iso", "eu_share_bn", "eu_share_pct_gdp"), "members' EU shares"),
    Shape("month_totals", ("year", "month", "total_allocations"), "totals by month"),
    Shape("release_info", ("release", "period", "label"), "label of the release"),
    Shape("instruments", ("country", "loan", "grant", "central_bank_swap_line"), "instruments"),
    Shape(
        "paid_out",
        ("country", "allocations_loans_grants_and_guarantees", "disbursements"),
        "budget support paid out",
    ),
    Shape("world_bank", ("Country Name", "Country Code", "Year", "Value"), "World Bank series"),
    Shape("exchange_rates", ("Date", "Country", "Exchange rate"), "exchange rates"),
)


def shape_of(path: Path) -> str | None:
    """Return the name of a CSV file's shape, or None where none is known.

    The first rows are looked at, so a title above the header does no harm.
    """
    with path.open("rb") as stream:
        head = stream.read(8192).decode("utf-8-sig", "replace")
    for line in head.splitlines()[:40]:
        cells = {plain(cell.strip().strip('"')) for cell in line.split(",")}
        for shape in SHAPES:
            if all(plain(mark) in cells for mark in shape.marks):
                return shape.name
    return None
