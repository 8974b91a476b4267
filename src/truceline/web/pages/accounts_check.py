"""A text checked: a form, its answer as a page, and the same as data for programs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from truceline.accounts.claims.answers import plain_answers
from truceline.accounts.claims.check import Checked, check, check_claim
from truceline.accounts.claims.claim import Found, claims_from_text
from truceline.accounts.claims.claimreview import Publication
from truceline.accounts.claims.verdict import Verdict
from truceline.core.types.errors import InputError, Where
from truceline.publish.article.article_page import ArticleView, article_page
from truceline.web.pages.accounts_data import AccountsData
from truceline.web.pages.rendering import document, rendered
from truceline.web.settings import Settings


class Asked(BaseModel):
    """A text to be checked, as a program sends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(min_length=1, description="A sentence or an article.")
    on: dt.date = Field(description="The day of the text.")
    claims: str = Field(default="", description="Claims as a person corrected them (YAML).")
    readings: bool = Field(default=False, description="Whether to tell every reading.")


def check_pages(settings: Settings, data: AccountsData) -> APIRouter:
    """Return the routes on which a text is checked."""
    router = APIRouter(default_response_class=HTMLResponse)

    def answered(request: Request, text: str, on: str, claims: str) -> HTMLResponse:
        if not text.strip() and not claims.strip():
            return _form(settings, data, (text, on, claims))
        try:
            return document(
                _page(settings, data, (text, on, claims), str(request.base_url)), "/check"
            )
        except InputError as error:
            return _form(settings, data, (text, on, claims), error=str(error))

    @router.get("/check")
    def asked(request: Request, text: str = "", on: str = "", claims: str = "") -> HTMLResponse:
        return answered(request, text, on, claims)

    @router.post("/check")
    def sent(
        request: Request,
        text: Annotated[str, Form()] = "",
        on: Annotated[str, Form()] = "",
        claims: Annotated[str, Form()] = "",
    ) -> HTMLResponse:
        return answered(request, text, on, claims)

    @router.post("/api/check", response_class=JSONResponse)
    async def told(request: Request) -> Response:
        return await _told(request, settings, data)

    return router


def checked_text(
    settings: Settings, data: AccountsData, text: str, day: dt.date, claims: str = ""
) -> Checked:
    """Return a text with its claims and verdicts; corrected claims stand in for those read."""
    for words in (text, claims):
        if len(words) > settings.most_characters:
            raise InputError(
                f"the text has {len(words)} characters, more than {settings.most_characters}.",
                hint="Check it in parts.",
            )
    evidence = data.evidence(day)
    if not claims.strip():
        return check(text, evidence, on=day)
    corrected = claims_from_text(claims)
    return Checked(
        Found(text, corrected, ()), tuple(check_claim(claim, evidence) for claim in corrected)
    )


def framed(
    settings: Settings, data: AccountsData, day: dt.date, base: str
) -> Callable[[Verdict], str]:
    """Return what gives a verdict the address of its picture alone.

    A frame checks the words of the claim again; where they alone do not give the same answer,
    there is no address.
    """

    def address(verdict: Verdict) -> str:
        words = verdict.claim.text
        again = checked_text(settings, data, words, day).verdicts
        if len(again) != 1 or again[0].sentence != verdict.sentence:
            return ""
        return f"{base}embed/check?{urlencode({'text': words, 'on': day.isoformat()})}"

    return address


def _page(settings: Settings, data: AccountsData, given: tuple[str, str, str], base: str) -> str:
    text, on, claims = given
    day = day_given(on)
    checked = checked_text(settings, data, text, day, claims)
    publication = Publication("unnamed desk", "about:blank", "unnamed desk", published=day)
    embed = framed(settings, data, day, base)
    view = ArticleView("A text, checked", checked, day, publication, settings.today(), embed)
    return article_page(view)


async def _told(request: Request, settings: Settings, data: AccountsData) -> Response:
    try:
        asked = _asked(await request.body())
        checked = await run_in_threadpool(
            checked_text, settings, data, asked.text, asked.on, asked.claims
        )
    except InputError as error:
        return JSONResponse({"error": error.as_dict()}, 400)
    content = {
        "on": asked.on,
        "answers": plain_answers(checked, readings=asked.readings),
        "missed": [{"text": m.text, "why": m.why} for m in checked.found.missed],
    }
    words = json.dumps(content, ensure_ascii=False, default=str)
    return Response(words, media_type="application/json")


def _asked(body: bytes) -> Asked:
    try:
        return Asked.model_validate_json(body)
    except ValidationError as cause:
        first = cause.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        raise InputError(
            f"the request is not in the form: {first['msg'].lower()}.",
            where=Where("the request", field=field),
            hint='Send {"text": "...", "on": "2025-02-20"}.',
        ) from cause


def _form(
    settings: Settings,
    data: AccountsData,
    given: tuple[str, str, str],
    *,
    error: str | None = None,
) -> HTMLResponse:
    text, on, claims = given
    return rendered(
        "check.html.j2",
        title="Check a text",
        here="/check",
        text=text[: settings.most_characters],
        on=on or settings.today().isoformat(),
        claims=claims[: settings.most_characters],
        most=settings.most_characters,
        has_aid=data.has_aid,
        error=error,
        status=200 if error is None else 400,
    )


def day_given(on: str) -> dt.date:
    """Return a day as it was written, or say what is wrong with it."""
    try:
        return dt.date.fromisoformat(on)
    except ValueError as error:
        raise InputError(
            f"{on!r} is not a day.", hint="Give the day of the text, such as 2025-02-20."
        ) from error
