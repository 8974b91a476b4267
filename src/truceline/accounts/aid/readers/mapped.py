"""Any other table of aid, by a mapping of its columns: the way to another crisis."""

from __future__ import annotations

import datetime as dt
from collections import abc
from pathlib import Path
from typing import Final, Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from truceline.accounts.aid.donors import donors
from truceline.accounts.aid.model import AID, INSTRUMENTS, AidRelease, ReleaseInfo
from truceline.accounts.aid.readers.rows import donor_rows
from truceline.accounts.aid.sheets import Sheet, read_csv, read_sheet, sheet_names, with_header
from truceline.core.types.errors import InputError, Where

MAPPING_FILE: Final = "aid.yaml"


Words = abc.Mapping[str, str]


class Rate(BaseModel):
    """Euros for one unit of a currency, with the day and the source of the rate."""

    model_config = ConfigDict(extra="forbid")
    eur: float = Field(gt=0)
    date: dt.date
    source: str


class Columns(BaseModel):
    """Headings of the table; all but donor and amount may be absent."""

    model_config = ConfigDict(extra="forbid")
    donor: str
    amount: str
    date: str | None = None
    type: str | None = None
    measure: str | None = None
    instrument: str | None = None
    currency: str | None = None


class Mapping(BaseModel):
    """A mapping of one table to the model of aid."""

    model_config = ConfigDict(extra="forbid")
    file: str
    sheet: str | None = None
    release: str
    title: str
    citation: str
    cut_off: dt.date
    columns: Columns
    scale: float = Field(default=1.0, gt=0)
    currency: str = "EUR"
    measure: Literal["commitment", "allocation", "disbursement"] = "allocation"
    types: dict[str, Literal["military", "financial", "humanitarian"]] = {}
    measures: dict[str, Literal["commitment", "allocation", "disbursement"]] = {}
    rates: dict[str, Rate] = {}
    donors: dict[str, str] = {}
    usd_per_eur: float | None = Field(default=None, gt=0)


def read_mapped(path: Path) -> AidRelease:
    """Read the table that a mapping file beside it describes.

    Every currency met needs a rate in the mapping: amounts in several currencies are never
    added as if they were one.
    """
    mapping = _mapping(path)
    if Path(mapping.file).name != mapping.file:
        raise InputError(
            f"the table {mapping.file!r} is not beside its mapping.",
            where=Where(str(path), None, "file"),
            hint="Name a file in the same folder.",
        )
    columns = mapping.columns
    headings = [h for h in columns.model_dump().values() if h is not None]
    sheet = with_header(_cells(path.parent / mapping.file, mapping.sheet), headings)
    rows = donor_rows(sheet, columns.donor, [columns.amount], mapping.donors)
    table = _table(sheet, rows.codes, rows.is_read, mapping)
    kept = table.filter(pl.col("donor").is_not_null() & pl.col("amount").is_not_null())
    _check_rates(sheet, kept, mapping)
    dollars, said_by = _dollar(mapping, path.name)
    return AidRelease(
        info=ReleaseInfo(
            name=mapping.release,
            title=mapping.title,
            citation=mapping.citation,
            cut_off=mapping.cut_off,
            cut_off_source=path.name,
            usd_per_eur=dollars,
            rate_source=said_by,
        ),
        aid=_converted(kept, mapping, dated=columns.date is not None),
        notes=tuple(f"{text!r} has no amount and was left out" for text in rows.ignored),
    )


def _dollar(mapping: Mapping, name: str) -> tuple[float | None, str]:
    """Return dollars for a euro and who says so: the rate that amounts in dollars came in by.

    With that rate, amounts given in dollars are printed as they were given.
    """
    if mapping.usd_per_eur is not None:
        return mapping.usd_per_eur, name
    rate = mapping.rates.get("USD")
    if rate is None:
        return None, ""
    return 1.0 / rate.eur, f"{rate.source}, {rate.date.isoformat()}, in {name}"


def _cells(path: Path, sheet: str | None) -> Sheet:
    """Return the cells of a table: those of a CSV file, or of one sheet of a workbook."""
    if path.suffix.lower() in {".xlsx", ".xls", ".ods"}:
        return read_sheet(path, sheet or sheet_names(path)[0])
    return read_csv(path)


def _table(sheet: Sheet, codes: pl.Series, is_read: pl.Series, mapping: Mapping) -> pl.DataFrame:
    columns = mapping.columns
    currency = sheet.text(columns.currency) if columns.currency else None
    dates = sheet.dates(columns.date) if columns.date else None
    return pl.DataFrame(
        {
            "donor": codes,
            "amount": sheet.numbers(columns.amount, is_read) * mapping.scale,
            "currency": currency
            if currency is not None
            else pl.repeat(mapping.currency, sheet.height, eager=True),
            "date": dates
            if dates is not None
            else pl.repeat(None, sheet.height, dtype=pl.Date(), eager=True),
            "type": _mapped(sheet, columns.type, mapping.types, "types"),
            "measure": _mapped(sheet, columns.measure, mapping.measures, "measures")
            if columns.measure
            else pl.repeat(mapping.measure, sheet.height, eager=True),
            "instrument": _instruments(sheet, columns.instrument),
        }
    ).with_row_index("_row")


def _mapping(path: Path) -> Mapping:
    try:
        return Mapping.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except yaml.YAMLError as cause:
        raise InputError(
            "the mapping is not YAML.", where=Where(str(path)), hint=str(cause).splitlines()[0]
        ) from cause
    except ValidationError as cause:
        fault = cause.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise InputError(
            f"the mapping does not say what it must: {fault['msg'].lower()}.",
            where=Where(str(path), None, place),
            hint="See the method page on aid for all keys.",
        ) from cause


def _mapped(sheet: Sheet, heading: str | None, words: Words, key: str) -> pl.Series:
    if heading is None:
        return pl.repeat(None, sheet.height, dtype=pl.String(), eager=True)
    found = sheet.text(heading)
    known = {word.casefold(): meaning for word, meaning in words.items()}
    mapped = found.str.to_lowercase().replace_strict(known, default=None, return_dtype=pl.String())
    wrong = found.is_not_null() & mapped.is_null()
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        raise InputError(
            f"the mapping says nothing of {found[row]!r}.",
            where=sheet.at(heading, row),
            hint=f"Add it under `{key}` of {MAPPING_FILE}.",
        )
    return mapped


def _instruments(sheet: Sheet, heading: str | None) -> pl.Series:
    return _mapped(sheet, heading, {name: name for name in INSTRUMENTS}, "instrument")


def _check_rates(sheet: Sheet, table: pl.DataFrame, mapping: Mapping) -> None:
    without = table.filter(
        pl.col("currency").is_null() | ~pl.col("currency").is_in(["EUR", *mapping.rates])
    )
    if without.height:
        row, found = int(without["_row"][0]), without["currency"][0]
        raise InputError(
            f"the amount is in {found!r}, for which no rate is given."
            if found
            else "the amount has no currency.",
            where=sheet.at(mapping.columns.currency or mapping.columns.amount, row),
            hint=f"Add it under `rates` of {MAPPING_FILE}, with day and source.",
        )


def _converted(table: pl.DataFrame, mapping: Mapping, *, dated: bool) -> pl.DataFrame:
    rates = {"EUR": 1.0, **{code: rate.eur for code, rate in mapping.rates.items()}}
    days = {code: rate.date.isoformat() for code, rate in mapping.rates.items()}
    sources = {code: rate.source for code, rate in mapping.rates.items()}
    names = {code: donor.name for code, donor in donors().items()}
    currency = pl.col("currency")
    unknown = "undated" if dated else "period"
    return AID.conform(
        table.with_columns(
            pl.lit(mapping.release).alias("release"),
            pl.col("donor").replace_strict(names).alias("donor_name"),
            pl.when(pl.col("date").is_null())
            .then(pl.lit(unknown))
            .otherwise(pl.lit("day"))
            .alias("precision"),
            currency.replace_strict(rates).alias("eur_per_unit"),
            currency.replace_strict(days, default=None, return_dtype=pl.String()).alias(
                "rate_date"
            ),
            currency.replace_strict(
                sources, default="given in euros", return_dtype=pl.String()
            ).alias("rate_source"),
        ).with_columns((pl.col("amount") * pl.col("eur_per_unit")).alias("amount_eur"))
    )
