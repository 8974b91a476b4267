"""How much a donor gave, under one stated way to read the data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import polars as pl

from truceline.accounts.aid.amounts import INSTITUTIONS, mean_rate, prepared, sums
from truceline.accounts.aid.donors import Group, donor_of, donors
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import AidRelease
from truceline.core.types.errors import InputError

Unit = Literal["usd", "eur", "national", "constant", "gdp_share", "per_head"]
Kind = Literal["all", "military", "financial", "humanitarian"]
Measure = Literal["commitment", "allocation", "disbursement"]
Rate = Literal["release", "month"]

UNITS: Final[tuple[Unit, ...]] = ("usd", "eur", "national", "constant", "gdp_share", "per_head")
KINDS: Final[tuple[Kind, ...]] = ("all", "military", "financial", "humanitarian")

UNIT_NAMES: Final = {
    "usd": "US dollars",
    "eur": "euros",
    "national": "national currency",
    "constant": "constant euros",
    "gdp_share": "per cent of GDP",
    "per_head": "euros per head",
}

#: Year of heads and of product where none is asked for: the year before the war, as the
#: tracker takes it.
DEFAULT_YEAR: Final = 2021


@dataclass(frozen=True)
class Reading:
    """One reasonable way to read the data.

    Attributes
    ----------
    unit : str
        `usd`, `eur`, `national`, `constant` (euros of the price index's base year),
        `gdp_share` (per cent of GDP), `per_head` (euros).
    measure : str
        `allocation`, `commitment` or `disbursement`.
    kind : str
        `all`, `military`, `financial` or `humanitarian`.
    eu_share : bool
        True adds a member's share in EU aid and leaves the institutions out.
    cut_off : datetime.date or None
        Last day counted; None is the release's own.
    rate : str
        `release`: its one fixed rate; `month`: the mean of each month.
    gdp_year : int or None
        Year of the World Bank's product; None is the release's own denominator.
    undated : bool
        True counts amounts whose day was never published.
    """

    unit: Unit = "eur"
    measure: Measure = "allocation"
    kind: Kind = "all"
    eu_share: bool = False
    cut_off: dt.date | None = None
    rate: Rate = "release"
    gdp_year: int | None = None
    undated: bool = True


#: Bilateral allocations of all kinds in euros, all the release holds.
STANDARD: Final = Reading()


def totals(
    release: AidRelease, reading: Reading = STANDARD, indicators: Indicators | None = None
) -> pl.DataFrame:
    """Return every donor's total: `donor`, `donor_name`, `institution`, `value`.

    Amounts are whole currency units, shares are per cent. A total that cannot be known
    under this reading is null: a sum of the whole period before its end or at a rate of the
    month, GDP of an institution, a kind of aid the release does not split. With the EU share
    in, institutions have no total of their own.
    """
    given = indicators if indicators is not None else Indicators()
    rows = prepared(release, given, eu_share=reading.eu_share)
    table = sums(rows, release, reading.cut_off, undated=reading.undated)
    return valued(release, table, reading, given)


def aid_total(
    release: AidRelease,
    donor: str,
    *,
    kind: Kind = "all",
    measure: Measure = "allocation",
    cut_off: dt.date | None = None,
    unit: Unit = "eur",
    eu_share: bool = False,
    gdp_year: int | None = None,
    rate: Rate = "release",
    undated: bool = True,
    indicators: Indicators | None = None,
) -> float | None:
    """Return one donor's total in the unit asked for; None where it cannot be known.

    Parameters
    ----------
    release : AidRelease
        A release.
    donor : str
        Code or name.
    kind, measure, cut_off, unit, eu_share, gdp_year, rate, undated
        See `Reading`.
    indicators : Indicators or None
        Rates, product and heads.
    """
    reading = Reading(unit, measure, kind, eu_share, cut_off, rate, gdp_year, undated)
    table = totals(release, reading, indicators).filter(donor=donor_of(donor).code)
    if not table.height:
        return None
    value = table["value"][0]
    return None if value is None else float(value)


def valued(
    release: AidRelease, table: pl.DataFrame, reading: Reading, indicators: Indicators
) -> pl.DataFrame:
    """Turn sums (from `sums`, of the reading's cut-off and choices) into the reading's unit."""
    made = _by_donor(release, table, reading)
    return made.with_columns(release_factor(release, reading, indicators).alias("value")).select(
        "donor", "donor_name", "institution", "value"
    )


def release_factor(release: AidRelease, reading: Reading, indicators: Indicators) -> pl.Expr:
    """Return the expression that turns sum columns of a donor into the reading's unit."""
    value = pl.col(_column(reading)) * _factor(release, reading, indicators)
    if reading.unit not in ("gdp_share", "per_head"):
        return value
    table = _denominators(release, reading, indicators)
    whole = dict(table.iter_rows())
    divisor = pl.col("donor").replace_strict(whole, default=None, return_dtype=pl.Float64())
    return value / divisor * (100.0 if reading.unit == "gdp_share" else 1.0)


def group_total(
    release: AidRelease,
    group: Group,
    reading: Reading = STANDARD,
    indicators: Indicators | None = None,
) -> float | None:
    """Return the total of a group on the reading's last day.

    Without the EU share the group's institutions count beside its members; with it their
    aid is in the members' shares already and they are left out. A share of GDP is the sum
    of amounts over the sum of products. A group has no national currency.
    """
    if reading.unit == "national":
        return None
    given = indicators if indicators is not None else Indicators()
    members = list(group.on(reading.cut_off or release.info.cut_off))
    counted = members if reading.eu_share else [*members, *group.institutions]
    unit: Unit = "eur" if reading.unit in ("gdp_share", "per_head") else reading.unit
    table = totals(release, replace(reading, unit=unit), given)
    rows = table.filter(pl.col("donor").is_in(counted))
    if not rows.height or rows["value"].null_count():
        return None
    total = float(rows["value"].sum())
    if unit == reading.unit:
        return total
    products = _denominators(release, reading, given).filter(pl.col("donor").is_in(members))
    whole = float(products["denominator"].sum())
    scale = 100.0 if reading.unit == "gdp_share" else 1.0
    return total / whole * scale if whole and products.height >= rows.height - 1 else None


def basis(
    release: AidRelease,
    reading: Reading,
    indicators: Indicators | None = None,
    *,
    units: Sequence[Unit] = (),
) -> str:
    """Return one sentence that says how a figure came about, for printing beside it.

    Parameters
    ----------
    release, reading, indicators
        What was evaluated.
    units : sequence of str
        Where figures stand in several units, with and without EU shares: those units.
    """
    given = indicators if indicators is not None else Indicators()
    info = release.info
    kind = "aid" if reading.kind == "all" else f"{reading.kind} aid"
    day = min(reading.cut_off or info.cut_off, info.cut_off)
    parts = [f"{info.title}: {kind}, {reading.measure}s to {day.isoformat()}"]
    if units:
        parts.append("with and without members' shares in EU aid")
    else:
        parts.append(f"in {UNIT_NAMES[reading.unit]}")
        share = "included" if reading.eu_share else "left out"
        parts.append(f"members' shares in EU aid {share}")
    if (release.aid["precision"] == "undated").any():
        parts.append("undated amounts " + ("included" if reading.undated else "left out"))
    for unit in units or (reading.unit,):
        parts += _unit_basis(release, replace(reading, unit=unit), given)
    return "; ".join(parts) + f". Source: {info.citation}."


def _unit_basis(release: AidRelease, reading: Reading, indicators: Indicators) -> list[str]:
    if reading.unit == "usd" and reading.rate == "release":
        rate = release.info.usd_per_eur
        return [
            f"1 EUR = {rate:.10g} USD ({release.info.rate_source})" if rate else "no rate is known"
        ]
    if reading.unit in ("usd", "national"):
        way = "each month" if reading.rate == "month" else "the whole period"
        return [f"mean rate of {way} ({indicators.rate_source})"]
    if reading.unit == "constant":
        prices = indicators.prices
        return [f"prices of {prices.base}: {prices.index} ({prices.source})"]
    if reading.unit == "gdp_share":
        if reading.gdp_year is None:
            return [f"GDP of {DEFAULT_YEAR}, the release's own ({release.info.gdp_source})"]
        return [f"GDP of {reading.gdp_year}, World Bank, at the mean rate of that year"]
    if reading.unit == "per_head":
        return [f"population of {reading.gdp_year or DEFAULT_YEAR}, World Bank"]
    return []


def _by_donor(release: AidRelease, table: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    column = _column(reading)
    of_measure = table.filter(pl.col("measure") == reading.measure)
    if reading.kind != "all":
        of_measure = of_measure.filter(pl.col("type") == reading.kind)
    summed = of_measure.group_by("donor").agg(
        pl.when(~pl.col(column).is_null().any()).then(pl.col(column).sum()).alias(column),
        pl.lit(value=True).alias("_has"),
    )
    bodies = [code for code, donor in donors().items() if donor.institution]
    listed = release.donors().with_columns(pl.col("donor").is_in(bodies).alias("institution"))
    joined = listed.join(summed, on="donor", how="left", maintain_order="left")
    held = release.measures if reading.kind == "all" else release.split_measures
    covered = reading.measure in held and reading.measure != "disbursement"
    filled = pl.when(pl.col("_has").is_null() & pl.lit(covered)).then(0.0).otherwise(column)
    left_out = pl.lit(reading.eu_share) & (pl.col("donor") == INSTITUTIONS)
    return joined.with_columns(pl.when(~left_out).then(filled).alias(column))


def _column(reading: Reading) -> str:
    if reading.unit == "usd" and reading.rate == "month":
        return "usd_month"
    if reading.unit == "national" and reading.rate == "month":
        return "national_month"
    return "constant" if reading.unit == "constant" else "eur"


def _factor(release: AidRelease, reading: Reading, indicators: Indicators) -> pl.Expr:
    if reading.rate == "release" and reading.unit == "usd":
        return pl.lit(release.info.usd_per_eur, dtype=pl.Float64())
    if reading.rate == "release" and reading.unit == "national":
        currencies = {code: donor.currency for code, donor in donors().items()}
        used = {currencies[c] for c in release.donors()["donor"] if c in currencies}
        rates = {name: mean_rate(release, indicators, name) for name in used}
        own = {code: rates.get(name) for code, name in currencies.items()}
        return pl.col("donor").replace_strict(own, default=None, return_dtype=pl.Float64())
    return pl.lit(1.0)


def _denominators(release: AidRelease, reading: Reading, indicators: Indicators) -> pl.DataFrame:
    """Return `donor` and `denominator` of states: product in euros, or heads."""
    if reading.unit == "per_head":
        year = reading.gdp_year or DEFAULT_YEAR
        return _of_year(indicators.population, year, 1.0)
    if reading.gdp_year is None:
        return release.gdp.select("donor", pl.col("gdp_eur").alias("denominator"))
    rate = indicators.usd_per_eur_in(reading.gdp_year)
    return _of_year(indicators.gdp_usd, reading.gdp_year, rate)


def _of_year(table: pl.DataFrame, year: int, rate: float | None) -> pl.DataFrame:
    value = pl.col("value") / pl.lit(rate, dtype=pl.Float64())
    states = [code for code, donor in donors().items() if not donor.institution]
    of_states = table.filter((pl.col("year") == year) & pl.col("donor").is_in(states))
    return of_states.select("donor", value.alias("denominator"))


def parse_unit(text: str) -> Unit:
    """Return a unit by its name or a short form, or say which there are.

    Examples
    --------
    >>> parse_unit("gdp"), parse_unit("USD")
    ('gdp_share', 'usd')
    """
    short = {"gdp": "gdp_share", "head": "per_head", "dollars": "usd", "euros": "eur"}
    name = text.strip().casefold()
    name = short.get(name, name)
    for unit in UNITS:
        if unit == name:
            return unit
    raise InputError(f"the unit {text!r} is unknown.", hint=f"Known: {', '.join(UNITS)}.")
