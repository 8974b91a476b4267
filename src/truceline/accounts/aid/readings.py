"""Every reasonable reading of the releases as one table, for checking sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import polars as pl

from truceline.accounts.aid.amounts import prepared, sums
from truceline.accounts.aid.evaluation import Kind, Measure, Rate, Reading, Unit, valued
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import AidRelease
from truceline.core.types.schema import Column, Schema

_S = pl.String()

AID_VALUE = Schema(
    "aid_value",
    (
        Column("release", _S, "The release of the data."),
        Column("cutoff", _S, "Day up to which aid is counted, ISO 8601."),
        Column("measure", _S, "`allocation`, `commitment` or `disbursement`."),
        Column("eu_share", _S, "`out` or `in`: the donor's share in EU aid."),
        Column("rate", _S, "Which exchange rate."),
        Column("gdp", _S, "Which GDP or population it is divided by."),
        Column("undated", _S, "`in` or `out`: aid without a date."),
        Column("unit", _S, "`usd`, `eur`, `national`, `constant`, `gdp_share`, `per_head`."),
        Column("aid_type", _S, "`all`, `military`, `financial`, `humanitarian`."),
        Column("donor", _S, "The donor's name."),
        Column("institution", pl.Boolean(), "True for a body that is not a state."),
        Column("value", pl.Float64(), "The amount.", nullable=True),
    ),
)

RATE_NAMES: Final[Mapping[Rate, str]] = {"release": "of the release", "month": "of each month"}
NO_DENOMINATOR: Final = "none"
OWN_GDP: Final = "2021, as in the release"


def every_reading(
    releases: Mapping[str, AidRelease],
    indicators: Indicators,
    *,
    units: Sequence[Unit] = ("usd", "eur", "gdp_share", "per_head"),
    measures: Sequence[Measure] = ("allocation", "commitment"),
    kinds: Sequence[Kind] = ("all",),
    cut_offs: Sequence[dt.date] = (),
    gdp_years: Sequence[int] = (2021, 2024),
) -> pl.DataFrame:
    """Evaluate all donors under every combination of choices that is reasonable.

    Parameters
    ----------
    releases : mapping
        Releases by name.
    indicators : Indicators
        Rates, product and heads.
    units, measures, kinds
        What to evaluate: fewer are faster.
    cut_offs : sequence of datetime.date
        Days up to which dated amounts are counted; none is the release's last day, which is
        the only one that a release of sums has. A day after it counts no more than that.
    gdp_years : sequence of int
        World Bank years taken beside the release's own denominator.

    Returns
    -------
    polars.DataFrame
        Of the schema `AID_VALUE`; unknown values are left out.
    """
    choices = list(_choices(units, measures, kinds, gdp_years))
    parts = [
        part
        for release in releases.values()
        for eu_share in (False, True)
        for part in _of_release(release, indicators, choices, cut_offs, eu_share=eu_share)
    ]
    if not parts:
        return AID_VALUE.empty()
    return AID_VALUE.conform(pl.concat(parts)).drop_nulls("value")


def _of_release(
    release: AidRelease,
    indicators: Indicators,
    choices: Sequence[Reading],
    cut_offs: Sequence[dt.date],
    *,
    eu_share: bool,
) -> Iterator[pl.DataFrame]:
    rows = prepared(release, indicators, eu_share=eu_share)
    for cut_off, undated in product(_cut_offs(release, cut_offs), _undated(release)):
        table = sums(rows, release, cut_off, undated=undated)
        for choice in choices:
            reading = replace(choice, eu_share=eu_share, cut_off=cut_off, undated=undated)
            yield _rows(release, table, reading, indicators)


def _rows(
    release: AidRelease, table: pl.DataFrame, reading: Reading, indicators: Indicators
) -> pl.DataFrame:
    cut_off = reading.cut_off or release.info.cut_off
    return valued(release, table, reading, indicators).select(
        pl.lit(f"release {release.name}").alias("release"),
        pl.lit(cut_off.isoformat()).alias("cutoff"),
        pl.lit(reading.measure).alias("measure"),
        pl.lit("in" if reading.eu_share else "out").alias("eu_share"),
        pl.lit(RATE_NAMES[reading.rate]).alias("rate"),
        pl.lit(_denominator(reading)).alias("gdp"),
        pl.lit("in" if reading.undated else "out").alias("undated"),
        pl.lit(reading.unit).alias("unit"),
        pl.lit(reading.kind).alias("aid_type"),
        pl.col("donor_name").alias("donor"),
        "institution",
        "value",
    )


def _denominator(reading: Reading) -> str:
    if reading.unit == "gdp_share":
        year = reading.gdp_year
        return OWN_GDP if year is None else f"{year}, World Bank"
    if reading.unit == "per_head":
        return f"heads of {reading.gdp_year or 2021}, World Bank"
    return NO_DENOMINATOR


def _choices(
    units: Sequence[Unit],
    measures: Sequence[Measure],
    kinds: Sequence[Kind],
    gdp_years: Sequence[int],
) -> Iterator[Reading]:
    for unit in units:
        rates: tuple[Rate, ...] = (
            ("release", "month") if unit in ("usd", "national") else ("release",)
        )
        years: list[int | None] = [None]
        if unit == "gdp_share":
            years = [None, *gdp_years]
        elif unit == "per_head":
            years = list(gdp_years)
        for measure in measures:
            for kind in kinds:
                for rate in rates:
                    for year in years:
                        yield Reading(unit, measure, kind, rate=rate, gdp_year=year)


def _cut_offs(release: AidRelease, wanted: Sequence[dt.date]) -> list[dt.date]:
    own = release.info.cut_off
    if not wanted or (release.aid["precision"] == "period").all():
        return [own]
    first = release.first_month()
    return sorted({min(day, own) for day in wanted if day >= first})


def _undated(release: AidRelease) -> tuple[bool, ...]:
    return (True, False) if (release.aid["precision"] == "undated").any() else (True,)
