"""What people do in the room; each is written into the record in the same breath."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from truceline.core.types.errors import InputError, RecordError
from truceline.core.types.time import format_time
from truceline.record.claim_arithmetic import check_arithmetic
from truceline.record.claims import Claim, ClaimFinding
from truceline.record.entries import entry
from truceline.record.log import Receipt, append_with
from truceline.record.reviews import Review, checked
from truceline.web.access.roles import Right, Viewer
from truceline.web.room.room import Room
from truceline.web.room.tables import CLAIM, PUT, REPLY, REVIEW

#: The right that a decision needs.
_NEEDS: Mapping[str, Right] = {"name": "name", "unname": "name"}

#: Longest words of a reply, characters, and the longest claim with all its events.
MOST_WORDS = 20_000
MOST_CLAIM = 80_000


class NotAllowedError(RecordError):
    """Somebody tried what their role is not for."""


def demand(viewer: Viewer, right: Right) -> None:
    """Raise unless a viewer has a right."""
    if not viewer.may(right):
        raise NotAllowedError(f"the role {viewer.role} may not do this.")


def review(room: Room, viewer: Viewer, decided: Review) -> int:
    """Write a decision down and return its number in the record."""
    demand(viewer, _NEEDS.get(decided.decision, "review"))
    whole = checked(decided, room.parties)
    seen = room.seen(viewer)
    _there(seen.incidents["incident_id"].to_list(), whole.incident)
    if whole.other is not None:
        _there(seen.incidents["incident_id"].to_list(), whole.other)
    values = asdict(whole) | {"reviewer": viewer.account, "hand": viewer.hand}
    values["apart"] = list(whole.apart)
    now = room.clock()
    with room.database.writing() as connection:
        number = _write(connection, "review", now, values)
        connection.execute(
            REVIEW.insert().values(
                number=number, incident=whole.incident, decision=whole.decision,
                reason=whole.reason, account=viewer.account, hand=viewer.hand,
                party=whole.party, other=whole.other, apart=" ".join(whole.apart), at=now,
            )
        )  # fmt: skip
    if whole.decision in ("merge", "split"):
        room.look_again()
    else:
        room.events.tell("judgement", "work")
    return number


def put(room: Room, viewer: Viewer, incident: str, party: str) -> int:
    """Put an incident to a party, whose time to answer begins."""
    demand(viewer, "put")
    _there(room.seen(viewer).incidents["incident_id"].to_list(), incident)
    if party not in room.parties:
        raise InputError("the party is none of the agreement's.")
    now, until = room.clock(), room.answer_until()
    with room.database.writing() as connection:
        values = {"incident": incident, "party": party, "until": format_time(until)}
        number = _write(connection, "put", now, values)
        connection.execute(
            PUT.insert().values(number=number, incident=incident, party=party, at=now, until=until)
        )
    room.events.tell("published", "all")
    return number


def claim(room: Room, viewer: Viewer, body: Mapping[str, Any]) -> tuple[int, list[ClaimFinding]]:
    """Take a party's claim down as it is, and return what its arithmetic shows."""
    demand(viewer, "claim")
    said = Claim.model_validate({**body, "claimant": viewer.party})
    text = said.model_dump_json()
    if len(text) > MOST_CLAIM:
        raise InputError("the claim is longer than is taken.", hint="Enter it in parts.")
    now = room.clock()
    with room.database.writing() as connection:
        values = {"party": viewer.party, "text": said.source, "numbers": json.loads(text)}
        number = _write(connection, "claim", now, values)
        connection.execute(
            CLAIM.insert().values(
                number=number, party=viewer.party, account=viewer.account, body=text, at=now
            )
        )
    room.events.tell("judgement", "work")
    return number, list(check_arithmetic(said))


def reply(room: Room, viewer: Viewer, incident: str, words: str) -> int:
    """Write down what a party says of a finding."""
    demand(viewer, "reply")
    if not words.strip() or len(words) > MOST_WORDS:
        raise InputError(f"a reply has between 1 and {MOST_WORDS} characters.")
    _there(room.seen(viewer).incidents["incident_id"].to_list(), incident)
    now = room.clock()
    with room.database.writing() as connection:
        values = {"party": viewer.party, "incident": incident, "text": words}
        number = _write(connection, "reply", now, values)
        connection.execute(
            REPLY.insert().values(
                number=number, incident=incident, party=viewer.party, account=viewer.account,
                words=words, at=now,
            )
        )  # fmt: skip
    room.events.tell("judgement", "work")
    return number


def _there(known: list[str], incident: str) -> None:
    # What is withheld and what never was get the same answer.
    if incident not in set(known):
        raise InputError("there is no such incident.")


def _write(connection: Connection, kind: str, now: int, values: Mapping[str, Any]) -> int:
    made = entry(kind, format_time(now), values, secrets.token_bytes)
    receipt: Receipt = append_with(connection, made, f"{kind} {secrets.token_hex(16)}")
    return receipt.number


def access(room: Room, viewer: Viewer, what: str) -> int:
    """Write down who was let in or shut out, and by whom."""
    demand(viewer, "accounts")
    with room.database.writing() as connection:
        values = {"who": viewer.account, "what": what, "decision": "done"}
        return _write(connection, "access", room.clock(), values)
