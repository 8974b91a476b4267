"""Verified incidents of civilian harm, one a row."""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import DAY
from truceline.evidence.sources.checks import PLACE_CHECKS, number_check
from truceline.evidence.sources.feed import Feed, Layout, Settings
from truceline.evidence.sources.fields import (
    attributes,
    digest,
    local_day_end,
    local_time,
    number,
)
from truceline.evidence.sources.source import SourceInfo

INFO = SourceInfo(
    name="civilian_harm",
    title="Verified incidents of civilian harm",
    publisher="Bellingcat's open map, by way of a public dashboard",
    licence="None stated: read it, do not redistribute it",
    instrument="dataset",
    phenomena=("damage",),
    witness="One verified incident.",
    effort="Filmed and reported places only; silence says nothing.",
    limits=(
        "No hour; the day can be the day of publication, so it happened on that day or the one "
        "before."
    ),
    settings={"timezone": "IANA name of the zone of the days; Europe/Kyiv unless told."},
)

_FORM = "%Y-%m-%d"

#: Places are found on imagery, to about a block of houses.
_SIGMA_M = 300.0


def _fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    place = pl.concat_str("latitude", "longitude", "description", separator=" ", ignore_nulls=True)
    return {
        "t_start": local_time("date", _FORM, zone) - DAY,
        "t_end": local_day_end("date", (_FORM,), zone),
        "lon": number("longitude"),
        "lat": number("latitude"),
        "sigma_m": pl.lit(_SIGMA_M),
        "witness": pl.format("incident {}", digest(place)),
        "attributes": attributes(description=pl.col("description"), links=number("sources")),
    }


SOURCE = Feed(
    INFO,
    (
        Layout(
            ("date", "latitude", "longitude", "description", "sources"),
            _fields,
            (*PLACE_CHECKS, number_check("sources", low=0)),
        ),
    ),
)
