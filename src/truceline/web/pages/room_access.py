"""The desk of access: who read what is protected, and who comes in by single sign-on."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from truceline.core.types.errors import InputError
from truceline.core.types.vocabulary import HANDLINGS
from truceline.web.access.door import need
from truceline.web.access.sign_on import SignOnSettings, link, settings_of, unlink
from truceline.web.pages.room_frame import framed, number_in, seen_other
from truceline.web.room import decisions
from truceline.web.room.protected import FREE
from truceline.web.room.readings import Filter, readers, readings
from truceline.web.room.room import Room
from truceline.web.room.tables import ACCOUNT, IDENTITY

#: Readings on one page.
ROWS: Final = 100

#: Levels that a reading can have.
LEVELS: Final = (*HANDLINGS[HANDLINGS.index(FREE) + 1 :], "source")

_Filter = Annotated[str, Query(max_length=300)]


def access_pages(room: Room) -> APIRouter:
    """Return the desk of access: readings for who audits, links for who runs the accounts."""
    router = APIRouter()
    sign_on = settings_of(room.folder)

    @router.get("/access")
    def desk(
        request: Request, account: _Filter = "", level: _Filter = "", item: _Filter = ""
    ) -> HTMLResponse:
        return _desk(request, room, sign_on, Filter(account, level, item))

    @router.post("/access/links")
    def link_one(
        request: Request,
        account: Annotated[str, Form(max_length=60)],
        subject: Annotated[str, Form(max_length=255)],
    ) -> HTMLResponse:
        viewer = need(request, "accounts").viewer
        try:
            if sign_on is None:
                return _desk(request, room, None, error="This room has no single sign-on.")
            with room.database.writing() as connection:
                link(connection, sign_on, account, subject.strip(), room.clock())
        except InputError as error:
            return _desk(request, room, sign_on, error=str(error))
        decisions.access(room, viewer, f"link {account} to a subject")
        return _desk(request, room, sign_on)

    @router.post("/access/links/end")
    def unlink_one(
        request: Request,
        issuer: Annotated[str, Form(max_length=1000)],
        subject: Annotated[str, Form(max_length=255)],
    ) -> RedirectResponse:
        viewer = need(request, "accounts").viewer
        with room.database.writing() as connection:
            name = unlink(connection, issuer, subject)
        decisions.access(room, viewer, f"unlink {name}")
        return seen_other("/access")

    return router


def _desk(
    request: Request,
    room: Room,
    sign_on: SignOnSettings | None,
    asked: Filter = Filter(),  # noqa: B008 - frozen
    error: str | None = None,
) -> HTMLResponse:
    viewer = need(request, "audit").viewer
    number = number_in(request, "page", 1, 1, 1_000_000)
    total, rows = readings(room, asked, (number - 1) * ROWS, ROWS)
    if not viewer.may("work"):
        # Who runs the accounts sees that somebody read, and not what: it reads no evidence.
        rows = [{**row, "item": None, "address": None} for row in rows]
    return framed(
        request, room, "room/access.html.j2", title="Access",
        status=200 if error is None else 422, error=error, total=total, rows=rows,
        readers=readers(room), asked=asked, levels=LEVELS, number=number,
        last=max(1, -(-total // ROWS)), query=_query(asked),
        links=_links(room) if viewer.may("accounts") else [],
        accounts=_accounts(room) if viewer.may("accounts") else [],
        sign_on=sign_on if viewer.may("accounts") else None,
    )  # fmt: skip


def _query(asked: Filter) -> str:
    return urlencode({k: v for k, v in vars(asked).items() if v})


def _links(room: Room) -> list[dict[str, Any]]:
    with room.database.reading() as connection:
        found = connection.execute(select(IDENTITY).order_by(IDENTITY.c.account))
        return [dict(row._mapping) for row in found]


def _accounts(room: Room) -> list[str]:
    wanted = select(ACCOUNT.c.name).where(ACCOUNT.c.is_open).order_by(ACCOUNT.c.name)
    with room.database.reading() as connection:
        return list(connection.scalars(wanted))
