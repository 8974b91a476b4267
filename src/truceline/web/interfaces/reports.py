"""Reports sent in by people and programs: kept once, however often they are sent."""

from __future__ import annotations

import re
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from truceline.core.types.errors import InputError
from truceline.web.access.door import need
from truceline.web.room import decisions
from truceline.web.room.reports import refusal_of
from truceline.web.room.room import Room

_KEY: Final = re.compile(r"[A-Za-z0-9-]{16,64}")

#: Reports that may wait to be judged; more are asked to come later.
MOST_WAITING: Final = 20_000


def report_pages(room: Room) -> APIRouter:
    """Return `POST /api/reports`.

    A report is JSON of a form in the reference. `Idempotency-Key` names it once and for all:
    sent again with the same key it changes nothing, and the answer is 200 in place of 201; with
    another body the key is refused (409). An answer means that the report is on the disk.
    """
    router = APIRouter()

    @router.post("/api/reports")
    async def send(request: Request) -> JSONResponse:
        viewer = need(request, "report").viewer
        key = request.headers.get("idempotency-key", "")
        if _KEY.fullmatch(key) is None:
            raise HTTPException(400, "Idempotency-Key is 16 to 64 letters, digits and dashes.")
        body = await request.body()
        refused = refusal_of(body)
        if refused is not None:
            raise HTTPException(422, refused)
        if room.waiting() >= MOST_WAITING:
            return JSONResponse(
                {"code": 503, "message": "Too many reports wait to be judged. Send it later."},
                503,
                headers={"Retry-After": "60"},
            )
        try:
            hashed, is_new = decisions.report(room, viewer, key, body)
        except InputError as error:
            raise HTTPException(409, error.message) from error
        told = {"key": key, "sha256": hashed, "is_new": is_new}
        return JSONResponse(told, 201 if is_new else 200)

    return router
