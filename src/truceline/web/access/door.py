"""The door: who is not in is sent to it, and a form must come from a page of ours."""

from __future__ import annotations

from fastapi import HTTPException, Request

from truceline.web.access.roles import Right
from truceline.web.access.sessions import COOKIE, Session, session_of
from truceline.web.room.room import Room

#: Header that only our own programs and clients send: another site's page cannot set it
#: without asking first, and is refused.
OWN_HEADER = "x-truceline"

_SAFE = ("GET", "HEAD")


class Door:
    """Asked before every page of the room, so that none can be forgotten.

    Parameters
    ----------
    room : Room
        Where the sessions are.
    """

    def __init__(self, room: Room) -> None:
        self._room = room

    async def __call__(self, request: Request) -> None:
        """Let in who has a session, and whose form carries its token."""
        token = _token(request)
        with self._room.database.reading() as connection:
            found = session_of(connection, token, self._room.clock()) if token else None
        if found is None:
            raise _outside(request)
        if request.method not in _SAFE and not await _is_ours(request, found):
            raise HTTPException(403, "The form is not from a page of this session.")
        request.state.session = found


def session(request: Request) -> Session:
    """Return the session that the door let in."""
    found: Session = request.state.session
    return found


def need(request: Request, right: Right) -> Session:
    """Return the session, or refuse where its role lacks a right."""
    found = session(request)
    if not found.viewer.may(right):
        raise HTTPException(403, "Your role does not open this page.")
    return found


def is_interface(request: Request) -> bool:
    """Return whether a program is answered rather than a person."""
    return request.url.path.startswith(("/api/", "/ogc", "/sta/"))


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token
    return request.cookies.get(COOKIE, "")


async def _is_ours(request: Request, found: Session) -> bool:
    if "authorization" in request.headers:
        return True
    if is_interface(request):
        return OWN_HEADER in request.headers
    form = await request.form(max_files=0, max_fields=200)
    return found.is_own(str(form.get("csrf", "")))


def _outside(request: Request) -> HTTPException:
    if is_interface(request) or request.method not in _SAFE:
        return HTTPException(401, "You have not come in, or your session is over.")
    return HTTPException(303, headers={"Location": "/login"})
