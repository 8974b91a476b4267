"""Two small tables of the tracker: instruments of financial aid, and what was paid out."""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.accounts.aid.model import ReleaseInfo
from truceline.accounts.aid.readers.rows import BILLION, donor_rows, finished
from truceline.accounts.aid.sheets import Sheet, with_header

_INSTRUMENTS: Final = {
    "loan": "loan",
    "grant": "grant",
    "guarantee": "guarantee",
    "central_bank_swap_line": "swap_line",
}


def with_instruments(aid: pl.DataFrame, sheet: Sheet) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Split financial allocations by instrument where the two tables agree.

    Where the instruments of a donor do not add up to its financial allocations, its amount
    stays whole with the instrument unknown, and a note says by how much they differ.
    """
    placed = with_header(sheet, ["country", *_INSTRUMENTS])
    rows = donor_rows(placed, "country", list(_INSTRUMENTS))
    split = pl.concat(
        pl.DataFrame(
            {"donor": rows.codes, "part": placed.numbers(h, rows.is_read) * BILLION}
        ).with_columns(pl.lit(name).alias("kind"))
        for h, name in _INSTRUMENTS.items()
    ).drop_nulls("donor")
    whole = (pl.col("measure") == "allocation") & (pl.col("type") == "financial")
    financial = aid.filter(whole)
    sums = split.group_by("donor").agg(pl.col("part").sum().alias("sum"))
    matched = financial.join(sums, on="donor").with_columns(
        (pl.col("sum") - pl.col("amount_eur")).alias("gap")
    )
    agreed = matched.filter(pl.col("gap").abs() <= 1e3)["donor"].to_list()
    parts = (
        financial.filter(pl.col("donor").is_in(agreed))
        .join(split.filter(pl.col("part") > 0), on="donor")
        .with_columns(
            pl.col("part").alias("amount"),
            pl.col("part").alias("amount_eur"),
            pl.col("kind").cast(aid["instrument"].dtype).alias("instrument"),
        )
        .select(aid.columns)
    )
    notes = tuple(
        f"instruments of {name} differ from its financial allocations by EUR {gap / 1e9:+.3f} bn"
        for name, gap in matched.filter(pl.col("gap").abs() > 1e3)
        .select("donor_name", "gap")
        .iter_rows()
    )
    kept = aid.filter(~(whole & pl.col("donor").is_in(agreed)).fill_null(False))
    return pl.concat([kept, parts]), notes


def read_paid_out(sheet: Sheet, info: ReleaseInfo) -> pl.DataFrame:
    """Read budget support paid out to the end of the release, billions of euros."""
    placed = with_header(sheet, ["country", "disbursements"])
    rows = donor_rows(placed, "country", ["disbursements"])
    table = pl.DataFrame(
        {
            "donor": rows.codes,
            "amount": placed.numbers("disbursements", rows.is_read) * BILLION,
        }
    ).drop_nulls()
    return finished(
        info.name,
        table.with_columns(
            pl.lit("period").alias("precision"),
            pl.lit("financial").alias("type"),
            pl.lit("disbursement").alias("measure"),
        ),
    )
