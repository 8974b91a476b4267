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

    def is_too_often(request: Request) -> bool:
        return not rate.allows("" if request.client is None else request.client.host)

    def session_for(browser: str, state: str, code: str, iss: str) -> str:
        """Return the token of a session for whoever came back with a code."""
        with room.database.writing() as connection:
            nonce, verifier = sign_on.taken(connection, state, browser, room.clock())
        provider.check_answer(code, iss)
        claims = provider.claims(code, nonce, verifier, room.clock() / 1e6)
        with room.database.writing() as connection:
            viewer = sign_on.account_of(connection, chosen, claims, room.clock())
            return begin(connection, viewer.account, room.clock())

    @router.get("/sign-on")
    def leave(request: Request) -> Response:
        if is_too_often(request):
            return login_page(room, chosen, error=_OFTEN, status=429)
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

    @router.get(RETURN)
    def come_back(
        request: Request, state: _Word = "", code: _Word = "", iss: _Word = ""
    ) -> Response:
        if is_too_often(request):
            return login_page(room, chosen, error=_OFTEN, status=429)
        try:
            token = session_for(request.cookies.get(COOKIE, ""), state, code, iss)
        except SignOnError as fault:
            page = login_page(room, chosen, error=str(fault), status=401)
        else:
            # The session's cookie is not sent on a way that began at another site, so the
            # browser is asked to go on from a page of ours.
            page = rendered(
                "room/come_in.html.j2", title="Coming in", pages=(),
                room_title=room.case.settings.title,
            )  # fmt: skip
            let_in(request, page, token)
        page.delete_cookie(COOKIE, path=RETURN)
        return page

    return router
