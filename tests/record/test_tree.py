"""The tree: published vectors of RFC 6962, and proofs of every size."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import RecordError
from truceline.record.tree import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root_from_inclusion,
    root_of,
)

#: The leaves and roots that implementations of RFC 6962 are tested with.
LEAVES = [bytes.fromhex(x) for x in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size):
    assert root_of([leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


def made(n):
    return [leaf_hash(str(i).encode()) for i in range(n)]


@settings(max_examples=100, deadline=None)
@given(size=st.integers(1, 130), data=st.data())
def test_every_entry_is_proved_and_no_other_is(size, data):
    leaves = made(size)
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(leaves, index), root_of(leaves)
    assert root_from_inclusion(leaves[index], index, size, proof) == root
    assert root_from_inclusion(leaf_hash(b"other"), index, size, proof) != root


@settings(max_examples=100, deadline=None)
@given(size=st.integers(1, 130), data=st.data())
def test_growth_is_proved_and_a_changed_past_is_not(size, data):
    old = data.draw(st.integers(1, size))
    leaves = made(size)
    proof = consistency_proof(leaves, old)
    assert is_consistent(old, root_of(leaves[:old]), size, root_of(leaves), proof)
    forged = [leaf_hash(b"forged"), *leaves[1:]]
    assert not is_consistent(old, root_of(forged[:old]), size, root_of(leaves), proof)


def test_a_proof_of_the_wrong_length_is_refused():
    leaves = made(6)
    for proof in (inclusion_proof(leaves, 2)[:-1], [*inclusion_proof(leaves, 2), b"x" * 32]):
        with pytest.raises(RecordError):
            root_from_inclusion(leaves[2], 2, 6, proof)
    with pytest.raises(RecordError):
        inclusion_proof(leaves, 6)
