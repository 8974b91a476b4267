"""The map's page, and the three answers it is drawn from."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.web.access.door import session
from truceline.web.live_map.layers import ground, incident_columns, watched
from truceline.web.pages.room_frame import framed
from truceline.web.room.room import Room

#: The map draws in a canvas and works in a worker of its own; nothing comes from elsewhere.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "worker-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def map_pages(room: Room) -> APIRouter:
    """Return the routes of the map."""
    router = APIRouter()

    @router.get("/map", response_class=HTMLResponse)
    def page(request: Request) -> HTMLResponse:
        start, end = room.period()
        west, south, east, north = room.case.settings.bbox
        answer = framed(
            request, room, "room/map.html.j2", title="Map", start=start, end=end,
            bbox=f"{west},{south},{east},{north}", parties=room.parties,
        )  # fmt: skip
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    @router.get("/api/map/incidents")
    def incidents(request: Request) -> JSONResponse:
        return JSONResponse(incident_columns(room.seen(session(request).viewer)))

    @router.get("/api/map/ground")
    def geography(request: Request) -> JSONResponse:
        return JSONResponse(ground(room.geography(), room.seen(session(request).viewer)))

    @router.get("/api/map/effort")
    def effort(request: Request, at: str) -> JSONResponse:
        try:
            moment = parse_time(at)
        except InputError as error:
            raise HTTPException(400, "at is a time with its offset.") from error
        seen = room.seen(session(request).viewer)
        return JSONResponse(watched(seen, room.geography(), moment))

    return router
