"""The pages of what was said: the register, positions on a force, polls."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from truceline.publish.statements.register_page import register_page
from truceline.web.pages.accounts_data import AccountsData
from truceline.web.pages.rendering import document


def statement_pages(data: AccountsData) -> APIRouter:
    """Return the routes of what was said."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/statements")
    def register() -> HTMLResponse:
        return document(register_page(data.register()), "/statements")

    return router
