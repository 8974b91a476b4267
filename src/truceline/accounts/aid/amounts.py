"""Amounts of a release up to a day, in every way to convert them, summed by donor and kind."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final

import polars as pl

from truceline.accounts.aid.donors import donors, group_of
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import AidRelease

#: Code under which the institutions that give on behalf of their members stand.
INSTITUTIONS: Final = "EUU"
MEMBERS: Final = "eu_members"

#: What each sum column is: euros as given, dollars of each month, constant euros, the donor's
#: own currency of each month.
SUM_COLUMNS: Final = ("eur", "usd_month", "constant", "national_month")


def rows_of(release: AidRelease, *, eu_share: bool) -> pl.DataFrame:
    """Return the release's rows; with EU share, institutions' aid is passed on to members.

    Every row of the institutions is divided among the members in proportion to the shares
    the release states, and the institutions' own rows are left out: nothing is counted
    twice, and a member's rows add up to its bilateral aid plus its stated share. A measure
    for which the release states no shares has null amounts for members.
    """
    aid = release.aid.with_columns(pl.lit(value=False).alias("from_eu"))
    if not eu_share:
        return aid
    is_body = pl.col("donor") == INSTITUTIONS
    body = aid.filter(is_body)
    keys = ["date", "precision", "booked", "type", "measure"]
    slices = body.group_by(keys, maintain_order=True).agg(pl.col("amount_eur").sum())
    whole = body.group_by("measure").agg(pl.col("amount_eur").sum().alias("_whole"))
    shares = release.eu_share.select("donor", "measure", pl.col("amount_eur").alias("_share"))
    parts = slices.join(whole, on="measure").join(shares, on="measure")
    parts = parts.with_columns(
        (pl.col("amount_eur") * pl.col("_share") / pl.col("_whole")).alias("amount_eur"),
        pl.lit(value=True).alias("from_eu"),
    )
    passed = parts.join(release.donors(), on="donor").select(
        pl.lit(release.name).alias("release"), "donor", "donor_name", *keys, "amount_eur", "from_eu"
    )
    kept = aid.filter(~is_body)
    return pl.concat([kept, passed, _unshared(release, body)], how="diagonal")


def _unshared(release: AidRelease, body: pl.DataFrame) -> pl.DataFrame:
    """Return a null amount for every member and measure that has no stated share."""
    members = group_of(MEMBERS).on(release.info.cut_off)
    stated = release.eu_share["measure"].unique().to_list()
    lacking = body.filter(~pl.col("measure").is_in(stated) & (pl.col("amount_eur") != 0))
    keys = lacking.select("measure", "type").unique()
    states = release.donors().filter(pl.col("donor").is_in(members))
    return keys.join(states, how="cross").select(
        pl.lit(release.name).alias("release"),
        "donor",
        "donor_name",
        pl.lit(release.first_month()).alias("date"),
        pl.lit("month").cast(release.aid["precision"].dtype).alias("precision"),
        "type",
        "measure",
        pl.lit(None, dtype=pl.Float64()).alias("amount_eur"),
        pl.lit(value=True).alias("from_eu"),
    )


def up_to(
    rows: pl.DataFrame, release: AidRelease, cut_off: dt.date | None, *, undated: bool
) -> pl.DataFrame:
    """Return the converted rows that count up to a day.

    A month counts from its last day. A sum over the whole period counts from the release's
    last day and is unknown before. Undated amounts count, if wanted, from the end of the
    month they are booked in, and from the first day where they are booked in none: with
    them the answer is an upper bound, without them a lower one.
    """
    day = cut_off if cut_off is not None else release.info.cut_off
    month_ends = pl.col("date").dt.month_end()
    booked = pl.col("booked").is_null() | (pl.col("booked").dt.month_end() <= day)
    counts = (
        pl.when(pl.col("precision") == "day")
        .then(pl.col("date") <= day)
        .when(pl.col("precision") == "month")
        .then(month_ends <= day)
        .when(pl.col("precision") == "undated")
        .then(booked & pl.lit(undated))
        .otherwise(pl.lit(value=True))
    )
    kept = rows.filter(counts)
    if day >= release.info.cut_off:
        return kept
    known = pl.col("precision") != "period"
    return kept.with_columns(pl.when(known).then(pl.col(c)).alias(c) for c in SUM_COLUMNS)


def converted(rows: pl.DataFrame, release: AidRelease, indicators: Indicators) -> pl.DataFrame:
    """Add `month` and the sum columns: the amount of each row in every conversion.

    Rates are means of the month. An undated amount takes the plain mean over the months the
    release covers; a sum over the whole period has no month and is unknown.
    """
    factors = _factors(release, indicators)
    currencies = {code: donor.currency for code, donor in donors().items()}
    placed = rows.with_columns(
        pl.col("date").dt.truncate("1mo").alias("month"),
        pl.col("donor").replace_strict(currencies, default=None).alias("own"),
    )
    typical = pl.col("precision") == "undated"
    for name, currency in (("usd_month", pl.lit("USD")), ("national_month", pl.col("own"))):
        rates = factors.filter(~pl.col("currency").is_in(["CONSTANT"]))
        placed = _with_factor(placed, rates, currency, name, typical)
    level = factors.filter(currency="CONSTANT")
    placed = _with_factor(placed, level, pl.lit("CONSTANT"), "constant", typical)
    amount = pl.col("amount_eur")
    return placed.with_columns(
        amount.alias("eur"),
        *((amount * pl.col(name)).alias(name) for name in SUM_COLUMNS[1:]),
    ).drop("own")


def _with_factor(
    rows: pl.DataFrame, factors: pl.DataFrame, currency: pl.Expr, name: str, typical: pl.Expr
) -> pl.DataFrame:
    mean = factors.filter(pl.col("month").is_null()).select(
        "currency", pl.col("factor").alias("_mean")
    )
    by_month = factors.drop_nulls("month")
    joined = (
        rows.with_columns(currency.alias("currency_of_factor"))
        .join(
            by_month,
            left_on=["month", "currency_of_factor"],
            right_on=["month", "currency"],
            how="left",
            maintain_order="left",
        )
        .join(
            mean,
            left_on="currency_of_factor",
            right_on="currency",
            how="left",
            maintain_order="left",
        )
    )
    chosen = pl.when(typical).then(pl.col("_mean")).otherwise(pl.col("factor"))
    return joined.with_columns(chosen.alias(name)).drop("factor", "_mean", "currency_of_factor")


def _factors(release: AidRelease, indicators: Indicators) -> pl.DataFrame:
    """Return `month`, `currency`, `factor`; the row without a month is the mean of the span."""
    first, last = release.first_month(), release.info.cut_off
    months = pl.date_range(first, max(last.replace(day=1), first), "1mo", eager=True)
    span = pl.DataFrame({"month": months})
    rates = span.join(indicators.rates, on="month").select(
        "month", "currency", pl.col("per_eur").alias("factor")
    )
    euros = span.select("month", pl.lit("EUR").alias("currency"), pl.lit(1.0).alias("factor"))
    rates = pl.concat([rates.filter(pl.col("currency") != "EUR"), euros])
    prices = indicators.prices
    base = prices.annual[prices.base]
    levels = [prices.level(month.year) for month in months]
    constant = span.with_columns(
        pl.lit("CONSTANT").alias("currency"),
        pl.Series("factor", [None if x is None else base / x for x in levels], dtype=pl.Float64()),
    )
    table = pl.concat([rates, constant])
    whole = table.group_by("currency").agg(pl.col("factor").mean(), pl.len().alias("_n"))
    mean = whole.filter(pl.col("_n") == len(months)).select(
        pl.lit(None, dtype=pl.Date()).alias("month"), "currency", "factor"
    )
    return pl.concat([table, mean])


def mean_rate(release: AidRelease, indicators: Indicators, currency: str) -> float | None:
    """Return units of a currency for a euro, plain mean over the months of the release."""
    rows = _factors(release, indicators).filter(
        pl.col("month").is_null() & (pl.col("currency") == currency)
    )
    return float(rows["factor"][0]) if rows.height else None


def prepared(release: AidRelease, indicators: Indicators, *, eu_share: bool) -> pl.DataFrame:
    """Return the release's rows with every conversion: what sums are made of."""
    return converted(rows_of(release, eu_share=eu_share), release, indicators)


def sums(
    rows: pl.DataFrame, release: AidRelease, cut_off: dt.date | None = None, *, undated: bool = True
) -> pl.DataFrame:
    """Sum prepared rows by donor, measure and kind up to a day.

    A sum with an unknown part is unknown.

    Returns
    -------
    polars.DataFrame
        `donor`, `measure`, `type` (null is not split) and the sum columns.
    """
    table = up_to(rows, release, cut_off, undated=undated)
    return (
        table.group_by("donor", "measure", "type", maintain_order=True)
        .agg(_known_sum(name) for name in SUM_COLUMNS)
        .sort("donor", "measure", "type")
    )


def _known_sum(name: str) -> pl.Expr:
    column = pl.col(name)
    return pl.when(~column.is_null().any()).then(column.sum()).alias(name)


def last_day(year: int, month: int) -> dt.date:
    """Return the last day of a month.

    Examples
    --------
    >>> last_day(2024, 2).isoformat()
    '2024-02-29'
    """
    return dt.date(year, month, calendar.monthrange(year, month)[1])
