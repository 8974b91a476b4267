"""Incidents to read: the list, the page of one, its case file, and the queue."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import polars as pl
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from truceline.core.types.errors import InputError
from truceline.core.types.tables import WEIGHT
from truceline.publish.draw.waterfall import waterfall
from truceline.web.access.door import need, session
from truceline.web.interfaces.answers import PAGE
from truceline.web.pages.room_frame import framed, number_in, words_of
from truceline.web.room.dossier import Dossier, dossier
from truceline.web.room.listing import Asked, choices, counts, incidents
from truceline.web.room.queue import queue, tasks
from truceline.web.room.room import Room

#: Rows on one page of the list.
ROWS = 50


def incident_pages(room: Room) -> APIRouter:
    """Return the routes."""
    router = APIRouter()

    @router.get("/incidents", openapi_extra=PAGE)
    def listed(
        request: Request, listed: str = "", kind: str = "", sector: str = "", party: str = "",
        order: str = "time",
    ) -> HTMLResponse:  # fmt: skip
        return _listed(request, room, Asked(listed, kind, sector, party, order))

    @router.get("/incidents/{incident}")
    def one(request: Request, incident: str) -> HTMLResponse:
        found = _found(request, room, incident)
        return framed(
            request, room, "room/incident.html.j2", title=f"Incident {incident[:9]}", file=found,
            parties=room.parties, drawn=_drawn(room, found),
        )  # fmt: skip

    @router.get("/incidents/{incident}/case-file")
    def case_file(request: Request, incident: str) -> HTMLResponse:
        return _case_file(request, room, incident)

    @router.get("/queue", openapi_extra=PAGE)
    def waits(request: Request) -> HTMLResponse:
        return _queue(request, room)

    return router


def _listed(request: Request, room: Room, asked: Asked) -> HTMLResponse:
    picture = room.picture(session(request).viewer)
    found = incidents(picture, asked)
    number = number_in(request, "page", 1, 1, 100_000)
    rows = found.slice((number - 1) * ROWS, ROWS).to_dicts()
    return framed(
        request, room, "room/incidents.html.j2", title="Incidents", rows=rows, asked=asked,
        choices=picture.once("choices", choices), counts=picture.once("counts", counts),
        total=found.height, number=number, last=max(1, -(-found.height // ROWS)),
        standings=_standings(room, request), query=_query(request),
    )  # fmt: skip


def _case_file(request: Request, room: Room, incident: str) -> HTMLResponse:
    found = _found(request, room, incident)
    agreement = room.case.terms.agreement
    clauses = {clause.id: clause.text for clause in agreement.clauses}
    return framed(
        request, room, "room/case_file.html.j2", title="Case file", file=found,
        agreement=agreement, clauses=clauses, ladder=agreement.ladder, parties=room.parties,
        drawn=_drawn(room, found),
    )  # fmt: skip


def _queue(request: Request, room: Room) -> HTMLResponse:
    viewer = need(request, "work").viewer
    ladder = room.case.terms.agreement.ladder
    standings = room.standings()
    waiting = queue(room.seen(viewer), standings, ladder, room.clock())
    number = number_in(request, "page", 1, 1, 100_000)
    return framed(
        request, room, "room/queue.html.j2", title="Queue", total=waiting.height,
        tasks=tasks(waiting.slice((number - 1) * ROWS, ROWS), standings, ladder),
        number=number, last=max(1, -(-waiting.height // ROWS)), query="",
    )  # fmt: skip


def _found(request: Request, room: Room, incident: str) -> Dossier:
    try:
        return dossier(room, session(request).viewer, incident)
    except InputError as error:
        raise HTTPException(404, "There is no such incident.") from error


def _drawn(room: Room, found: Dossier) -> Markup:
    """Return the way from prior to posterior as a picture."""
    weights = pl.DataFrame(found.weights, schema=WEIGHT.dtypes())
    svg = waterfall(
        found.assessment["prior_bits"], weights, words_of(room),
        width=640.0, ident="waterfall", title="From prior to posterior, in bits",
    )  # fmt: skip
    return Markup(svg)  # noqa: S704 - drawn by us, with every word escaped


def _standings(room: Room, request: Request) -> dict[str, Any]:
    return room.standings() if session(request).viewer.may("work") else {}


def _query(request: Request) -> str:
    kept = [(k, v) for k, v in request.query_params.items() if k != "page" and v]
    return urlencode(kept)
