"""A report's text, whole, with each checkable sentence marked and answered."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from truceline.accounts.claims.claimreview import Publication
from truceline.core.types.errors import InputError, Where
from truceline.publish.article.article_page import ArticleView, article_page
from truceline.web.pages.accounts_check import checked_text, day_given, framed
from truceline.web.pages.accounts_data import AccountsData
from truceline.web.pages.rendering import document, rendered
from truceline.web.settings import Settings

_HERE = "/accounts/article"
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?$")


def article_pages(settings: Settings, data: AccountsData) -> APIRouter:
    """Return the routes of articles."""
    router = APIRouter(default_response_class=HTMLResponse)

    def shown(request: Request, path: Path, on: str) -> HTMLResponse:
        day = day_given(on) if on else day_of(path.stem)
        checked = checked_text(settings, data, path.read_text(encoding="utf-8"), day)
        publication = Publication("unnamed desk", "about:blank", "unnamed desk", published=day)
        title = f"The article, checked as of {day:%-d %B %Y}"
        embed = framed(settings, data, day, str(request.base_url))
        view = ArticleView(title, checked, day, publication, settings.today(), embed)
        return document(article_page(view), _HERE)

    @router.get(_HERE)
    def first(request: Request, on: str = "") -> HTMLResponse:
        articles = data.articles
        if not articles:
            return rendered(
                "absent.html.j2", title="The article", here=_HERE, status=404,
                said="There is no article.",
                holds="articles/NAME-2025-02.txt, in it or beside it",
            )  # fmt: skip
        if len(articles) == 1:
            return shown(request, next(iter(articles.values())), on)
        return rendered("articles.html.j2", title="Articles", here=_HERE, names=list(articles))

    @router.get(f"{_HERE}/{{name}}")
    def named(request: Request, name: str, on: str = "") -> HTMLResponse:
        path = data.articles.get(name)
        if path is None:
            raise HTTPException(404)
        return shown(request, path, on)

    return router


def day_of(name: str) -> dt.date:
    """Return the day of a text from the end of its name; a month stands for its last day.

    Examples
    --------
    >>> day_of("article-2025-02").isoformat()
    '2025-02-28'
    """
    found = _DAY.search(name)
    if found is None:
        raise InputError(
            f"the day of the text {name!r} is not known.",
            where=Where(name),
            hint="End its name in its day or month, such as report-2025-02-18.txt.",
        )
    year, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        if day is not None:
            return dt.date(int(year or 0), int(month or 0), day)
        return _last_day(int(year or 0), int(month or 0))
    except ValueError as cause:
        raise InputError(f"{found[0]!r} is not a day.", where=Where(name)) from cause


def _last_day(year: int, month: int) -> dt.date:
    first = dt.date(year, month, 1)
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
