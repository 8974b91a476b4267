"""The figures a page of aid carries inside: sums by donor, month and kind, and the rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from truceline.accounts.aid.donors import donors, groups
from truceline.accounts.aid.evaluation import UNIT_NAMES
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import TYPES, AidRelease
from truceline.accounts.aid.series import months_of
from truceline.publish.draw.aid.quantity import scale_of
from truceline.publish.draw.aid.tiles import places_of

#: Years of World Bank product and heads that the page offers.
YEARS: Final = (2021, 2022, 2023, 2024)


def payload(releases: Mapping[str, AidRelease], indicators: Indicators) -> dict[str, Any]:
    """Return all that the page needs to answer every question it offers, as plain data.

    Only sums leave the input: no row of the publisher's is copied.
    """
    codes = sorted({code for r in releases.values() for code in r.aid["donor"].unique()})
    prices = indicators.prices
    return {
        "donors": {code: _donor(code) for code in codes},
        "groups": [
            {
                "key": group.key,
                "name": group.name,
                "institutions": list(group.institutions),
                "members": [
                    [m.code, None if m.since is None else m.since.isoformat()]
                    for m in group.members
                ],
            }
            for group in groups().values()
        ],
        "units": dict(UNIT_NAMES),
        "scale": scale_of(max((r.largest_sum() for r in releases.values()), default=0.0)),
        "kinds": list(TYPES),
        "places": places_of(codes),
        "prices": {
            "base": prices.base,
            "index": prices.index,
            "source": prices.source,
            "annual": {str(year): level for year, level in prices.annual.items()},
        },
        "rates": _rates(releases, indicators, codes),
        "rate_source": indicators.rate_source,
        "gdp": {str(year): _gdp(indicators, year, codes) for year in YEARS},
        "heads": {str(year): dict(_of_year(indicators.population, year, codes)) for year in YEARS},
        "releases": [_release(release) for release in releases.values()],
    }


def _donor(code: str) -> dict[str, Any]:
    donor = donors()[code]
    return {"name": donor.name, "currency": donor.currency, "institution": donor.institution}


def _release(release: AidRelease) -> dict[str, Any]:
    info = release.info
    months = [f"{m:%Y-%m}" for m in months_of(release)]
    shares: dict[str, dict[str, float]] = {}
    for donor, measure, amount in release.eu_share.select(
        "donor", "measure", "amount_eur"
    ).iter_rows():
        shares.setdefault(measure, {})[donor] = round(amount, 2)
    return {
        "name": release.name,
        "title": info.title,
        "citation": info.citation,
        "cut_off": info.cut_off.isoformat(),
        "cut_off_source": info.cut_off_source,
        "usd_per_eur": info.usd_per_eur,
        "rate_source": info.rate_source,
        "gdp_source": info.gdp_source,
        "months": months,
        "gdp": dict(release.gdp.select("donor", "gdp_eur").iter_rows()),
        "shares": shares,
        "rows": _rows(release.aid),
        "notes": list(release.notes),
    }


def _rows(aid: pl.DataFrame) -> list[list[Any]]:
    """Sum to `[donor, month, kind, measure, precision, booked, euros]`; days become months."""
    keyed = aid.select(
        "donor",
        pl.col("date").dt.strftime("%Y-%m").alias("month"),
        pl.col("type").cast(pl.String()),
        pl.col("measure").cast(pl.String()),
        pl.col("precision").cast(pl.String()).replace({"day": "month"}).alias("precision"),
        pl.col("booked").dt.strftime("%Y-%m"),
        "amount_eur",
    )
    keys = ["donor", "month", "type", "measure", "precision", "booked"]
    table = keyed.group_by(keys).agg(pl.col("amount_eur").sum().round(2)).sort(keys)
    return [list(row) for row in table.iter_rows()]


def _rates(
    releases: Mapping[str, AidRelease], indicators: Indicators, codes: list[str]
) -> dict[str, dict[str, float]]:
    first = min((r.first_month() for r in releases.values()), default=dt.date(2022, 1, 1))
    used = {"USD", *(donors()[code].currency for code in codes)} - {"EUR"}
    table = indicators.rates.filter(
        (pl.col("month") >= first) & pl.col("currency").is_in(sorted(used))
    ).with_columns(pl.col("month").dt.strftime("%Y-%m"))
    found: dict[str, dict[str, float]] = {}
    for month, currency, rate in table.select("month", "currency", "per_eur").iter_rows():
        found.setdefault(currency, {})[month] = rate
    return found


def _gdp(indicators: Indicators, year: int, codes: list[str]) -> dict[str, float]:
    rate = indicators.usd_per_eur_in(year)
    if rate is None:
        return {}
    return {code: value / rate for code, value in _of_year(indicators.gdp_usd, year, codes)}


def _of_year(table: pl.DataFrame, year: int, codes: list[str]) -> list[tuple[str, float]]:
    """Return the year's values of states that gave or are in a group that is offered."""
    named = {*codes, *(member.code for group in groups().values() for member in group.members)}
    states = [code for code in named if not donors()[code].institution]
    rows = table.filter((pl.col("year") == year) & pl.col("donor").is_in(states))
    return list(rows.select("donor", "value").sort("donor").iter_rows())
