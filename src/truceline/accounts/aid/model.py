"""The one model of aid: a row an amount, with its date, its kind and every conversion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from truceline.core.types.schema import Column, Schema

_S = pl.String()
_F = pl.Float64()

#: How well the date of an amount is known. `period` is a sum over all the time a release
#: covers; `undated` is a package whose day was never published.
PRECISIONS: Final = ("day", "month", "period", "undated")
TYPES: Final = ("military", "financial", "humanitarian")
MEASURES: Final = ("commitment", "allocation", "disbursement")
INSTRUMENTS: Final = ("grant", "loan", "guarantee", "swap_line", "in_kind")

AID = Schema(
    "aid",
    (
        Column("release", _S, "The release the amount was read from."),
        Column("donor", _S, "ISO 3166-1 alpha-3 code, `EUU` for the EU institutions."),
        Column("donor_name", _S, "The donor's name."),
        Column("date", pl.Date(), "Day, or first day of the month.", nullable=True),
        Column("precision", pl.Enum(PRECISIONS), "How well the date is known."),
        Column("booked", pl.Date(), "Month an undated amount is booked in.", nullable=True),
        Column("type", pl.Enum(TYPES), "Kind of aid; null where not split.", nullable=True),
        Column("measure", pl.Enum(MEASURES), "Commitment, allocation or disbursement."),
        Column("instrument", pl.Enum(INSTRUMENTS), "Grant, loan, ... where told.", nullable=True),
        Column("amount", _F, "The amount as given.", nullable=True),
        Column("currency", _S, "Currency it is given in, ISO 4217."),
        Column("amount_eur", _F, "The amount in euros.", nullable=True),
        Column("eur_per_unit", _F, "Rate of that conversion.", nullable=True, low=0),
        Column("rate_date", _S, "Day or month of the rate.", nullable=True),
        Column("rate_source", _S, "Where the rate is from.", nullable=True),
    ),
)

EU_SHARE = Schema(
    "eu_share",
    (
        Column("release", _S, "The release."),
        Column("donor", _S, "A member state."),
        Column("measure", pl.Enum(MEASURES), "Commitment or allocation."),
        Column("amount_eur", _F, "Its share in aid of the EU institutions, euros."),
    ),
)

STATED = Schema(
    "stated_total",
    (
        Column("release", _S, "The release."),
        Column("donor", _S, "Code of the donor, `*` for all donors together."),
        Column("measure", pl.Enum(MEASURES), "What is summed."),
        Column("type", pl.Enum(TYPES), "Kind of aid; null is all kinds.", nullable=True),
        Column("amount_eur", _F, "The total as the release prints it, euros."),
        Column("where", _S, "File and column it stands in."),
    ),
)

GDP = Schema(
    "gdp",
    (
        Column("donor", _S, "Code of the state."),
        Column("year", pl.Int32(), "Year of the product."),
        Column("gdp_eur", _F, "Gross domestic product in current euros.", low=0),
        Column("vintage", _S, "Who computed it, and when."),
    ),
)


@dataclass(frozen=True)
class ReleaseInfo:
    """What a release is: its number, the day it ends, its rate and its sources.

    Attributes
    ----------
    name : str
        Number or name of the release.
    title, citation : str
        What to print beside every figure.
    cut_off : datetime.date
        Last day the release covers.
    cut_off_source : str
        Where that day is from.
    usd_per_eur : float or None
        The one fixed rate of the release; None where it has none.
    rate_source, gdp_source : str
        Where the rate and the denominators are from.
    """

    name: str
    title: str
    citation: str
    cut_off: dt.date
    cut_off_source: str = ""
    usd_per_eur: float | None = None
    rate_source: str = ""
    gdp_source: str = ""


@dataclass(frozen=True)
class AidRelease:
    """All that was read of one release.

    Attributes
    ----------
    info : ReleaseInfo
        What the release is.
    aid, eu_share, stated, gdp : polars.DataFrame
        Tables of the schemas `AID`, `EU_SHARE`, `STATED` and `GDP`.
    files : mapping
        SHA-256 of every file read, by its name.
    notes : tuple of str
        What the reader met that a user should know.
    """

    info: ReleaseInfo
    aid: pl.DataFrame = field(default_factory=AID.empty)
    eu_share: pl.DataFrame = field(default_factory=EU_SHARE.empty)
    stated: pl.DataFrame = field(default_factory=STATED.empty)
    gdp: pl.DataFrame = field(default_factory=GDP.empty)
    files: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the release."""
        return self.info.name

    @cached_property
    def split_measures(self) -> frozenset[str]:
        """Measures that the release splits by kind of aid, in part or whole."""
        return frozenset(self.aid.drop_nulls("type")["measure"].unique())

    @cached_property
    def measures(self) -> frozenset[str]:
        """Measures that the release holds."""
        return frozenset(self.aid["measure"].unique())

    def largest_sum(self) -> float:
        """Return the most that one donor gave under one measure, euros."""
        return self._largest_sum

    @cached_property
    def _largest_sum(self) -> float:
        sums = self.aid.group_by("donor", "measure").agg(pl.col("amount_eur").sum())
        return float(sums["amount_eur"].to_numpy().max(initial=0.0))

    def donors(self) -> pl.DataFrame:
        """Return `donor` and `donor_name` of all donors of the release, by code."""
        return self._donors

    @cached_property
    def _donors(self) -> pl.DataFrame:
        return self.aid.select("donor", "donor_name").unique("donor").sort("donor")

    def first_month(self) -> dt.date:
        """Return the first month with a dated amount, or January of the cut-off's year."""
        dated = self.aid["date"].drop_nulls()
        first = dated.min() if len(dated) else None
        if isinstance(first, dt.date):
            return first.replace(day=1)
        return self.info.cut_off.replace(month=1, day=1)
