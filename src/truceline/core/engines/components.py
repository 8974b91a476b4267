"""Connected components of a graph too large for one machine, in rounds over an engine.

Large stars and small stars in turn: every node tells its larger neighbours, then its smaller
ones, of the smallest node it knows, until each component is a star around its smallest node.
The number of rounds grows with the logarithm of the longest chain.

Kiveris, R., Lattanzi, S., Mirrokni, V., Rastogi, V. and Vassilvitskii, S. (2014). Connected
components in MapReduce and beyond. Proceedings of the ACM Symposium on Cloud Computing.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import PART, Engine, Types, read

#: One end of an edge, the other, and the part of the first, so that a node meets its neighbours.
EDGE: Types = {"node": pl.Int64(), "near": pl.Int64(), PART: pl.Int64()}


def both_ways(pairs: pl.DataFrame, parts: int) -> pl.DataFrame:
    """Return edges as `EDGE`, each at the part of either end; a node is no neighbour of itself.

    Parameters
    ----------
    pairs : polars.DataFrame
        Two columns of whole numbers, not negative.
    parts : int
        How many parts nodes are dealt to.
    """
    one, other = pairs.columns
    ends = (pairs.select(node=a, near=b) for a, b in ((one, other), (other, one)))
    return _dealt(pl.concat(ends).filter(pl.col("node") != pl.col("near")), parts)


def components(engine: Engine, edges: Sequence[Path], folder: Path, parts: int) -> list[Path]:
    """Return for every node but the smallest of its component an edge to that smallest one.

    Parameters
    ----------
    engine : Engine
        Where to work.
    edges : sequence of Path
        Files of `EDGE`, as from `both_ways`.
    folder : Path
        Folder for what is between; must not exist.
    parts : int
        As for `both_ways`.

    Returns
    -------
    list of Path
        Files of `EDGE` in both directions; the root of a node is its `near` where that is less.
    """
    folder.mkdir(parents=True)
    large = functools.partial(_large_star, parts=parts)
    small = functools.partial(_small_star, parts=parts)
    stars, before, turn = list(edges), (-1, -1), 0
    while (now := _print(stars)) != before:
        before, turn = now, turn + 1
        told = engine.map_parts(stars, large, EDGE, folder / f"large-{turn}")
        stars = engine.map_parts(told, small, EDGE, folder / f"small-{turn}")
    return stars


def _large_star(edges: pl.DataFrame, *, parts: int) -> pl.DataFrame:
    """Tie the larger neighbours of each node to the smallest of it and them."""
    least = pl.min_horizontal(pl.col("near").min().over("node"), "node")
    tied = edges.with_columns(least=least).filter(pl.col("near") > pl.col("node"))
    return _dealt(tied.select(node="near", near="least"), parts)


def _small_star(edges: pl.DataFrame, *, parts: int) -> pl.DataFrame:
    """Tie each node and its neighbours, all smaller, to the smallest of them."""
    least = edges.with_columns(least=pl.col("near").min().over("node"))
    tied = [least.select(name, "least").rename({name: "node"}) for name in ("node", "near")]
    return both_ways(pl.concat(tied), parts)


def _dealt(edges: pl.DataFrame, parts: int) -> pl.DataFrame:
    return edges.unique().with_columns((pl.col("node") % parts).alias(PART))


def _print(edges: Sequence[Path]) -> tuple[int, int]:
    """Return how many edges there are and the sum of their hashes, which tell a change."""
    told = read(edges, EDGE).select(n=pl.len(), sum=pl.struct("node", "near").hash().sum())
    rows, total = told.collect(engine="streaming").row(0)
    return int(rows), int(total or 0)
