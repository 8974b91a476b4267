"""The room's routes: two before the door, all others behind it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from truceline.web.access.door import Door, session
from truceline.web.access.sign_on import settings_of
from truceline.web.interfaces.answers import PAGES, REFUSALS
from truceline.web.interfaces.features import feature_pages
from truceline.web.interfaces.reports import report_pages
from truceline.web.interfaces.sensor_things.routes import sensor_things_pages
from truceline.web.interfaces.watching import event_pages
from truceline.web.live_map.routes import map_pages
from truceline.web.pages.room_access import access_pages
from truceline.web.pages.room_bulletins import bulletin_pages
from truceline.web.pages.room_claims import claim_pages
from truceline.web.pages.room_decisions import decision_pages
from truceline.web.pages.room_door import door_pages, leaving_pages
from truceline.web.pages.room_field import field_pages, worker_pages
from truceline.web.pages.room_incidents import incident_pages
from truceline.web.pages.room_people import account_pages
from truceline.web.pages.room_sign_on import sign_on_pages
from truceline.web.pages.room_terms import terms_answers, terms_pages
from truceline.web.pages.room_watching import watching_pages
from truceline.web.room.readings import Noting
from truceline.web.room.room import Room
from truceline.web.settings import Settings


def room_routes(room: Room, settings: Settings) -> APIRouter:
    """Return all routes of a room."""
    router = APIRouter()
    sign_on = settings_of(room.folder)
    _pages(router, door_pages(room, settings, sign_on))
    router.include_router(worker_pages(), include_in_schema=False)
    if sign_on is not None:
        _pages(router, sign_on_pages(room, settings, sign_on))
    inside = APIRouter(dependencies=[Depends(Door(room)), Depends(Noting(room))])
    for part in (
        leaving_pages, incident_pages, decision_pages, claim_pages, bulletin_pages, watching_pages,
        terms_pages, account_pages, access_pages, field_pages,
    ):  # fmt: skip
        _pages(inside, part(room))
    for part in (
        feature_pages,
        event_pages,
        map_pages,
        terms_answers,
        report_pages,
        sensor_things_pages,
    ):
        inside.include_router(part(room), responses=REFUSALS)

    @inside.get("/", status_code=303, response_class=RedirectResponse, responses=PAGES)
    def first(request: Request) -> RedirectResponse:
        works = session(request).viewer.may("work")
        return RedirectResponse("/queue" if works else "/incidents", 303)

    router.include_router(inside)
    return router


def _pages(router: APIRouter, part: APIRouter) -> None:
    """Include routes that people read, as the document tells them."""
    router.include_router(part, responses=PAGES, default_response_class=HTMLResponse)
