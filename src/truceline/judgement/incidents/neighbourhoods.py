"""Neighbourhoods: the observations whose incidents a new observation could change.

Two observations are of one neighbourhood when they could be linked, could be host and
report, or are joined by a chain of such. What comes in can change incidents only in the
neighbourhoods it falls into; all others stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from truceline.judgement.incidents.association import DEFAULT_SIGMA_M, is_placed, positive
from truceline.judgement.incidents.kinds import KINDS, TICK, VAGUE_GATE, Kind
from truceline.judgement.incidents.links import link

#: Reads all observations that touch a period, from its start to its end.
Reader = Callable[[int, int], pl.DataFrame]

_WIDEST_GAP = max(kind.gap for kind in KINDS) + 2 * TICK


def affected(fresh: pl.DataFrame, read: Reader) -> pl.DataFrame:
    """Return all observations of the neighbourhoods that fresh observations fall into.

    They have the columns `SUMMARISED`, which incidents are made of.

    A period around the fresh ones is read, and doubled until no neighbourhood of theirs
    comes near its ends. So what is read depends on how long neighbourhoods last, not on
    how much there is.

    Parameters
    ----------
    fresh : polars.DataFrame
        Observations with those columns at least; `read` must return them, too.
    read : callable
        Reads observations by time, with those columns at least.
    """
    fresh = positive(fresh)
    if fresh.is_empty():
        return fresh
    start, end = fresh["t_start"].min(), fresh["t_end"].max()
    assert isinstance(start, int)  # noqa: S101 - of a column of integers
    assert isinstance(end, int)  # noqa: S101
    margin = 2 * _WIDEST_GAP
    while True:
        low, high = start - margin, end + margin
        near = positive(read(low, high))
        named = pl.concat([table for kind in KINDS for table in _name(near, kind)])
        touched = named.filter(
            pl.col("_name").is_in(
                named.filter(pl.col("obs_id").is_in(fresh["obs_id"].implode()))["_name"].implode()
            )
        )
        first, last = touched["t_start"].min(), touched["t_end"].max()
        assert isinstance(first, int)  # noqa: S101
        assert isinstance(last, int)  # noqa: S101
        if first > low + _WIDEST_GAP and last < high - _WIDEST_GAP:
            return touched.drop("_name")
        margin *= 2


def _name(near: pl.DataFrame, kind: Kind) -> list[pl.DataFrame]:
    own = near.filter(pl.col("phenomenon").is_in(kind.phenomena))
    return [
        _name_places(own.filter(is_placed()), kind),
        _name_areas(own.filter(~is_placed()), kind),
    ]


def _name_places(own: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Name neighbourhoods by links at the wider of the two gates, precise or not."""
    labels = link(
        own["lon"].to_numpy(),
        own["lat"].to_numpy(),
        own["sigma_m"].fill_null(DEFAULT_SIGMA_M).to_numpy(),
        (own["t_start"] // TICK).to_numpy(),
        (-(-own["t_end"] // TICK)).to_numpy(),
        extent_m=kind.extent_m,
        gate=max(kind.gate, VAGUE_GATE),
        gap=kind.gap // TICK,
    )
    name = pl.lit(f"{kind.name} ") + pl.Series("_name", labels).cast(pl.String)
    return own.with_columns(_name=name)


def _name_areas(own: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Name the runs in time of reports that only have an area."""
    area = pl.coalesce("area", pl.lit("everywhere"))
    ordered = own.with_columns(_area=area).sort("_area", "t_start", "t_end", "obs_id")
    reached = pl.col("t_end").cum_max().shift(1).over("_area")
    fresh = reached.is_null() | (pl.col("t_start") > reached + kind.gap)
    named = ordered.with_columns(_name=pl.format(f"{kind.name} in {{}}", fresh.cum_sum()))
    return named.drop("_area")
