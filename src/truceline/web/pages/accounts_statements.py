"""The pages of what was said: the register, positions on a force, polls."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from truceline.publish.statements.polls_page import PollsView, polls_page
from truceline.publish.statements.positions_page import PositionsView, positions_page
from truceline.publish.statements.register_page import register_page
from truceline.web.pages.accounts_data import AccountsData, Stamp
from truceline.web.pages.accounts_embed import embed_of
from truceline.web.pages.rendering import document, rendered
from truceline.web.settings import Settings

_REGISTER, _POSITIONS, _POLLS = "/statements", "/statements/positions", "/statements/polls"
#: Pages of the register kept at one time: one for each day, and name the server is called by.
_MOST_PAGES: Final = 4


def statement_pages(settings: Settings, data: AccountsData) -> APIRouter:
    """Return the routes of what was said."""
    router = APIRouter(default_response_class=HTMLResponse)

    @lru_cache(_MOST_PAGES)
    def made(_: tuple[dt.date, Stamp], embed: str) -> str:
        return register_page(replace(data.register(), embed=embed))

    @router.get(_REGISTER)
    def register(request: Request) -> HTMLResponse:
        return document(
            made((settings.today(), data.register_stamp()), embed_of(request)), _REGISTER
        )

    @router.get(_POSITIONS)
    def positions(request: Request) -> HTMLResponse:
        table = data.positions()
        if table is None or not table.height:
            return _absent("Positions", _POSITIONS, "There are no positions.", "positions.csv")
        view = PositionsView(table, settings.today(), f"{embed_of(request)}positions")
        return document(positions_page(view), _POSITIONS)

    @router.get(_POLLS)
    def polls(request: Request) -> HTMLResponse:
        table = data.polls()
        if table is None or not table.height:
            return _absent("Polls", _POLLS, "There are no polls.", "polls.csv")
        return document(polls_page(PollsView(table, f"{embed_of(request)}polls")), _POLLS)

    return router


def _absent(title: str, here: str, said: str, file: str) -> HTMLResponse:
    return rendered(
        "absent.html.j2", status=404, title=title, here=here, said=said,
        holds=f"statements/positions/{file}",
    )  # fmt: skip
