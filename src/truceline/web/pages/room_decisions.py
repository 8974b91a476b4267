"""What people do about an incident: decide, put it to a party, reply, send a spot report."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse

from truceline.record.reviews import Decision, Review
from truceline.web.access.door import need, session
from truceline.web.pages.room_frame import seen_other
from truceline.web.room import decisions, spots
from truceline.web.room.room import Room

_Name = Annotated[str, Form(max_length=100)]


def decision_pages(room: Room) -> APIRouter:
    """Return the routes that forms on the page of an incident are sent to."""
    router = APIRouter(prefix="/incidents/{incident}")

    @router.post("/review")
    def review(
        request: Request,
        incident: str,
        decision: Annotated[Decision, Form()],
        reason: Annotated[str, Form(max_length=2000)] = "",
        party: _Name = "",
        other: _Name = "",
        apart: Annotated[list[str] | None, Form()] = None,
    ) -> RedirectResponse:
        hand = need(request, "review").viewer.hand
        return _decided(
            request, room, _review(incident, decision, reason, hand, party, other, apart)
        )

    @router.post("/put")
    def put(request: Request, incident: str, party: _Name) -> RedirectResponse:
        decisions.put(room, need(request, "put").viewer, incident, party)
        return seen_other(f"/incidents/{incident}")

    @router.post("/reply")
    def reply(
        request: Request, incident: str, words: Annotated[str, Form(max_length=20_000)]
    ) -> RedirectResponse:
        decisions.reply(room, need(request, "reply").viewer, incident, words)
        return seen_other(f"/incidents/{incident}")

    @router.post("/spot")
    def spot(request: Request, incident: str) -> RedirectResponse:
        spots.issue(room, need(request, "publish").viewer, incident)
        return seen_other(f"/incidents/{incident}")

    return router


def _review(
    incident: str, decision: Decision, reason: str, hand: str, party: str, other: str,
    apart: list[str] | None,
) -> Review:  # fmt: skip
    """Return a decision with the fields that are of its kind, whatever else the form held."""
    return Review(
        incident, decision, reason, hand,
        party=(party or None) if decision in ("name", "unname") else None,
        other=(other or None) if decision == "merge" else None,
        apart=tuple(apart or ()) if decision == "split" else (),
    )  # fmt: skip


def _decided(request: Request, room: Room, decided: Review) -> RedirectResponse:
    """Write a decision down; return to the incident, or to the queue where it is another's part."""
    viewer = session(request).viewer
    try:
        decisions.review(room, viewer, decided)
    except decisions.NotAllowedError as error:
        raise HTTPException(403, error.message) from error
    known = set(room.seen(viewer).incidents["incident_id"])
    return seen_other(f"/incidents/{decided.incident}" if decided.incident in known else "/queue")
