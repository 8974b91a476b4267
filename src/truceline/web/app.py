"""The server: routes, and what every request and answer must keep to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import resources

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from truceline.core.types.errors import TrucelineError
from truceline.web.pages.accounts import accounts_pages
from truceline.web.pages.rendering import rendered
from truceline.web.security.limits import RequestRate, refused_length
from truceline.web.security.policy import HEADERS, OWN
from truceline.web.settings import Settings

_SAID = {
    400: "The request cannot be read.",
    404: "There is no such page.",
    405: "This page is for reading only.",
    411: "A request must say how long it is.",
    413: "The request is too long.",
    422: "The request cannot be read.",
    429: "Too many requests from this address. Wait a minute.",
}


def create_app(settings: Settings) -> FastAPI:
    """Return the server's application; it reads the data folder and writes nothing."""
    # The interactive documentation loads programs from elsewhere; the document itself stays.
    app = FastAPI(title="Truceline", docs_url=None, redoc_url=None)
    app.include_router(accounts_pages(settings))
    static = resources.files("truceline.web") / "static"
    app.mount("/static", StaticFiles(directory=str(static)), name="static")
    _answer_errors(app)
    _guard(app, settings)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    return app


def _guard(app: FastAPI, settings: Settings) -> None:
    rate = RequestRate(settings.requests_per_minute, settings.clock)

    @app.middleware("http")
    async def guard(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        address = "" if request.client is None else request.client.host
        refused = refused_length(dict(request.headers), settings.most_bytes)
        if not rate.allows(address):
            refused = 429
        answer = await go_on(request) if refused is None else _error_page(refused)
        for name, value in {"Content-Security-Policy": OWN, **HEADERS}.items():
            answer.headers.setdefault(name, value)
        return answer


def _answer_errors(app: FastAPI) -> None:
    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        return _error_page(error.status_code)

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, __: RequestValidationError) -> Response:
        return _error_page(422)

    @app.exception_handler(TrucelineError)
    async def failed(_: Request, error: TrucelineError) -> Response:
        return _error_page(500, str(error))


def _error_page(status: int, said: str | None = None) -> Response:
    words = said or _SAID.get(status, "The page cannot be shown.")
    return rendered("error.html.j2", title=f"Error {status}", said=words, status=status)
