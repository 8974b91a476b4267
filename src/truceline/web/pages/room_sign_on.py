"""Coming in by single sign-on: out to the provider, and back."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from truceline.web.access import sign_on
from truceline.web.access.oidc import Provider, SignOnError
from truceline.web.access.sessions import begin
from truceline.web.access.sign_on import RETURN, SignOnSettings
from truceline.web.pages.rendering import rendered
from truceline.web.pages.room_door import let_in, login_page
from truceline.web.room.room import Room
from truceline.web.security.limits import RequestRate
from truceline.web.settings import Settings

#: What a browser keeps while it is at the provider's.
COOKIE: Final = "truceline-sign-on"

_OFTEN: Final = "Too many tries. Wait a minute."

_Word = Annotated[str, Query(max_length=4000)]


def sign_on_pages(room: Room, settings: Settings, chosen: SignOnSettings) -> APIRouter:
    """Return the way out to the provider of single sign-on, and the way back in."""
    router = APIRouter()
    provider = Provider(chosen.client(), settings.clock)
    rate = RequestRate(settings.logins_per_minute, settings.clock)

    def too_often(request: Request) -> Response | None:
        if rate.allows("" if request.client is None else request.client.host):
            return None
        return login_page(room, chosen, error=_OFTEN, status=429)

    @router.get("/sign-on")
    def leave(request: Request) -> Response:
        return too_often(request) or _leave(request, room, chosen, provider)

    @router.get(RETURN)
    def come_back(
        request: Request, state: _Word = "", code: _Word = "", iss: _Word = ""
    ) -> Response:
        refused = too_often(request)
        if refused is not None:
            return refused
        try:
            browser = request.cookies.get(COOKIE, "")
            token = _session_for(room, chosen, provider, browser, state, code, iss)
        except SignOnError as fault:
            page = login_page(room, chosen, error=str(fault), status=401)
        else:
            page = _come_in(request, room, token)
        page.delete_cookie(COOKIE, path=RETURN)
        return page

    return router


def _leave(request: Request, room: Room, chosen: SignOnSettings, provider: Provider) -> Response:
    """Send the browser to the provider, with what it must bring back."""
    try:
        provider.described()
        with room.database.writing() as connection:
            begun = sign_on.begin(connection, provider, room.clock())
    except SignOnError as fault:
        return login_page(room, chosen, error=str(fault), status=401)
    response = RedirectResponse(begun.address, 303)
    # Lax, as the browser comes back from the provider's site and must bring it.
    response.set_cookie(
        COOKIE, begun.browser, max_age=sign_on.LASTS // 1_000_000, path=RETURN, httponly=True,
        samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


def _session_for(
    room: Room, chosen: SignOnSettings, provider: Provider, browser: str, state: str, code: str,
    iss: str,
) -> str:  # fmt: skip
    """Return the token of a session for whoever came back with a code."""
    with room.database.writing() as connection:
        nonce, verifier = sign_on.taken(connection, state, browser, room.clock())
    provider.check_answer(code, iss)
    claims = provider.claims(code, nonce, verifier, room.clock() / 1e6)
    with room.database.writing() as connection:
        viewer = sign_on.account_of(connection, chosen, claims, room.clock())
        return begin(connection, viewer.account, room.clock())


def _come_in(request: Request, room: Room, token: str) -> Response:
    # The session's cookie is not sent on a way that began at another site, so the browser is
    # asked to go on from a page of ours.
    page = rendered(
        "room/come_in.html.j2", title="Coming in", pages=(), room_title=room.case.settings.title
    )
    let_in(request, page, token)
    return page
