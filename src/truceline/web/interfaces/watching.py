"""Live updates for pages and programs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from truceline.web.access.door import session
from truceline.web.room.room import Room


def event_pages(room: Room) -> APIRouter:
    """Return `/api/events`: server-sent events, each a word that it is time to look again."""
    router = APIRouter()

    @router.get("/api/events")
    def events(request: Request) -> StreamingResponse:
        works = session(request).viewer.may("work")
        return StreamingResponse(
            room.events.listen(works=works),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    return router
