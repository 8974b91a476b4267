"""The desk of the terms: the agreement beside its lint."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from truceline.agreement.lint import lint
from truceline.web.pages.room_frame import framed
from truceline.web.room.room import Room


def terms_pages(room: Room) -> APIRouter:
    """Return the desk of the terms."""
    router = APIRouter()

    @router.get("/terms")
    def terms(request: Request) -> HTMLResponse:
        return framed(
            request, room, "room/terms.html.j2", title="Terms",
            agreement=room.case.terms.agreement, findings=lint(room.case.terms, _observable(room)),
        )  # fmt: skip

    return router


def _observable(room: Room) -> dict[str, tuple[str, ...]]:
    """Return what each feed of the case can see."""
    feeds = [feed.source for feed in room.case.feeds if feed.source in room.sources]
    return {name: room.sources[name].info.phenomena for name in feeds}
