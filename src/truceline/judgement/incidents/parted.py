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

import polars as pl

from truceline.core.engines.engine import Engine, read
from truceline.judgement.incidents.borders import join_borders
from truceline.judgement.incidents.kinds import PRECISE_SIGMA_M
from truceline.judgement.incidents.part_kernels import (
    HOSTED,
    LABELLED,
    host_part,
    keep_alone,
    link_part,
)
from truceline.judgement.incidents.tiles import SENT, Tiling


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
    tables = _label(engine, sent, folder / "precise", tiling, precise=True)
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
    return [*tables, *joined, *_label(engine, vague, folder / "vague", tiling, precise=False)]


def _label(
    engine: Engine, sent: Sequence[Path], folder: Path, tiling: Tiling, *, precise: bool
) -> list[pl.LazyFrame]:
    kernel = functools.partial(link_part, precise=precise)
    labelled = engine.map_parts(sent, kernel, LABELLED, folder)
    inside = read(labelled, LABELLED).filter("whole").select("row", "label")
    borders = folder.with_name(f"{folder.name}-borders")
    return [inside, join_borders(engine, labelled, borders, tiling, precise=precise)]
