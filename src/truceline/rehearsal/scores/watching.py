"""What was watched and what was not: the effort table against what was seen."""

from __future__ import annotations

import h3
import polars as pl
import polars_h3 as plh3

from truceline.rehearsal.rehearsal_folder import RehearsalFolder

#: An act was watched where someone had at least this chance of seeing it.
WATCHED = 0.5

#: The kind of act that is asked about; most sensors can see it.
KIND = "explosion_impact"


def watching_figures(folder: RehearsalFolder) -> dict[str, object]:
    """Return the share of impacts that was watched, and how often each sort was seen.

    Of those that the effort table calls watched most must have been seen. What was seen
    unwatched was told by people, whose effort nobody can state.
    """
    acts = folder.truth("true_event").filter(
        pl.col("is_truce") & (pl.col("phenomenon").cast(pl.String) == KIND)
    )
    if acts.is_empty():
        return {"acts": 0}
    table = acts.join(chance_of_being_seen(acts, folder.effort()), on="event_id", how="left")
    seen = folder.truth("truth_link")["event_id"].drop_nulls().unique()
    table = table.with_columns(
        pl.col("p").fill_null(0.0), is_seen=pl.col("event_id").is_in(seen.implode())
    )
    watched, not_watched = (
        table.filter(pl.col("p") >= WATCHED),
        table.filter(pl.col("p") < WATCHED),
    )
    return {
        "acts": len(table),
        "share_watched": len(watched) / len(table),
        "stated_chance_when_watched": watched["p"].mean(),
        "seen_when_watched": watched["is_seen"].mean(),
        "seen_when_not_watched": not_watched["is_seen"].mean(),
    }


def chance_of_being_seen(acts: pl.DataFrame, effort: pl.DataFrame) -> pl.DataFrame:
    """Return for each act that effort covers the chance `p` that any source saw it."""
    watched = effort.filter(
        pl.col("cell").is_not_null() & (pl.col("phenomenon").cast(pl.String) == KIND)
    ).select("cell", "p_detect", begin="t_start", end="t_end")
    parts = [pl.DataFrame(schema={"event_id": pl.String, "p_detect": pl.Float64})]
    for resolution in sorted({h3.get_resolution(c) for c in watched["cell"].unique()}):
        cell = plh3.latlng_to_cell("lat", "lon", resolution, return_dtype=pl.String)
        parts.append(
            acts.select("event_id", "t_start", cell=cell)
            .join(watched, on="cell")
            .filter(pl.col("t_start").is_between("begin", "end", "left"))
            .select("event_id", "p_detect")
        )
    together = pl.concat(parts).group_by("event_id")
    return together.agg(p=1.0 - (1.0 - pl.col("p_detect")).product())
