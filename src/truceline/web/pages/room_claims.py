"""The desk of claims: what a party says is taken down, and its arithmetic checked at once."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from sqlalchemy import select

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.record.claim_arithmetic import check_arithmetic
from truceline.record.claims import Claim, as_said
from truceline.web.access.door import need, session
from truceline.web.pages.room_frame import framed
from truceline.web.room import decisions
from truceline.web.room.room import Room
from truceline.web.room.tables import CLAIM

_PARTS = re.compile(r"^(?P<name>[^:]{1,120}):\s*(?P<value>\d+(?:\.\d+)?)\s*$")


def claim_pages(room: Room) -> APIRouter:
    """Return the desk of claims."""
    router = APIRouter()

    @router.get("/claims")
    def claims(request: Request) -> HTMLResponse:
        return _claims(request, room)

    @router.post("/claims")
    def enter(
        request: Request,
        start: Annotated[str, Form(max_length=40)],
        end: Annotated[str, Form(max_length=40)],
        unit: Annotated[str, Form(max_length=200)],
        source: Annotated[str, Form(max_length=2000)],
        total: Annotated[float | None, Form(ge=0, le=1e9)] = None,
        parts: Annotated[str, Form(max_length=5000)] = "",
        about: Annotated[str, Form(max_length=100)] = "",
    ) -> HTMLResponse:
        viewer = need(request, "claim").viewer
        try:
            body = {
                "id": f"{viewer.party}-{room.clock()}", "about": about or None, "unit": unit,
                "period": {"start": parse_time(start), "end": parse_time(end)}, "source": source,
                "total": None if total is None else {"value": total}, "items": _items(parts),
            }  # fmt: skip
            number, shown = decisions.claim(room, viewer, body)
        except ValidationError as error:
            first = error.errors()[0]
            return _claims(request, room, error=f"{first['msg']}.", status=422)
        except InputError as error:
            return _claims(request, room, error=str(error), status=422)
        return _claims(request, room, entered=number, shown=[f.message for f in shown])

    return router


def _claims(request: Request, room: Room, *, status: int = 200, **more: object) -> HTMLResponse:
    viewer = session(request).viewer
    with room.database.reading() as connection:
        rows = connection.execute(select(CLAIM).order_by(CLAIM.c.number.desc())).all()
    # Before a bulletin holds it, a claim is seen by the room and by who made it.
    shown = []
    for row in rows:
        if viewer.may("work") or row.party == viewer.party:
            claim = Claim.model_validate_json(row.body)
            faults = [f.message for f in check_arithmetic(claim)]
            shown.append({"number": row.number, "said": as_said(claim), "at": row.at,
                          "source": claim.source, "faults": faults})  # fmt: skip
    values = {"entered": None, "shown": [], "error": None, **more}
    return framed(
        request, room, "room/claims.html.j2", status=status, title="Claims", rows=shown, **values
    )


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
