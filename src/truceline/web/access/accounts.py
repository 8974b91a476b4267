"""Local accounts: Argon2 for the password, a time-based code as a second factor."""

from __future__ import annotations

import secrets
from typing import Final

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection, Row, select, update

from truceline.core.types.errors import InputError
from truceline.web.access.roles import ROLES, Role, Viewer
from truceline.web.room.tables import ACCOUNT, SESSION

#: Shortest password that is taken, characters.
SHORTEST_PASSWORD: Final = 12

#: Seconds that one code of the second factor counts for (RFC 6238).
STEP_S: Final = 30

_HASHER = PasswordHasher()

#: In place of a hash: no password opens the account.
NO_PASSWORD: Final = "!"  # noqa: S105 - it is none

#: Compared with where there is no such account or password, so that the answer takes as long.
_NOBODY = _HASHER.hash(secrets.token_hex(16))


def add_account(
    connection: Connection,
    name: str,
    role: str,
    password: str | None,
    *,
    party: str | None = None,
    has_totp: bool = False,
) -> str | None:
    """Open an account; return the secret of its second factor where it has one.

    Parameters
    ----------
    password : str or None
        None where its holder comes in by single sign-on alone.

    Raises
    ------
    InputError
        If the name is taken, the role unknown, the password short, or a liaison has no party.
    """
    if not name.isascii() or not name.replace("-", "").replace(".", "").isalnum():
        raise InputError(f"{name!r} is no name of an account: letters, digits, dots and dashes.")
    if role not in ROLES:
        raise InputError(f"there is no role {role!r}.", hint=f"Known: {', '.join(ROLES)}.")
    if (role == "liaison") != (party is not None):
        raise InputError("a liaison speaks for a party, and nobody else does.")
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise InputError(f"the password is shorter than {SHORTEST_PASSWORD} characters.")
    if is_taken(connection, name):
        raise InputError(f"there is an account {name!r} already.")
    totp = pyotp.random_base32() if has_totp else None
    connection.execute(
        ACCOUNT.insert().values(
            name=name, role=role, party=party, hand=secrets.token_hex(4),
            password=NO_PASSWORD if password is None else _HASHER.hash(password), totp=totp,
        )
    )  # fmt: skip
    return totp


def is_taken(connection: Connection, name: str) -> bool:
    """Return whether there is an account of this name, open or closed."""
    return connection.scalar(select(ACCOUNT.c.name).where(ACCOUNT.c.name == name)) is not None


def close_account(connection: Connection, name: str) -> None:
    """Close an account and end its sessions; what it wrote stays."""
    changed = connection.execute(
        update(ACCOUNT).where(ACCOUNT.c.name == name).values(is_open=False)
    )
    if changed.rowcount == 0:
        raise InputError(f"there is no account {name!r}.")
    connection.execute(SESSION.delete().where(SESSION.c.account == name))


def admitted(
    connection: Connection, name: str, password: str, code: str, seconds: float
) -> Viewer | None:
    """Return who comes in with these words, or None; why not is not said.

    Parameters
    ----------
    code : str
        Of the second factor; empty where the account has none. Each counts once.
    seconds : float
        The time, seconds since 1970 UTC.
    """
    row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name)).one_or_none()
    hashed = NO_PASSWORD if row is None else row.password
    is_right = _is_password(_NOBODY if hashed == NO_PASSWORD else hashed, password)
    if not is_right or hashed == NO_PASSWORD:
        return None
    if row is None or not row.is_open or not _is_code(connection, row, code, seconds):
        return None
    return _viewer(row)


def viewer_of(connection: Connection, name: str) -> Viewer | None:
    """Return the holder of an open account."""
    row = connection.execute(
        select(ACCOUNT).where(ACCOUNT.c.name == name, ACCOUNT.c.is_open)
    ).one_or_none()
    return None if row is None else _viewer(row)


def _viewer(row: Row[tuple[str, ...]]) -> Viewer:
    role: Role = row.role
    return Viewer(row.name, role, row.party, row.hand)


def _is_password(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _is_code(connection: Connection, row: Row[tuple[str, ...]], code: str, seconds: float) -> bool:
    if row.totp is None:
        return True
    totp = pyotp.TOTP(row.totp)
    now = int(seconds // STEP_S)
    # A phone may be a step behind or ahead; a step that was used once is spent.
    for step in (now - 1, now, now + 1):
        if step > row.totp_step and secrets.compare_digest(totp.at(step * STEP_S), code):
            connection.execute(
                update(ACCOUNT).where(ACCOUNT.c.name == row.name).values(totp_step=step)
            )
            return True
    return False
