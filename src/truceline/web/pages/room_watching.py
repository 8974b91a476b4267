"""The desk of effort: what is watched, what is not, and what was kept from being seen."""

from __future__ import annotations

import polars as pl
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from truceline.web.access.door import session
from truceline.web.pages.room_frame import framed
from truceline.web.room.room import Room

#: Most rows of one table of what is watched.
MOST_ROWS = 300


def watching_pages(room: Room) -> APIRouter:
    """Return the desk of effort."""
    router = APIRouter()

    @router.get("/watching")
    def watching(request: Request) -> HTMLResponse:
        seen = room.seen(session(request).viewer)
        latest = seen.effort.group_by("source", "instrument").agg(
            last=pl.col("t_end").max(), best=pl.col("p_detect").max(), rows=pl.len()
        )
        denied = seen.observations.filter(
            pl.col("phenomenon").cast(pl.String).str.contains("obstr")
        )
        return framed(
            request, room, "room/watching.html.j2", title="Watching",
            sources=latest.sort("source").to_dicts(),
            gaps=seen.unwatched.sort("t_start", descending=True).head(MOST_ROWS).to_dicts(),
            n_gaps=seen.unwatched.height,
            denied=denied.sort("t_start", descending=True).head(MOST_ROWS).to_dicts(),
            states=_latest(seen.states).to_dicts(),
        )  # fmt: skip

    return router


def _latest(states: pl.DataFrame) -> pl.DataFrame:
    return states.sort("t_end").unique(["indicator", "sector"], keep="last").sort("sector")
