"""The desk of the terms: the agreement beside its lint, and drafts of its zones drawn on a map."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from truceline.agreement.lint import Finding, lint
from truceline.core.types.errors import InputError
from truceline.web.access.door import need
from truceline.web.live_map.routes import POLICY
from truceline.web.pages.room_frame import framed, seen_other
from truceline.web.room import terms_drafts
from truceline.web.room.room import Room

#: Longest text of a draft's zones, characters; below the longest body that the server takes.
MOST_DRAWN = 60_000

#: Files of a draft that are handed out alone: where each lies, and its media type.
_FILES = {
    "agreement.yaml": ("agreement.yaml", "application/yaml"),
    "zones.geojson": (f"geometry/{terms_drafts.ZONES_FILE}", "application/geo+json"),
}


def terms_pages(room: Room) -> APIRouter:
    """Return the desk of the terms."""
    router = APIRouter()

    @router.get("/terms")
    def terms(request: Request) -> HTMLResponse:
        return _desk(request, room)

    @router.post("/terms/drafts")
    def save(
        request: Request,
        version: Annotated[str, Form(min_length=1, max_length=60)],
        drawn: Annotated[str, Form(max_length=MOST_DRAWN)],
    ) -> Response:
        viewer = need(request, "review").viewer
        try:
            read = terms_drafts.read_drawn(drawn)
            number = terms_drafts.save(room, viewer, version.strip(), read)
        except InputError as error:
            return _desk(request, room, error=str(error), status=422)
        return seen_other(f"/terms?draft={number}")

    @router.get("/terms/drafts/{number}/{name}", response_class=Response)
    def download(request: Request, number: int, name: str) -> Response:
        need(request, "work")
        return _download(room, number, name)

    @router.post("/terms/drafts/{number}/adopt")
    def adopt(
        request: Request, number: int, why: Annotated[str, Form(max_length=2000)] = ""
    ) -> Response:
        viewer = need(request, "publish").viewer
        try:
            terms_drafts.adopt(room, viewer, number, why)
        except InputError as error:
            return _desk(request, room, error=str(error), status=422)
        return seen_other("/terms")

    return router


def terms_answers(room: Room) -> APIRouter:
    """Return what the desk's program asks for."""
    router = APIRouter()

    @router.get("/api/terms/zones")
    def zones() -> JSONResponse:
        west, south, east, north = room.case.settings.bbox
        found = terms_drafts.zones_in_force(room)
        return JSONResponse(
            {"bbox": [west, south, east, north], "parties": list(room.parties), "zones": found}
        )

    @router.get("/api/terms/drafts/{number}")
    def drawn(request: Request, number: int) -> JSONResponse:
        need(request, "work")
        return JSONResponse(_known(room, number).drawn.model_dump(mode="json"))

    @router.post("/api/terms/lint")
    def relint(request: Request, drawn: terms_drafts.Drawn) -> JSONResponse:
        need(request, "review")
        found = terms_drafts.lint_draft(room, drawn, "draft")
        return JSONResponse({"findings": [_said(finding) for finding in found]})

    return router


def _desk(
    request: Request, room: Room, *, status: int = 200, error: str | None = None
) -> HTMLResponse:
    findings = lint(room.case.terms, terms_drafts.observable(room))
    answer = framed(
        request, room, "room/terms.html.j2", title="Terms", status=status, error=error,
        agreement=room.case.terms.agreement, findings=[_said(finding) for finding in findings],
        drafts=terms_drafts.drafts(room), parties=room.parties,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _said(finding: Finding) -> dict[str, Any]:
    """Return a finding without the folder in which its file happened to lie."""
    where = str(finding.where).split("/")[-1]
    return {
        "severity": finding.severity, "rule": finding.rule, "message": finding.message,
        "where": where, "why": finding.why, "wording": finding.wording,
    }  # fmt: skip


def _known(room: Room, number: int) -> terms_drafts.Draft:
    try:
        return terms_drafts.draft_of(room, number)
    except InputError as error:
        raise HTTPException(404, "There is no such draft.") from error


def _download(room: Room, number: int, name: str) -> Response:
    files = terms_drafts.files_of(room, _known(room, number))
    if name == "case.zip":
        return _file(terms_drafts.packed(files), "application/zip", f"draft-{number}.zip")
    path, kind = _FILES.get(name, ("", ""))
    if path not in files:
        raise HTTPException(404, "There is no such file.")
    return _file(files[path], kind, name)


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
