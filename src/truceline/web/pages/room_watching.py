"""The desk of effort: what is watched, what is not, and what was kept from being seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from truceline.agreement.mission import own_places
from truceline.core.types.time import day_bounds, from_micros, zone_of
from truceline.judgement.judgement import Judgement
from truceline.judgement.truce_state.latest import latest_states
from truceline.web.access.door import session
from truceline.web.pages.room_frame import framed
from truceline.web.room.own_watch import heard, kept_from_seeing, patrols
from truceline.web.room.room import Room

#: Most rows of one table of what is watched.
MOST_ROWS = 300

#: A week, today included, days.
WEEK = 7


@dataclass(frozen=True)
class Days:
    """What is today, and the week that ends with it, by the case's clock.

    Attributes
    ----------
    week, today, now : int
        Midnight six days ago, the last midnight and the time, UTC microseconds.
    """

    week: int
    today: int
    now: int


def watching_pages(room: Room) -> APIRouter:
    """Return the desk of effort."""
    router = APIRouter()

    @router.get("/watching")
    def watching(request: Request) -> HTMLResponse:
        viewer = session(request).viewer
        seen = room.seen(viewer)
        latest = seen.effort.group_by("source", "instrument").agg(
            last=pl.col("t_end").max(), best=pl.col("p_detect").max(), rows=pl.len()
        )
        days = _days(room)
        return framed(
            request, room, "room/watching.html.j2", title="Watching",
            sources=latest.sort("source").to_dicts(),
            gaps=seen.unwatched.sort("t_start", descending=True).head(MOST_ROWS).to_dicts(),
            n_gaps=seen.unwatched.height, today=days.today,
            # Where the mission stands and patrols is for those who work in the room.
            mission=_mission(room, seen, days) if viewer.may("work") else None,
            denied=_denied(seen, days),
            states=latest_states(seen.states).sort("sector").to_dicts(),
        )  # fmt: skip

    return router


def _mission(room: Room, seen: Judgement, days: Days) -> dict[str, Any]:
    """Return what the mission's own saw, and what they were kept from."""
    sectors = room.case.sectors()
    kept = kept_from_seeing(seen.effort, sectors, (days.week, days.now))
    return {
        "own": heard(seen, own_places(room.case.folder), days.now),
        "patrols": patrols(seen.effort, sectors, (days.today, days.now)).to_dicts(),
        "kept": kept.sort("t_start", descending=True, maintain_order=True).to_dicts(),
        "kept_known": seen.effort.filter(pl.col("t_end") > days.week).height > 0,
    }


def _days(room: Room) -> Days:
    zone, now = room.case.settings.timezone, room.clock()
    today = from_micros(now).astimezone(zone_of(zone)).date()
    first = day_bounds(today - timedelta(days=WEEK - 1), zone)[0]
    return Days(first, day_bounds(today, zone)[0], now)


def _denied(seen: Judgement, days: Days) -> list[dict[str, Any]]:
    """Return the obstructions reported in the week, the newest first."""
    rows = seen.observations.filter(
        (pl.col("phenomenon") == "obstruction")
        & (pl.col("t_end") >= days.week)
        & (pl.col("t_start") < days.now)
    )
    return rows.sort("t_start", "obs_id", descending=[True, False]).head(MOST_ROWS).to_dicts()
