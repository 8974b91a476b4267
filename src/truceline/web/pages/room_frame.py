"""What all pages of the room share: their bar, their words and numbers, their answers."""

from __future__ import annotations

from typing import Final

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from truceline.publish.bulletins.catalogue import catalogue
from truceline.publish.wording import Wording
from truceline.web.access.door import session
from truceline.web.access.roles import Right, Viewer
from truceline.web.pages.rendering import rendered
from truceline.web.room.room import Room

#: Address, name and the right that each page needs, in the order of the bar.
PAGES: Final[tuple[tuple[str, str, Right | None], ...]] = (
    ("/map", "Map", None),
    ("/incidents", "Incidents", None),
    ("/queue", "Queue", "work"),
    ("/claims", "Claims", None),
    ("/bulletins", "Bulletins", None),
    ("/watching", "Watching", None),
    ("/terms", "Terms", None),
    ("/field", "Field", "report"),
    ("/people", "People", "accounts"),
    ("/access", "Access", "audit"),
)


def pages_of(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the pages that a viewer's role opens."""
    return [(at, name) for at, name, right in PAGES if right is None or viewer.may(right)]


def words_of(room: Room) -> Wording:
    """Return the words and numbers of the room's language, with the case's names."""
    return Wording("en", catalogue("en"), room.parties, room.case.settings.timezone)


def framed(
    request: Request, room: Room, template: str, *, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a page of the room for whoever asks."""
    found = session(request)
    return rendered(
        template,
        status=status,
        here="/" + request.url.path.split("/")[1],
        pages=pages_of(found.viewer),
        viewer=found.viewer,
        csrf=found.csrf,
        words=words_of(room),
        room_title=room.case.settings.title,
        is_exercise=room.case.settings.publication.exercise,
        now=room.clock(),
        **values,
    )


def seen_other(address: str) -> RedirectResponse:
    """Return to a page after something was done (303, so that reload does it not again)."""
    return RedirectResponse(address, 303)


def number_in(request: Request, name: str, default: int, least: int, most: int) -> int:
    """Return a whole number from the address."""
    text = request.query_params.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise HTTPException(400, f"{name} is a whole number from {least} to {most}.")
    return int(text)
