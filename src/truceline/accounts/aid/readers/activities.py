"""Rows of single activities: the tracker's main sheet, and its re-use as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from truceline.accounts.aid.model import AID
from truceline.accounts.aid.readers.rows import donor_rows, finished, type_of
from truceline.accounts.aid.sheets import Sheet, plain, with_header
from truceline.core.types.errors import InputError


@dataclass(frozen=True)
class ActivityColumns:
    """Headings of a sheet of activities.

    Attributes
    ----------
    donor, date, type, measure, amount : str
        Who, when, which kind of aid, commitment or allocation, euros.
    month : str or None
        Number of the month an undated amount is booked in, January 2022 being 1.
    currency : str or None
        Column that must say euro in every row.
    """

    donor: str
    date: str
    type: str
    measure: str
    amount: str
    month: str | None = None

    @property
    def required(self) -> list[str]:
        """All headings that must be there."""
        return [self.donor, self.date, self.type, self.measure, self.amount]


#: The tracker's own sheet of activities.
MAIN_SHEET: Final = ActivityColumns(
    "donor",
    "announcement_date",
    "aid_type_general",
    "measure",
    "tot_sub_activity_value_EUR",
    "month_number",
)
#: The same rows as another project publishes them.
NORWAY: Final = ActivityColumns("giver", "dato", "kategori", "maal", "verdi_eur", "maaned_nr")

_MEASURES: Final[Mapping[str, str]] = {"allocation": "allocation", "commitment": "commitment"}


def read_activities(sheet: Sheet, columns: ActivityColumns, release: str) -> pl.DataFrame:
    """Read activities: each row's own amount, which may be summed.

    `tot_activity_value_EUR` repeats in every row of an activity and is not read. Commitment
    rows carry their amount only there, so the rows of commitments give no sums; the country
    sheet of the release gives those.
    """
    placed = with_header(sheet, columns.required)
    rows = donor_rows(placed, columns.donor, [columns.type, columns.measure])
    table = pl.DataFrame(
        {
            "donor": rows.codes,
            "date": placed.dates(columns.date),
            "type_text": placed.text(columns.type),
            "measure_text": placed.text(columns.measure),
            "amount": placed.numbers(columns.amount, rows.codes.is_not_null()),
            "month": _months(placed, columns),
        }
    ).with_columns(
        type_of(pl.col("type_text")).alias("type"),
        pl.col("measure_text").str.to_lowercase().replace_strict(_MEASURES, default=None),
    )
    table = table.rename({"measure_text": "measure"}).with_columns(rows.codes.alias("donor"))
    _check_words(placed, table, columns)
    kept = table.filter(
        pl.col("donor").is_not_null()
        & pl.col("amount").is_not_null()
        & (pl.col("measure") == "allocation")
    )
    dated = kept.with_columns(
        pl.when(pl.col("date").is_null())
        .then(pl.lit("undated"))
        .otherwise(pl.lit("day"))
        .alias("precision"),
        pl.when(pl.col("date").is_null()).then(_booked(pl.col("month"))).alias("booked"),
    )
    return finished(release, dated) if dated.height else AID.empty()


def _months(sheet: Sheet, columns: ActivityColumns) -> pl.Series:
    if columns.month is None or plain(columns.month) not in sheet.columns:
        return pl.Series("month", [None] * sheet.height, dtype=pl.Float64())
    return sheet.numbers(columns.month)


def _booked(month: pl.Expr) -> pl.Expr:
    """Return the first day of a month counted from January 2022 = 1; 0 is none."""
    number = month.cast(pl.Int32) - 1
    day = pl.date(2022 + number // 12, number % 12 + 1, 1)
    return pl.when(month > 0).then(day)


def _check_words(sheet: Sheet, table: pl.DataFrame, columns: ActivityColumns) -> None:
    for key, heading, expected in (
        ("type", columns.type, "Military, Financial or Humanitarian"),
        ("measure", columns.measure, "Allocation or Commitment"),
    ):
        wrong = table.select(pl.col("donor").is_not_null() & pl.col(key).is_null()).to_series()
        if wrong.any():
            row = int(wrong.arg_max() or 0)
            found = sheet.text(heading)[row]
            raise InputError(
                f"{expected} was expected, found {found!r}.",
                where=sheet.at(heading, row),
                hint="Correct the cell; a kind that is not listed cannot be summed.",
            )
