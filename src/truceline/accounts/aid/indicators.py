"""What aid is measured against: product, heads, exchange rates and prices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from truceline.accounts.aid.donors import declared
from truceline.accounts.aid.shapes import shape_of
from truceline.core.types.errors import InputError, Where

#: Whose currency a row of the exchange-rate file is; its other rows are currencies gone.
_CURRENCIES: Final = {
    "Australia": "AUD",
    "Canada": "CAD",
    "China": "CNY",
    "Denmark": "DKK",
    "Euro": "EUR",
    "India": "INR",
    "Japan": "JPY",
    "New Zealand": "NZD",
    "Norway": "NOK",
    "South Korea": "KRW",
    "Sweden": "SEK",
    "Switzerland": "CHF",
    "Taiwan": "TWD",
    "United Kingdom": "GBP",
}

_NONE = pl.DataFrame(
    schema={"donor": pl.String(), "year": pl.Int32(), "value": pl.Float64(), "source": pl.String()}
)
_NO_RATES = pl.DataFrame(
    schema={"month": pl.Date(), "currency": pl.String(), "per_eur": pl.Float64()}
)


@dataclass(frozen=True)
class Prices:
    """A price level by year: one index for all donors.

    Attributes
    ----------
    index, source : str
        What it is and who says so.
    base : int
        Year in whose prices amounts are told.
    annual : mapping
        Level by year.
    """

    index: str
    source: str
    base: int
    annual: Mapping[int, float]

    def level(self, year: int) -> float | None:
        """Return the level of a year; after the last year of the index, its last level."""
        if year in self.annual:
            return self.annual[year]
        last = max(self.annual)
        return self.annual[last] if year > last else None


@cache
def euro_area_prices() -> Prices:
    """Return the declared price index of the euro area."""
    row = declared("prices.yaml")
    annual: Mapping[int, float] = row["annual"]  # type: ignore[assignment]
    return Prices(str(row["index"]), str(row["source"]), int(str(row["base"])), annual)


@dataclass(frozen=True)
class Indicators:
    """Denominators and rates.

    Attributes
    ----------
    gdp_usd, population : polars.DataFrame
        `donor`, `year`, `value`, `source`.
    rates : polars.DataFrame
        `month`, `currency`, `per_eur`: units of a currency for one euro, mean of the month.
    prices : Prices
        Price level for constant euros.
    rate_source : str
        Where the rates are from.
    """

    gdp_usd: pl.DataFrame = field(default_factory=_NONE.clone)
    population: pl.DataFrame = field(default_factory=_NONE.clone)
    rates: pl.DataFrame = field(default_factory=_NO_RATES.clone)
    prices: Prices = field(default_factory=euro_area_prices)
    rate_source: str = "none"

    def usd_per_eur_in(self, year: int) -> float | None:
        """Return the mean of a year's monthly rates, dollars for a euro."""
        rows = self.rates.filter(
            (pl.col("currency") == "USD") & (pl.col("month").dt.year() == year)
        )
        mean = rows["per_eur"].mean()
        return float(mean) if isinstance(mean, float) else None


def load_indicators(folder: Path) -> Indicators:
    """Read every series of product, heads and rates found in a folder and below it.

    Files are known by their headings and magnitudes, not by their names.
    """
    gdp, heads, rates = [_NONE], [_NONE], [_NO_RATES]
    for path in sorted(folder.rglob("*.csv")):
        shape = shape_of(path)
        if shape == "world_bank":
            table, is_product = read_world_bank(path)
            (gdp if is_product else heads).append(table)
        elif shape == "exchange_rates":
            rates.append(read_rates(path))
    for path in sorted(folder.rglob("*.json")):
        found = read_wdi(path)
        if found is not None:
            gdp.append(found[0])
            heads.append(found[1])
    best = max(rates, key=lambda table: table.height)
    return Indicators(
        gdp_usd=pl.concat(gdp).unique(["donor", "year"], keep="first", maintain_order=True),
        population=pl.concat(heads).unique(["donor", "year"], keep="first", maintain_order=True),
        rates=best,
        rate_source="Federal Reserve H.10, monthly means" if best.height else "none",
    )


def read_world_bank(path: Path) -> tuple[pl.DataFrame, bool]:
    """Read a World Bank series; true beside it where it is product and not heads.

    Both come in the same columns. The largest product of a state is above 10^12 dollars in
    any year since 1970, and no head count is.
    """
    table = _read(path, {"Country Code": pl.String(), "Year": pl.Int32(), "Value": pl.Float64()})
    largest = table["Value"].max()
    is_product = isinstance(largest, float) and largest > 1e12
    source = f"World Bank {'NY.GDP.MKTP.CD' if is_product else 'SP.POP.TOTL'}"
    renamed = table.select(
        pl.col("Country Code").alias("donor"),
        pl.col("Year").alias("year"),
        pl.col("Value").alias("value"),
        pl.lit(source).alias("source"),
    )
    return renamed.drop_nulls(), is_product


def read_rates(path: Path) -> pl.DataFrame:
    """Read rates in units per dollar and turn them into units per euro, by month.

    A file of years has no rates by month: it gives an empty table.
    """
    columns = {"Date": pl.Date(), "Country": pl.String(), "Exchange rate": pl.Float64()}
    table = _read(path, columns)
    if (table["Date"].dt.month() == 1).all():
        return _NO_RATES
    per_usd = table.drop_nulls().select(
        pl.col("Date").dt.truncate("1mo").alias("month"),
        pl.col("Country").replace_strict(_CURRENCIES, default=None).alias("currency"),
        pl.col("Exchange rate").alias("per_usd"),
    )
    per_usd = per_usd.drop_nulls("currency")
    euro = per_usd.filter(currency="EUR").select("month", pl.col("per_usd").alias("eur_per_usd"))
    dollars = euro.select("month", pl.lit("USD").alias("currency"), pl.lit(1.0).alias("per_usd"))
    both = pl.concat([per_usd, dollars]).join(euro, on="month")
    return both.select(
        "month", "currency", (pl.col("per_usd") / pl.col("eur_per_usd")).alias("per_eur")
    ).sort("currency", "month")


def read_wdi(path: Path) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Read product and heads of one year from a JSON digest; None if it is another file."""
    try:
        loaded: Any = json.loads(path.read_text("utf-8"))
    except ValueError as cause:
        raise InputError(
            "the file is not JSON.", where=Where(str(path)), hint="Download it again."
        ) from cause
    if not isinstance(loaded, dict) or "land" not in loaded or "indikatorer" not in loaded:
        return None
    fetched = loaded.get("hentet_dato", "day not stated")
    rows = list(loaded["land"].values())
    return (
        _digest(rows, "bnp_usd", "bnp_aar", f"World Bank WDI fetched {fetched}"),
        _digest(rows, "folketall", "folketall_aar", f"World Bank WDI fetched {fetched}"),
    )


def _digest(rows: list[dict[str, Any]], value: str, year: str, source: str) -> pl.DataFrame:
    table = pl.DataFrame(
        {
            "donor": [row["iso3"] for row in rows],
            "year": [row[year] for row in rows],
            "value": [row[value] for row in rows],
        },
        schema={"donor": pl.String(), "year": pl.Int32(), "value": pl.Float64()},
        strict=False,
    )
    return table.with_columns(pl.lit(source).alias("source")).drop_nulls()


def _read(path: Path, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    try:
        return pl.read_csv(
            path, columns=list(columns), schema_overrides=dict(columns), null_values=[""]
        )
    except pl.exceptions.PolarsError as cause:
        raise InputError(
            f"a value is not of the kind expected: {str(cause).splitlines()[0]}",
            where=Where(str(path)),
            hint=f"Columns expected: {', '.join(columns)}.",
        ) from cause
