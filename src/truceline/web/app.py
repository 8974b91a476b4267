"""The server: routes, and what every request and answer must keep to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from truceline.core.types.errors import InputError, RecordError, TrucelineError
from truceline.web.access.door import is_interface
from truceline.web.pages.accounts import accounts_pages
from truceline.web.pages.rendering import rendered
from truceline.web.room.decisions import NotAllowedError
from truceline.web.room.room import Room
from truceline.web.room_app import room_routes
from truceline.web.security.limits import RequestRate, refused_length
from truceline.web.security.policy import HEADERS, OWN
from truceline.web.settings import COMPRESSION, Settings

#: What went wrong by its kind: the asker's input, or a right the asker lacks.
_STATUS = {InputError: 422, RecordError: 422, NotAllowedError: 403}

#: Where many reports come in one request.
BULK = ("/api/reports/batch", "/sta/v1.1/CreateObservations")

_SAID = {
    400: "The request cannot be read.",
    401: "You have not come in, or your session is over.",
    403: "Your role does not open this page.",
    404: "There is no such page.",
    405: "This page is for reading only.",
    411: "A request must say how long it is.",
    413: "The request is too long.",
    422: "The request cannot be read.",
    429: "Too many requests from this address. Wait a minute.",
}


def create_app(settings: Settings, room: Room | None = None) -> FastAPI:
    """Return the server's application.

    Parameters
    ----------
    settings : Settings
        What it is told when it starts.
    room : Room or None
        The operations room of a case; without one there are only the accounts' pages, which
        read the data folder and write nothing.
    """
    # The interactive documentation loads programs from elsewhere; the document itself stays.
    app = FastAPI(title="Truceline", docs_url=None, redoc_url=None)
    if room is not None:
        app.include_router(room_routes(room, settings))
    app.include_router(accounts_pages(settings))
    static = resources.files("truceline.web") / "static"
    app.mount("/static", _Programs(directory=str(static)), name="static")
    _answer_errors(app)
    _guard(app, settings)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=COMPRESSION)
    return app


class _Programs(StaticFiles):
    """Programs and styles, which are the same for everybody and hold nothing of a case.

    A browser keeps them, compiled, and asks each time whether they are still the same.
    """

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file, or that it has not changed."""
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def _guard(app: FastAPI, settings: Settings) -> None:
    rate = RequestRate(settings.requests_per_minute, settings.clock)

    @app.middleware("http")
    async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        address = "" if request.client is None else request.client.host
        is_bulk = request.url.path in BULK
        most = settings.most_bulk_bytes if is_bulk else settings.most_bytes
        refused = refused_length(dict(request.headers), most)
        if not rate.allows(address):
            refused = 429
        answer = await go_on(request) if refused is None else _refusal(request, refused)
        if refused == HTTPStatus.TOO_MANY_REQUESTS:
            answer.headers["Retry-After"] = str(rate.after_s())
        for name, value in {"Content-Security-Policy": OWN, **HEADERS}.items():
            answer.headers.setdefault(name, value)
        return answer


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if "Location" in (error.headers or {}):
            return RedirectResponse((error.headers or {})["Location"], error.status_code)
        # A sentence of ours is shown; the framework's own words are not.
        said = None if error.detail == _phrase(error.status_code) else str(error.detail)
        return _refusal(request, error.status_code, said)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, __: RequestValidationError) -> Response:
        return _refusal(request, 422)

    @app.exception_handler(TrucelineError)
    async def failed(request: Request, error: TrucelineError) -> Response:
        status = _STATUS.get(type(error), 500)
        return _refusal(request, status, str(error))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _refusal(request: Request, status: int, said: str | None = None) -> Response:
    if is_interface(request):
        message = said or _SAID.get(status, "The request cannot be answered.")
        return JSONResponse({"code": status, "message": message}, status)
    return _error_page(status, said)


def _error_page(status: int, said: str | None = None) -> Response:
    words = said or _SAID.get(status, "The page cannot be shown.")
    return rendered("error.html.j2", title=f"Error {status}", said=words, status=status)
