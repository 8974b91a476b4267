"""Who gives: codes, names and spellings of donors, and groups of them by day."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from truceline.core.types.errors import InputError, Where

#: Code of all donors of a release together.
ALL = "*"


@dataclass(frozen=True)
class Donor:
    """A donor.

    Attributes
    ----------
    code : str
        ISO 3166-1 alpha-3, or a declared code for an institution.
    name : str
        Name to print.
    currency : str
        ISO 4217 code of its own currency.
    institution : bool
        True for a body that is not a state: no GDP, no head count.
    """

    code: str
    name: str
    currency: str
    institution: bool = False


@dataclass(frozen=True)
class Member:
    """A member of a group and the day it joined; None is before the data begin."""

    code: str
    since: dt.date | None = None


@dataclass(frozen=True)
class Group:
    """A group of donors.

    Attributes
    ----------
    key, name : str
        Short name and name to print.
    members : tuple of Member
        States.
    institutions : tuple of str
        Bodies of the group that give aid themselves.
    """

    key: str
    name: str
    members: tuple[Member, ...]
    institutions: tuple[str, ...] = ()

    def on(self, day: dt.date) -> tuple[str, ...]:
        """Return the codes of the states that are members on a day."""
        return tuple(m.code for m in self.members if m.since is None or m.since <= day)


def declared(name: str) -> Mapping[str, object]:
    """Return one of this package's files of declared data."""
    text = resources.files("truceline.accounts.aid.data").joinpath(name).read_text("utf-8")
    loaded: Mapping[str, object] = yaml.safe_load(text)
    return loaded


@cache
def donors() -> Mapping[str, Donor]:
    """Return all declared donors by code."""
    return {code: _donor(code, row) for code, row in _rows().items()}


@cache
def groups() -> Mapping[str, Group]:
    """Return all declared groups by key."""
    rows: Mapping[str, Mapping[str, object]] = declared("groups.yaml")["groups"]  # type: ignore[assignment]
    return {key: _group(key, row) for key, row in rows.items()}


@cache
def _spellings() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, row in _rows().items():
        aliases: list[str] = row.get("aliases", [])  # type: ignore[assignment]
        for spelling in (code, str(row["name"]), *aliases):
            found[_plain(spelling)] = code
    return found


def donor_of(name: str, where: Where | None = None) -> Donor:
    """Return the donor of a name, code or known spelling, or say that it is unknown.

    Examples
    --------
    >>> donor_of("Czech Republic").code, donor_of(" turkiye ").name
    ('CZE', 'Turkey')
    """
    code = _spellings().get(_plain(name))
    if code is None:
        raise InputError(
            f"the donor {name!r} is unknown.",
            where=where,
            hint="Give its ISO code of three letters, or say whose name it is under `donors` of "
            "aid.yaml.",
        )
    return donors()[code]


def group_of(key: str) -> Group:
    """Return a declared group, or say which there are."""
    group = groups().get(key)
    if group is None:
        raise InputError(
            f"the group {key!r} is unknown.", hint=f"Known groups: {', '.join(sorted(groups()))}."
        )
    return group


def _rows() -> Mapping[str, Mapping[str, object]]:
    rows: Mapping[str, Mapping[str, object]] = declared("donors.yaml")["donors"]  # type: ignore[assignment]
    return rows


def _donor(code: str, row: Mapping[str, object]) -> Donor:
    return Donor(code, str(row["name"]), str(row["currency"]), bool(row.get("institution")))


def _group(key: str, row: Mapping[str, object]) -> Group:
    listed: list[object] = row["members"]  # type: ignore[assignment]
    members = tuple(
        Member(m["code"], m["since"]) if isinstance(m, dict) else Member(str(m)) for m in listed
    )
    bodies: list[str] = row.get("institutions", [])  # type: ignore[assignment]
    return Group(key, str(row["name"]), members, tuple(bodies))


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(folded.casefold().split())
