"""Components that cross borders: joined through the points that parts share, and cut whole.

Few are joined where the program runs. Many are joined in rounds over the engine: first which
names of which parts are one component, then the points of each component come together in one
part and are cut there. No machine holds more than its share and the largest component.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from truceline.core.engines.components import EDGE, both_ways, components
from truceline.core.engines.engine import PART, Engine, Types, read
from truceline.judgement.incidents.kinds import KINDS
from truceline.judgement.incidents.links import join_pairs
from truceline.judgement.incidents.part_kernels import LABELLED, by_kind, cut_chosen
from truceline.judgement.incidents.tiles import POINT, Tiling

#: What is found of a point: its component, the row of one of its members.
_FOUND: Types = {"row": pl.Int64(), "label": pl.Int64()}

#: A point on its way to its component; or, where it has no row, a name and its root.
_ROOTED: Types = {**POINT, "label": pl.Int64(), "root": pl.Int64(), PART: pl.Int64()}


def join_borders(
    engine: Engine, labelled: Sequence[Path], folder: Path, tiling: Tiling, *, precise: bool
) -> pl.LazyFrame:
    """Return row and label of every point of a component that crosses a border, once.

    Parameters
    ----------
    engine : Engine
        Where to work, if they are many.
    labelled : sequence of Path
        Files of `LABELLED`.
    folder : Path
        Folder for what is between; must not exist.
    tiling : Tiling
        How many are many, and how many parts there are.
    precise : bool
        Whether the points are precise or vague.
    """
    across = read(labelled, LABELLED).filter(~pl.col("whole"))
    if across.select(pl.len()).collect(engine="streaming").item() <= tiling.gathered:
        return _merge(across.collect(), precise=precise).lazy()
    folder.mkdir(parents=True)
    parts = tiling.parts
    edges = engine.map_batches(
        labelled, functools.partial(shared_names, parts=parts), EDGE, folder / "edges"
    )
    stars = components(engine, edges, folder / "rounds", parts)
    by_name = engine.map_batches(
        labelled, functools.partial(send_to_name, parts=parts), _ROOTED, folder / "named"
    )
    names = engine.map_batches(stars, root_of_name, _ROOTED, folder / "roots")
    rooted = engine.map_parts(
        [*by_name, *names], functools.partial(send_to_root, parts=parts), _ROOTED, folder / "rooted"
    )
    kernel = functools.partial(cut_roots, precise=precise)
    return read(engine.map_parts(rooted, kernel, _FOUND, folder / "cut"), _FOUND)


def shared_names(labelled: pl.DataFrame, *, parts: int) -> pl.DataFrame:
    """Tie each point that several parts hold to the names that they give its component."""
    return both_ways(labelled.filter("shared").select("row", "label"), parts)


def send_to_name(labelled: pl.DataFrame, *, parts: int) -> pl.DataFrame:
    """Send the points of components over borders to the part of their component's name."""
    across = labelled.filter(~pl.col("whole"))
    return across.with_columns((pl.col("label") % parts).alias(PART), root=pl.lit(None, pl.Int64))


def root_of_name(stars: pl.DataFrame) -> pl.DataFrame:
    """Send the root of each name there, too; a name that is its own root needs none."""
    own = stars.filter(pl.col("near") < pl.col("node"))
    nothing = [pl.lit(None, dtype).alias(name) for name, dtype in POINT.items()]
    return own.select(*nothing, PART, label="node", root="near")


def send_to_root(given: pl.DataFrame, *, parts: int) -> pl.DataFrame:
    """Send points on to the part of their component's root."""
    is_point = pl.col("row").is_not_null()
    roots = given.filter(~is_point).select("label", "root")
    points = given.filter(is_point).drop("root").join(roots, on="label", how="left")
    rooted = points.with_columns(root=pl.coalesce("root", "label"))
    return rooted.with_columns((pl.col("root") % parts).alias(PART))


def cut_roots(rooted: pl.DataFrame, *, precise: bool) -> pl.DataFrame:
    """Cut the components of a part, all of whose points have come together."""
    return _cut_whole(rooted.unique("row"), "root", precise=precise)


def _merge(across: pl.DataFrame, *, precise: bool) -> pl.DataFrame:
    """Join the parts' components through the points they share, and cut them whole."""
    if across.is_empty():
        return pl.DataFrame(schema=dict(_FOUND))
    rows, first = np.unique(across["row"].to_numpy(), return_index=True)
    pairs = [np.searchsorted(rows, across[c].to_numpy()) for c in ("row", "label")]
    roots = join_pairs(len(rows), pairs[0], pairs[1])
    return _cut_whole(across[first].with_columns(root=pl.Series(roots)), "root", precise=precise)


def _cut_whole(points: pl.DataFrame, root: str, *, precise: bool) -> pl.DataFrame:
    """Cut components; `root` tells which point is of which."""
    tables = [pl.DataFrame(schema=dict(_FOUND))]
    for number, own in by_kind(points, precise=precise):
        _, first, of = np.unique(own[root].to_numpy(), return_index=True, return_inverse=True)
        everything = np.ones(len(own), bool)
        labels = cut_chosen(own, first[of], everything, KINDS[number], precise=precise)
        rows = own["row"].to_numpy()
        tables.append(pl.DataFrame({"row": rows, "label": rows[labels]}))
    return pl.concat(tables)
