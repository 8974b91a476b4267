"""Which clause of the rehearsal's agreement an act broke, by a rule of its own."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.rehearsal.worlds.acts import Acts
from truceline.rehearsal.worlds.truth import TRUE_VIOLATION

#: Half width of the zone without heavy weapons, and of that without flights, metres.
HEAVY_ZONE_M, FLIGHT_ZONE_M = 15_000.0, 10_000.0

#: Clause, phenomena of acts that break it, and how near the line; null is everywhere.
CLAUSES: tuple[tuple[str, tuple[str, ...], float | None], ...] = (
    ("fire", ("explosion_impact", "burst", "shot", "assault"), None),
    ("heavy-weapons", ("weapon_present",), HEAVY_ZONE_M),
    ("flights", ("uav", "aircraft"), FLIGHT_ZONE_M),
    ("positions", ("advance", "assault"), None),
    ("monitors", ("obstruction",), None),
)


def true_violations(events: pl.DataFrame, acts: Acts) -> pl.DataFrame:
    """Return the clauses that the acts of the truce broke, schema `TRUE_VIOLATION`."""
    near = events.with_columns(depth=pl.Series(np.abs(acts.depth)))
    parts = []
    for clause, phenomena, reach in CLAUSES:
        holds = pl.col("is_truce") & pl.col("phenomenon").cast(pl.String).is_in(phenomena)
        if reach is not None:
            holds &= pl.col("depth") <= reach
        parts.append(near.filter(holds).select("event_id", clause=pl.lit(clause)))
    return TRUE_VIOLATION.conform(pl.concat(parts))
