"""The bulletin desk: a draft at any time, one publication, visible corrections."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from truceline.core.types.errors import InputError
from truceline.web.access.door import need, session
from truceline.web.pages.rendering import document
from truceline.web.pages.room_frame import framed, seen_other
from truceline.web.room import publishing
from truceline.web.room.alerts import alerts_of
from truceline.web.room.room import Room


def bulletin_pages(room: Room) -> APIRouter:
    """Return the bulletin desk."""
    router = APIRouter()

    @router.get("/bulletins")
    def desk(request: Request) -> HTMLResponse:
        return _desk(request, room)

    @router.get("/bulletins/draft")
    def draft(request: Request) -> HTMLResponse:
        need(request, "publish")
        return document(publishing.draft(room))

    @router.post("/bulletins")
    def publish(
        request: Request,
        words: Annotated[str, Form(max_length=4000)] = "",
        corrects: Annotated[str, Form(max_length=20)] = "",
        why: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        viewer = need(request, "publish").viewer
        earlier = int(corrects) if corrects.isascii() and corrects.isdigit() else None
        try:
            publishing.publish(room, viewer, words, corrects=earlier, why=why)
        except InputError as error:
            return _desk(request, room, error=str(error), words=words, status=422)
        return seen_other("/bulletins")

    @router.get("/bulletins/{number}/{name:path}")
    def file(number: int, name: str) -> Response:
        folder = publishing.folder_of(room, number)
        if name not in publishing.files_of(folder):
            raise HTTPException(404, "There is no such file.")
        path = folder / "bulletin" / name
        if name.endswith(".html"):
            return document(path.read_text(encoding="utf-8"))
        return FileResponse(path, filename=path.name)

    return router


def _desk(request: Request, room: Room, *, status: int = 200, **more: object) -> HTMLResponse:
    found = publishing.publications(room)
    files = {p["number"]: publishing.files_of(publishing.folder_of(room, p["number"]))
             for p in found[:30] if isinstance(p["number"], int)}  # fmt: skip
    alerts = alerts_of(room.database) if session(request).viewer.may("publish") else {}
    values = {"error": None, "words_typed": more.pop("words", ""), "alerts": alerts, **more}
    return framed(
        request, room, "room/bulletins.html.j2", status=status, title="Bulletins",
        publications=found[:30], files=files, due=room.next_bulletin(), **values,
    )  # fmt: skip
