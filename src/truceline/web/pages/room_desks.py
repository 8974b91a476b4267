"""The other desks: claims, bulletins, what is watched, the terms, and the accounts."""

from __future__ import annotations

import re
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from pydantic import ValidationError
from sqlalchemy import select

from truceline.agreement.lint import lint
from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.record.claim_arithmetic import check_arithmetic
from truceline.record.claims import Claim, as_said
from truceline.web.access.accounts import add_account, close_account
from truceline.web.access.door import need, session
from truceline.web.access.roles import GRANTS
from truceline.web.pages.rendering import document
from truceline.web.pages.room_frame import framed, seen_other
from truceline.web.room import decisions, publishing
from truceline.web.room.alerts import alerts_of
from truceline.web.room.room import Room
from truceline.web.room.tables import ACCOUNT, CLAIM

#: Most rows of one table of what is watched.
MOST_ROWS = 300

_PARTS = re.compile(r"^(?P<name>[^:]{1,120}):\s*(?P<value>\d+(?:\.\d+)?)\s*$")


def claim_pages(room: Room) -> APIRouter:
    """Return the desk of claims."""
    router = APIRouter()

    @router.get("/claims")
    def claims(request: Request) -> HTMLResponse:
        return _claims(request, room)

    @router.post("/claims")
    def enter(
        request: Request,
        start: Annotated[str, Form(max_length=40)],
        end: Annotated[str, Form(max_length=40)],
        unit: Annotated[str, Form(max_length=200)],
        source: Annotated[str, Form(max_length=2000)],
        total: Annotated[float | None, Form(ge=0, le=1e9)] = None,
        parts: Annotated[str, Form(max_length=5000)] = "",
        about: Annotated[str, Form(max_length=100)] = "",
    ) -> HTMLResponse:
        viewer = need(request, "claim").viewer
        try:
            body = {
                "id": f"{viewer.party}-{room.clock()}", "about": about or None, "unit": unit,
                "period": {"start": parse_time(start), "end": parse_time(end)}, "source": source,
                "total": None if total is None else {"value": total}, "items": _items(parts),
            }  # fmt: skip
            number, shown = decisions.claim(room, viewer, body)
        except ValidationError as error:
            first = error.errors()[0]
            return _claims(request, room, error=f"{first['msg']}.", status=422)
        except InputError as error:
            return _claims(request, room, error=str(error), status=422)
        return _claims(request, room, entered=number, shown=[f.message for f in shown])

    return router


def _claims(request: Request, room: Room, *, status: int = 200, **more: object) -> HTMLResponse:
    viewer = session(request).viewer
    with room.database.reading() as connection:
        rows = connection.execute(select(CLAIM).order_by(CLAIM.c.number.desc())).all()
    # Before a bulletin holds it, a claim is seen by the room and by who made it.
    shown = []
    for row in rows:
        if viewer.may("work") or row.party == viewer.party:
            claim = Claim.model_validate_json(row.body)
            faults = [f.message for f in check_arithmetic(claim)]
            shown.append({"number": row.number, "said": as_said(claim), "at": row.at,
                          "source": claim.source, "faults": faults})  # fmt: skip
    values = {"entered": None, "shown": [], "error": None, **more}
    return framed(
        request, room, "room/claims.html.j2", status=status, title="Claims", rows=shown, **values
    )


def _items(text: str) -> list[dict[str, Any]]:
    """Read parts, one a line: `name: number`."""
    items = []
    for number, line in enumerate(filter(None, (part.strip() for part in text.splitlines()))):
        found = _PARTS.match(line)
        if found is None:
            raise InputError(f"the part {line[:40]!r} is not `name: number`.")
        value = {"value": float(found["value"])}
        items.append({"id": f"part-{number + 1}", "name": found["name"], "number": value})
    return items


def bulletin_pages(room: Room) -> APIRouter:
    """Return the bulletin desk."""
    router = APIRouter()

    @router.get("/bulletins")
    def desk(request: Request) -> HTMLResponse:
        return _desk(request, room)

    @router.get("/bulletins/draft")
    def draft(request: Request) -> HTMLResponse:
        need(request, "publish")
        return document(publishing.draft(room))

    @router.post("/bulletins")
    def publish(
        request: Request,
        words: Annotated[str, Form(max_length=4000)] = "",
        corrects: Annotated[str, Form(max_length=20)] = "",
        why: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        viewer = need(request, "publish").viewer
        earlier = int(corrects) if corrects.isascii() and corrects.isdigit() else None
        try:
            publishing.publish(room, viewer, words, corrects=earlier, why=why)
        except InputError as error:
            return _desk(request, room, error=str(error), words=words, status=422)
        return seen_other("/bulletins")

    @router.get("/bulletins/{number}/{name:path}")
    def file(number: int, name: str) -> Response:
        folder = publishing.folder_of(room, number)
        if name not in publishing.files_of(folder):
            raise HTTPException(404, "There is no such file.")
        path = folder / "bulletin" / name
        if name.endswith(".html"):
            return document(path.read_text(encoding="utf-8"))
        return FileResponse(path, filename=path.name)

    return router


def _desk(request: Request, room: Room, *, status: int = 200, **more: object) -> HTMLResponse:
    found = publishing.publications(room)
    files = {p["number"]: publishing.files_of(publishing.folder_of(room, p["number"]))
             for p in found[:30] if isinstance(p["number"], int)}  # fmt: skip
    alerts = alerts_of(room.database) if session(request).viewer.may("publish") else {}
    values = {"error": None, "words_typed": more.pop("words", ""), "alerts": alerts, **more}
    return framed(
        request, room, "room/bulletins.html.j2", status=status, title="Bulletins",
        publications=found[:30], files=files, due=room.next_bulletin(), **values,
    )  # fmt: skip


def watching_pages(room: Room) -> APIRouter:
    """Return the desk of effort, and that of the terms."""
    router = APIRouter()

    @router.get("/watching")
    def watching(request: Request) -> HTMLResponse:
        seen = room.seen(session(request).viewer)
        latest = seen.effort.group_by("source", "instrument").agg(
            last=pl.col("t_end").max(), best=pl.col("p_detect").max(), rows=pl.len()
        )
        denied = seen.observations.filter(
            pl.col("phenomenon").cast(pl.String).str.contains("obstr")
        )
        return framed(
            request, room, "room/watching.html.j2", title="Watching",
            sources=latest.sort("source").to_dicts(),
            gaps=seen.unwatched.sort("t_start", descending=True).head(MOST_ROWS).to_dicts(),
            n_gaps=seen.unwatched.height,
            denied=denied.sort("t_start", descending=True).head(MOST_ROWS).to_dicts(),
            states=_latest(seen.states).to_dicts(),
        )  # fmt: skip

    @router.get("/terms")
    def terms(request: Request) -> HTMLResponse:
        return framed(
            request, room, "room/terms.html.j2", title="Terms",
            agreement=room.case.terms.agreement, findings=lint(room.case.terms, _observable(room)),
        )  # fmt: skip

    return router


def _observable(room: Room) -> dict[str, tuple[str, ...]]:
    """Return what each feed of the case can see."""
    feeds = [feed.source for feed in room.case.feeds if feed.source in room.sources]
    return {name: room.sources[name].info.phenomena for name in feeds}


def _latest(states: pl.DataFrame) -> pl.DataFrame:
    return states.sort("t_end").unique(["indicator", "sector"], keep="last").sort("sector")


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
