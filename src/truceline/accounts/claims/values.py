"""The readings of aid that a check stands on, made from the files of a data folder.

Two kinds of table are read: a release's country sheet (totals to its cut-off, with the share
in EU aid) and a release's dated rows (cut at the day of the sentence, as now known).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from truceline.accounts.claims.aid import VALUES
from truceline.accounts.claims.lexicon import shipped_lexicon
from truceline.core.types.errors import InputError, Where

_BASE: Final = ("release", "cutoff", "measure", "eu_share", "undated", "aid_type", "donor")
_BILLION: Final = 1e9
#: A country sheet older than this at the day of the sentence is no reasonable reading.
_STALE_DAYS: Final = 400


@dataclass(frozen=True)
class CountrySheet:
    """Where a release's country sheet is, and what it does not say itself."""

    name: str
    folder: str
    cutoff: dt.date
    dollars_per_euro: float


@dataclass(frozen=True)
class Denominators:
    """GDP in dollars and population by donor and year, and euros per dollar by month."""

    gdp: pl.DataFrame
    population: pl.DataFrame
    rates: pl.DataFrame


#: Release 19 states dollars at one fixed rate for every figure.
SHEETS: Final = (
    CountrySheet("release 19", "kiel_ust_r19_country_summary", dt.date(2024, 8, 31), 1.0759),
)


def read_aid_values(folder: Path, on: dt.date) -> pl.DataFrame:
    """Return every reading of aid as of a day: `VALUES`.

    Parameters
    ----------
    folder : Path
        The folder that holds the releases, `worldbank_gdp`, `worldbank_population` and
        `fx_fed_monthly`.
    on : date
        The day of the sentence. Dated rows are cut there; a sheet whose cut-off is later,
        or more than 400 days before, is not used.
    """
    below = _denominators(folder)
    bases = [
        _sheet(folder, sheet)
        for sheet in SHEETS
        if (folder / sheet.folder).is_dir() and 0 <= (on - sheet.cutoff).days <= _STALE_DAYS
    ]
    bases += [_cut(rows, name, on) for name, rows in _dated(folder).items()]
    return _valued([b for b in bases if b.height], below, folder)


def read_aid_history(folder: Path, on: dt.date) -> pl.DataFrame:
    """Return the same at the day, one, two and three years before it, from dated rows only."""
    days = [_years_before(on, n) for n in (3, 2, 1, 0)]
    bases = [_cut(rows, name, day) for name, rows in _dated(folder).items() for day in days]
    return _valued([b for b in bases if b.height], _denominators(folder), folder)


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _sheet(folder: Path, sheet: CountrySheet) -> pl.DataFrame:
    table = _csv(folder / sheet.folder / "country_summary_eur.csv")
    parts = []
    for measure, plural in (("allocation", "allocations"), ("commitment", "commitments")):
        for aid_type in ("military", "financial", "humanitarian", "all"):
            stem = "total_bilateral" if aid_type == "all" else aid_type
            own = pl.col(f"{stem}_{plural}__billion")
            parts.append(_piece(table, sheet, measure, "out", aid_type, own))
        share = pl.col(f"share_in_total_eu_{plural}__billion").fill_null(0.0)
        total = pl.col(f"total_bilateral_{plural}__billion") + share
        parts.append(_piece(table, sheet, measure, "in", "all", total))
    made: pl.DataFrame = pl.concat(parts)
    rates = _months(folder).filter(
        pl.col("month").is_between(pl.date(2022, 1, 1), pl.lit(sheet.cutoff))
    )
    mean = float(rates.select((1.0 / pl.col("per_dollar")).mean()).item())
    return made.with_columns(
        (pl.col("eur") * sheet.dollars_per_euro).alias("usd_fixed"),
        (pl.col("eur") * mean).alias("usd_month"),
    )


def _piece(
    table: pl.DataFrame,
    sheet: CountrySheet,
    measure: str,
    eu_share: str,
    aid_type: str,
    billions: pl.Expr,
) -> pl.DataFrame:
    return table.select(
        pl.lit(sheet.name).alias("release"),
        pl.lit(sheet.cutoff.isoformat()).alias("cutoff"),
        pl.lit(measure).alias("measure"),
        pl.lit(eu_share).alias("eu_share"),
        pl.lit("in").alias("undated"),
        pl.lit(aid_type).alias("aid_type"),
        pl.col("country").alias("donor"),
        (billions * _BILLION).alias("eur"),
        (pl.col("gdp_2021__billion") * _BILLION).alias("gdp_eur"),
    )


def _dated(folder: Path) -> dict[str, pl.DataFrame]:
    """Return rows with donor, month (null: undated), measure, aid_type and euros, by release."""
    made = {}
    rates = _months(folder) if (folder / "fx_fed_monthly").is_dir() else None
    activities = folder / "kiel_ust_r28_norway" / "bilateral_activities.csv"
    explorer = folder / "kiel_ust_r29_site" / "data_explorer.csv"
    if activities.is_file() and rates is not None:
        made["release 28"] = _with_dollars(_activities(activities), rates)
    if explorer.is_file() and rates is not None:
        made["release 29"] = _with_dollars(_explorer(explorer), rates)
    return made


def _activities(path: Path) -> pl.DataFrame:
    # Only allocations: the commitment rows of this table carry no amounts.
    table = (
        _csv(path)
        .filter(pl.col("maal") == "Allocation")
        .select(
            pl.col("giver").alias("donor"),
            pl.col("dato").cast(pl.String).str.to_date(strict=False).alias("day"),
            pl.col("maal").str.to_lowercase().alias("measure"),
            pl.col("kategori").str.strip_chars().str.to_lowercase().alias("aid_type"),
            pl.col("verdi_eur").alias("eur"),
        )
    )
    relative = _csv(path.parent / "country_summary_relative.csv").select(
        pl.col("land").alias("donor"), (pl.col("bnp_eur_mrd") * _BILLION).alias("gdp_eur")
    )
    return table.join(relative, on="donor", how="left")


def _explorer(path: Path) -> pl.DataFrame:
    table = _csv(path).with_columns(
        # A month counts when it is over: its last day is its date.
        pl.date("year", "month", 1).dt.month_end().alias("day"),
        pl.when(pl.col("gdp") > 0).then(pl.col("gdp") * _BILLION).alias("gdp_eur"),
    )
    columns = {"military": "military", "financial": "financial", "humanitarian": "humanitarian"}
    long = [
        table.select(
            pl.col("country").alias("donor"),
            "day",
            pl.lit(measure).alias("measure"),
            pl.lit(aid_type).alias("aid_type"),
            (pl.col(column) * _BILLION).alias("eur"),
            "gdp_eur",
        )
        for measure, aid_type, column in (
            *(("allocation", t, c) for t, c in columns.items()),
            ("commitment", "all", "commitments"),
        )
    ]
    return pl.concat(long)


def _with_dollars(rows: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    month = pl.col("day").dt.month_start()
    priced = rows.with_columns(month.alias("month")).join(rates, on="month", how="left")
    mean = 1.0 / float(rates.filter(pl.col("month") >= pl.date(2022, 1, 1))["per_dollar"].mean())  # type: ignore[arg-type]
    rate = (1.0 / pl.col("per_dollar")).fill_null(mean)
    return priced.with_columns(
        (pl.col("eur") * mean).alias("usd_fixed"), (pl.col("eur") * rate).alias("usd_month")
    )


def _cut(rows: pl.DataFrame, name: str, day: dt.date) -> pl.DataFrame:
    """Sum dated rows to a day, without and (where there are any) with those without a date."""
    has_undated = rows["day"].null_count() > 0
    parts = []
    for undated in ("out", "in") if has_undated else ("in",):
        keep = pl.col("day") <= day
        kept = rows.filter(keep | pl.col("day").is_null() if undated == "in" else keep)
        every = kept.with_columns(pl.lit("all").alias("aid_type"))
        both = pl.concat([kept.filter(pl.col("aid_type") != "all"), every])
        sums = both.group_by("donor", "measure", "aid_type").agg(
            pl.col("eur", "usd_fixed", "usd_month").sum(), pl.col("gdp_eur").first()
        )
        parts.append(
            sums.with_columns(
                pl.lit(name).alias("release"),
                pl.lit(day.isoformat()).alias("cutoff"),
                pl.lit("out").alias("eu_share"),
                pl.lit(undated).alias("undated"),
            )
        )
    columns = [*_BASE, "eur", "gdp_eur", "usd_fixed", "usd_month"]
    return pl.concat(parts).select(columns)


def _valued(bases: list[pl.DataFrame], below: Denominators, folder: Path) -> pl.DataFrame:
    if not bases:
        raise InputError(
            "no release of the aid tables is in this folder.",
            where=Where(str(folder)),
            hint="Give the folder that holds the releases' own folders.",
        )
    columns = [*_BASE, "eur", "gdp_eur", "usd_fixed", "usd_month"]
    base = _renamed(pl.concat(b.select(columns) for b in bases), "donor")
    parts = [
        _unit(base, "eur", "none", "none", pl.col("eur")),
        _unit(base, "usd", "one rate for all", "none", pl.col("usd_fixed")),
        _unit(base, "usd", "of each month", "none", pl.col("usd_month")),
        _unit(base, "gdp_share", "one rate for all", "2021, as in the release",
              100.0 * pl.col("eur") / pl.col("gdp_eur")),
    ]  # fmt: skip
    for year in (2021, 2023):
        gdp = base.join(_of_year(below.gdp, year), on="donor", how="left")
        share = 100.0 * pl.col("usd_month") / pl.col("below")
        parts.append(_unit(gdp, "gdp_share", "of each month", f"{year}, World Bank", share))
        heads = base.join(_of_year(below.population, year), on="donor", how="left")
        each = pl.col("eur") / pl.col("below")
        parts.append(_unit(heads, "per_head", "none", f"{year}, World Bank", each))
    return VALUES.conform(pl.concat(parts))


def _unit(base: pl.DataFrame, unit: str, rate: str, gdp: str, value: pl.Expr) -> pl.DataFrame:
    body = pl.col("donor") == "EU Institutions"
    # A body has neither an economy nor inhabitants of its own.
    shown = pl.when(~body).then(value) if unit in ("gdp_share", "per_head") else value
    return base.select(
        *_BASE,
        pl.lit(rate).alias("rate"),
        pl.lit(gdp).alias("gdp"),
        pl.lit(unit).alias("unit"),
        body.alias("institution"),
        shown.alias("value"),
    )


def _of_year(table: pl.DataFrame, year: int) -> pl.DataFrame:
    kept = table.filter(pl.col("Year") == year)
    return kept.select("donor", pl.col("Value").cast(pl.Float64).alias("below")).unique("donor")


def _denominators(folder: Path) -> Denominators:
    gdp = _csv(folder / "worldbank_gdp" / "gdp.csv")
    population = _csv(folder / "worldbank_population" / "population.csv")
    return Denominators(
        _renamed(gdp.rename({"Country Name": "donor"}), "donor"),
        _renamed(population.rename({"Country Name": "donor"}), "donor"),
        _months(folder),
    )


def _months(folder: Path) -> pl.DataFrame:
    table = _csv(folder / "fx_fed_monthly" / "monthly.csv")
    return table.filter(pl.col("Country") == "Euro").select(
        pl.col("Date").cast(pl.String).str.to_date().alias("month"),
        pl.col("Exchange rate").cast(pl.Float64).alias("per_dollar"),
    )


def _renamed(table: pl.DataFrame, column: str) -> pl.DataFrame:
    names = _donor_names(table[column].unique().to_list())
    return table.with_columns(pl.col(column).replace(names))


def _donor_names(spellings: Iterable[str]) -> dict[str, str]:
    lexicon = shipped_lexicon()
    made = {}
    for spelling in spellings:
        found = next((name for words, name in lexicon.donors if words.fullmatch(spelling)), None)
        if found is not None:
            made[spelling] = found
    return made


def _csv(path: Path) -> pl.DataFrame:
    try:
        return pl.read_csv(path, infer_schema_length=20000)
    except (OSError, pl.exceptions.PolarsError) as cause:
        raise InputError(
            f"the table cannot be read: {cause}.",
            where=Where(str(path)),
            hint="The folder must hold the tables as they were published.",
        ) from cause
