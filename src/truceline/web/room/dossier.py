"""All there is on one incident, for its page, its case file and the interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Table, select

from truceline.core.types.errors import InputError
from truceline.core.types.vocabulary import UNATTRIBUTABLE
from truceline.judgement.judgement import Judgement
from truceline.judgement.truce_state.indicator import WHOLE_LINE
from truceline.record.reviews import Standing, standing_of
from truceline.web.access.roles import Viewer
from truceline.web.room.alerts import alerts_of
from truceline.web.room.room import Room
from truceline.web.room.spots import spot_of
from truceline.web.room.tables import PUT, REPLY, REVIEW

Row = dict[str, Any]


@dataclass(frozen=True)
class Dossier:
    """What is known of one incident, and what was said and decided about it.

    Attributes
    ----------
    incident, assessment : dict
        Rows of the schemas of those names.
    weights, attributions, findings, observations : list of dict
        What it stands on; weights in the order in which they are added up.
    unwatched : list of dict
        What could not be seen around its time, schema `UNWATCHED`.
    standing : Standing
        What people decided.
    reviews, puts, replies : list of dict
        In the order they were written down.
    spot : dict or None
        The spot report on it, with what became of its `alerts`.
    """

    incident: Row
    assessment: Row
    weights: list[Row]
    attributions: list[Row]
    findings: list[Row]
    observations: list[Row]
    unwatched: list[Row]
    standing: Standing
    reviews: list[Row]
    puts: list[Row]
    replies: list[Row]
    spot: Row | None

    @property
    def bits(self) -> float:
        """Return the posterior log2 odds."""
        return float(self.assessment["prior_bits"] + sum(w["bits"] for w in self.weights))


def dossier(room: Room, viewer: Viewer, incident: str) -> Dossier:
    """Return the dossier of an incident, as a viewer may see it.

    Raises
    ------
    InputError
        If there is none that this viewer may see.
    """
    seen = room.seen(viewer)
    own = pl.col("incident_id") == incident
    found = seen.incidents.filter(own).to_dicts()
    if not found:
        raise InputError("there is no such incident.")
    works = viewer.may("work")
    # Ten rows are looked for in a million: no table is built of the million.
    members = seen.members.filter(own)["obs_id"].to_list()
    observations = seen.observations.filter(pl.col("obs_id").is_in(members))
    row = found[0]
    return Dossier(
        incident=row,
        assessment=seen.assessments.filter(own).row(0, named=True),
        weights=seen.weights.filter(own).sort("bits", "source", descending=True).to_dicts(),
        attributions=_parties(room, seen, own),
        findings=seen.findings.filter(own)
        .sort("p_violation", "clause", descending=[True, False])
        .to_dicts(),
        observations=observations.sort("t_start", "obs_id").to_dicts(),
        unwatched=_unwatched(seen, row),
        standing=standing_of(room.reviews(incident)) if works else Standing(),
        reviews=_rows(room, REVIEW, incident) if works else [],
        puts=_told(room, viewer, PUT, incident),
        replies=_told(room, viewer, REPLY, incident),
        spot=_spot(room, incident) if works else None,
    )


def _spot(room: Room, incident: str) -> Row | None:
    spot = spot_of(room, incident)
    return spot and spot | {"alerts": alerts_of(room.database).get(spot["issue"], [])}


def _rows(room: Room, table: Table, incident: str) -> list[Row]:
    wanted = select(table).where(table.c.incident == incident).order_by(table.c.number)
    with room.database.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(wanted)]


def _told(room: Room, viewer: Viewer, table: Table, incident: str) -> list[Row]:
    """Return what was put to parties or answered by them, as far as a viewer may know.

    Who is outside knows all of it once the incident is published, and before that only what
    is its own party's; the person who wrote it stays in the room.
    """
    rows = _rows(room, table, incident)
    if viewer.may("work"):
        return rows
    is_public = incident in set(room.published().incidents["incident_id"])
    return [
        {k: v for k, v in row.items() if k != "account"}
        for row in rows
        if is_public or row["party"] == viewer.party
    ]


def _parties(room: Room, seen: Judgement, own: pl.Expr) -> list[Row]:
    """Return the distribution over the parties in the agreement's order, never by size."""
    order = {party: n for n, party in enumerate([*room.parties, UNATTRIBUTABLE])}
    rows = seen.attributions.filter(own).to_dicts()
    return sorted(rows, key=lambda row: order.get(row["party"], len(order)))


def _unwatched(seen: Judgement, row: Row) -> list[Row]:
    near = (pl.col("t_start") < row["t_end"] + 1) & (pl.col("t_end") > row["t_start"])
    place = pl.col("sector").is_in([row["sector"] or "", WHOLE_LINE])
    return seen.unwatched.filter(near & place).sort("phenomenon", "sector").to_dicts()
