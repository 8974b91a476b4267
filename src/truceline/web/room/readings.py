"""Who read what of protected material, and when: noted before it is shown, and kept for good.

Nothing has to be declared for a page to be watched: all that stands behind the door is, but for
what is named here as showing nothing that is protected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from sqlalchemy import Select, func, select

from truceline.core.types.time import MINUTE
from truceline.web.access.roles import Viewer
from truceline.web.room.protected import protected
from truceline.web.room.room import Room
from truceline.web.room.tables import READING

#: Routes that show nothing of the evidence: forms, accounts, rules, what was published.
SHOW_NONE: Final = frozenset({
    "/", "/access", "/people", "/field", "/field/hotline", "/terms", "/claims", "/map",
    "/bulletins", "/bulletins/{number}/{name:path}", "/api/events", "/api/map/ground",
    "/api/map/effort", "/sta/v1.1", "/sta/v1.1/{path:path}", "/ogc", "/ogc/api",
    "/ogc/conformance", "/ogc/collections", "/ogc/collections/{name}", "/api/map/mission",
    "/api/terms/zones", "/api/terms/drafts/{number}", "/terms/drafts/{number}/{name}",
})  # fmt: skip

#: A list or a map that is asked for again within so long is one reading, microseconds.
SAME_READING: Final = MINUTE

#: Longest address that is kept, characters.
MOST_CHARACTERS: Final = 500


class Noting:
    """Asked after the door and before every page: notes who is about to read what is protected.

    Parameters
    ----------
    room : Room
        Whose evidence it is.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lists: dict[tuple[str, str], int] = {}

    def __call__(self, request: Request) -> None:
        """Note the reading, where there is one."""
        viewer: Viewer = request.state.session.viewer
        route = str(getattr(request.scope.get("route"), "path", request.url.path))
        shows_none = route in SHOW_NONE or request.path_params.get("name") == "zones"
        if request.method != "GET" or shows_none or not viewer.may("work"):
            return
        item = request.path_params.get("incident", request.path_params.get("item"))
        told = self._room.picture(viewer).once("protected", protected)
        level = told.highest() if item is None else told.of(item)
        if level is None or (item is None and self._is_again(viewer.account, route)):
            return
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        with self._room.database.writing() as connection:
            connection.execute(
                READING.insert().values(
                    account=viewer.account, role=viewer.role, what=route, item=item, level=level,
                    address=address[:MOST_CHARACTERS], at=self._room.clock(),
                )
            )  # fmt: skip

    def _is_again(self, account: str, route: str) -> bool:
        now = self._room.clock()
        if now - self._lists.get((account, route), -SAME_READING) < SAME_READING:
            return True
        self._lists[account, route] = now
        return False


@dataclass(frozen=True)
class Filter:
    """Which readings somebody asks for; empty takes all.

    Attributes
    ----------
    account, level : str
        Who read, and the level of what was read.
    item : str
        The incident or observation that was read.
    """

    account: str = ""
    level: str = ""
    item: str = ""


def readings(room: Room, asked: Filter, first: int, most: int) -> tuple[int, list[dict[str, Any]]]:
    """Return how many readings there are, and some of them, the newest first."""
    wanted = _filtered(select(READING), asked).order_by(READING.c.id.desc())
    counted = _filtered(select(func.count()).select_from(READING), asked)
    with room.database.reading() as connection:
        total = connection.scalar(counted) or 0
        rows = connection.execute(wanted.offset(first).limit(most)).all()
    return total, [dict(row._mapping) for row in rows]


def readers(room: Room) -> list[dict[str, Any]]:
    """Return how often each account read what is protected, at each level."""
    n = func.count().label("n")
    wanted = (
        select(READING.c.account, READING.c.level, n, func.max(READING.c.at).label("last"))
        .group_by(READING.c.account, READING.c.level)
        .order_by(READING.c.account, READING.c.level)
    )
    with room.database.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(wanted)]


def _filtered(wanted: Select[Any], asked: Filter) -> Select[Any]:
    for name in ("account", "level", "item"):
        value = getattr(asked, name)
        if value:
            wanted = wanted.where(READING.c[name] == value)
    return wanted
