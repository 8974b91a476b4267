"""The tracker's own workbook: activities on the main sheet, sums on the country sheet."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Final

import polars as pl

from truceline.accounts.aid.model import AidRelease
from truceline.accounts.aid.readers.activities import MAIN_SHEET, read_activities
from truceline.accounts.aid.readers.country_sheet import (
    CountrySheet,
    layout_of,
    read_country_sheet,
)
from truceline.accounts.aid.releases import info_of
from truceline.accounts.aid.sheets import read_sheet, sheet_names
from truceline.core.types.errors import InputError, Where

MAIN: Final = "Bilateral Assistance, MAIN DATA"
COUNTRY: Final = "Country Summary (\u20ac)"


def is_tracker_workbook(path: Path) -> bool:
    """Return whether a workbook has the tracker's main sheet."""
    return MAIN in [name.strip() for name in sheet_names(path)]


def read_workbook(path: Path, name: str) -> AidRelease:
    """Read a workbook of the tracker.

    Parameters
    ----------
    path : Path
        The workbook.
    name : str
        Number or name of the release; one that is not declared ends on its last dated day.
    """
    names = {name.strip(): name for name in sheet_names(path)}
    if MAIN not in names:
        raise InputError(
            f"the sheet {MAIN!r} was expected.",
            where=Where(str(path)),
            hint=f"The workbook has: {', '.join(names)}.",
        )
    main = read_sheet(path, names[MAIN])
    aid = read_activities(main, MAIN_SHEET, name)
    info = info_of(name, _last_day(aid))
    summary = CountrySheet(notes=(f"no sheet {COUNTRY!r}: commitments and totals are unknown",))
    if COUNTRY in names:
        layout = layout_of("country_sheet_workbook")
        summary = read_country_sheet(read_sheet(path, names[COUNTRY]), layout, info)
    commitments = summary.aid.filter(pl.col("measure") == "commitment")
    return AidRelease(
        info=info,
        aid=pl.concat([aid, commitments]),
        eu_share=summary.eu_share,
        stated=summary.stated,
        gdp=summary.gdp,
        files={path.name: hashlib.sha256(path.read_bytes()).hexdigest()},
        notes=summary.notes,
    )


def _last_day(aid: pl.DataFrame) -> dt.date | None:
    last = aid["date"].max()
    return last if isinstance(last, dt.date) else None
