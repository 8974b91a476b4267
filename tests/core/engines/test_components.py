"""Components in rounds are those of union-find, whatever the graph and the parts."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.engines.components import EDGE, both_ways, components
from truceline.core.engines.engine import read
from truceline.core.engines.local import LocalEngine


def roots(pairs, folder, parts):
    """Return the root of each node that has one smaller than itself."""
    edges = both_ways(
        pl.DataFrame(pairs, schema={"u": pl.Int64, "v": pl.Int64}, orient="row"), parts
    )
    for (part,), own in edges.partition_by("part", as_dict=True).items():
        (folder / f"part={part}").mkdir(parents=True)
        own.write_parquet(folder / f"part={part}" / "0.parquet")
    files = sorted(folder.glob("*/*.parquet"))
    found = read(components(LocalEngine(), files, folder / "rounds", parts), EDGE).collect()
    down = found.filter(pl.col("near") < pl.col("node"))
    assert down["node"].is_unique().all()
    assert len(found) == 2 * len(down)
    return dict(down.select("node", "near").iter_rows())


def alone(pairs):
    """Return the same by union-find."""
    parent = {}

    def find(node):
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for u, v in pairs:
        a, b = sorted((find(u), find(v)))
        parent[b] = a
    return {node: find(node) for node in parent if find(node) != node}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40),
    st.integers(1, 16),
)
def test_rounds_give_the_components_of_union_find(tmp_path_factory, pairs, parts):
    assert roots(pairs, tmp_path_factory.mktemp("graph"), parts) == alone(pairs)


@pytest.mark.parametrize("turned", [False, True])
def test_a_long_chain_ends_in_few_rounds(tmp_path, turned):
    n = 1_000
    chain = [(i, i + 1) for i in range(n)]
    pairs = [(n - u, n - v) for u, v in chain] if turned else chain
    assert roots(pairs, tmp_path, 4) == dict.fromkeys(range(1, n + 1), 0)
    assert len(list((tmp_path / "rounds").glob("small-*"))) <= 12
