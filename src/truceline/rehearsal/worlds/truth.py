"""The truth, in tables of its own: nothing that judges may read them."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import PHENOMENON, TRUCE_STATE, WEAPON_CLASS
from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.worlds.acts import Acts
from truceline.rehearsal.worlds.benign import CAUSES, Benign
from truceline.rehearsal.worlds.calendar import Calendar
from truceline.rehearsal.worlds.geography import Geography
from truceline.rehearsal.worlds.rates import holders
from truceline.rehearsal.worlds.signs import ActPlaces

_S, _I, _F, _B = pl.String(), pl.Int64(), pl.Float64(), pl.Boolean()

TRUE_EVENT = Schema(
    "true_event",
    (
        Column("event_id", _S, "Identity of one act."),
        Column(
            "episode_id",
            _S,
            "The chain of acts of one side at one place that it belongs to: the unit of scores.",
        ),
        Column("act", _S, "Kind of act, as the scenario names it."),
        Column("phenomenon", PHENOMENON, "What it is in the tables."),
        Column("party", _S, "Party that answers for it."),
        Column("actor", _S, "Armed group outside command that did it.", nullable=True),
        Column("blamed", _S, "Party a spoiler wants blamed.", nullable=True),
        Column("sector", _S, "Sector of the line."),
        Column("t_start", _I, "First moment, UTC microseconds."),
        Column("t_end", _I, "Last moment, UTC microseconds."),
        Column("lon", _F, "Where it landed or took place, degrees east.", low=-180, high=180),
        Column("lat", _F, "Degrees north.", low=-90, high=90),
        Column("origin_lon", _F, "Where the fire came from.", nullable=True),
        Column("origin_lat", _F, "Where the fire came from.", nullable=True),
        Column("weapon_class", WEAPON_CLASS, "Weapon.", nullable=True),
        Column("count", _F, "Rounds.", nullable=True, low=0),
        Column("is_truce", _B, "Whether the truce was in force."),
    ),
)

BENIGN_EVENT = Schema(
    "benign_event",
    (
        Column("event_id", _S, "Identity of one harmless happening."),
        Column("cause", _S, "Why something could be seen."),
        Column("t_start", _I, "First moment, UTC microseconds."),
        Column("t_end", _I, "Last moment, UTC microseconds."),
        Column("lon", _F, "Degrees east.", low=-180, high=180),
        Column("lat", _F, "Degrees north.", low=-90, high=90),
    ),
)

TRUTH_LINK = Schema(
    "truth_link",
    (
        Column("obs_id", _S, "The observation."),
        Column("event_id", _S, "What it saw; null where there was nothing.", nullable=True),
        Column("cause", _S, "`hostile`, or the harmless cause."),
    ),
)

TRUE_VIOLATION = Schema(
    "true_violation",
    (
        Column("event_id", _S, "The act."),
        Column("clause", _S, "Clause of the agreement it broke."),
    ),
)

TRUE_STATE = Schema(
    "true_state",
    (
        Column("sector", _S, "Sector of the line."),
        Column("t_start", _I, "Start of the day, UTC microseconds."),
        Column("t_end", _I, "Its end."),
        Column("acts", _I, "Acts on that day.", low=0),
        Column("ratio", _F, "True intensity over that before the truce.", nullable=True, low=0),
        Column("state", TRUCE_STATE, "holding, eroding or broken."),
        Column("is_breakdown", _B, "Whether a breakdown of the scenario is under way."),
    ),
)

TRUTH = (TRUE_EVENT, BENIGN_EVENT, TRUTH_LINK, TRUE_VIOLATION, TRUE_STATE)


def act_ids(era: int, province: int, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.Series:
    """Return identities of acts by era, province and row."""
    return _ids("a", era, province, rows)


def benign_ids(
    era: int, province: int, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> pl.Series:
    """Return identities of harmless happenings."""
    return _ids("b", era, province, rows)


def _ids(
    letter: str, era: int, province: int, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> pl.Series:
    number = pl.col("row").cast(pl.String).str.zfill(7)
    named = pl.format(f"{letter}{era}-{province:03d}-{{}}", number)
    return pl.DataFrame({"row": rows}).select(named.alias("event_id")).to_series()


def true_events(
    scenario: Scenario,
    country: Geography,
    acts: Acts,
    at: ActPlaces,
    province: int,
    calendar: Calendar,
) -> pl.DataFrame:
    """Return the acts of a province as the table `TRUE_EVENT`."""
    ids = scenario.party_ids()
    kinds = list(scenario.acts)
    phenomena = [kind.phenomenon for kind in scenario.acts.values()]
    lon, lat = country.frame.to_degrees(at.x, at.y)
    o_lon, o_lat = country.frame.to_degrees(at.ox, at.oy)
    start = calendar.micros(acts.t)
    actor, blamed = _actors(scenario, country, acts)
    table = pl.DataFrame({
        "event_id": act_ids(calendar.era, province, np.arange(len(acts))),
        "episode_id": act_ids(calendar.era, province, acts.root),
        "act": [kinds[k] for k in acts.kind],
        "phenomenon": [phenomena[k] for k in acts.kind],
        "party": [ids[p] for p in acts.party],
        "actor": pl.Series(actor, dtype=pl.String),
        "blamed": pl.Series(blamed, dtype=pl.String),
        "sector": [country.names[k] for k in acts.sector],
        "t_start": start,
        "t_end": start + np.round(acts.minutes * 60e6).astype(np.int64),
        "lon": lon, "lat": lat, "origin_lon": o_lon, "origin_lat": o_lat,
        "weapon_class": [WEAPON_CLASSES[w] for w in at.weapon],
        "count": acts.rounds.astype(np.float64),
        "is_truce": calendar.is_truce(acts.t),
    }, schema_overrides={"act": pl.String, "phenomenon": pl.String, "party": pl.String,
                         "sector": pl.String, "weapon_class": pl.String})  # fmt: skip
    return TRUE_EVENT.conform(table)


def _actors(
    scenario: Scenario, country: Geography, acts: Acts
) -> tuple[list[str | None], list[str | None]]:
    """Return the group behind each act, and the party that a spoiler wants blamed."""
    groups = {
        (i, j): group.name
        for i, party in enumerate(scenario.parties)
        for j, group in enumerate(party.groups)
    }
    pairs = zip(acts.party.tolist(), acts.group.tolist(), strict=True)
    ids, held = scenario.party_ids(), holders(scenario, country.n_sectors)
    others = held[acts.sector, 1 - acts.side]
    blamed = [ids[o] if s else None for o, s in zip(others, acts.is_spoiler, strict=True)]
    return [groups.get(pair) for pair in pairs], blamed


def benign_events(
    country: Geography, benign: Benign, province: int, calendar: Calendar
) -> pl.DataFrame:
    """Return harmless happenings as the table `BENIGN_EVENT`."""
    lon, lat = country.frame.to_degrees(benign.x, benign.y)
    start = calendar.micros(benign.t)
    return BENIGN_EVENT.conform(
        pl.DataFrame(
            {
                "event_id": benign_ids(calendar.era, province, np.arange(len(benign))),
                "cause": pl.Series([CAUSES[c] for c in benign.cause], dtype=pl.String),
                "t_start": start,
                "t_end": start + np.round(benign.minutes * 60e6).astype(np.int64),
                "lon": lon,
                "lat": lat,
            }
        )
    )
