"""Reports that came in a request, kept: on the disk before the answer, many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from fastapi.responses import JSONResponse

from truceline.web.room.intake import BusyError, Outcome, Sent
from truceline.web.room.room import Room

Keep = Callable[[list[Sent]], Awaitable[list[Outcome]]]


def keeper(room: Room, name: str, writers: int) -> Keep:
    """Return a way to keep reports that wakes the room for new ones.

    Parameters
    ----------
    name : str
        Of its threads; pages have threads of their own.
    writers : int
        Requests that wait for the database at one time.
    """
    pool = ThreadPoolExecutor(writers, name)

    async def keep(sent: list[Sent]) -> list[Outcome]:
        with room.intake.admitted(len(sent)):
            loop = asyncio.get_running_loop()
            outcomes = await loop.run_in_executor(pool, room.intake.keep, sent)
        if "new" in outcomes:
            room.wake()
        return outcomes

    return keep


def busy(error: BusyError) -> JSONResponse:
    """Return the answer of a room that has too much in hand."""
    return JSONResponse(
        {"code": 503, "message": str(error)}, 503, headers={"Retry-After": str(error.after_s)}
    )
