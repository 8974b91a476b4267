"""The readings of aid that a check stands on, of all releases in a folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from truceline.accounts.aid.evaluation import Kind, Unit
from truceline.accounts.aid.indicators import Indicators, load_indicators
from truceline.accounts.aid.loading import load_releases
from truceline.accounts.aid.model import AidRelease
from truceline.accounts.aid.readings import every_reading

#: A sheet of sums older than this at the day of the sentence is no reasonable reading.
STALE_DAYS: Final = 400

#: World Bank years beside the release's own: the year before the war and the latest in full.
GDP_YEARS: Final = (2021, 2023)

_UNITS: Final[tuple[Unit, ...]] = ("usd", "eur", "gdp_share", "per_head")
_KINDS: Final[tuple[Kind, ...]] = ("all", "military", "financial", "humanitarian")


def load_aid(folder: Path) -> tuple[Mapping[str, AidRelease], Indicators]:
    """Read the releases of a folder, with the product, heads and rates they are held against."""
    return load_releases(folder), load_indicators(folder)


def aid_values(
    releases: Mapping[str, AidRelease], indicators: Indicators, on: dt.date
) -> pl.DataFrame:
    """Return every reading of aid as of a day: `AID_VALUE`.

    Parameters
    ----------
    releases : mapping
        Releases by name.
    indicators : Indicators
        Rates, product and heads.
    on : date
        The day of the sentence. Dated rows are cut there; a release of sums whose last day is
        later, or more than 400 days before, is not used.
    """
    return _cut(releases, indicators, [on])


def aid_history(
    releases: Mapping[str, AidRelease], indicators: Indicators, on: dt.date
) -> pl.DataFrame:
    """Return the same at the day, one, two and three years before it, from dated rows only."""
    dated = {name: r for name, r in releases.items() if not _is_of_sums(r)}
    return _cut(dated, indicators, [_years_before(on, n) for n in (3, 2, 1, 0)])


def _cut(
    releases: Mapping[str, AidRelease], indicators: Indicators, days: Sequence[dt.date]
) -> pl.DataFrame:
    last = max(days)
    usable = {
        name: release
        for name, release in releases.items()
        if not _is_of_sums(release) or 0 <= (last - release.info.cut_off).days <= STALE_DAYS
    }
    return every_reading(
        usable, indicators, units=_UNITS, kinds=_KINDS, cut_offs=days, gdp_years=GDP_YEARS
    )


def _is_of_sums(release: AidRelease) -> bool:
    return bool((release.aid["precision"] == "period").all())


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
