"""The truth in the units of the score: episodes of acts, and happenings that were seen."""

from __future__ import annotations

import polars as pl

from truceline.rehearsal.rehearsal_folder import RehearsalFolder


def episodes(folder: RehearsalFolder) -> pl.DataFrame:
    """Return one row an episode of the truce: a chain of acts of one side at one place.

    Columns `episode_id`, `party`, `sector`, `act`, `t_start`, `t_end`, `lon`, `lat`,
    `origin_lon`, `origin_lat`, `n_acts`, `is_spoiled`, `is_seen` (some observation is of
    one of its acts) and `clauses` (those that any act of it broke).
    """
    start, end = folder.period
    events = folder.truth("true_event").filter(
        pl.col("is_truce") & (pl.col("t_start") >= start) & (pl.col("t_start") < end)
    )
    seen = folder.truth("truth_link").select("event_id").drop_nulls().unique()
    broken = (
        folder.truth("true_violation")
        .join(events.select("event_id", "episode_id"), on="event_id")
        .group_by("episode_id")
        .agg(clauses=pl.col("clause").unique().sort())
    )
    return (
        events.join(seen.with_columns(was_seen=True), on="event_id", how="left")
        .sort("t_start", "event_id")
        .group_by("episode_id", maintain_order=True)
        .agg(
            pl.col("party", "sector", "act").first(),
            pl.col("t_start").min(),
            pl.col("t_end").max(),
            pl.col("lon", "lat", "origin_lon", "origin_lat").mean(),
            n_acts=pl.len(),
            is_spoiled=pl.col("blamed").is_not_null().any(),
            is_seen=pl.col("was_seen").fill_null(False).any(),
        )
        .join(broken, on="episode_id", how="left", maintain_order="left")
        .with_columns(pl.col("clauses").fill_null([]))
    )


def seen_happenings(folder: RehearsalFolder) -> pl.DataFrame:
    """Return each observation of the truce with the happening behind it.

    Columns `obs_id`, `happening` (an act's episode, a harmless happening, or the observation
    itself where there was nothing), `cause` and `is_hostile`. Observations that name no
    place are left out: no program can be asked about them.
    """
    start, end = folder.period
    placed = (
        folder.observations()
        .filter(
            pl.col("lon").is_not_null() & (pl.col("t_end") >= start) & (pl.col("t_start") < end)
        )
        .select("obs_id", "t_start", "t_end", "lon", "lat", "sigma_m")
    )
    events = folder.truth("true_event").select("event_id", "episode_id")
    return (
        placed.join(folder.truth("truth_link"), on="obs_id", maintain_order="left")
        .join(events, on="event_id", how="left", maintain_order="left")
        .with_columns(
            happening=pl.coalesce("episode_id", "event_id", "obs_id"),
            is_hostile=pl.col("cause") == "hostile",
        )
        .drop("event_id", "episode_id")
    )
