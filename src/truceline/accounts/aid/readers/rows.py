"""Rows of a sheet that stand for donors, and their amounts as rows of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from truceline.accounts.aid.donors import donor_of, donors
from truceline.accounts.aid.model import AID
from truceline.accounts.aid.sheets import Sheet

BILLION: Final = 1e9

_TOTALS: Final = ("total", "cumulative", "cummulative", "sum of", "all donors")
_TYPES: Final = {"military": "military", "financial": "financial", "humanitarian": "humanitarian"}


@dataclass(frozen=True)
class DonorRows:
    """Which rows of a sheet are donors, which are printed totals, and which are neither.

    Attributes
    ----------
    codes : polars.Series
        Code of the donor, null where the row is none.
    is_total : polars.Series
        True where the row prints a total of all donors.
    ignored : tuple of str
        Texts in the donor's column that are neither.
    """

    codes: pl.Series
    is_total: pl.Series
    ignored: tuple[str, ...] = ()

    @property
    def is_read(self) -> pl.Series:
        """True where the row holds figures: a donor's or the total's."""
        return self.codes.is_not_null() | self.is_total


def donor_rows(
    sheet: Sheet, heading: str, amounts: list[str], spellings: Mapping[str, str] | None = None
) -> DonorRows:
    """Tell donors from printed totals, and from notes below the table.

    A row whose amounts are all empty is a note. An unknown name with an amount is an error.
    `spellings` says which donor a name of this table alone stands for.
    """
    meant = {name.casefold(): donor for name, donor in (spellings or {}).items()}
    names = sheet.text(heading)
    filled = pl.any_horizontal(pl.col(h).is_not_null() for h in amounts)
    has = pl.DataFrame([sheet.text(h) for h in amounts]).select(filled).to_series()
    codes: list[str | None] = []
    totals: list[bool] = []
    ignored: list[str] = []
    known: dict[str, str] = {}
    for row, (name, holds) in enumerate(zip(names, has, strict=True)):
        is_total = bool(name) and any(word in name.casefold() for word in _TOTALS)
        totals.append(is_total and holds)
        if name is None or is_total or not holds:
            codes.append(None)
            if name is not None and not is_total:
                ignored.append(name)
            continue
        if name not in known:
            said = meant.get(name.casefold(), name)
            known[name] = donor_of(said, sheet.at(heading, row)).code
        codes.append(known[name])
    texts = pl.Series("donor", codes, dtype=pl.String())
    return DonorRows(texts, pl.Series("total", totals, dtype=pl.Boolean()), tuple(ignored))


def finished(release: str, table: pl.DataFrame) -> pl.DataFrame:
    """Add release, name and the trivial conversion of euros to euros, and conform.

    Amounts given in euros need no rate: `eur_per_unit` is 1 and says so.
    """
    names = {code: donor.name for code, donor in donors().items()}
    if "currency" not in table.columns:
        table = table.with_columns(
            pl.lit("EUR").alias("currency"),
            pl.col("amount").alias("amount_eur"),
            pl.lit(1.0).alias("eur_per_unit"),
            pl.lit("given in euros by the release").alias("rate_source"),
        )
    named = table.with_columns(
        pl.lit(release).alias("release"),
        pl.col("donor").replace_strict(names, default=pl.col("donor")).alias("donor_name"),
    )
    return AID.conform(named)


def type_of(text: pl.Expr) -> pl.Expr:
    """Return the kind of aid of a text such as `Military `; null where it is none of them."""
    return text.str.strip_chars().str.to_lowercase().replace_strict(_TYPES, default=None)


def melted(
    codes: pl.Series, columns: Mapping[str, pl.Series], keys: Mapping[str, Mapping[str, str]]
) -> pl.DataFrame:
    """Turn columns of amounts into rows, each with the keys of its column."""
    parts = [
        pl.DataFrame({"donor": codes, "amount": columns[heading]}).with_columns(
            pl.lit(value).alias(key) for key, value in keys[heading].items()
        )
        for heading in columns
    ]
    return pl.concat(parts, how="diagonal").filter(
        pl.col("donor").is_not_null() & pl.col("amount").is_not_null()
    )
