"""Single figures for frames on other sites: the only pages that may be framed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from truceline.core.types.errors import InputError
from truceline.publish.aid.aid_page import aid_page
from truceline.publish.article.article_page import verdict_figure
from truceline.publish.statements.frame_page import frame_page
from truceline.publish.statements.polls_page import PollsView, polls_figure
from truceline.publish.statements.positions_page import PositionsView, positions_figure
from truceline.publish.statements.register_page import (
    RegisterView,
    counts_figure,
    outcomes_figure,
    speakers_figure,
    timeline_figure,
)
from truceline.web.pages.accounts_check import checked_text, day_given
from truceline.web.pages.accounts_data import AccountsData
from truceline.web.pages.rendering import frame, rendered
from truceline.web.settings import Settings

#: Figures of the register by the name they have in an address.
_FIGURES: Final[Mapping[str, Callable[[RegisterView], str]]] = {
    "counts": counts_figure,
    "timeline": timeline_figure,
    "speakers": speakers_figure,
    "outcomes": outcomes_figure,
}
#: Pages of aid kept at one time: one for each release and whether it is compared.
_MOST_PAGES: Final = 16


def embed_of(request: Request) -> str:
    """Return the address of a frame of a figure of what was said, up to the figure's name."""
    return f"{request.base_url}embed/statements?figure="


def embed_pages(settings: Settings, data: AccountsData) -> APIRouter:
    """Return the routes of single figures."""
    router = APIRouter(default_response_class=HTMLResponse, prefix="/embed")

    @lru_cache(_MOST_PAGES)
    def aid_frame(release: str, compared: bool) -> str:
        releases, indicators = data.aid()
        names = list(releases)
        at = names.index(release) if release in releases else len(names) - 1
        kept = names[max(at - 1, 0) : at + 1] if compared else names[at : at + 1]
        chosen = {name: releases[name] for name in kept}
        return aid_page(chosen, indicators, embed="/embed/aid", whole="/accounts/aid")

    @router.get("/aid")
    def aid(release: str = "", view: str = "") -> HTMLResponse:
        if not data.has_aid:
            raise HTTPException(404)
        known = release if release in data.aid()[0] else ""
        return frame(aid_frame(known, view == "change"))

    @router.get("/statements")
    def said(figure: str) -> HTMLResponse:
        made, whole = _figure(settings, data, figure)
        cited = f"Truceline, register of statements as of {settings.today()}."
        return frame(frame_page("Statements", made, whole=whole, cited=cited))

    @router.get("/check")
    def checked(text: str, on: str, claim: int = 1) -> HTMLResponse:
        try:
            found = checked_text(settings, data, text, day_given(on)).verdicts
        except InputError as error:
            return rendered("error.html.j2", title="Error 400", said=str(error), status=400)
        if not 1 <= claim <= len(found):
            raise HTTPException(404)
        verdict = found[claim - 1]
        cited = f"{verdict.claim.text} — {verdict.word}. Rests on {'; '.join(verdict.basis)}."
        made = verdict_figure(verdict, claim)
        return frame(frame_page("A claim, checked", made, whole="/check", cited=cited))

    return router


def _figure(settings: Settings, data: AccountsData, name: str) -> tuple[str, str]:
    today: dt.date = settings.today()
    if name in _FIGURES:
        return _FIGURES[name](data.register()), "/statements"
    if name == "positions" and (positions := data.positions()) is not None:
        return positions_figure(PositionsView(positions, today)), "/statements/positions"
    if name == "polls" and (polls := data.polls()) is not None:
        return polls_figure(PollsView(polls)), "/statements/polls"
    raise HTTPException(404)
