"""Reports sent in by people and programs: kept once, however often they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from truceline.core.types.errors import InputError
from truceline.web.access.door import need
from truceline.web.access.roles import Viewer
from truceline.web.interfaces.keeping import Keep, busy, keeper
from truceline.web.room.intake import BusyError, Outcome, Sent
from truceline.web.room.reports import checked, read_report, sha256_of
from truceline.web.room.room import Room

_KEY: Final = re.compile(r"[A-Za-z0-9-]{16,64}")
_NO_KEY: Final = "{} is 16 to 64 letters, digits and dashes."

#: Reports in one request at most.
MOST_IN_BATCH: Final = 1_000

#: Requests that wait for the database at one time.
_WRITERS: Final = 32

_STATUS: Final[Mapping[Outcome, int]] = {"new": 201, "held": 200, "other": 409}
_OTHER: Final = "this key was used for another report."


def report_pages(room: Room) -> APIRouter:
    """Return `POST /api/reports`, one report, and `POST /api/reports/batch`, up to a thousand.

    A report is JSON of a form in the reference. `Idempotency-Key` names it once and for all:
    sent again with the same key it changes nothing, and the answer is 200 in place of 201; with
    another report the key is refused (409). An answer means that the report is on the disk.

    A batch is a JSON array, or a line of JSON each, of `{"key": ..., "report": {...}}`. Each is
    answered for itself, in their order; one that is refused stops no other.

    A room that has too much in hand answers 503 and says when to come again (`Retry-After`).
    """
    router = APIRouter()
    keep = keeper(room, "intake", _WRITERS)

    @router.post("/api/reports")
    async def one(request: Request) -> JSONResponse:
        return await _one(request, keep)

    @router.post("/api/reports/batch")
    async def many(request: Request) -> JSONResponse:
        return await _many(request, keep)

    return router


async def _one(request: Request, keep: Keep) -> JSONResponse:
    viewer = need(request, "report").viewer
    key = request.headers.get("idempotency-key", "")
    if _KEY.fullmatch(key) is None:
        raise HTTPException(400, _NO_KEY.format("Idempotency-Key"))
    try:
        sent = _sent(viewer, key, read_report(await request.body()))
        outcome = (await keep([sent]))[0]
    except InputError as error:
        raise HTTPException(422, str(error)) from error
    except BusyError as error:
        return busy(error)
    if outcome == "other":
        raise HTTPException(409, _OTHER)
    told = {"key": key, "sha256": sent.sha256, "is_new": outcome == "new"}
    return JSONResponse(told, _STATUS[outcome])


async def _many(request: Request, keep: Keep) -> JSONResponse:
    viewer = need(request, "report").viewer
    try:
        read = [_read(viewer, item) for item in items_of(await request.body())]
        outcomes = iter(await keep([item for item in read if isinstance(item, Sent)]))
    except InputError as error:
        raise HTTPException(422, str(error)) from error
    except BusyError as error:
        return busy(error)
    told = [_kept(item, next(outcomes)) if isinstance(item, Sent) else item for item in read]
    return JSONResponse({"reports": told})


def items_of(body: bytes) -> list[object]:
    """Return the reports of a batch: of a JSON array, or one a line; a bad line is its fault.

    Raises
    ------
    InputError
        If it is neither, or holds too many.
    """
    found: list[object]
    if body.lstrip()[:1] == b"[":
        whole = read_report(body)
        found = whole if isinstance(whole, list) else [whole]
    else:
        found = list(_lines(body))
    if not 1 <= len(found) <= MOST_IN_BATCH:
        raise InputError(
            f"the batch holds {len(found)} reports.", hint=f"Send 1 to {MOST_IN_BATCH} at a time."
        )
    return found


def _lines(body: bytes) -> Iterator[object]:
    # At line feeds alone: JSON may hold the other marks at which `splitlines` parts.
    for line in body.split(b"\n"):
        if line.strip():
            try:
                yield read_report(line)
            except InputError as error:
                yield error


def _read(viewer: Viewer, item: object) -> Sent | dict[str, Any]:
    """Return a report of a batch to be kept, or why it is not."""
    if isinstance(item, InputError):
        return _refused(None, 422, str(item))
    key = item.get("key") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(key, str) or _KEY.fullmatch(key) is None:
        return _refused(None, 400, _NO_KEY.format("key"))
    try:
        return _sent(viewer, key, item.get("report"))
    except InputError as error:
        return _refused(key, 422, str(error))


def _sent(viewer: Viewer, key: str, report: object) -> Sent:
    form, body = checked(report)
    return Sent(key, form, sha256_of(body), body, viewer.account)


def _kept(sent: Sent, outcome: Outcome) -> dict[str, Any]:
    if outcome == "other":
        return _refused(sent.key, 409, _OTHER)
    return {"key": sent.key, "status": _STATUS[outcome], "sha256": sent.sha256,
            "is_new": outcome == "new"}  # fmt: skip


def _refused(key: str | None, status: int, message: str) -> dict[str, Any]:
    return {"key": key, "status": status, "message": message}
