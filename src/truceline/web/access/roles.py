"""Roles: what each may do, and up to which level of handling each may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from truceline.core.types.vocabulary import HANDLINGS

Role = Literal["viewer", "liaison", "monitor", "analyst", "reviewer", "publisher", "administrator"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

Right = Literal["work", "report", "claim", "reply", "review", "name", "put", "publish", "accounts",
                "audit"]  # fmt: skip


@dataclass(frozen=True)
class Grant:
    """What a role is for.

    Attributes
    ----------
    rights : frozenset of str
        What it may do. `work` is to see what is not published yet.
    level : str
        Highest handling it may read.
    about : str
        One line for the page of accounts.
    """

    rights: frozenset[Right]
    level: str
    about: str


#: Least privilege: who runs the accounts reads no evidence, and a party's liaison reads what is
#: published and what is put to that party.
GRANTS: Final[dict[Role, Grant]] = {
    "viewer": Grant(frozenset(), "CLEAR", "Reads what is published."),
    "liaison": Grant(
        frozenset({"claim", "reply"}),
        "GREEN",
        "Speaks for a party: reads what is published or put to it, claims, replies.",
    ),
    "monitor": Grant(
        frozenset({"work", "report"}), "AMBER", "Sends reports and reads the working picture."
    ),
    "analyst": Grant(
        frozenset({"work", "report", "review"}),
        "AMBER+STRICT",
        "Confirms, downgrades, rejects, joins and parts incidents.",
    ),
    "reviewer": Grant(
        frozenset({"work", "report", "review", "name", "put", "audit"}),
        "RED",
        "Does as the analyst, names a party with a second reviewer, puts findings to parties, "
        "sees who read what.",
    ),
    "publisher": Grant(
        frozenset({"work", "put", "publish"}), "RED", "Approves and publishes bulletins."
    ),
    "administrator": Grant(
        frozenset({"accounts", "audit"}), "CLEAR", "Opens and closes accounts, sees who read."
    ),
}


@dataclass(frozen=True)
class Viewer:
    """Somebody who has come in.

    Attributes
    ----------
    account : str
        Name of the account.
    role : str
        One of `ROLES`.
    party : str or None
        The party a liaison speaks for.
    hand : str
        The name the record knows the account by, which tells nobody who it is.
    """

    account: str
    role: Role
    party: str | None
    hand: str

    def may(self, right: Right) -> bool:
        """Return whether the role has a right."""
        return right in GRANTS[self.role].rights

    def levels(self) -> tuple[str, ...]:
        """Return the levels of handling that may be read."""
        return HANDLINGS[: HANDLINGS.index(GRANTS[self.role].level) + 1]
