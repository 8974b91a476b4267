"""Published figures of one release as readings, so that checks can be followed by hand."""

import datetime as dt

import polars as pl
import pytest

from truceline.accounts.aid.readings import AID_VALUE

#: Release 19, to 31 August 2024: USD bn and percent of GDP of 2021, allocated and committed,
#: without and with the share in EU aid.
RELEASE_19 = {
    ("allocation", "out", "usd"): {"France": 4.923, "Japan": 9.700, "Denmark": 7.410},
    ("allocation", "in", "usd"): {"France": 13.981, "Japan": 9.700, "Denmark": 8.499},
    ("commitment", "out", "usd"): {"France": 7.731, "Japan": 13.314, "Denmark": 10.099},
    ("allocation", "out", "gdp_share"): {"France": 0.166, "Japan": 0.196, "Denmark": 1.860},
    ("allocation", "in", "gdp_share"): {"France": 0.473, "Japan": 0.196, "Denmark": 2.134},
    ("commitment", "out", "gdp_share"): {"France": 0.261, "Japan": 0.269, "Denmark": 2.535},
    ("commitment", "in", "gdp_share"): {"France": 0.819, "Japan": 0.269, "Denmark": 3.031},
}


def values_of(figures, release="release 19", cutoff="2024-08-31"):
    rows = [
        {
            "release": release,
            "cutoff": cutoff,
            "measure": measure,
            "eu_share": eu,
            "rate": "of the release",
            "gdp": "2021, as in the release" if unit == "gdp_share" else "none",
            "undated": "in",
            "unit": unit,
            "aid_type": "all",
            "donor": donor,
            "institution": False,
            "value": value * 1e9 if unit == "usd" else value,
        }
        for (measure, eu, unit), by_donor in figures.items()
        for donor, value in by_donor.items()
    ]
    return AID_VALUE.conform(pl.DataFrame(rows))


@pytest.fixture(scope="session")
def release_19():
    return values_of(RELEASE_19)


@pytest.fixture(scope="session")
def make_values():
    return values_of


@pytest.fixture(scope="session")
def day():
    return dt.date(2025, 2, 20)
