"""The desk of the two accounts: its first page, its sign of life, and all its routes."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from truceline.publish.statements.shell import css
from truceline.web.pages.accounts_aid import aid_pages
from truceline.web.pages.accounts_article import article_pages
from truceline.web.pages.accounts_check import check_pages
from truceline.web.pages.accounts_data import AccountsData
from truceline.web.pages.accounts_embed import embed_pages
from truceline.web.pages.accounts_statements import statement_pages
from truceline.web.pages.masthead import STYLE
from truceline.web.pages.rendering import rendered
from truceline.web.settings import Settings

_WHAT: Final = {
    "/accounts/aid": (
        "Aid given",
        "Who gave what, in any unit, with a table, a download and an embed beside every picture.",
    ),
    "/statements": (
        "Statements",
        "Who warned, threatened or promised what, how often, and what came of it.",
    ),
    "/statements/positions": (
        "Positions",
        "What each nation said it would do for a force, with its caveat, and when that changed.",
    ),
    "/statements/polls": (
        "Polls",
        "What people were asked, in which words, and where the answer turned.",
    ),
    "/accounts/article": (
        "The article",
        "A report's text with each checkable sentence marked, and the picture behind its verdict.",
    ),
    "/check": (
        "Check a text",
        "A sentence or an article, held against every reasonable reading of the data.",
    ),
}


def accounts_pages(settings: Settings) -> APIRouter:
    """Return the routes of the desk."""
    router = APIRouter(default_response_class=HTMLResponse)
    data = AccountsData(settings)

    @router.get("/", include_in_schema=False)
    def index() -> HTMLResponse:
        there = {
            "/accounts/aid": (data.has_aid, "There is no aid data."),
            "/statements/positions": (data.has_positions, "There are no positions."),
            "/statements/polls": (data.has_polls, "There are no polls."),
            "/accounts/article": (bool(data.articles), "There is no article."),
        }
        desks = [
            {"address": address, "name": name, "what": what,
             **dict(zip(("there", "absent"), there.get(address, (True, "")), strict=True))}
            for address, (name, what) in _WHAT.items()
        ]  # fmt: skip
        return rendered("index.html.j2", title="The accounts", here="/", desks=desks)

    @router.get("/healthz", response_class=PlainTextResponse)
    def alive() -> str:
        return "ok"

    @router.get("/site.css")
    def style() -> Response:
        return Response(css() + STYLE, media_type="text/css")

    router.include_router(aid_pages(data))
    router.include_router(statement_pages(settings, data))
    router.include_router(check_pages(settings, data))
    router.include_router(article_pages(settings, data))
    router.include_router(embed_pages(settings, data))
    return router
