"""Spot reports: on one incident, at once, to those who asked to be told of it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any, Final

import polars as pl
from sqlalchemy import select

from truceline.case_bulletin import bulletin_settings
from truceline.core.types.errors import InputError
from truceline.core.types.time import HOUR, format_time
from truceline.judgement.judgement import Judgement
from truceline.publish.bulletins.folder import write
from truceline.publish.bulletins.report import compose_spot
from truceline.record.decided import decisions_of
from truceline.record.entries import entry
from truceline.record.log import append_with
from truceline.record.reviews import reviewed
from truceline.web.access.roles import Viewer
from truceline.web.room.alerts import Occasion, enqueue, targets_of
from truceline.web.room.decisions import demand
from truceline.web.room.protected import protected
from truceline.web.room.room import Room
from truceline.web.room.seen import only
from truceline.web.room.tables import SPOT

#: An incident that is older when it first passes the limit waits for the bulletin, microseconds.
FRESH: Final = 24 * HOUR

#: Incidents that are told of in one look at most, the surest first: a flood of reports makes no
#: flood of alerts, and the next look goes on.
MOST_AT_ONCE: Final = 5

#: Who is written down where the case's own limit let a report out.
BY_LIMIT: Final = "the case's limit"


def issue(room: Room, viewer: Viewer, incident: str) -> int:
    """Send a spot report on an incident because somebody wants it; return its number.

    Raises
    ------
    InputError
        If there was one already, or if the incident is on neither list.
    """
    demand(viewer, "publish")
    if spot_of(room, incident) is not None:
        raise InputError("a spot report on this incident was sent already.")
    return _sent(room, incident, viewer.account, "spot")


def issue_by_limit(room: Room) -> list[str]:
    """Send a spot report on each fresh incident that has passed the case's limit; return them.

    Only where a target asks for it, and only of incidents with nothing protected among their
    evidence, since nobody has looked at them. The limit is `list_violation` of the case's
    thresholds; a party is named only where two people have named it, as everywhere.
    """
    if not any("incident" in target.tells_of for target in targets_of(room.folder)):
        return []
    fresh = _fresh(room)
    heights, known = protected(fresh), _known(room)
    told: list[str] = []
    for name in fresh.assessments["incident_id"]:
        members = fresh.members.filter(pl.col("incident_id") == name)["obs_id"]
        # An incident that has grown, or that was put together anew, is not told again.
        if len(told) < MOST_AT_ONCE and heights.of(name) is None and known.isdisjoint(members):
            _sent(room, name, BY_LIMIT, "incident")
            told.append(name)
    return told


def spot_of(room: Room, incident: str) -> dict[str, Any] | None:
    """Return the spot report on an incident, or None."""
    with room.database.reading() as connection:
        row = connection.execute(select(SPOT).where(SPOT.c.incident == incident)).one_or_none()
    return None if row is None else dict(row._mapping)


def _fresh(room: Room) -> Judgement:
    """Return the violations of late, as people left them, the surest first."""
    working = room.working()
    late = working.incidents.filter(pl.col("t_end") >= room.clock() - FRESH)["incident_id"]
    listed = working.assessments.filter(pl.col("listed") == "violation")["incident_id"]
    left = reviewed(only(working, set(late) & set(listed)), room.standings())
    still = left.assessments.filter(pl.col("listed") == "violation")
    surest = still.sort(["p_violation", "incident_id"], descending=[True, False])
    return replace(left, assessments=surest)


def _known(room: Room) -> set[str]:
    """Return the observations of all incidents that were told of lately."""
    with room.database.reading() as connection:
        told = connection.scalars(
            select(SPOT.c.members).where(SPOT.c.at >= room.clock() - 2 * FRESH)
        )
        return {name for members in told for name in members.split()}


def _sent(room: Room, incident: str, account: str, occasion: Occasion) -> int:
    """Write the report, then in one breath the record, the row and who is to be told."""
    now = _free_moment(room)
    seen = decisions_of(room.log.entries(), now).applied(only(room.working(), {incident}))
    report = compose_spot(
        seen, bulletin_settings(room.case), incident_id=incident, now=now,
        geography=room.geography(),
    )  # fmt: skip
    write(report, room.folder / "issues" / str(now) / "bulletin")
    members = seen.members["obs_id"].sort()
    wanted = tuple(t for t in targets_of(room.folder) if occasion in t.tells_of)
    values = {"incident": incident, "issued": format_time(now), "by": account}
    with room.database.writing() as connection:
        made = entry("spot", format_time(now), values, secrets.token_bytes)
        number = append_with(connection, made, f"spot {incident}").number
        connection.execute(
            SPOT.insert().values(
                number=number, incident=incident, members=" ".join(members), account=account,
                issue=now, at=room.clock(),
            )
        )  # fmt: skip
        enqueue(connection, wanted, now, now)
    room.wake()
    return number


def _free_moment(room: Room) -> int:
    """Return the time, or the first microsecond after it that no other report has."""
    now = room.clock()
    while (room.folder / "issues" / str(now)).exists():
        now += 1
    return now
