"""The map's page, and the answers it is drawn from."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from truceline.agreement.mission import own_places
from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.judgement.judgement import Judgement
from truceline.web.access.door import session
from truceline.web.access.roles import Viewer
from truceline.web.live_map.layers import ground, watched
from truceline.web.live_map.marks import details, marks, placed
from truceline.web.live_map.mission import mission
from truceline.web.pages.room_frame import framed
from truceline.web.room.room import Room
from truceline.web.settings import COMPRESSION

#: The map draws in a canvas and works in a worker of its own; nothing comes from elsewhere.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "worker-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class Columns(Response):
    """Packed columns of incidents."""

    media_type = "application/octet-stream"


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

    @router.get("/api/map/incidents", response_class=Columns)
    def incidents(request: Request) -> Response:
        return _packed(request, room, "marks", Columns, lambda seen: marks(placed(seen)))

    @router.get("/api/map/details", response_class=Columns)
    def more(request: Request) -> Response:
        return _packed(request, room, "details", Columns, lambda seen: details(placed(seen)))

    @router.get("/api/map/ground")
    def geography(request: Request) -> Response:
        return _packed(
            request, room, "ground", JSONResponse,
            lambda seen: _written(ground(room.geography(), seen, room.parties)),
        )  # fmt: skip

    @router.get("/api/map/effort")
    def effort(request: Request, at: str) -> JSONResponse:
        seen = room.seen(session(request).viewer)
        return JSONResponse(watched(seen, room.geography(), _moment(at)))

    @router.get("/api/map/mission")
    def own(request: Request, at: str) -> JSONResponse:
        return _own(session(request).viewer, room, _moment(at))

    return router


def _own(viewer: Viewer, room: Room, at: int) -> JSONResponse:
    # Where the mission stands and patrols is for those who work in the room.
    if not viewer.may("work"):
        return JSONResponse({"type": "FeatureCollection", "features": []})
    return JSONResponse(mission(room.seen(viewer), own_places(room.case.folder), at))


def _moment(text: str) -> int:
    try:
        return parse_time(text)
    except InputError as error:
        raise HTTPException(400, "at is a time with its offset.") from error


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _packed(
    request: Request, room: Room, name: str, kind: type[Response],
    make: Callable[[Judgement], bytes],
) -> Response:  # fmt: skip
    """Return an answer that is written and compressed once for all who see the same."""

    def written(seen: Judgement) -> tuple[bytes, bytes]:
        body = make(seen)
        return body, gzip.compress(body, COMPRESSION, mtime=0)

    plain, packed = room.picture(session(request).viewer).once(name, written)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(packed, media_type=kind.media_type, headers=headers)
    return Response(plain, media_type=kind.media_type)
