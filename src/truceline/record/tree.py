"""The Merkle tree of RFC 6962 (section 2.1): one root over all leaves, and proofs of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from truceline.core.types.errors import RecordError

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(n: int) -> int:
    """Return the largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over hashes of leaves, in linear time."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of a leaf (RFC 6962, 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise RecordError(f"there is no entry {index} among {len(leaves)}.")
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion_proof(leaves[:k], index), root_of(leaves[k:])]
    return [*inclusion_proof(leaves[k:], index - k), root_of(leaves[:k])]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that an audit path leads to; compare it with the one signed.

    Raises
    ------
    RecordError
        If the path has not the length that the size asks for.
    """
    if not 0 <= index < size:
        raise RecordError(f"entry {index} cannot be in a tree of {size}.")
    fn, sn, value = index, size - 1, leaf
    for node in proof:
        if sn == 0:
            raise RecordError("the proof is longer than the tree is high.")
        if fn % 2 == 1 or fn == sn:
            value = _node(node, value)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = _node(value, node)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise RecordError("the proof is shorter than the tree is high.")
    return value


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that the first leaves are those of an older tree (RFC 6962, 2.1.2)."""
    if not 0 < old_size <= len(leaves):
        raise RecordError(f"there was no tree of {old_size} in one of {len(leaves)}.")
    return _subproof(leaves, old_size, is_whole=True)


def _subproof(leaves: Sequence[bytes], m: int, *, is_whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    k = _split(len(leaves))
    if m <= k:
        return [*_subproof(leaves[:k], m, is_whole=is_whole), root_of(leaves[k:])]
    return [*_subproof(leaves[k:], m - k, is_whole=False), root_of(leaves[:k])]


def is_consistent(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether a proof shows that a tree is an older one with leaves added."""
    if old_size == size:
        return old_root == root and not proof
    if not 0 < old_size < size or not proof:
        return False
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    fn, sn = old_size - 1, size - 1
    while fn % 2 == 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for node in path[1:]:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            fr, sr = _node(node, fr), _node(node, sr)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = _node(sr, node)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == root and sn == 0
