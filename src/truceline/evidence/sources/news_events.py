"""Events drawn from news by machine, in the monthly layout of VIINA extracts."""

from __future__ import annotations

import polars as pl

from truceline.evidence.sources.checks import PLACE_CHECKS
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
    name="news_events",
    title="News-derived events with place, labels and headline (VIINA 2.0 layout)",
    publisher="Y. Zhukov, VIINA; headlines are texts of the outlets",
    licence="Open Database License (ODbL)",
    instrument="news",
    phenomena=(
        "explosion",
        "explosion_impact",
        "explosion_airburst",
        "assault",
        "damage",
        "casualty",
        "uav",
        "advance",
        "alert",
        "other",
    ),
    witness="One text on one day: a list of forty villages is one witness, and so is its copy.",
    effort=(
        "Unknown and changing: outlets come and go, weekends are quieter. Silence says nothing, "
        "and a level is never a level of violence."
    ),
    limits=(
        "Labels are a machine's; a place is a settlement named in the text; an hour is often "
        "missing. Nothing is known of places that no outlet writes about."
    ),
    settings={"timezone": "IANA name of the zone of `datetime`; Europe/Kyiv unless told."},
)

#: Labels in the order in which they decide what an event is, with phenomenon and weapon.
LABELS: tuple[tuple[str, str, str | None], ...] = (
    ("firefigh", "assault", None),
    ("raid", "assault", None),
    ("airstrike", "explosion_impact", "aircraft"),
    ("artillery", "explosion_impact", "artillery_100mm"),
    ("uav", "uav", "uav_large"),
    ("ied", "explosion", None),
    ("armor", "assault", "tank"),
    ("aad", "explosion_airburst", "air_defence"),
    ("civcas", "casualty", None),
    ("milcas", "casualty", None),
    ("property", "damage", None),
    ("occupy", "advance", None),
    ("control", "advance", None),
    ("airaler", "alert", None),
)

_FORM = "%Y-%m-%d %H:%M:%S"

#: A settlement is known to about its own size.
_SIGMA_M = 2_500.0


def _fields(settings: Settings) -> dict[str, pl.Expr]:
    zone = str(settings.get("timezone", "Europe/Kyiv"))
    moment = local_time("datetime", _FORM, zone)
    # Midnight stands for an hour that is not known.
    day_only = pl.col("datetime").str.strip_chars().str.ends_with("00:00:00")
    labels = pl.col("event_type").fill_null("")
    text = pl.col("headline").fill_null("").str.to_lowercase().str.replace_all(r"\s+", " ")
    day = pl.col("datetime").str.slice(0, 10)
    return {
        "t_start": moment,
        "t_end": pl.when(day_only)
        .then(local_day_end("datetime", (_FORM,), zone))
        .otherwise(moment),
        "lon": number("lon"),
        "lat": number("lat"),
        "sigma_m": pl.lit(_SIGMA_M),
        "phenomenon": _first_label(labels, 1, "other"),
        "weapon_class": _first_label(labels, 2, None),
        "witness": pl.format("{} {}", day, digest(text.str.strip_chars())),
        "attributes": attributes(
            place=pl.col("place_name"), labels=labels, headline=pl.col("headline")
        ),
    }


def _first_label(labels: pl.Expr, part: int, otherwise: str | None) -> pl.Expr:
    answer = pl.lit(otherwise, pl.String)
    for entry in reversed(LABELS):
        answer = (
            pl.when(labels.str.contains(entry[0], literal=True))
            .then(pl.lit(entry[part], pl.String))
            .otherwise(answer)
        )
    return answer


SOURCE = Feed(
    INFO,
    (
        Layout(
            ("datetime", "lon", "lat", "place_name", "event_type", "headline"),
            _fields,
            PLACE_CHECKS,
        ),
    ),
)
