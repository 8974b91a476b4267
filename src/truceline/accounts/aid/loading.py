"""Releases from a folder: each folder with files of aid is one release."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from truceline.accounts.aid.model import AidRelease, ReleaseInfo
from truceline.accounts.aid.readers.activities import NORWAY, read_activities
from truceline.accounts.aid.readers.country_sheet import (
    CountrySheet,
    gdp_table,
    layout_of,
    read_country_sheet,
)
from truceline.accounts.aid.readers.financial import read_paid_out, with_instruments
from truceline.accounts.aid.readers.mapped import MAPPING_FILE, read_mapped
from truceline.accounts.aid.readers.monthly import (
    read_disbursements,
    read_eu_shares,
    read_month_totals,
    read_monthly,
)
from truceline.accounts.aid.readers.rows import BILLION, donor_rows
from truceline.accounts.aid.readers.workbook import is_tracker_workbook, read_workbook
from truceline.accounts.aid.releases import info_of
from truceline.accounts.aid.shapes import SHAPES, shape_of
from truceline.accounts.aid.sheets import read_csv, with_header
from truceline.core.types.errors import InputError, UnknownFormatError, Where

_SHEETS = ("country_sheet_r19", "country_sheet_r25", "country_sheet_norway")
_NUMBER = re.compile(r"(?:release[ _-]?|[_ -]r)(\d{1,3})(?!\d)", re.I)


def load_releases(folder: Path) -> dict[str, AidRelease]:
    """Read every release found in a folder and its folders, by name.

    A release is known by what its files hold; its number is read from its label, from the
    layout, or from the name of the file or folder.
    """
    if not folder.is_dir():
        raise InputError(
            "the folder of aid data is not there.",
            where=Where(str(folder)),
            hint="Give the folder that holds the tracker's files with --data.",
        )
    found: dict[str, AidRelease] = {}
    for place in sorted([folder, *(p for p in folder.rglob("*") if p.is_dir())]):
        for release in _read_folder(place):
            if release.name in found:
                raise InputError(
                    f"release {release.name} is there twice.",
                    where=Where(str(place)),
                    hint="Keep one folder or workbook for each release.",
                )
            found[release.name] = release
    if not found:
        raise UnknownFormatError(
            "no release of aid data was found.",
            where=Where(str(folder)),
            hint=f"Known: {', '.join(s.title for s in SHAPES)}, the tracker's workbook, or a "
            f"table with a {MAPPING_FILE}.",
        )
    return dict(sorted(found.items(), key=lambda item: item[1].info.cut_off))


def _read_folder(place: Path) -> list[AidRelease]:
    releases = [
        read_workbook(path, _number_in(path) or "workbook")
        for path in sorted(place.glob("*.xlsx"))
        if not path.name.startswith("~") and is_tracker_workbook(path)
    ]
    releases += [read_mapped(path) for path in sorted(place.glob(MAPPING_FILE))]
    files: dict[str, Path] = {}
    for path in sorted(place.glob("*.csv")):
        shape = shape_of(path)
        if shape is not None:
            files.setdefault(shape, path)
    main = [name for name in (*_SHEETS, "monthly", "activities") if name in files]
    return [*releases, _assembled(files, place)] if main else releases


def _assembled(files: Mapping[str, Path], place: Path) -> AidRelease:
    info = info_of(*_identity(files, place))
    sheet = _main_sheet(files, info)
    parts, notes = [sheet.aid], list(sheet.notes)
    if "activities" in files:
        dated = read_activities(read_csv(files["activities"]), NORWAY, info.name)
        parts = [sheet.aid.filter(pl.col("measure") != "allocation"), dated]
        notes.append("allocations are sums of activities; commitments are of the country sheet")
    if "instruments" in files:
        parts[0], more = with_instruments(parts[0], read_csv(files["instruments"]))
        notes += more
    if "paid_out" in files:
        parts.append(read_paid_out(read_csv(files["paid_out"]), info))
    if "disbursements" in files:
        parts.append(read_disbursements(read_csv(files["disbursements"]), info))
    shares = [sheet.eu_share]
    if "eu_shares" in files:
        shares.append(read_eu_shares(read_csv(files["eu_shares"]), info))
    stated = [sheet.stated]
    if "month_totals" in files:
        stated.append(read_month_totals(read_csv(files["month_totals"]), info))
    gdp = _denominators(files, info) if "relative" in files else sheet.gdp
    notes += _rate_notes(files, info)
    return AidRelease(
        info=info,
        aid=pl.concat(parts),
        eu_share=pl.concat(shares),
        stated=pl.concat(stated),
        gdp=gdp,
        files={path.name: _digest(path) for path in files.values()},
        notes=tuple(notes),
    )


def _main_sheet(files: Mapping[str, Path], info: ReleaseInfo) -> CountrySheet:
    if "monthly" in files:
        return read_monthly(read_csv(files["monthly"]), info)
    for name in _SHEETS:
        if name in files:
            return read_country_sheet(read_csv(files[name]), layout_of(name), info)
    return CountrySheet()


def _identity(files: Mapping[str, Path], place: Path) -> tuple[str, dt.date | None]:
    if "release_info" in files:
        with files["release_info"].open(encoding="utf-8-sig", newline="") as stream:
            row = next(csv.DictReader(stream))
        month = dt.datetime.strptime(row["period"], "%m/%Y").replace(tzinfo=dt.UTC).date()
        return row["release"], _last_day(month)
    number = _number_in(place)
    if number is None:
        layouts = [layout_of(n).get("release") for n in _SHEETS if n in files]
        number = next((str(n) for n in layouts if n), None)
    if number is None:
        raise InputError(
            "the number of the release is not known.",
            where=Where(str(place)),
            hint="Put it in the folder's name, such as release_28.",
        )
    return number, None


def _number_in(path: Path) -> str | None:
    match = _NUMBER.search(path.name)
    return match.group(1) if match else None


def _last_day(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def _denominators(files: Mapping[str, Path], info: ReleaseInfo) -> pl.DataFrame:
    sheet = with_header(read_csv(files["relative"]), ["land", "bnp_eur_mrd"])
    rows = donor_rows(sheet, "land", ["bnp_eur_mrd"])
    return gdp_table(rows.codes, sheet.numbers("bnp_eur_mrd", rows.is_read) * BILLION, info)


def _rate_notes(files: Mapping[str, Path], info: ReleaseInfo) -> list[str]:
    """Hold the declared rate against the release's own two sheets, where both are there."""
    if "country_sheet_usd" not in files or "country_sheet_r19" not in files:
        return []
    heading = "total_bilateral_allocations__billion"
    euros, dollars = (
        with_header(read_csv(files[name]), ["country", heading]).numbers(heading)
        for name in ("country_sheet_r19", "country_sheet_usd")
    )
    ratios = (dollars / euros).drop_nulls().drop_nans()
    low, high = float(ratios.min()), float(ratios.max())  # type: ignore[arg-type]
    note = f"dollars over euros in the two sheets: {low:.5f} to {high:.5f}"
    if info.usd_per_eur is not None and abs(high - info.usd_per_eur) > 1e-4:
        note += f"; differs from the declared {info.usd_per_eur}"
    return [note]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def with_rate(release: AidRelease, usd_per_eur: float, source: str) -> AidRelease:
    """Return the release with another fixed dollar rate, and where it is from."""
    info = replace(release.info, usd_per_eur=usd_per_eur, rate_source=source)
    return replace(release, info=info)
