"""Alerts to other systems: each report goes to those who asked for it, until acknowledged."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import smtplib
import socket
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import httpx2
from pydantic import Field
from sqlalchemy import Connection, select, update

from truceline.agreement.documents import read_document
from truceline.agreement.terms import TermsModel
from truceline.core.store.sql import Database
from truceline.core.types.time import MINUTE, format_time
from truceline.publish.bulletins.cursor_on_target import events
from truceline.web.room.tables import ALERT

#: Seconds that a target has to answer.
ANSWER_S: Final = 10.0

#: Wait after the first failure, doubled each time up to the longest, microseconds.
FIRST_WAIT, LONGEST_WAIT = MINUTE, 60 * MINUTE


#: What somebody can be told of: each bulletin, each spot report that a person sends, and each
#: incident that passes the case's limit, before anybody has looked at it.
Occasion = Literal["bulletin", "spot", "incident"]


class Target(TermsModel):
    """Where alerts go; written by whoever runs the room, never by what is read.

    Attributes
    ----------
    name : str
        Short name.
    kind : str
        `webhook` (CAP 1.2 by HTTP POST), `cot` (Cursor on Target over TCP) or `email`.
    address : str
        `https://...`, `tcp://host:port` or `smtp://host:port`.
    secret_env : str or None
        Environment variable with the key a webhook's body is signed by (HMAC-SHA-256).
    to, sender : str
        Of an e-mail.
    tells_of : tuple of str
        What is sent there.
    """

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    kind: Literal["webhook", "cot", "email"]
    address: str
    secret_env: str | None = None
    to: str = ""
    sender: str = ""
    tells_of: tuple[Occasion, ...] = ("bulletin", "spot")


class Targets(TermsModel):
    """The content of `alerts.yaml` in the room's folder."""

    targets: tuple[Target, ...] = ()


def targets_of(folder: Path) -> tuple[Target, ...]:
    """Return the targets of a room; none where it has no `alerts.yaml`."""
    path = folder / "alerts.yaml"
    return read_document(path, Targets)[0].targets if path.is_file() else ()


def enqueue(connection: Connection, targets: tuple[Target, ...], issue: int, now: int) -> None:
    """Write down that an issue is to go to each target; once each."""
    held = set(connection.scalars(select(ALERT.c.target).where(ALERT.c.issue == issue)))
    for target in targets:
        if target.name not in held:
            connection.execute(
                ALERT.insert().values(
                    issue=issue, target=target.name, state="waiting", tries=0, at=now, why=""
                )
            )


def deliver(
    database: Database, targets: tuple[Target, ...], issues: Path, now: int
) -> tuple[int, int]:
    """Send what is due, and return how many were acknowledged and how many failed.

    What fails is tried again later; a kill in the middle sends again, so that a receiver may
    get an alert twice, by the same identity, and never not at all.
    """
    by_name = {target.name: target for target in targets}
    with database.reading() as connection:
        due = connection.execute(
            select(ALERT).where(ALERT.c.state == "waiting", ALERT.c.at <= now).order_by(ALERT.c.id)
        ).all()
    sent = failed = 0
    for row in due:
        target = by_name.get(row.target)
        if target is None:
            continue
        why = _tried(target, issues / str(row.issue) / "bulletin", row.issue)
        wait = min(FIRST_WAIT * 2**row.tries, LONGEST_WAIT)
        values = (
            {"state": "acknowledged", "why": "", "at": now}
            if why is None
            else {"why": why, "at": now + wait}
        )
        with database.writing() as connection:
            connection.execute(
                update(ALERT).where(ALERT.c.id == row.id).values(tries=row.tries + 1, **values)
            )
        sent, failed = sent + (why is None), failed + (why is not None)
    return sent, failed


def alerts_of(database: Database) -> dict[int, list[str]]:
    """Return what became of the alerts of each issue, a sentence a target."""
    with database.reading() as connection:
        rows = connection.execute(select(ALERT).order_by(ALERT.c.id)).all()
    told: dict[int, list[str]] = {}
    for row in rows:
        why = f" ({row.why}, tried {row.tries} times)" if row.why else ""
        told.setdefault(row.issue, []).append(f"{row.target}: {row.state}{why}")
    return told


def _tried(target: Target, folder: Path, issue: int) -> str | None:
    """Send one alert; return why it failed, or None where it was acknowledged."""
    try:
        _SENDERS[target.kind](target, folder, issue)
    except (OSError, httpx2.HTTPError, smtplib.SMTPException, ValueError) as error:
        # An address may hold a token, so only the kind of failure is kept.
        return type(error).__name__
    return None


def _webhook(target: Target, folder: Path, issue: int) -> None:
    body = (folder / "alert.cap.xml").read_bytes()
    headers = {"Content-Type": "application/cap+xml", "Idempotency-Key": f"truceline-{issue}"}
    if target.secret_env is not None:
        key = os.environ.get(target.secret_env, "").encode()
        headers["X-Truceline-Signature"] = hmac.new(key, body, hashlib.sha256).hexdigest()
    answer = httpx2.post(target.address, content=body, headers=headers, timeout=ANSWER_S)
    answer.raise_for_status()


def _cot(target: Target, folder: Path, issue: int) -> None:
    features = json.loads((folder / "incidents.geojson").read_text(encoding="utf-8"))
    address = urlsplit(target.address)
    place = (address.hostname or "", address.port or 8087)
    with socket.create_connection(place, timeout=ANSWER_S) as line:
        for event in events(features, format_time(issue)):
            line.sendall(event)


_SUBJECTS: Final[Mapping[str, str]] = {"daily": "Bulletin", "spot": "Spot report"}


def _email(target: Target, folder: Path, issue: int) -> None:
    message = EmailMessage()
    message["From"], message["To"] = target.sender, target.to
    kind = json.loads((folder / "bulletin.json").read_text(encoding="utf-8"))["kind"]
    message["Subject"] = f"{_SUBJECTS[kind]} of {format_time(issue)}"
    message["Message-ID"] = f"<truceline-{issue}@{target.name}>"
    message.set_content("The report and its alert are attached.")
    for name, kind in (("alert.cap.xml", "xml"), ("bulletin.en.pdf", "pdf")):
        content = (folder / name).read_bytes()
        message.add_attachment(content, maintype="application", subtype=kind, filename=name)
    address = urlsplit(target.address)
    with smtplib.SMTP(address.hostname or "", address.port or 25, timeout=ANSWER_S) as server:
        server.send_message(message)


_SENDERS: Final[Mapping[str, Callable[[Target, Path, int], None]]] = {
    "webhook": _webhook,
    "cot": _cot,
    "email": _email,
}
