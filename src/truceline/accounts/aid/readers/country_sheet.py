"""Country sheets: one row a donor, sums over all the time the release covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from truceline.accounts.aid.donors import ALL, declared, donors
from truceline.accounts.aid.model import AID, EU_SHARE, GDP, STATED, ReleaseInfo
from truceline.accounts.aid.readers.rows import BILLION, DonorRows, donor_rows, finished, melted
from truceline.accounts.aid.sheets import Sheet, plain, with_header


@dataclass(frozen=True)
class CountrySheet:
    """Tables of a country sheet: sums, shares in EU aid, printed totals and denominators."""

    aid: pl.DataFrame = field(default_factory=AID.empty)
    eu_share: pl.DataFrame = field(default_factory=EU_SHARE.empty)
    stated: pl.DataFrame = field(default_factory=STATED.empty)
    gdp: pl.DataFrame = field(default_factory=GDP.empty)
    notes: tuple[str, ...] = ()


def layout_of(name: str) -> Mapping[str, Any]:
    """Return a declared layout of columns."""
    layout: Mapping[str, Any] = declared("layouts.yaml")[name]  # type: ignore[assignment]
    return layout


def required(layout: Mapping[str, Any]) -> list[str]:
    """Return the headings that a layout cannot do without."""
    more = [layout[key] for key in ("gdp_eur_bn", "share_with_eu_pct") if key in layout]
    groups = (layout.get(key, {}) for key in ("amounts", "stated", "eu_share", "with_eu"))
    return [layout["donor"], *(heading for group in groups for heading in group), *more]


def read_country_sheet(sheet: Sheet, layout: Mapping[str, Any], info: ReleaseInfo) -> CountrySheet:
    """Read a country sheet by its layout; all amounts are billions of euros.

    Parameters
    ----------
    sheet : Sheet
        Text cells; the header may stand in any of the first rows.
    layout : mapping
        One of `layouts.yaml`.
    info : ReleaseInfo
        The release.
    """
    placed = with_header(sheet, required(_least(layout)))
    layout = _present(layout, placed)
    amounts = list(layout["amounts"])
    rows = donor_rows(placed, layout["donor"], amounts)
    numbers = {h: placed.numbers(h, rows.is_read) * BILLION for h in required(layout)[1:]}
    aid = melted(rows.codes, {h: numbers[h] for h in amounts}, layout["amounts"])
    summed = aid.with_columns(pl.lit("period").alias("precision"))
    notes = [f"{text!r} has no amounts and was left out" for text in rows.ignored]
    return CountrySheet(
        aid=finished(info.name, summed),
        eu_share=_eu_share(rows, layout, numbers, info),
        stated=_stated(rows, layout, numbers, info, placed),
        gdp=_gdp(rows, layout, numbers, info),
        notes=tuple(notes),
    )


def _least(layout: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what of a layout must be there."""
    if not layout.get("optional"):
        return layout
    return {key: layout[key] for key in ("donor", "amounts", "stated")}


def _present(layout: Mapping[str, Any], sheet: Sheet) -> Mapping[str, Any]:
    """Return the layout without the optional columns that a sheet lacks."""
    if not layout.get("optional"):
        return layout
    with_eu = {h: m for h, m in layout["with_eu"].items() if plain(h) in sheet.columns}
    kept = {**_least(layout), "with_eu": with_eu}
    share = layout["share_with_eu_pct"]
    if "allocation" in with_eu.values() and plain(share) in sheet.columns:
        kept["share_with_eu_pct"] = share
    return kept


def _eu_share(
    rows: DonorRows,
    layout: Mapping[str, Any],
    numbers: Mapping[str, pl.Series],
    info: ReleaseInfo,
) -> pl.DataFrame:
    columns = {h: (m, numbers[h]) for h, m in layout.get("eu_share", {}).items()}
    bilateral = {measure: numbers[h] for h, measure in layout.get("stated", {}).items()}
    for heading, measure in layout.get("with_eu", {}).items():
        columns[heading] = (measure, numbers[heading] - bilateral[measure])
    states = [code for code, donor in donors().items() if not donor.institution]
    parts = [
        pl.DataFrame({"donor": rows.codes, "amount_eur": series}).with_columns(
            pl.lit(measure).alias("measure"), pl.lit(info.name).alias("release")
        )
        for measure, series in columns.values()
    ]
    if not parts:
        return EU_SHARE.empty()
    table = pl.concat(parts).filter(pl.col("donor").is_in(states))
    return EU_SHARE.conform(table.filter(pl.col("amount_eur").abs() > 0.5))


def _stated(
    rows: DonorRows,
    layout: Mapping[str, Any],
    numbers: Mapping[str, pl.Series],
    info: ReleaseInfo,
    sheet: Sheet,
) -> pl.DataFrame:
    codes = rows.codes.to_frame("donor").select(
        pl.when(rows.is_total).then(pl.lit(ALL)).otherwise(pl.col("donor")).alias("donor")
    )["donor"]
    keys: dict[str, dict[str, str]] = {
        h: {"measure": measure, "where": f"{sheet.path.name}: {h}"}
        for h, measure in layout.get("stated", {}).items()
    }
    table = melted(codes, {h: numbers[h] for h in keys}, keys) if keys else None
    if rows.is_total.any():
        typed = {
            h: {**keys_, "where": f"{sheet.path.name}: {h}"}
            for h, keys_ in layout["amounts"].items()
        }
        only = pl.Series("donor", [ALL if t else None for t in rows.is_total], dtype=pl.String())
        extra = melted(only, {h: numbers[h] for h in typed}, typed)
        table = extra if table is None else pl.concat([table, extra], how="diagonal")
    if table is None:
        return STATED.empty()
    return STATED.conform(
        table.rename({"amount": "amount_eur"}).with_columns(pl.lit(info.name).alias("release"))
    )


def _gdp(
    rows: DonorRows,
    layout: Mapping[str, Any],
    numbers: Mapping[str, pl.Series],
    info: ReleaseInfo,
) -> pl.DataFrame:
    if "gdp_eur_bn" in layout:
        product = numbers[layout["gdp_eur_bn"]]
    elif "share_with_eu_pct" in layout:
        total = numbers[next(iter(layout["with_eu"]))]
        product = total / (numbers[layout["share_with_eu_pct"]] / BILLION) * 100.0
    else:
        return GDP.empty()
    return gdp_table(rows.codes, product, info)


def gdp_table(codes: pl.Series, gdp_eur: pl.Series, info: ReleaseInfo) -> pl.DataFrame:
    """Return denominators of states; an institution and a GDP of zero have none."""
    states = [code for code, donor in donors().items() if not donor.institution]
    table = pl.DataFrame({"donor": codes, "gdp_eur": gdp_eur}).filter(
        pl.col("donor").is_in(states) & pl.col("gdp_eur").is_finite() & (pl.col("gdp_eur") > 0)
    )
    return GDP.conform(
        table.unique("donor", maintain_order=True).with_columns(
            pl.lit(2021).alias("year"),
            pl.lit(f"release {info.name}: {info.gdp_source}").alias("vintage"),
        )
    )
