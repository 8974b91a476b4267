"""Sorting: as numpy and comparing text give it, for any whole numbers and names."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.sorting import order_of_ids, ranks_of_names, sort_pairs

small = st.integers(-5, 5)
large = st.integers(-(2**61), 2**61)


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.lists(st.tuples(small, small), min_size=1, max_size=50),
        st.lists(st.tuples(small, large), min_size=1, max_size=50),
        st.lists(st.tuples(large, large), min_size=1, max_size=50),
    )
)
def test_equals_lexsort(pairs):
    major, minor = np.array(pairs, np.int64).T.copy()
    order, sorted_major, sorted_minor = sort_pairs(major, minor)
    expected = np.lexsort((minor, major))
    assert order.tolist() == expected.tolist()
    assert sorted_major.tolist() == major[expected].tolist()
    assert sorted_minor.tolist() == minor[expected].tolist()


@pytest.mark.parametrize("bits", [1, 11, 12, 40, 61])
def test_every_width_of_key_is_sorted_whole(bits):
    rng = np.random.default_rng(bits)
    major, minor = rng.integers(0, 2, 500), rng.integers(0, 1 << bits, 500)
    order, _, _ = sort_pairs(major, minor)
    assert order.tolist() == np.lexsort((minor, major)).tolist()


def test_equal_pairs_keep_their_order():
    same = np.zeros(5000, np.int64)
    assert sort_pairs(same, same)[0].tolist() == list(range(5000))


digests = st.text("0123456789abcdef", min_size=32, max_size=32)
alike = st.sampled_from(["a" * 20 + end for end in ("0" * 12, "f" * 12, "0" * 11 + "1")])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(digests, alike, st.text(max_size=20)), max_size=30))
def test_identities_are_sorted_as_text_and_equal_ones_keep_their_order(ids):
    order = order_of_ids(pl.Series(ids, dtype=pl.String))
    assert order.tolist() == sorted(range(len(ids)), key=lambda i: ids[i].encode())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=3), max_size=30))
def test_ranks_stand_for_names(names):
    ranks = ranks_of_names(pl.Series(names, dtype=pl.String)).tolist()
    for a, i in zip(names, ranks, strict=True):
        for b, j in zip(names, ranks, strict=True):
            assert (i < j) == (a.encode() < b.encode())
