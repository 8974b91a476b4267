"""Coming in and going out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from truceline.web.access.accounts import admitted
from truceline.web.access.sessions import COOKIE, LASTS, begin, end
from truceline.web.access.sign_on import SignOnSettings
from truceline.web.pages.rendering import rendered
from truceline.web.room.room import Room
from truceline.web.security.limits import RequestRate
from truceline.web.settings import Settings

_WRONG = "The name, the password or the code is wrong."


_Name = Annotated[str, Form(max_length=100)]
_Password = Annotated[str, Form(max_length=1000)]
_Code = Annotated[str, Form(max_length=10)]


def door_pages(room: Room, settings: Settings, sign_on: SignOnSettings | None) -> APIRouter:
    """Return the routes that need no session."""
    router = APIRouter()
    by_address = RequestRate(settings.logins_per_minute, settings.clock)
    by_name = RequestRate(settings.logins_per_minute, settings.clock)

    def come_in(request: Request, name: str, password: str, code: str) -> str | None:
        """Return the token of a new session, or None."""
        address = "" if request.client is None else request.client.host
        # Both are asked, so that neither's bucket is spared.
        allowed = [by_address.allows(address), by_name.allows(name)]
        return _begun(room, name, password, code) if all(allowed) else None

    @router.get("/login")
    def ask() -> Response:
        return login_page(room, sign_on)

    @router.post("/login")
    def answer(request: Request, name: _Name, password: _Password, code: _Code = "") -> Response:
        token = come_in(request, name, password, code)
        if token is None:
            return login_page(room, sign_on, error=_WRONG, status=401)
        response = RedirectResponse("/incidents", 303)
        let_in(request, response, token)
        return response

    @router.post("/api/session")
    def token(request: Request, name: _Name, password: _Password, code: _Code = "") -> Response:
        """Give a program a token, to be sent as `Authorization: Bearer`."""
        made = come_in(request, name, password, code)
        if made is None:
            return JSONResponse({"message": _WRONG}, 401)
        return JSONResponse({"token": made, "seconds": LASTS // 1_000_000}, 201)

    return router


def _begun(room: Room, name: str, password: str, code: str) -> str | None:
    """Return the token of a session for whoever knows the password and the code, or None."""
    with room.database.writing() as connection:
        viewer = admitted(connection, name, password, code, room.clock() / 1e6)
        return None if viewer is None else begin(connection, viewer.account, room.clock())


def leaving_pages(room: Room) -> APIRouter:
    """Return the way out."""
    router = APIRouter()

    @router.post("/logout")
    def leave(request: Request) -> Response:
        with room.database.writing() as connection:
            end(connection, request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE)
        return response

    return router


def let_in(request: Request, response: Response, token: str) -> None:
    """Give a browser the cookie of a session."""
    response.set_cookie(
        COOKIE, token, max_age=LASTS // 1_000_000, httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip


def login_page(
    room: Room, sign_on: SignOnSettings | None, *, error: str | None = None, status: int = 200
) -> Response:
    """Return the page at which somebody comes in."""
    return rendered(
        "room/login.html.j2",
        title="Come in",
        status=status,
        sign_on=None if sign_on is None else sign_on.title,
        pages=(),
        room_title=room.case.settings.title,
        error=error,
    )
