"""Claimed events beside the picture: which incident lies within the error of each, if any."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from truceline.core.space.geodesy import distance_m
from truceline.judgement.incidents.kinds import (
    KIND_OF,
    KINDS,
    PRECISE_SIGMA_M,
    VAGUE_GATE,
    Kind,
)
from truceline.judgement.judgement import Judgement
from truceline.record.claimed_events import ClaimedEvent

#: Incidents shown beside one event, the nearest first.
MOST_MATCHES: Final = 3


@dataclass(frozen=True)
class Match:
    """An incident that lies near a claimed event.

    Attributes
    ----------
    incident, kind, listed : str
        Its identity, its kind and the list it stands on.
    distance_m : float or None
        From the place claimed to its best place, metres; None where the event or the incident
        is known by its area alone.
    apart : int
        From the time claimed to its interval, microseconds; 0 inside it.
    """

    incident: str
    kind: str
    listed: str
    distance_m: float | None
    apart: int


def matches(seen: Judgement, events: tuple[ClaimedEvent, ...]) -> list[list[Match]]:
    """Return the incidents near each event, the nearest first, of what a viewer may see.

    The rule is the one by which observations are joined to an incident: of one family of kinds,
    within the family's gap in time, and within its gate of joint sigmas in place. An event that
    names an area is near the incidents of that area or sector.

    Parameters
    ----------
    seen : Judgement
        What the viewer may see: of what is withheld nothing is compared, so nothing shows.
    events : tuple of ClaimedEvent
        As a party claims them.
    """
    table = seen.incidents.join(seen.assessments.select("incident_id", "listed"), on="incident_id")
    return [_near(table, event) for event in events]


def _near(table: pl.DataFrame, event: ClaimedEvent) -> list[Match]:
    kind = KINDS[KIND_OF[event.kind]]
    in_time = table.filter(
        (pl.col("t_start") <= event.t + kind.gap)
        & (pl.col("t_end") >= event.t - kind.gap)
        & pl.col("kind").cast(pl.String).is_in(kind.phenomena)
    )
    found = [m for row in in_time.to_dicts() if (m := _match(row, event, kind)) is not None]
    return sorted(found, key=lambda m: (m.distance_m or 0.0, m.apart, m.incident))[:MOST_MATCHES]


def _match(row: dict[str, Any], event: ClaimedEvent, kind: Kind) -> Match | None:
    apart = max(0, row["t_start"] - event.t, event.t - row["t_end"])
    metres = None
    if event.area is not None:
        names = {str(row[name]).casefold() for name in ("area", "sector") if row[name]}
        if event.area.casefold() not in names:
            return None
    else:
        metres = _within(row, event, kind)
        if metres is None:
            return None
    return Match(row["incident_id"], str(row["kind"]), row["listed"], metres, apart)


def _within(row: dict[str, Any], event: ClaimedEvent, kind: Kind) -> float | None:
    """Return the distance to an incident's best place; None beyond the gate or without a place."""
    if event.lon is None or event.lat is None or event.sigma_m is None or row["lon"] is None:
        return None
    metres = distance_m(event.lon, event.lat, row["lon"], row["lat"])
    gate = kind.gate if event.sigma_m <= PRECISE_SIGMA_M else VAGUE_GATE
    joint = math.hypot(event.sigma_m, row["err_major_m"] or 0.0, kind.extent_m)
    return metres if metres <= gate * joint else None
