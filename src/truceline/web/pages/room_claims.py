"""The desk of claims: what a party says is taken down, and its arithmetic checked at once."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from sqlalchemy import Row, select

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.core.types.vocabulary import PHENOMENA
from truceline.record.claim_arithmetic import check_arithmetic
from truceline.record.claimed_events import MOST_EVENTS
from truceline.record.claims import Claim, as_said
from truceline.web.access.door import need, session
from truceline.web.access.roles import Viewer
from truceline.web.pages.room_frame import framed
from truceline.web.room import decisions
from truceline.web.room.event_lines import EXAMPLE, read_event_lines
from truceline.web.room.event_matches import matches
from truceline.web.room.room import Room
from truceline.web.room.tables import CLAIM

_PARTS = re.compile(r"^(?P<name>[^:]{1,120}):\s*(?P<value>\d+(?:\.\d+)?)\s*$")

#: Longest list of events that is sent in, characters.
MOST_LINES: Final = 20_000


def claim_pages(room: Room) -> APIRouter:
    """Return the desk of claims."""
    router = APIRouter()

    @router.get("/claims")
    def claims(request: Request) -> HTMLResponse:
        return _claims(request, room)

    @router.get("/claims/{number}")
    def one(request: Request, number: int) -> HTMLResponse:
        return _claim(request, room, number)

    @router.post("/claims")
    def enter(
        request: Request,
        start: Annotated[str, Form(max_length=40)],
        end: Annotated[str, Form(max_length=40)],
        unit: Annotated[str, Form(max_length=200)],
        source: Annotated[str, Form(max_length=2000)],
        total: Annotated[float | None, Form(ge=0, le=1e9)] = None,
        parts: Annotated[str, Form(max_length=5000)] = "",
        events: Annotated[str, Form(max_length=MOST_LINES)] = "",
        about: Annotated[str, Form(max_length=100)] = "",
    ) -> HTMLResponse:
        typed = {
            "start": start, "end": end, "unit": unit, "source": source, "parts": parts,
            "events": events, "about": about, "total": "" if total is None else f"{total:g}",
        }  # fmt: skip
        return _entered(request, room, typed, total)

    return router


def _entered(
    request: Request, room: Room, typed: dict[str, str], total: float | None
) -> HTMLResponse:
    """Take a claim down, or give the form back with what was typed and why it is not taken."""
    viewer = need(request, "claim").viewer
    lines = read_event_lines(typed["events"])
    if lines.problems:
        return _claims(request, room, status=422, problems=lines.problems, typed=typed)
    try:
        body = {
            "id": f"{viewer.party}-{room.clock()}", "about": typed["about"] or None,
            "unit": typed["unit"], "source": typed["source"], "events": lines.events,
            "period": {"start": parse_time(typed["start"]), "end": parse_time(typed["end"])},
            "total": None if total is None else {"value": total}, "items": _items(typed["parts"]),
        }  # fmt: skip
        number, shown = decisions.claim(room, viewer, body)
    except ValidationError as error:
        problem = f"{error.errors()[0]['msg']}."
        return _claims(request, room, status=422, problems=[problem], typed=typed)
    except InputError as error:
        return _claims(request, room, status=422, problems=[str(error)], typed=typed)
    return _claims(request, room, entered=number, shown=[f.message for f in shown])


def _claims(request: Request, room: Room, *, status: int = 200, **more: object) -> HTMLResponse:
    viewer = session(request).viewer
    with room.database.reading() as connection:
        rows = connection.execute(select(CLAIM).order_by(CLAIM.c.number.desc())).all()
    shown = [_shown(row) for row in rows if _may_see(viewer, row)]
    values = {"entered": None, "shown": [], "problems": [], "typed": {}, **more}
    return framed(
        request, room, "room/claims.html.j2", status=status, title="Claims", rows=shown,
        kinds=PHENOMENA, example=EXAMPLE, most_events=MOST_EVENTS, most_lines=MOST_LINES, **values,
    )  # fmt: skip


def _claim(request: Request, room: Room, number: int) -> HTMLResponse:
    viewer = session(request).viewer
    with room.database.reading() as connection:
        row = connection.execute(select(CLAIM).where(CLAIM.c.number == number)).one_or_none()
    if row is None or not _may_see(viewer, row):
        raise HTTPException(404, "There is no such claim.")
    shown = _shown(row)
    found = matches(room.seen(viewer), shown["claim"].events)
    return framed(
        request, room, "room/claim.html.j2", title=f"Claim {number}", shown=shown,
        events=list(zip(shown["claim"].events, found, strict=True)),
    )  # fmt: skip


def _may_see(viewer: Viewer, row: Row[Any]) -> bool:
    # Before a bulletin holds it, a claim is seen by the room and by who made it.
    return viewer.may("work") or row.party == viewer.party


def _shown(row: Row[Any]) -> dict[str, Any]:
    claim = Claim.model_validate_json(row.body)
    return {
        "number": row.number, "said": as_said(claim), "at": row.at, "source": claim.source,
        "claim": claim, "faults": [f.message for f in check_arithmetic(claim)],
    }  # fmt: skip


def _items(text: str) -> list[dict[str, Any]]:
    """Read parts, one a line: `name: number`."""
    items = []
    for number, line in enumerate(filter(None, (part.strip() for part in text.splitlines()))):
        found = _PARTS.match(line)
        if found is None:
            raise InputError(f"the part {line[:40]!r} is not `name: number`.")
        value = {"value": float(found["value"])}
        items.append({"id": f"part-{number + 1}", "name": found["name"], "number": value})
    return items
