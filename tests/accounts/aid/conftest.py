"""A small invented release, and a folder of it in every published shape."""

import datetime as dt

import polars as pl
import pytest

from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import AID, EU_SHARE, GDP, AidRelease, ReleaseInfo
from truceline.accounts.aid.readers.rows import finished

CUT_OFF = dt.date(2023, 3, 31)


def aid_rows(rows, name="test"):
    """Rows of (donor, date, precision, booked, type, measure, euros)."""
    table = pl.DataFrame(
        rows,
        schema=["donor", "date", "precision", "booked", "type", "measure", "amount"],
        orient="row",
        infer_schema_length=None,
    )
    return finished(name, table) if rows else AID.empty()


def make_release(rows, *, shares=(), gdp=(), name="test", cut_off=CUT_OFF, usd_per_eur=1.1):
    info = ReleaseInfo(
        name=name,
        title=f"Invented tracker, release {name}",
        citation="Nobody, Invented figures",
        cut_off=cut_off,
        cut_off_source="invented",
        usd_per_eur=usd_per_eur,
        rate_source="invented",
        gdp_source="invented",
    )
    share = pl.DataFrame(
        [(name, *s) for s in shares],
        schema=EU_SHARE.dtypes(),
        orient="row",
    )
    product = pl.DataFrame(
        [(d, 2021, g, "invented") for d, g in gdp], schema=GDP.dtypes(), orient="row"
    )
    return AidRelease(info=info, aid=aid_rows(rows, name), eu_share=share, gdp=product)


MARCH, MAY, JANUARY = dt.date(2022, 3, 1), dt.date(2022, 5, 10), dt.date(2023, 1, 20)
BOOKED = dt.date(2022, 12, 1)

ROWS = [
    ("FRA", MARCH, "day", None, "military", "allocation", 100.0),
    ("FRA", MAY, "day", None, "financial", "allocation", 50.0),
    ("FRA", None, "undated", BOOKED, "military", "allocation", 30.0),
    ("FRA", None, "undated", None, "humanitarian", "allocation", 20.0),
    ("JPN", JANUARY, "day", None, "financial", "allocation", 300.0),
    ("EUU", MAY, "day", None, "financial", "allocation", 80.0),
    ("EUU", JANUARY, "day", None, "humanitarian", "allocation", 20.0),
    ("DNK", MARCH, "day", None, "military", "allocation", 90.0),
    ("FRA", None, "period", None, "military", "commitment", 400.0),
    ("JPN", None, "period", None, "financial", "commitment", 250.0),
    ("EUU", None, "period", None, "financial", "commitment", 500.0),
    ("DNK", None, "period", None, "military", "commitment", 95.0),
]
SHARES = [("FRA", "allocation", 75.0), ("DNK", "allocation", 25.0)]
PRODUCT = [("FRA", 10_000.0), ("JPN", 20_000.0), ("DNK", 1_000.0)]


@pytest.fixture(scope="session")
def make():
    """Build a release of invented rows."""
    return make_release


@pytest.fixture(scope="session")
def invented():
    """Return rows, EU shares and products of the small release."""
    return ROWS, SHARES, PRODUCT


@pytest.fixture(scope="session")
def release():
    return make_release(ROWS, shares=SHARES, gdp=PRODUCT)


@pytest.fixture(scope="session")
def indicators():
    months = pl.date_range(dt.date(2021, 1, 1), dt.date(2023, 12, 1), "1mo", eager=True)
    rates = pl.concat(
        pl.DataFrame({"month": months}).with_columns(
            pl.lit(currency).alias("currency"),
            pl.when(pl.col("month") < dt.date(2023, 1, 1)).then(first).otherwise(then)
            .cast(pl.Float64).alias("per_eur"),
        )
        for currency, first, then in (("USD", 1.0, 1.2), ("JPY", 130.0, 150.0), ("DKK", 7.5, 7.5))
    )  # fmt: skip
    rows = [("FRA", 12_000.0), ("JPN", 24_000.0), ("DNK", 2_000.0), ("EUU", 99_000.0)]
    table = pl.DataFrame(
        {
            "donor": [d for d, _ in rows],
            "year": [2021] * 4,
            "value": [v for _, v in rows],
            "source": ["invented"] * 4,
        },
        schema_overrides={"year": pl.Int32()},
    )
    heads = table.with_columns((pl.col("value") / 1000).alias("value"))
    return Indicators(gdp_usd=table, population=heads, rates=rates, rate_source="invented")


SHEET_19 = (
    "country,eu_member,geographic_europe,financial_allocations__billion,"
    "humanitarian_allocations__billion,military_allocations__billion,"
    "total_bilateral_allocations__billion,financial_commitments__billion,"
    "humanitarian_commitments__billion,military_commitments__billion,"
    "total_bilateral_commitments__billion,gdp_2021__billion,"
    "share_in_total_eu_allocations__billion,share_in_total_eu_commitments__billion,"
    "total_bilateral_and_eu_commitments__billion"
)


@pytest.fixture
def folder(tmp_path):
    """Invented files in four published shapes, and the series they are measured against."""
    write = {
        "release_19/summary.csv": f"{SHEET_19}\n"
        "France,1,1,0.5,0.25,1,1.75,0.5,0.25,2,2.75,2000,0.75,1,3.75\n"
        "Japan,0,0,3,0.5,0,3.5,4,0.5,0,4.5,4000,0,0,4.5\n"
        "EU (Commission and Council),0,0,0.75,0,0,0.75,1,0,0,1,9000,0,0,1\n",
        "release_19/kinds.csv": "country,loan,grant,guarantee,central_bank_swap_line\n"
        "France,0.2,0.3,0,0\nJapan,1,1,0.5,0\nEU Institutions,0.75,0,0,0\n",
        "release_28/sheet.csv": "land,er_eu_medlem,er_geografisk_europa,financial_allocation,"
        "humanitarian_allocation,military_allocation,total_allocation,financial_commitment,"
        "humanitarian_commitment,military_commitment,total_commitment,total_allocation_inkl_eu,"
        "total_commitment_inkl_eu\n"
        "France,True,True,0,0,2,2,0,0,3,3,2.5,3.5\nJapan,False,False,1,0,0,1,1,0,0,1,1,1\n"
        "EU (Commission and Council),False,True,0.5,0,0,0.5,0.5,0,0,0.5,0.5,0.5\n",
        "release_28/rows.csv": "giver,dato,kategori,maal,verdi_eur,maaned_nr\n"
        "France,2022-03-01,Military ,Allocation,1500000000,3\n"
        "France,,Military,Allocation,500000000,12\n"
        "France,2022-03-01,Military,Commitment,0,3\n"
        "Japan,2023-05-01,Financial,Allocation,990000000,17\n"
        "European Investment Bank,2022-06-01,Financial,Allocation,500000000,6\n",
        "release_29/explorer.csv": "country,iso,year,month,total,financial,humanitarian,military,"
        "commitments,to_be_allocated,gdp,pct_gdp\n"
        "France,FRA,2022,3,1.5,0,0,1.5,2,0.5,2000,0.075\n"
        "Japan,JPN,2023,5,1,1,0,0,0.5,-0.5,4000,0.025\n"
        "EU (Commission and Council),EU,2022,6,0.5,0.5,0,0,0.5,0,0,0\n",
        "release_29/shares.csv": "country,iso,bilateral_pct_gdp,eu_share_pct_gdp,total_pct_gdp,"
        "eu_share_bn\nFrance,FRA,0,0,0,0.5\n",
        "release_29/info.csv": "release,period,date,label\n29,04/2026,2026-08-04,Invented\n",
        "series/gdp.csv": "Country Name,Country Code,Year,Value\nFrance,FRA,2021,3000000000000\n"
        "Japan,JPN,2021,5000000000000\n",
        "series/population.csv": "Country Name,Country Code,Year,Value\nFrance,FRA,2021,68000000\n",
        "series/monthly.csv": "Date,Country,Exchange rate\n2022-03-01,Euro,0.9\n2022-03-01,Japan,"
        "120\n2022-04-01,Euro,0.8\n2022-04-01,Japan,128\n",
    }
    for name, text in write.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path
