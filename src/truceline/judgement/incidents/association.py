"""Association: from observations to incidents and their members."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from truceline.core.engines.engine import Engine
from truceline.core.types.tables import INCIDENT, MEMBER
from truceline.judgement.incidents.cuts import cut
from truceline.judgement.incidents.identity import identify
from truceline.judgement.incidents.kinds import (
    KIND_OF,
    KINDS,
    PRECISE_SIGMA_M,
    TICK,
    VAGUE_GATE,
    Kind,
)
from truceline.judgement.incidents.links import FloatArray, IntArray, link
from truceline.judgement.incidents.parted import label_places
from truceline.judgement.incidents.summary import SUMMARISED, summarise
from truceline.judgement.incidents.tiles import Tiling
from truceline.judgement.incidents.vague import join

Table = TypeVar("Table", pl.DataFrame, pl.LazyFrame)

Points = tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray]

#: What observations that are known only by area are labelled by.
AREA = ("obs_id", "phenomenon", "area", "t_start", "t_end")

#: Worse than this a place says no more than the name of a district.
VAGUEST_SIGMA_M = 10_000.0

#: Error taken where a source gives a place but no error.
DEFAULT_SIGMA_M = 2_500.0


def associate(observations: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the incidents of a set of observations, and which observation is in which.

    A report of none (`count` = 0) is of no incident. Every other observation is a member
    of exactly one.

    Parameters
    ----------
    observations : polars.DataFrame
        Schema `OBSERVATION`.

    Returns
    -------
    incidents, members : polars.DataFrame
        Schemas `INCIDENT` and `MEMBER`, sorted by identity.
    """
    seen = positive(observations)
    return _conclude([labels for kind in KINDS for labels in _label(seen, kind)])


def associate_in_parts(
    observations: pl.DataFrame, *, engine: Engine, folder: Path, tiling: Tiling
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the same incidents and members as `associate`, worked out in parts by an engine.

    Parameters
    ----------
    observations : polars.DataFrame
        Schema `OBSERVATION`.
    engine : Engine
        Where to work.
    folder : Path
        Folder for what is between; must not exist.
    tiling : Tiling
        How space and time are parted. It does not change the result.
    """
    rows = positive(observations).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    points = points_of(rows.filter(is_placed()))
    folder.mkdir(parents=True)
    file = folder / "points.parquet"
    points.write_parquet(file)
    found = label_places(engine, [file], folder / "steps", tiling)
    labels = [*(table.collect() for table in found), label_areas(rows.filter(~is_placed()))]
    return _conclude([rows.join(pl.concat(labels), on="row").drop("row")])


def positive(observations: Table, columns: Sequence[str] = SUMMARISED) -> Table:
    """Return the observations that are not reports of none, with what incidents are made of."""
    return observations.select(columns).filter(pl.col("count").is_null() | (pl.col("count") > 0))


def points_of(placed: pl.DataFrame) -> pl.DataFrame:
    """Return what linking needs of observations with a place, each with its `row`."""
    return placed.select(
        "row",
        pl.col("phenomenon").cast(pl.String)
        .replace_strict(KIND_OF, return_dtype=pl.Int64).alias("kind"),
        "lon", "lat",
        sigma=pl.col("sigma_m").fill_null(DEFAULT_SIGMA_M),
        start=pl.col("t_start") // TICK,
        end=-(-pl.col("t_end") // TICK),
    )  # fmt: skip


def label_areas(areas: pl.DataFrame) -> pl.DataFrame:
    """Return `row` and `label`, the row of a member, of observations known only by area.

    Parameters
    ----------
    areas : polars.DataFrame
        Columns `row` and `AREA`.
    """
    found = [
        _label_areas(areas.filter(pl.col("phenomenon").is_in(kind.phenomena)), kind)
        for kind in KINDS
    ]
    return pl.concat(
        table.select("row", label=pl.col("row").min().over("label")) for table in found
    )


def _conclude(labelled: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    labelled = [labels for labels in labelled if not labels.is_empty()]
    if not labelled:
        return INCIDENT.empty(), MEMBER.empty()
    members = identify(_apart(labelled))
    return INCIDENT.conform(summarise(members)), MEMBER.conform(members)


def _apart(labelled: list[pl.DataFrame]) -> pl.DataFrame:
    """Put tables together, with the labels of one above those of the one before."""
    above, tables = 0, []
    for table in labelled:
        tables.append(table.select(*SUMMARISED, label=pl.col("label").cast(pl.Int64) + above))
        above = int(tables[-1]["label"].max()) + 1  # type: ignore[arg-type]
    return pl.concat(tables)


def _label(seen: pl.DataFrame, kind: Kind) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Label the observations of one kind: those with a place, and those with an area."""
    own = seen.filter(pl.col("phenomenon").is_in(kind.phenomena))
    return _label_places(own.filter(is_placed()), kind), _label_areas(
        own.filter(~is_placed()), kind
    )


def is_placed() -> pl.Expr:
    """Tell whether an observation has a place that says more than the name of a district."""
    placed = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    return placed & (pl.col("sigma_m").fill_null(DEFAULT_SIGMA_M) <= VAGUEST_SIGMA_M)


def _label_places(own: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    if own.is_empty():
        return own.with_columns(label=pl.lit(0, pl.Int64))
    points = _points(own)
    precise = points[2] <= PRECISE_SIGMA_M
    at, rest = np.flatnonzero(precise), np.flatnonzero(~precise)
    labels = np.empty(len(own), np.int64)
    labels[at] = at[_components(_take(points, at), kind, kind.gate)]
    host, _costs = join(
        _take(points, at), _take(points, rest),
        extent_m=kind.extent_m, gate=VAGUE_GATE, gap=kind.gap // TICK,
    )  # fmt: skip
    joined, alone = rest[host >= 0], rest[host < 0]
    labels[joined] = labels[at[host[host >= 0]]]
    labels[alone] = alone[_components(_take(points, alone), kind, VAGUE_GATE)]
    return own.with_columns(label=pl.Series(labels))


def _components(points: Points, kind: Kind, gate: float) -> IntArray:
    lon, lat, sigma, start, end = points
    gap = kind.gap // TICK
    labels = link(lon, lat, sigma, start, end, extent_m=kind.extent_m, gate=gate, gap=gap)
    return cut(
        lon, lat, sigma, start, end, labels,
        extent_m=kind.extent_m, gate=gate, gap=gap,
        longest=kind.longest // TICK, widest_m=kind.widest_m,
    )  # fmt: skip


def _points(own: pl.DataFrame) -> Points:
    return (
        own["lon"].to_numpy(),
        own["lat"].to_numpy(),
        own["sigma_m"].fill_null(DEFAULT_SIGMA_M).to_numpy(),
        (own["t_start"] // TICK).to_numpy(),
        (-(-own["t_end"] // TICK)).to_numpy(),
    )


def _take(points: Points, at: IntArray) -> Points:
    lon, lat, sigma, start, end = points
    return lon[at], lat[at], sigma[at], start[at], end[at]


def _label_areas(own: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Label observations known only by area: one run in time of one area is one incident."""
    area = pl.coalesce("area", pl.lit("everywhere"))
    ordered = own.with_columns(_area=area).sort("_area", "t_start", "t_end", "obs_id")
    reached = pl.col("t_end").cum_max().shift(1).over("_area")
    fresh = reached.is_null() | (pl.col("t_start") > reached + kind.gap)
    runs = ordered.with_columns(_run=fresh.cum_sum())
    since = pl.col("t_start") - pl.col("t_start").min().over("_run")
    pieces = runs.with_columns(_piece=since // kind.longest)
    label = pl.struct("_run", "_piece").rank("dense").cast(pl.Int64)
    return pieces.with_columns(label=label).drop("_area", "_run", "_piece")
