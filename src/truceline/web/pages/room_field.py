"""The field form: a page that works without a connection and sends each report once."""

from __future__ import annotations

from importlib import resources
from typing import Final, get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.evidence.sources.patrol_form.form import DenialKind, Description, Kind, Means
from truceline.web.access.door import need
from truceline.web.pages.rendering import rendered
from truceline.web.pages.room_frame import PAGES
from truceline.web.room.room import Room

#: The page may keep itself for later and ask where the phone is; no other page may.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "worker-src 'self'; manifest-src 'self'; connect-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def field_pages(room: Room) -> APIRouter:
    """Return the routes of the form."""
    router = APIRouter()

    @router.get("/field")
    def form(request: Request) -> HTMLResponse:
        need(request, "report")
        # Nothing of the session stands on the page: the phone keeps it for later.
        page = rendered(
            "room/field.html.j2", title="Field report", here="/field",
            pages=[(at, name) for at, name, right in PAGES if at == "/field"],
            room_title=room.case.settings.title, parties=room.parties, kinds=get_args(Kind),
            means=get_args(Means), descriptions=get_args(Description),
            denials=get_args(DenialKind), weapons=WEAPON_CLASSES,
        )  # fmt: skip
        page.headers["Content-Security-Policy"] = POLICY
        page.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
        return page

    return router


def worker_pages() -> APIRouter:
    """Return the program that keeps the form; it stands before the door, and holds no secret."""
    router = APIRouter()
    static = resources.files("truceline.web") / "static" / "field"

    @router.get("/field-worker.js")
    def worker() -> Response:
        text = (static / "worker.js").read_text(encoding="utf-8")
        return Response(text, media_type="text/javascript")

    @router.get("/field.webmanifest")
    def manifest() -> Response:
        text = (static / "field.webmanifest").read_text(encoding="utf-8")
        return Response(text, media_type="application/manifest+json")

    return router
