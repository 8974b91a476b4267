"""What is declared of a release beyond what its files say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from truceline.accounts.aid.donors import declared
from truceline.accounts.aid.model import ReleaseInfo
from truceline.core.types.errors import InputError


def info_of(name: str, cut_off: dt.date | None = None) -> ReleaseInfo:
    """Return what is declared of a release; an unlisted one needs its last day."""
    listed = declared("releases.yaml")
    rows: Mapping[str, Mapping[str, Any]] = listed["releases"]  # type: ignore[assignment]
    row = rows.get(name, {})
    last = row.get("cut_off", cut_off)
    if last is None:
        raise InputError(
            f"the last day that release {name} covers is not known.",
            hint="Name it in the release's label, or use a table with dates.",
        )
    return ReleaseInfo(
        name=name,
        title=f"{listed['title']}, release {name}",
        citation=str(listed["citation"]),
        cut_off=last,
        cut_off_source=str(row.get("cut_off_source", "last dated amount")),
        usd_per_eur=row.get("usd_per_eur"),
        rate_source=str(row.get("rate_source", "")),
        gdp_source=str(row.get("gdp_source", "")),
    )
