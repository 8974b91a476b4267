"""The field forms: pages that work without a connection and send each report once."""

from __future__ import annotations

from importlib import resources
from typing import Final, get_args

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.evidence.sources.hotline_form.form import Noticed
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

#: What a person agrees to. The words go with the report, so that it can be shown what was said.
CONSENT: Final = (
    "We write down what you noticed, when and where, to find out whether the truce was kept. "
    "We do not write down your name, your number or who you are. The place is kept only as "
    "exactly as you allow. What is published names no caller; but someone who knows the place "
    "may guess, so leave out what only you could know. Once it is sent we cannot find your "
    "report again, as we do not know whose it is. You may stop now, and nothing is kept. "
    "Do you agree?"
)


def field_pages(room: Room) -> APIRouter:
    """Return the routes of the forms: a patrol's, and that of a person who calls."""
    router = APIRouter()

    @router.get("/field")
    def form(request: Request) -> HTMLResponse:
        need(request, "report")
        return _form(
            room, "room/field.html.j2", "Field report", means=get_args(Means),
            descriptions=get_args(Description), denials=get_args(DenialKind),
        )  # fmt: skip

    @router.get("/field/hotline")
    def hotline(request: Request) -> HTMLResponse:
        need(request, "report")
        means = get_args(Noticed.model_fields["means"].annotation)
        return _form(room, "room/hotline.html.j2", "Hotline report", means=means, consent=CONSENT)

    return router


def _form(room: Room, template: str, title: str, **values: object) -> HTMLResponse:
    # Nothing of the session stands on the page: the phone keeps it for later.
    page = rendered(
        template, status=200, title=title, here="/field",
        pages=[(at, name) for at, name, right in PAGES if at == "/field"],
        room_title=room.case.settings.title, parties=room.parties, kinds=get_args(Kind),
        weapons=WEAPON_CLASSES, **values,
    )  # fmt: skip
    page.headers["Content-Security-Policy"] = POLICY
    page.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    return page


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
