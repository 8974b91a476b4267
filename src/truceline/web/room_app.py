"""The room's routes: two before the door, all others behind it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from truceline.web.access.door import Door, session
from truceline.web.access.sign_on import settings_of
from truceline.web.interfaces.features import feature_pages
from truceline.web.interfaces.reports import report_pages
from truceline.web.interfaces.watching import event_pages
from truceline.web.live_map.routes import map_pages
from truceline.web.pages.room_access import access_pages
from truceline.web.pages.room_desks import (
    account_pages,
    bulletin_pages,
    claim_pages,
    watching_pages,
)
from truceline.web.pages.room_door import door_pages, leaving_pages
from truceline.web.pages.room_field import field_pages, worker_pages
from truceline.web.pages.room_incidents import incident_pages
from truceline.web.pages.room_sign_on import sign_on_pages
from truceline.web.room.readings import Noting
from truceline.web.room.room import Room
from truceline.web.settings import Settings


def room_routes(room: Room, settings: Settings) -> APIRouter:
    """Return all routes of a room."""
    router = APIRouter()
    sign_on = settings_of(room.folder)
    router.include_router(door_pages(room, settings, sign_on))
    if sign_on is not None:
        router.include_router(sign_on_pages(room, settings, sign_on))
    router.include_router(worker_pages())
    inside = APIRouter(dependencies=[Depends(Door(room)), Depends(Noting(room))])
    for part in (
        leaving_pages, incident_pages, claim_pages, bulletin_pages, watching_pages,
        account_pages, access_pages, field_pages, feature_pages, event_pages, map_pages,
        report_pages,
    ):  # fmt: skip
        inside.include_router(part(room))

    @inside.get("/")
    def first(request: Request) -> RedirectResponse:
        works = session(request).viewer.may("work")
        return RedirectResponse("/queue" if works else "/incidents", 303)

    router.include_router(inside)
    return router
