"""The desk of accounts, for the administrator alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from truceline.core.types.errors import InputError
from truceline.web.access.accounts import add_account, close_account
from truceline.web.access.door import need
from truceline.web.access.roles import GRANTS
from truceline.web.pages.room_frame import framed, seen_other
from truceline.web.room import decisions
from truceline.web.room.room import Room
from truceline.web.room.tables import ACCOUNT


def account_pages(room: Room) -> APIRouter:
    """Return the desk of accounts, for the administrator alone."""
    router = APIRouter()

    @router.get("/people")
    def accounts(request: Request) -> HTMLResponse:
        return _accounts(request, room)

    @router.post("/people")
    def open_one(
        request: Request,
        name: Annotated[str, Form(max_length=60)],
        role: Annotated[str, Form(max_length=20)],
        password: Annotated[str, Form(max_length=1000)],
        party: Annotated[str, Form(max_length=100)] = "",
        totp: Annotated[str, Form(max_length=3)] = "",
    ) -> HTMLResponse:
        viewer = need(request, "accounts").viewer
        if party and party not in room.parties:
            return _accounts(request, room, error="The party is none of the agreement's.")
        try:
            with room.database.writing() as connection:
                secret = add_account(
                    connection, name, role, password, party=party or None, has_totp=bool(totp)
                )
        except InputError as error:
            return _accounts(request, room, error=str(error))
        decisions.access(room, viewer, f"open {name} as {role}")
        return _accounts(request, room, secret=secret, opened=name)

    @router.post("/people/{name}/close")
    def close(request: Request, name: str) -> RedirectResponse:
        viewer = need(request, "accounts").viewer
        with room.database.writing() as connection:
            close_account(connection, name)
        decisions.access(room, viewer, f"close {name}")
        return seen_other("/people")

    return router


def _accounts(request: Request, room: Room, **more: object) -> HTMLResponse:
    need(request, "accounts")
    columns = (ACCOUNT.c.name, ACCOUNT.c.role, ACCOUNT.c.party, ACCOUNT.c.totp, ACCOUNT.c.is_open)
    with room.database.reading() as connection:
        rows = [dict(r._mapping) for r in connection.execute(select(*columns).order_by("name"))]
    for row in rows:
        row["has_totp"] = row.pop("totp") is not None
    values = {"error": None, "secret": None, "opened": None, **more}
    return framed(
        request, room, "room/people.html.j2", title="People", rows=rows, grants=GRANTS,
        parties=room.parties, status=200 if values["error"] is None else 422, **values,
    )  # fmt: skip
