"""Single sign-on: who the provider says is there, and which account of ours that is.

The provider says who somebody is and never what they may do. A sign-on opens the account that an
administrator linked to the provider's subject beforehand; only where the settings name a claim
are accounts opened by it, and those are for reading and reporting alone.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, field_validator
from sqlalchemy import Connection, Row, select, update

from truceline.agreement.documents import read_document
from truceline.agreement.terms import TermsModel
from truceline.core.types.errors import InputError, Where
from truceline.core.types.time import MINUTE, format_time
from truceline.record.entries import entry
from truceline.record.log import append_with
from truceline.web.access.accounts import add_account, is_taken, viewer_of
from truceline.web.access.oidc import Client, Provider, SignOnError
from truceline.web.access.roles import Viewer
from truceline.web.room.tables import ACCOUNT, IDENTITY, SESSION, SIGN_ON

SETTINGS: Final = "sign-on.yaml"
RETURN: Final = "/sign-on/return"

#: How long somebody may take at the provider's, microseconds.
LASTS: Final = 10 * MINUTE


class ByClaim(TermsModel):
    """Accounts that are opened by what the provider says of somebody.

    Attributes
    ----------
    claim : str
        Name of a claim in the ID token: a text, or a list of texts.
    roles : mapping
        Value of the claim to role. No value opens an account that decides, publishes, speaks
        for a party or runs the accounts.
    """

    claim: str = Field(pattern=r"^[A-Za-z0-9_:/.-]{1,100}$")
    roles: dict[str, Literal["viewer", "monitor", "analyst"]]

    def role_of(self, claims: dict[str, Any]) -> str | None:
        """Return the role that the claims give, or None; the first in the settings counts."""
        said = claims.get(self.claim)
        values = said if isinstance(said, list) else [said]
        return next((role for value, role in self.roles.items() if value in values), None)


class SignOnSettings(TermsModel):
    """The content of `sign-on.yaml` in the room's folder.

    Attributes
    ----------
    title : str
        What the login page calls the provider.
    issuer, client_id : str
        As the provider has them.
    secret_env : str or None
        Environment variable with the client's secret; the secret itself stands in no file.
    address : str
        Address of the room as people reach it, which the provider must know.
    by_claim : ByClaim or None
        Where accounts are opened by a claim; without it each is linked by hand.
    """

    title: str = Field(min_length=1, max_length=80)
    issuer: str = Field(pattern=r"^https?://[^\s?#]+$")
    client_id: str = Field(min_length=1, max_length=200)
    secret_env: str | None = None
    address: str = Field(pattern=r"^https?://[^\s/?#]+$")
    by_claim: ByClaim | None = None

    @field_validator("secret_env")
    @classmethod
    def _named(cls, name: str | None) -> str | None:
        if name is not None and name not in os.environ:
            raise ValueError(f"the environment has no {name}")
        return name

    def client(self) -> Client:
        """Return the room as the provider knows it."""
        secret = None if self.secret_env is None else os.environ[self.secret_env]
        return Client(self.issuer, self.client_id, secret, self.address + RETURN)


def settings_of(folder: Path) -> SignOnSettings | None:
    """Return the settings of a room's single sign-on, or None where it has no `sign-on.yaml`."""
    path = folder / SETTINGS
    return read_document(path, SignOnSettings)[0] if path.is_file() else None


@dataclass(frozen=True)
class Begun:
    """A sign-on that was begun: where the browser goes, and what it keeps until it is back."""

    address: str
    browser: str


def begin(connection: Connection, provider: Provider, now: int) -> Begun:
    """Begin a sign-on in one browser; those that nobody finished are swept out."""
    connection.execute(SIGN_ON.delete().where(SIGN_ON.c.until < now))
    state, browser, nonce = (secrets.token_urlsafe(32) for _ in range(3))
    verifier = secrets.token_urlsafe(48)
    connection.execute(
        SIGN_ON.insert().values(
            state=_hash(state), browser=_hash(browser), nonce=nonce, verifier=verifier,
            until=now + LASTS,
        )
    )  # fmt: skip
    return Begun(provider.address_to_ask(state, nonce, verifier), browser)


def taken(connection: Connection, state: str, browser: str, now: int) -> tuple[str, str]:
    """Return nonce and verifier of a sign-on that was begun in this browser; once.

    Raises
    ------
    SignOnError
        If it was begun in another browser, or never, or too long ago, or is spent.
    """
    row = connection.execute(
        select(SIGN_ON).where(SIGN_ON.c.state == _hash(state), SIGN_ON.c.until >= now)
    ).one_or_none()
    if row is None or not secrets.compare_digest(bytes(row.browser), _hash(browser)):
        raise SignOnError(
            "this sign-on was not begun in this browser, or is over.", hint="Begin it again."
        )
    connection.execute(SIGN_ON.delete().where(SIGN_ON.c.state == _hash(state)))
    return str(row.nonce), str(row.verifier)


def account_of(
    connection: Connection, settings: SignOnSettings, claims: dict[str, Any], now: int
) -> Viewer:
    """Return who comes in with the claims of a checked ID token.

    Raises
    ------
    SignOnError
        If no account is linked to the subject, or it is closed.
    """
    subject = str(claims["sub"])
    row = connection.execute(
        select(IDENTITY).where(IDENTITY.c.issuer == settings.issuer, IDENTITY.c.subject == subject)
    ).one_or_none()
    by_claim = settings.by_claim
    if by_claim is not None and (row is None or row.by_claim):
        name = _by_claim(connection, settings, row, by_claim.role_of(claims), subject, now)
    else:
        name = None if row is None else row.account
    viewer = None if name is None else viewer_of(connection, name)
    if viewer is None:
        raise SignOnError(
            "no account here is linked to you.",
            hint=f"Give the administrator your subject: {subject}",
        )
    return viewer


def link(
    connection: Connection,
    settings: SignOnSettings,
    account: str,
    subject: str,
    now: int,
    *,
    by_claim: bool = False,
) -> None:
    """Link an account to a subject of the provider's.

    Raises
    ------
    InputError
        If there is no such account, or the subject is linked already.
    """
    if not 0 < len(subject) <= 255 or not subject.isprintable():
        raise InputError("a subject has 1 to 255 characters.", hint="Ask the provider for it.")
    if not is_taken(connection, account):
        raise InputError(f"there is no account {account!r}.")
    named = (IDENTITY.c.issuer == settings.issuer) & (IDENTITY.c.subject == subject)
    held = connection.scalar(select(IDENTITY.c.account).where(named))
    if held is not None:
        raise InputError(f"this subject is linked to {held!r} already.", hint="Unlink it first.")
    connection.execute(
        IDENTITY.insert().values(
            issuer=settings.issuer, subject=subject, account=account, by_claim=by_claim, at=now
        )
    )


def unlink(connection: Connection, issuer: str, subject: str) -> str:
    """Take a link away, end the account's sessions, and return the account's name."""
    named = (IDENTITY.c.issuer == issuer) & (IDENTITY.c.subject == subject)
    account = connection.scalar(select(IDENTITY.c.account).where(named))
    if account is None:
        raise InputError("no account is linked to this subject.")
    connection.execute(IDENTITY.delete().where(named))
    connection.execute(SESSION.delete().where(SESSION.c.account == account))
    return str(account)


def demanded(folder: Path) -> SignOnSettings:
    """Return the settings of a room's single sign-on, or say that there are none."""
    settings = settings_of(folder)
    if settings is None:
        raise InputError(
            "this room has no single sign-on.", where=Where(str(folder / SETTINGS)),
            hint="Write that file first.",
        )  # fmt: skip
    return settings


def _by_claim(
    connection: Connection,
    settings: SignOnSettings,
    row: Row[Any] | None,
    role: str | None,
    subject: str,
    now: int,
) -> str | None:
    """Return the account that a claim opens, at the role that it gives today."""
    if role is None:
        return None
    if row is None:
        name = f"sign-on-{hashlib.sha256(f'{settings.issuer} {subject}'.encode()).hexdigest()[:12]}"
        add_account(connection, name, role, None)
        link(connection, settings, name, subject, now, by_claim=True)
        _written(connection, f"open {name} as {role}", now)
        return name
    held = connection.scalar(select(ACCOUNT.c.role).where(ACCOUNT.c.name == row.account))
    if held != role:
        connection.execute(update(ACCOUNT).where(ACCOUNT.c.name == row.account).values(role=role))
        _written(connection, f"make {row.account} {role}", now)
    return str(row.account)


def _written(connection: Connection, what: str, now: int) -> None:
    values = {"who": "single sign-on", "what": what, "decision": "done"}
    made = entry("access", format_time(now), values, secrets.token_bytes)
    append_with(connection, made, f"access {secrets.token_hex(16)}")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
