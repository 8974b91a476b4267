"""Two small invented releases to draw, and a page of them."""

import datetime as dt

import polars as pl
import pytest

from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import EU_SHARE, GDP, AidRelease, ReleaseInfo
from truceline.accounts.aid.readers.rows import finished

BN = 1e9
D = dt.date


def release(name, rows, cut_off, shares=()):
    table = pl.DataFrame(
        rows,
        schema=["donor", "date", "precision", "booked", "type", "measure", "amount"],
        orient="row",
        infer_schema_length=None,
    ).with_columns(pl.col("amount") * BN)
    info = ReleaseInfo(
        name, f"Invented tracker, release {name}", "Nobody <nobody> & co", cut_off, "invented",
        1.1, "invented", "invented",
    )  # fmt: skip
    product = [("FRA", 2000.0), ("JPN", 4000.0), ("DNK", 300.0), ("USA", 20_000.0)]
    return AidRelease(
        info=info,
        aid=finished(name, table),
        eu_share=pl.DataFrame(
            [(name, d, m, v * BN) for d, m, v in shares], schema=EU_SHARE.dtypes(), orient="row"
        ),
        gdp=pl.DataFrame(
            [(d, 2021, v * BN, "x") for d, v in product], schema=GDP.dtypes(), orient="row"
        ),
        notes=("a note",),
    )


FIRST = [
    ("FRA", D(2022, 3, 1), "day", None, "military", "allocation", 1.5),
    ("JPN", D(2022, 6, 1), "day", None, "financial", "allocation", 7.0),
    ("DNK", D(2022, 9, 1), "day", None, "military", "allocation", 2.0),
]
SECOND = [
    ("FRA", D(2022, 3, 1), "day", None, "military", "allocation", 1.5),
    ("FRA", D(2022, 12, 7), "day", None, "humanitarian", "allocation", 0.5),
    ("FRA", None, "undated", None, "military", "allocation", 1.0),
    ("FRA", None, "undated", D(2022, 11, 1), "humanitarian", "allocation", 0.25),
    ("JPN", D(2022, 6, 1), "day", None, "financial", "allocation", 5.0),
    ("JPN", D(2023, 2, 1), "day", None, "humanitarian", "allocation", 0.5),
    ("DNK", D(2022, 9, 1), "day", None, "military", "allocation", 2.0),
    ("USA", D(2022, 4, 9), "day", None, "military", "allocation", 40.0),
    ("USA", D(2022, 5, 9), "day", None, "financial", "allocation", 20.0),
    ("EUU", D(2022, 7, 9), "day", None, "financial", "allocation", 8.0),
    ("FRA", None, "period", None, "military", "commitment", 6.0),
    ("JPN", None, "period", None, "financial", "commitment", 5.0),
    ("DNK", None, "period", None, "military", "commitment", 2.5),
    ("USA", None, "period", None, "military", "commitment", 70.0),
    ("EUU", None, "period", None, "financial", "commitment", 9.0),
    ("JPN", D(2022, 8, 1), "month", None, "financial", "disbursement", 1.0),
]


@pytest.fixture(scope="session")
def releases():
    return {
        "1": release("1", FIRST, D(2022, 12, 31)),
        "2": release(
            "2", SECOND, D(2023, 3, 31),
            [("FRA", "allocation", 6.0), ("DNK", "allocation", 2.0),
             ("FRA", "commitment", 7.0), ("DNK", "commitment", 2.0)],
        ),
    }  # fmt: skip


@pytest.fixture(scope="session")
def indicators():
    months = pl.date_range(D(2021, 1, 1), D(2023, 12, 1), "1mo", eager=True)
    rates = pl.concat(
        pl.DataFrame({"month": months}).with_columns(
            pl.lit(code).alias("currency"),
            (base * (1.0 + pl.int_range(pl.len()) * 0.004)).alias("per_eur"),
        )
        for code, base in (("USD", 1.05), ("JPY", 130.0), ("DKK", 7.45))
    )
    rows = [("FRA", 2.9e12, 68e6), ("JPN", 5e12, 125e6), ("DNK", 4e11, 5.9e6), ("USA", 2.3e13, 3e8)]
    made = []
    for column in (1, 2):
        made.append(
            pl.DataFrame(
                [(r[0], 2021, float(r[column]), "invented") for r in rows],
                schema={"donor": pl.String(), "year": pl.Int32(), "value": pl.Float64(),
                        "source": pl.String()},
                orient="row",
            )
        )  # fmt: skip
    return Indicators(made[0], made[1], rates, rate_source="invented")
