"""Sessions: a random token in a cookie, its hash in the database, and one for forms."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from truceline.core.types.time import HOUR
from truceline.web.access.accounts import viewer_of
from truceline.web.access.roles import Viewer
from truceline.web.room.tables import SESSION

COOKIE: Final = "truceline"

#: How long one lasts, microseconds: a watch.
LASTS: Final = 12 * HOUR


@dataclass(frozen=True)
class Session:
    """A viewer who is in, and the token that each form of theirs must carry."""

    viewer: Viewer
    csrf: str

    def is_own(self, csrf: str) -> bool:
        """Return whether a form came from a page of this session."""
        return secrets.compare_digest(self.csrf.encode(), csrf.encode())


def begin(connection: Connection, account: str, now: int) -> str:
    """Begin a session and return its token; sessions that are over are swept out."""
    connection.execute(SESSION.delete().where(SESSION.c.until < now))
    token = secrets.token_urlsafe(32)
    connection.execute(
        SESSION.insert().values(
            token=_hash(token), account=account, csrf=secrets.token_urlsafe(24), until=now + LASTS
        )
    )
    return token


def session_of(connection: Connection, token: str, now: int) -> Session | None:
    """Return the session of a token, or None where it is over or never was."""
    row = connection.execute(
        select(SESSION.c.account, SESSION.c.csrf).where(
            SESSION.c.token == _hash(token), SESSION.c.until >= now
        )
    ).one_or_none()
    viewer = None if row is None else viewer_of(connection, row.account)
    return None if row is None or viewer is None else Session(viewer, row.csrf)


def end(connection: Connection, token: str) -> None:
    """End a session."""
    connection.execute(SESSION.delete().where(SESSION.c.token == _hash(token)))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
