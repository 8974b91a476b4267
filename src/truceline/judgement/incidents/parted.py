"""Association in parts: the same incidents as on one machine, from tiles and their borders.

A link depends on its two observations alone, so every link found in a part is a true one,
and every true link is found in some part, because the two meet in a tile. What a part calls
one component is therefore joined, through the observations that several parts hold, with
what the others call theirs; the joined components are those of one machine. Components that
touch no border are cut where they are; the others are cut whole once they are joined.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from truceline.core.engines.engine import Engine, Types, read
from truceline.judgement.incidents.cuts import cut
from truceline.judgement.incidents.kinds import KINDS, PRECISE_SIGMA_M, TICK, VAGUE_GATE, Kind
from truceline.judgement.incidents.links import FloatArray, IntArray, join_pairs, link
from truceline.judgement.incidents.tiles import POINT, SENT, Tiling
from truceline.judgement.incidents.vague import join

#: A point with the name its part gives its component, the row of one of its members.
LABELLED: Types = {**POINT, "label": pl.Int64(), "whole": pl.Boolean(), "own": pl.Boolean()}

#: A vague report and the best precise one that a part holds, with what settles a tie.
HOSTED: Types = {
    "row": pl.Int64(),
    "host": pl.Int64(),
    "cost": pl.Float64(),
    "mid": pl.Int64(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
}


def label_places(
    engine: Engine, files: Sequence[Path], folder: Path, tiling: Tiling
) -> list[pl.LazyFrame]:
    """Return the component of each observation that has a place.

    Parameters
    ----------
    engine : Engine
        Where to work.
    files : sequence of Path
        Parquet files with the columns of `POINT`; `row` is unique.
    folder : Path
        Folder for what is between; must not exist.
    tiling : Tiling
        How the work is parted. It does not change the result.

    Returns
    -------
    list of polars.LazyFrame
        Tables of `row` and `label`, each row once; a label is the row of a member.
    """
    folder.mkdir(parents=True)
    sent = engine.map_batches(files, tiling.send, SENT, folder / "sent")
    tables = _label(engine, sent, folder / "precise", precise=True)
    told = read(sent, SENT).filter(pl.col("sigma") > PRECISE_SIGMA_M)
    if told.head(1).collect().is_empty():
        return tables
    hosted = read(engine.map_parts(sent, host_part, HOSTED, folder / "hosted"), HOSTED)
    best = (
        hosted.sort("cost", "mid", "lon", "lat", "host")
        .unique("row", keep="first", maintain_order=True)
        .select("row", "host")
        .collect()
    )
    alone = functools.partial(keep_alone, joined=best["row"].to_numpy())
    vague = engine.map_batches(sent, alone, SENT, folder / "alone")
    joined = [
        best.lazy().join(table, left_on="host", right_on="row").select("row", "label")
        for table in tables
        if len(best)
    ]
    return [*tables, *joined, *_label(engine, vague, folder / "vague", precise=False)]


def _label(
    engine: Engine, sent: Sequence[Path], folder: Path, *, precise: bool
) -> list[pl.LazyFrame]:
    kernel = functools.partial(link_part, precise=precise)
    labelled = read(engine.map_parts(sent, kernel, LABELLED, folder), LABELLED)
    inside = labelled.filter("whole").select("row", "label")
    across = labelled.filter(~pl.col("whole")).collect()
    return [inside, _merge(across, precise=precise).lazy()]


def link_part(sent: pl.DataFrame, *, precise: bool) -> pl.DataFrame:
    """Link the points of one part, and cut the components that touch no border."""
    tables = [pl.DataFrame(schema=dict(LABELLED))]
    for number, own in _by_kind(sent, precise=precise):
        labels = _link(own, KINDS[number], precise=precise)
        touched = np.zeros(len(own), bool)
        touched[labels[own["shared"].to_numpy()]] = True
        whole = ~touched[labels]
        labels[whole] = _cut(own.filter(whole), labels, whole, KINDS[number], precise=precise)
        rows = own["row"].to_numpy()
        tables.append(
            own.with_columns(label=rows[labels], whole=pl.Series(whole)).select(*LABELLED)
        )
    return pl.concat(tables)


def host_part(sent: pl.DataFrame) -> pl.DataFrame:
    """Find for each vague report of one part the best precise one there."""
    tables = [pl.DataFrame(schema=dict(HOSTED))]
    for number, kind in enumerate(KINDS):
        of_kind = sent.filter(pl.col("kind") == number)
        at = of_kind.filter(pl.col("sigma") <= PRECISE_SIGMA_M)
        told = of_kind.filter(pl.col("sigma") > PRECISE_SIGMA_M)
        if at.is_empty() or told.is_empty():
            continue
        hosts, costs = join(
            _points(at), _points(told),
            extent_m=kind.extent_m, gate=VAGUE_GATE, gap=kind.gap // TICK,
        )  # fmt: skip
        found = hosts >= 0
        host = at[hosts[found]]
        tables.append(
            pl.DataFrame(
                {
                    "row": told["row"].filter(found),
                    "host": host["row"],
                    "cost": costs[found],
                    "mid": (host["start"] + host["end"]) // 2,
                    "lon": host["lon"],
                    "lat": host["lat"],
                },
                schema=dict(HOSTED),
            )
        )
    return pl.concat(tables)


def keep_alone(sent: pl.DataFrame, *, joined: IntArray) -> pl.DataFrame:
    """Keep the vague reports that joined nothing."""
    vague = pl.col("sigma") > PRECISE_SIGMA_M
    return sent.filter(vague & ~pl.col("row").is_in(joined))


def _merge(across: pl.DataFrame, *, precise: bool) -> pl.DataFrame:
    """Join the parts' components through the points they share, and cut them whole."""
    tables = [pl.DataFrame(schema={"row": pl.Int64(), "label": pl.Int64()})]
    for number, found in _by_kind(across, precise=precise):
        rows, first = np.unique(found["row"].to_numpy(), return_index=True)
        pairs = [np.searchsorted(rows, found[c].to_numpy()) for c in ("row", "label")]
        labels = join_pairs(len(rows), pairs[0], pairs[1])
        everything = np.ones(len(rows), bool)
        labels = _cut(found[first], labels, everything, KINDS[number], precise=precise)
        tables.append(pl.DataFrame({"row": rows, "label": rows[labels]}))
    return pl.concat(tables)


def _by_kind(table: pl.DataFrame, *, precise: bool) -> list[tuple[int, pl.DataFrame]]:
    exact = pl.col("sigma") <= PRECISE_SIGMA_M
    own = table.filter(exact if precise else ~exact)
    return [
        (number, of_kind)
        for number in range(len(KINDS))
        if len(of_kind := own.filter(pl.col("kind") == number))
    ]


def _points(own: pl.DataFrame) -> tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray]:
    lon, lat, sigma = (own[c].to_numpy() for c in ("lon", "lat", "sigma"))
    return lon, lat, sigma, own["start"].to_numpy(), own["end"].to_numpy()


def _link(own: pl.DataFrame, kind: Kind, *, precise: bool) -> IntArray:
    gate = kind.gate if precise else VAGUE_GATE
    return link(*_points(own), extent_m=kind.extent_m, gate=gate, gap=kind.gap // TICK)


def _cut(
    own: pl.DataFrame,
    labels: IntArray,
    chosen: np.ndarray[tuple[int], np.dtype[np.bool_]],
    kind: Kind,
    *,
    precise: bool,
) -> IntArray:
    """Cut the chosen components; return the labels of their points, in the numbering of all."""
    at = np.flatnonzero(chosen)
    place = np.empty(len(labels), np.int64)
    place[at] = np.arange(len(at))
    inside = cut(
        *_points(own), place[labels[at]],
        extent_m=kind.extent_m, gate=kind.gate if precise else VAGUE_GATE, gap=kind.gap // TICK,
        longest=kind.longest // TICK, widest_m=kind.widest_m,
    )  # fmt: skip
    return at[inside]
