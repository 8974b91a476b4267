"""The desk of the two accounts: aid given, and a text checked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from threading import Lock

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from truceline.accounts.aid.indicators import load_indicators
from truceline.accounts.aid.loading import load_releases
from truceline.accounts.claims.check import check
from truceline.accounts.claims.claimreview import Publication
from truceline.accounts.claims.evidence import gather
from truceline.core.types.errors import InputError
from truceline.publish.aid.aid_page import aid_page
from truceline.publish.article.article_page import ArticleView, article_page
from truceline.web.pages.rendering import document, rendered
from truceline.web.settings import Settings


class AidDocument:
    """The page on aid, made once, when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._page: str | None = None

    def page(self) -> str:
        """Return the page; the releases are read on the first call only."""
        with self._lock:
            if self._page is None:
                self._page = aid_page(load_releases(self._folder), load_indicators(self._folder))
            return self._page


def aid_folder(settings: Settings) -> Path | None:
    """Return the folder of aid data, or None when there is none."""
    folder = None if settings.data is None else settings.data / "aid"
    return folder if folder is not None and folder.is_dir() else None


def accounts_pages(settings: Settings) -> APIRouter:
    """Return the routes of the desk."""
    router = APIRouter(default_response_class=HTMLResponse)
    folder = aid_folder(settings)
    aid = None if folder is None else AidDocument(folder)

    @router.get("/")
    def index() -> HTMLResponse:
        return rendered("index.html.j2", title="The accounts", has_aid=aid is not None)

    @router.get("/accounts/aid")
    def given() -> HTMLResponse:
        if aid is None:
            return rendered("absent.html.j2", title="Aid given", status=404)
        return document(aid.page())

    @router.get("/check")
    def checked(text: str = "", on: str = "") -> HTMLResponse:
        if not text.strip():
            return _form(settings, text, on, aid is not None)
        try:
            return document(_checked(settings, text, on))
        except InputError as error:
            return _form(settings, text, on, aid is not None, error=str(error))

    return router


def _form(
    settings: Settings, text: str, on: str, has_aid: bool, *, error: str | None = None
) -> HTMLResponse:
    return rendered(
        "check.html.j2",
        title="Check a text",
        text=text[: settings.most_characters],
        on=on or settings.today().isoformat(),
        most=settings.most_characters,
        has_aid=has_aid,
        error=error,
        status=200 if error is None else 400,
    )


def _checked(settings: Settings, text: str, on: str) -> str:
    if len(text) > settings.most_characters:
        raise InputError(
            f"the text has {len(text)} characters, more than {settings.most_characters}.",
            hint="Check it in parts.",
        )
    day = _day(on)
    evidence = gather(settings.data, None, day)
    publication = Publication("unnamed desk", "about:blank", "unnamed desk", published=day)
    view = ArticleView(
        "A text, checked", check(text, evidence, on=day), day, publication, settings.today()
    )
    return article_page(view)


def _day(on: str) -> dt.date:
    try:
        return dt.date.fromisoformat(on)
    except ValueError as error:
        raise InputError(
            f"{on!r} is not a day.", hint="Give the day of the text, such as 2025-02-20."
        ) from error
