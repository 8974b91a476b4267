"""The page of aid given."""

from __future__ import annotations

from threading import Lock

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from truceline.publish.aid.aid_page import aid_page
from truceline.web.pages.accounts_data import AccountsData
from truceline.web.pages.rendering import document, rendered


class AidDocument:
    """The page on aid, made once, when it is first asked for."""

    def __init__(self, data: AccountsData) -> None:
        self._data = data
        self._lock = Lock()
        self._page: str | None = None

    def page(self) -> str:
        """Return the page."""
        with self._lock:
            if self._page is None:
                self._page = aid_page(*self._data.aid(), embed="/embed/aid")
            return self._page


def aid_pages(data: AccountsData) -> APIRouter:
    """Return the routes of aid given."""
    router = APIRouter(default_response_class=HTMLResponse)
    made = AidDocument(data)

    @router.get("/accounts/aid")
    def given() -> HTMLResponse:
        if not data.has_aid:
            return rendered(
                "absent.html.j2", title="Aid given", here="/accounts/aid", status=404,
                said="There is no aid data.", holds="aid/",
            )  # fmt: skip
        return document(made.page(), "/accounts/aid")

    return router
